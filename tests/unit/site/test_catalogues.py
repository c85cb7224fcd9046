"""Message catalogues: the languages, what one must hold, and that all texts come from them."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.config import SiteConfig
from builder.errors import BuilderError
from builder.resources import site_templates
from builder.site.assembly import app_context
from builder.site.catalogues import read_catalogues
from builder.site.icons import icon_paths
from builder.site.manifest import web_app_manifest
from builder.site.render import Templates

LANGUAGES = {"ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ta", "zh-Hans"}
PAGES = [name for name in Templates().names if name.endswith(".html.jinja")]
ENGLISH: dict[str, Any] = json.loads((site_templates() / "messages" / "en.json").read_bytes())
"""The catalogue that the others follow."""

KEY = re.compile(r"""(?:data-text|data-label)="([\w-]+)"|\btext\(\s*["']([\w-]+)["']""")


def looks(folder: Path, name: str, content: Any) -> Templates:
    """Return the templates with one catalogue of the user's."""
    path = folder / "messages" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Templates(folder)


def scripts() -> dict[str, str]:
    """Return the page's modules without their comments."""
    folder = site_templates() / "app" / "page"
    comments = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
    return {
        path.relative_to(folder).as_posix(): comments.sub("", path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.js")
    }


def pages() -> dict[str, str]:
    return {name: (site_templates() / name).read_text(encoding="utf-8") for name in PAGES}


def test_all_catalogues_have_the_same_keys_plurals_and_placeholders() -> None:
    catalogues = read_catalogues(Templates(), "auto")
    assert set(catalogues) == LANGUAGES
    assert next(iter(catalogues)) == "en"
    assert len({catalogue.language for catalogue in catalogues.values()}) == len(LANGUAGES)
    assert [tag for tag, each in catalogues.items() if each.direction == "rtl"] == ["ar"]


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"en"}))
def test_catalogues_are_translated(language: str) -> None:
    """Short words may be the same in two languages; sentences are not."""
    messages = read_catalogues(Templates(), language)[language].messages
    left = {
        key
        for key, message in ENGLISH["messages"].items()
        if len(str(message).split()) > 2 and messages[key] == message
    }
    assert left == set()


def test_one_language_is_offered_alone() -> None:
    assert [*read_catalogues(Templates(), "de")] == ["de"]


def test_an_unknown_language_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(BuilderError, match=r'"xx".*auto.*ar, de, en'):
        read_catalogues(Templates(), "xx")


def test_a_users_file_adds_a_language(tmp_path: Path) -> None:
    templates = looks(tmp_path, "it.json", {**ENGLISH, "language": "Italiano"})
    assert templates.unknown_overrides == ()
    assert read_catalogues(templates, "auto")["it"].language == "Italiano"
    assert [*read_catalogues(templates, "it")] == ["it"]


def without(key: str) -> dict[str, Any]:
    return {name: text for name, text in ENGLISH["messages"].items() if name != key}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "it.json, line 1: not JSON"),
        ([], "needs .language., .direction."),
        ({**ENGLISH, "direction": "up"}, "direction"),
        ({**ENGLISH, "messages": without("photos")}, "lacks photos"),
        ({**ENGLISH, "messages": {**ENGLISH["messages"], "fotos": ""}}, "unknown fotos"),
        ({**ENGLISH, "messages": {**ENGLISH["messages"], "open-app": "Apri"}}, "open-app.*title"),
        ({**ENGLISH, "messages": {**ENGLISH["messages"], "unsure": "No"}}, "unsure must have"),
        ({**ENGLISH, "messages": {**ENGLISH["messages"], "unsure": {"one": "1"}}}, '"other"'),
    ],
)
def test_faults_in_a_users_catalogue_are_told(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(BuilderError, match=said):
        read_catalogues(looks(tmp_path, "it.json", content), "it")


def test_default_title_and_manifest_are_in_the_built_language() -> None:
    context = app_context(SiteConfig(), read_catalogues(Templates(), "ar"))
    manifest = web_app_manifest(context, icon_paths("app/01/"))
    assert (manifest["lang"], manifest["dir"]) == ("ar", "rtl")
    assert manifest["name"] == manifest["short_name"] == "مصنّف الصور"


def test_every_text_that_is_asked_for_exists_and_every_text_is_asked_for() -> None:
    sources = {**pages(), **scripts()}
    sources["builder"] = 'text("app-title") text("app-description")'
    asked = {one or other for source in sources.values() for one, other in KEY.findall(source)}
    known = set(ENGLISH["messages"])
    assert asked - known == set()
    everything = "\n".join(sources.values())
    # What is put together (`trigger-${action}`), and codes that are keys in a table.
    starts = set(re.findall(r"`([\w-]+-)\$\{", everything))
    literals = set(re.findall(r"['\"]([\w-]+)['\"]", everything))
    unused = {
        key
        for key in known - asked - literals
        if not key.startswith(tuple(starts)) and key.removesuffix("-title") not in literals
    }
    assert unused == set()


class Words(HTMLParser):
    """Collects what people would read in a page: its text, and attributes that are read out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", html, flags=re.DOTALL))

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = {"alt", "aria-label", "aria-description", "placeholder", "title"}
        self.found += [value or "" for name, value in attrs if name in read]


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_text_of_their_own(name: str) -> None:
    words = [word.strip() for word in Words(pages()[name]).found if re.search(r"\w", word)]
    assert set(words) <= {"classifier-pwa", "CSV", "JSON"}


def prose(source: str) -> Iterator[str]:
    """Yield texts in a module that look like sentences or words for people."""
    for match in re.finditer(r"""(?<![\w])(['"`])((?:\\.|(?!\1)[^\\\n])*)\1""", source):
        before = source[max(0, match.start() - 60) : match.start()]
        text = re.sub(r"\$\{.*?\}", "", match[2])
        # Errors of this kind are for developers, who read English.
        if re.search(r"new (?:Type|Camera)?Error\(\s*$", before):
            continue
        if re.match(r"\W*[A-Z][a-z]+(?:[ .!?…’]|$)", text) and not text.isupper():
            yield text


def test_scripts_have_no_text_of_their_own() -> None:
    # Names of keys, events and classes of the browser, which are no sentences.
    names = {"Files", "Enter", "Escape", "Home", "End", "Tab", "Delete", "Backspace"}
    names |= {"Shift", "Control", "Event", "Cache", "Promise"}
    found = {
        f"{name}: {text}"
        for name, source in scripts().items()
        for text in prose(source)
        if text not in names
    }
    assert found == set()


def test_a_sentence_in_a_script_would_be_found() -> None:
    assert [*prose("label.textContent = 'Take photo';")] == ["Take photo"]
    assert [*prose("throw new Error('This is ours.'); on('click', `x-${y}`);")] == []
