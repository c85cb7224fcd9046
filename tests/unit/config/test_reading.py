"""Config file and options → SiteConfig, or an error with its place."""

import re
from pathlib import Path
from typing import Any

import pytest

from builder.config import SiteConfig, read_config
from builder.config.reading import line_of
from builder.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "classifier-pwa.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def failure(config: Path | None = None, **options: object) -> str:
    with pytest.raises(ConfigError) as raised:
        read_config(config, options)
    return raised.value.message


def test_without_file_and_options_every_setting_has_its_default(folder: Path) -> None:
    assert read_config(None, {"title": None}) == SiteConfig()


def test_an_option_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r'no option "topk". Did you mean "top_k"'):
        read_config(None, {"topk": 1})


@pytest.mark.parametrize(
    "values", [{"output": "text"}, {"labels": "names.txt"}, {"top_k": "3"}, {"top_k": True}]
)
def test_a_value_of_another_type_is_refused(values: dict[str, Any]) -> None:
    [name] = values
    with pytest.raises(ConfigError, match=rf"SiteConfig\({name}=.* takes a value of the type"):
        SiteConfig(**values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"top_k": -1}, "top_k must be a whole number from 1 to 1000, not -1"),
        ({"quantize": "int4"}, 'quantize must be one of "none"'),
        ({"alpha": 0.0}, "alpha must be a number greater than 0"),
        ({"base_url": "http://x"}, "base_url"),
        ({"theme_color": "green"}, "theme_color must be a color"),
        ({"title": "a\nb"}, "title must be a line of text"),
        ({"deny": (1,)}, "deny must be a list of names"),
    ],
)
def test_a_value_that_the_command_line_refuses_is_refused(
    values: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        SiteConfig(**values)


def test_a_value_is_kept_in_the_command_lines_form() -> None:
    given = SiteConfig(theme_color="#0B6", alpha=1, deny=("oak",))
    assert given == read_config(None, {"theme_color": "#0B6", "alpha": 1, "deny": ["oak"]})
    assert given.theme_color == "#00bb66"


def test_the_file_in_the_working_directory_is_read(folder: Path) -> None:
    write(folder, 'title = " Trees "\ntop-k = 3\nalpha = 1\ngrayscale = true\n')
    expected = SiteConfig(title="Trees", top_k=3, alpha=1.0, grayscale=True)
    assert read_config(None, {}) == expected


def test_the_command_line_wins(folder: Path) -> None:
    write(folder, 'title = "File"\nquantize = "none"\ngrayscale = true\n')
    config = read_config(None, {"title": "Option", "grayscale": False})
    assert (config.title, config.quantize, config.grayscale) == ("Option", "none", False)


def test_the_config_file_is_remembered(folder: Path) -> None:
    assert read_config(None, {}).config_file is None
    file = write(folder, "")
    assert read_config(None, {}).config_file == Path("classifier-pwa.toml")
    assert read_config(file, {}).config_file == file


@pytest.mark.parametrize("value", ["true", "false"])
@pytest.mark.parametrize("given", [None, True])
def test_force_is_the_command_lines_alone(folder: Path, value: str, given: bool | None) -> None:
    write(folder, f"top-k = 3\nforce = {value}\n")
    message = failure(None, force=given)
    assert message.startswith("classifier-pwa.toml, line 2: force cannot stand in a config file")
    assert "Give --force on the command line" in message
    write(folder, "")
    assert read_config(None, {"force": True}).force


def test_an_overruled_value_need_not_be_right(folder: Path) -> None:
    write(folder, 'labels = "gone.txt"\n')
    labels = write(folder, "oak\n", "here.txt")
    assert read_config(None, {"labels": "here.txt"}).labels == Path("here.txt")
    assert labels.is_file()


def test_paths_start_from_the_config_files_folder(folder: Path) -> None:
    project = folder / "project"
    project.mkdir()
    (project / "looks").mkdir()
    write(project, "oak\n", "labels.txt")
    write(project, "", "trees.keras")
    config = write(
        project,
        'labels = "labels.txt"\ntemplates = "looks"\nmodel = "trees.keras"\noutput = "public"\n',
    )
    read = read_config(config, {"weights": "imagenet"})
    assert read.labels == project / "labels.txt"
    assert read.templates == project / "looks"
    assert read.model == str(project / "trees.keras")
    assert read.output == project / "public"
    assert read.weights == "imagenet"


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "data:text/html,x", "vbscript:x", "//example.org/", "https:/x/"),
        *("https://example.org/<script>", "https://example.org/'x", "https://example.org/(x)"),
        *('https://example.org/" onload="x', "https://example.org/`x", "https://example.org/a;b"),
        *(
            "https://example.org\\\\@evil.example/",
            "https://x@example.org/",
            "https://example.org/%0",
        ),
        *("https://example.org/{{ x }}", "https://example.org/a b", "https://example.org/a\u2028b"),
        *("https://example.org:99999/", "https:///x", "https://example.org/#x", "https://[v1.x]/"),
        *("https://example.org/javascript:alert`1`", "https://exa<mple.org/", "https://a..%00b/"),
    ],
)
def test_a_base_url_that_could_become_a_script_is_refused(folder: Path, address: str) -> None:
    message = failure(None, base_url=address)
    assert message.startswith("option --base-url must be an https:// address")


