"""Templates: overriding, strictness, inlined modules, and the contract of contexts."""

from dataclasses import fields
from pathlib import Path

import jinja2
import jinja2.meta
import pytest

from builder.config import SiteConfig
from builder.errors import TemplateError
from builder.resources import site_templates
from builder.site.app_files import app_contents, module_graph
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.context import AppContext, BootContext, PageContext, WorkerContext
from builder.site.render import Templates, inline_module

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
            "sw.js.jinja": "{{ 'sw/plan.js' | inline_module }}// {{ title }}",
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
    assert templates.render("sw.js.jinja", CONTEXT) == b"const one = 1;\n// <Trees> & more"


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
    assert templates.render("sw.js.jinja", CONTEXT).startswith(b"const one = 2;")
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
        ("{{ 'sw/gone.js' | inline_module }}", "gone.js cannot be read"),
    ],
)
def test_faults_in_a_users_template_name_file_and_line(
    package: Path, tmp_path: Path, text: str, said: str
) -> None:
    looks = write(tmp_path / "looks", {"index.html.jinja": text})
    message = failure(Templates(looks, package), "index.html.jinja")
    assert str(tmp_path) in message
    assert said in message


def test_a_template_that_is_not_text(package: Path) -> None:
    (package / "index.html.jinja").write_bytes(b"\xff")
    assert "is not UTF-8 text" in failure(Templates(package=package), "index.html.jinja")


def test_inlining_takes_export_off_declarations_only() -> None:
    source = (
        "/** @param {import('./types.js').Entry} entry */\n"
        "export async function keep(entry) {\n  return 'export const';\n}\n"
        "export function drop() {}\nexport class Store {}\nexport const one = 1;\n"
    )
    assert inline_module(source, "x.js") == source.replace("\nexport ", "\n")


@pytest.mark.parametrize(
    "line",
    [
        "import { a } from './a.js';",
        "import './a.js';",
        "  import('./a.js');",
        "export default function () {}",
        "export { a };",
        "export * from './a.js';",
        "export let a = 1;",
        "  export const indented = 1;",
    ],
)
def test_modules_that_cannot_be_inlined_are_refused(line: str) -> None:
    with pytest.raises(TemplateError, match=r"x\.js, line 2: .* cannot be inlined"):
        inline_module(f"const a = 1;\n{line}\n", "x.js")


def test_the_module_graph_follows_static_imports() -> None:
    contents = {
        "page/app.js": b"import { a } from './a.js';\nimport('./lazy.js');\n",
        "page/a.js": b"import {\n  b,\n  c,\n} from '../b.js';\nexport * from './app.js';\n",
        "b.js": b"/** @type {import('./types.js').T} */\nexport const b = 'import x';\n",
        "page/lazy.js": b"",
    }
    assert module_graph(contents, "page/app.js") == ("page/app.js", "b.js", "page/a.js")


def test_an_import_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(TemplateError, match=r"page/app\.js imports '\./gone\.js'"):
        module_graph({"page/app.js": b"import './gone.js';\n"}, "page/app.js")


def test_a_module_that_is_not_text_is_an_error() -> None:
    with pytest.raises(TemplateError, match=r"app/page/app\.js is not UTF-8 text"):
        module_graph({"page/app.js": b"// \xff"}, "page/app.js")


SPECIAL = {"sw.js.jinja": WorkerContext, "boot.js.jinja": BootContext}


def context_of(name: str) -> type[AppContext]:
    if name.startswith(("app/", "styles/")):
        return AppContext
    return SPECIAL.get(name, PageContext)


@pytest.mark.parametrize("name", [n for n in Templates().names if n.endswith(".jinja")])
def test_templates_use_only_what_their_context_documents(name: str) -> None:
    environment = jinja2.Environment()
    environment.filters |= {"file": str, "inline_module": str}
    tree = environment.parse((site_templates() / name).read_text(encoding="utf-8"))
    used = jinja2.meta.find_undeclared_variables(tree)
    assert used <= {field.name for field in fields(context_of(name))}
