"""Templates: overriding, strictness, and the contract of contexts."""

from dataclasses import fields
from pathlib import Path

import jinja2
import jinja2.meta
import pytest

from builder.config import SiteConfig
from builder.errors import TemplateError
from builder.resources import site_templates
from builder.site.app_files import app_contents
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.context import AppContext, PageContext, WorkerContext
from builder.site.render import Templates

CONTEXT = app_context(SiteConfig(title="<Trees> & more"), read_catalogues(Templates(), "en"))


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a small folder of templates."""
    return write(
        tmp_path / "package",
        {
            "index.html.jinja": "<title>{{ title }}</title>\n",
            "sw.js.jinja": "{{ 'sw/plan.js' | file }}// {{ title }}",
            "sw/plan.js": "export const one = 1;\n",
            "app/page.css.jinja": "{{ 'styles/base.css' | file }}",
            "styles/base.css": "@media print{#a{color:red}}\n",
            "app/page/app.js": "import './view.js';\n",
            "app/page/view.js": "export const view = 1;\n",
            "app/theme.css.jinja": "a { color: {{ theme_color }} }",
        },
    )


def failure(templates: Templates, name: str) -> str:
    with pytest.raises(TemplateError) as raised:
        templates.render(name, CONTEXT)
    return raised.value.message


def test_html_is_escaped_and_javascript_is_not(package: Path) -> None:
    templates = Templates(package=package)
    html = templates.render("index.html.jinja", CONTEXT)
    assert html == b"<title>&lt;Trees&gt; &amp; more</title>\n"
    assert templates.render("sw.js.jinja", CONTEXT) == b"export const one = 1;\n// <Trees> & more"


def test_a_file_can_be_put_in_as_it_is(package: Path) -> None:
    assert Templates(package=package).render("app/page.css.jinja", CONTEXT) == (
        b"@media print{#a{color:red}}\n"
    )


def test_what_a_users_page_includes_is_escaped_too(package: Path, tmp_path: Path) -> None:
    looks = write(
        tmp_path / "looks",
        {"index.html.jinja": "{% include 'head.html' %}", "head.html": "{{ title }}"},
    )
    html = Templates(looks, package).render("index.html.jinja", CONTEXT)
    assert html == b"&lt;Trees&gt; &amp; more"


def test_a_users_file_replaces_the_packages_in_app_and_sw_too(
    package: Path, tmp_path: Path
) -> None:
    looks = write(
        tmp_path / "looks",
        {"sw/plan.js": "export const one = 2;\n", "app/page/view.js": "// mine", ".DS_Store": ""},
    )
    templates = Templates(looks, package)
    assert templates.render("sw.js.jinja", CONTEXT).startswith(b"export const one = 2;")
    contents = app_contents(templates, CONTEXT)
    assert contents["page/view.js"] == b"// mine"
    assert contents["page/app.js"] == b"import './view.js';\n"
    assert contents["theme.css"] == b"a { color: #0f766e }"
    assert templates.unknown_overrides == ()


def test_files_that_replace_nothing_are_found(package: Path, tmp_path: Path) -> None:
    looks = write(tmp_path / "looks", {"index.html": "", "app/new.js": "", "sw/plan.js": ""})
    assert Templates(looks, package).unknown_overrides == ("app/new.js", "index.html")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>\n{{ titel }}</p>", "line 2: 'titel' is undefined. Variables: description,"),
        ("<p>\n\n{% if title %}", "line 3: Unexpected end of template"),
        ("{{ theme.light.acent }}", "has no attribute 'acent'"),
        ("\n{{ 1 / 0 }}", "line 2: division by zero"),
        ("{% include 'gone.html' %}", "template gone.html does not exist"),
        ("{{ 'sw/gone.js' | file }}", "gone.js cannot be read"),
    ],
)
def test_faults_in_a_users_template_name_file_and_line(
    package: Path, tmp_path: Path, text: str, said: str
) -> None:
    looks = write(tmp_path / "looks", {"index.html.jinja": text})
    message = failure(Templates(looks, package), "index.html.jinja")
    assert str(tmp_path) in message
    assert said in message


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ text.__self__.__init__.__globals__ }}",
        "{{ text.__func__.__globals__['json'] }}",
        "{{ (title | attr('__class__')).__name__ }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ [title] | map(attribute='__class__') | first }}",
        "{% set _ = languages.update({'x': 'y'}) %}",
        "{% set _ = languages.clear() %}",
        "{{ 'a'.join(lipsum.__globals__) }}",
        "{% for i in range(10 ** 9) %}{% endfor %}",
    ],
)
def test_a_foreign_template_does_not_get_out_of_its_sandbox(
    package: Path, tmp_path: Path, text: str
) -> None:
    looks = write(tmp_path / "looks", {"index.html.jinja": f"<p>\n{text}"})
    message = failure(Templates(looks, package), "index.html.jinja")
    assert f"{tmp_path / 'looks' / 'index.html.jinja'}, line 2" in message


@pytest.mark.parametrize("how", ["{{ '%s' | file }}", "{%% include '%s' %%}"])
@pytest.mark.parametrize(
    "name",
    [
        *("/etc/passwd", "../secret.txt", "app/../../secret.txt", "link.txt", "links/secret.txt"),
        *("C:/secret.txt", "..\\\\secret.txt", "C:secret.txt", "//etc/passwd", "secret.txt\\0.css"),
    ],
)
def test_a_template_reads_nothing_but_templates(
    package: Path, tmp_path: Path, how: str, name: str
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    looks = write(tmp_path / "looks", {"index.html.jinja": how % name, "inside.txt": "inside"})
    (looks / "link.txt").symlink_to(tmp_path / "secret.txt")
    (looks / "links").symlink_to(tmp_path)
    message = failure(Templates(looks, package), "index.html.jinja")
    assert "is no path in a folder of templates" in message or "leads out of" in message
    assert Templates(looks, package).read("inside.txt") == b"inside"


def test_a_link_in_place_of_a_file_is_refused(package: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    looks = write(tmp_path / "looks", {"app/page/other.js": "export const view = 2;\n"})
    (looks / "app" / "page" / "view.js").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(TemplateError, match=r"view\.js is a link that leads out of .*looks"):
        app_contents(Templates(looks, package), CONTEXT)
    (looks / "app" / "page" / "view.js").unlink()
    (looks / "app" / "page" / "view.js").symlink_to("other.js")
    contents = app_contents(Templates(looks, package), CONTEXT)
    assert contents["page/view.js"] == b"export const view = 2;\n"


def test_a_folder_of_templates_may_be_a_link_itself(package: Path, tmp_path: Path) -> None:
    write(tmp_path / "looks", {"styles/base.css": "mine"})
    (tmp_path / "link").symlink_to(tmp_path / "looks")
    assert Templates(tmp_path / "link", package).read("styles/base.css") == b"mine"


def test_a_template_that_is_not_text(package: Path) -> None:
    (package / "index.html.jinja").write_bytes(b"\xff")
    assert "is not UTF-8 text" in failure(Templates(package=package), "index.html.jinja")


SPECIAL = {"sw.js.jinja": WorkerContext}


def context_of(name: str) -> type[AppContext]:
    if name.startswith(("app/", "styles/")):
        return AppContext
    return SPECIAL.get(name, PageContext)


@pytest.mark.parametrize("name", [n for n in Templates().names if n.endswith(".jinja")])
def test_templates_use_only_what_their_context_documents(name: str) -> None:
    environment = jinja2.Environment()
    environment.filters["file"] = str
    tree = environment.parse((site_templates() / name).read_text(encoding="utf-8"))
    used = jinja2.meta.find_undeclared_variables(tree)
    assert used <= {field.name for field in fields(context_of(name))}