@pytest.mark.parametrize(
    "address",
    [
        *("https://user.github.io/app/", "https://example.org:8443/", "https://[2001:db8::1]/a/"),
        *(
            "https://bücher.example/größe/",
            "https://example.org/~me/a%20b/",
            "https://x.example/@a/",
        ),
    ],
)
def test_other_addresses_are_taken(folder: Path, address: str) -> None:
    assert read_config(None, {"base_url": address}).base_url == address


@pytest.mark.parametrize("title", ["👩\u200d🔬 Lab", "C’est quoi\u202f?"])
def test_a_title_may_have_joiners_and_narrow_spaces(folder: Path, title: str) -> None:
    assert read_config(None, {"title": title}).title == title


@pytest.mark.parametrize("name", ["auto", "mobilenet", "mobilenet_v2", "no-such-model"])
def test_a_models_name_is_kept_even_beside_a_folder_of_that_name(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    assert read_config(None, {"model": name}).model == name


def test_colors_and_addresses_are_normalised(folder: Path) -> None:
    read = read_config(None, {"theme_color": "#0B6", "base_url": "https://example.org/app"})
    assert read.theme_color == "#00bb66"
    assert read.base_url == "https://example.org/app/"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = Trees\n", "line 1: not valid TOML: Invalid value"),
        ('title = "Trees"\n\ntop-k = [1,\n', "line 3: not valid TOML"),
        ('title = "Trees"\ntop_k = 3\n', 'line 2: unknown setting "top_k". Did you mean "top-k"?'),
        ('\ntitel = "Trees"\n', 'line 2: unknown setting "titel". Did you mean "title"?'),
        ("[build]\nalpha = 1\n", 'line 1: unknown setting "build". The settings are: model,'),
        ("alpha = -1\n", "line 1: alpha must be a number greater than 0, not -1."),
        ("alpha = nan\n", "line 1: alpha must be a number greater than 0, not nan."),
        ("alpha = inf\n", "line 1: alpha must be a number greater than 0, not inf."),
        ('alpha = "1"\n', 'line 1: alpha must be a number greater than 0, not "1".'),
        ("input-size = 16\n", "input-size must be a whole number from 32 to 1024, not 16."),
        ("input-size = 224.0\n", "input-size must be a whole number from 32 to 1024, not 224.0."),
        ("top-k = 0\n", "top-k must be a whole number from 1 to 1000, not 0."),
        ("top-k = true\n", "top-k must be a whole number from 1 to 1000, not true."),
        ("threshold = 1.5\n", "threshold must be a number from 0 to 1, not 1.5."),
        ("grayscale = 1\n", "grayscale must be true or false, not 1."),
        (
            'quantize = "int4"\n',
            'quantize must be one of "none", "float16", "uint8", "mixed", "auto", "default", not'
            ' "int4".',
        ),
        ('theme-color = "green"\n', 'must be a color such as "#0b6" or "#00bb66", not "green".'),
        ('theme-color = "#12345"\n', "must be a color"),
        ('base-url = "http://example.org/"\n', "must be an https:// address"),
        ('base-url = "https://"\n', "must be an https:// address"),
        ('base-url = "https://example.org/?q"\n', "must be an https:// address"),
        ('base-url = "https://[::1/"\n', "must be an https:// address"),
        ('base-url = "https://example.org//app/"\n', "must be an https:// address"),
        (f"alpha = 1{'0' * 400}\n", "alpha must be a number greater than 0, not 1000"),
        ('title = "a\\u2028b"\n', "title must be a line of text"),
        ('labels = "~nobody-of-that-name/a.txt"\n', "no such user's home folder."),
        ('model = "~nobody-of-that-name/a.h5"\n', "no such user's home folder."),
        (f'labels = "{"a" * 300}"\n', "which cannot be read: File name too long."),
        (f'templates = "{"a" * 300}"\n', "which cannot be read: File name too long."),
        (f'model = "{"a" * 300}.h5"\n', "which cannot be read: File name too long."),
        ('title = ""\n', "title must be a line of text of at most 80 characters"),
        ('title = "two\\nlines"\n', "title must be a line of text"),
        ('labels = "gone.txt"\n', "gone.txt, which does not exist."),
        ('templates = "classifier-pwa.toml"\n', "classifier-pwa.toml, which is not a folder."),
        ('model = "gone.keras"\n', "gone.keras, which does not exist."),
        ("output = 3\n", "output must be a path, not 3."),
    ],
)
def test_the_config_files_errors_name_file_line_and_key(folder: Path, text: str, said: str) -> None:
    write(folder, text)
    message = failure()
    assert message.startswith("classifier-pwa.toml, line ")
    assert said in message


