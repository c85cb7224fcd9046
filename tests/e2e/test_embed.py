"""docs/embed.md works as it stands: its examples are taken from the page and opened."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from builder.hosting.server import preview_server
from tests.e2e.conftest import GERMAN
from tests.models import CLASSES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "embed.md"


def examples() -> dict[str, str]:
    """Return the page's code by file name."""
    blocks = re.findall(r"```(html|js)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    named = {}
    for kind, code in blocks:
        name = "index.html" if kind == "html" else code.split("\n")[0].removeprefix("// ")
        named[name] = code
    return named


@pytest.fixture
def embedding(bilingual_site: Path, tmp_path: Path, page: Page) -> Iterator[Page]:
    """Return the example's page, with a site beside it."""
    shutil.copytree(bilingual_site, tmp_path / "what")
    for name, code in examples().items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    plain = examples()["index.html"].replace("page.js", "without-element.js")
    (tmp_path / "plain.html").write_text(plain, encoding="utf-8")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    with preview_server(tmp_path) as server:
        page.goto(server.url)
        yield page
    assert [problem for problem in problems if "favicon" not in problem] == []


def photo() -> dict[str, object]:
    pixels = np.random.default_rng(0).integers(0, 255, (80, 90, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return {"name": "photo.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_the_element_answers_under_a_strict_policy(embedding: Page) -> None:
    element = embedding.locator("image-classifier")
    expect(element.locator("label")).to_have_css("cursor", "pointer")
    element.locator("input").set_input_files(files=[photo()])
    expect(element.locator("li")).to_have_count(3)
    names = element.locator("li span").all_inner_texts()
    assert set(names) <= set(CLASSES)
    expect(embedding.locator("output")).to_have_text(names[0])


def test_what_is_no_photo_is_told_and_the_next_one_works(embedding: Page) -> None:
    element = embedding.locator("image-classifier")
    element.locator("input").set_input_files(
        files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"}]
    )
    expect(element.get_by_role("status")).to_have_text("That did not work.")
    element.locator("input").set_input_files(files=[photo()])
    expect(element.locator("li")).to_have_count(3)
    expect(element.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize(
    ("page_language", "own_language", "decimal", "names"),
    [
        ("de", "", ",", set(GERMAN.values())),
        ("en", "de-AT", ",", set(GERMAN.values())),
        ("de", "en", ".", set(GERMAN)),
        # French is not among the names, and "en_US" is no language: those of the model.
        ("de", "fr", ",", set(GERMAN)),
        ("en_US", "", ".", set(GERMAN)),
    ],
)
def test_answers_are_in_the_language_of_the_element_or_of_the_page(
    embedding: Page, page_language: str, own_language: str, decimal: str, names: set[str]
) -> None:
    embedding.evaluate("(language) => { document.documentElement.lang = language; }", page_language)
    element = embedding.locator("image-classifier")
    if own_language:
        element.evaluate("(it, language) => { it.lang = language; }", own_language)
    element.locator("input").set_input_files(files=[photo()])
    expect(element.locator("li")).to_have_count(3)
    shown = element.locator("li span").all_inner_texts()
    assert set(shown) <= names
    assert decimal in element.locator("li").first.inner_text()
    expect(embedding.locator("output")).to_have_text(shown[0])


def test_names_that_cannot_be_had_leave_those_of_the_model_until_they_can(embedding: Page) -> None:
    embedding.evaluate("document.documentElement.lang = 'de'")
    element = embedding.locator("image-classifier")
    # A captive portal's page.
    embedding.route("**/classes/de.json", lambda route: route.fulfill(body="<!doctype html>"))
    element.locator("input").set_input_files(files=[photo()])
    expect(embedding.locator("output")).to_have_text(re.compile("|".join(GERMAN)))
    embedding.unroute("**/classes/de.json")
    element.locator("input").set_input_files(files=[photo()])
    expect(embedding.locator("output")).to_have_text(re.compile("|".join(GERMAN.values())))


def test_the_module_answers_without_the_element(embedding: Page) -> None:
    embedding.goto(embedding.url + "plain.html")
    expect(embedding.locator("output")).to_have_text("2")