def test_a_wrong_option_is_named_as_it_was_typed(folder: Path) -> None:
    assert failure(input_size=5).startswith("option --input-size must be a whole number")


def test_a_missing_config_file_is_an_error_only_if_it_was_asked_for(folder: Path) -> None:
    assert failure(folder / "gone.toml").endswith(
        "does not exist. Check the path given to --config."
    )
    assert "is not a file" in failure(folder)


def test_a_file_that_is_not_text(folder: Path) -> None:
    (folder / "classifier-pwa.toml").write_bytes(b'title = "\xff"\n')
    assert "is not UTF-8 text" in failure()


@pytest.mark.parametrize(
    "text",
    [f"top-k = {'[' * 9000}{']' * 9000}", f"top-k = {'9' * 9000}", "title = " + "{a=" * 9000],
    ids=["deep", "long", "deep and open"],
)
def test_a_value_that_python_cannot_hold_is_an_error_like_others(folder: Path, text: str) -> None:
    write(folder, text)
    message = failure()
    assert message.startswith("classifier-pwa.toml has a value that no setting has")
    assert message.endswith("Take it out.")


def test_a_number_that_python_cannot_write_is_named_without_its_digits(folder: Path) -> None:
    write(folder, f"top-k = 0x{'f' * 9000}")
    assert "from 1 to 1000, not a number of thousands of digits." in failure()


def test_a_byte_order_mark_is_no_error(folder: Path) -> None:
    (folder / "classifier-pwa.toml").write_bytes(b'\xef\xbb\xbftitle = "Trees"\n')
    assert read_config(None, {}).title == "Trees"


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a = 1\nb = 2\n", "b", 2),
        ('a = """\nb = 1\n"""\nb = 2\n', "b", 4),
        ('# b = 1\n  "b" = 2\n', "b", 2),
        ("[other]\nx = 1\n[[b]]\n", "b", 3),
        ("b.c = 1\n", "b", 1),
    ],
)
def test_line_of_a_key(text: str, key: str, line: int) -> None:
    assert line_of(text, key) == line
