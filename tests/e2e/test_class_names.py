"""Class names in the language of the interface: everywhere, and with the server stopped."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.hosting.server import preview_server
from tests.e2e.conftest import GERMAN
from tests.e2e.test_page import expect_state, picture, upload
from tests.e2e.visiting import WAIT_MS, visit


@pytest.fixture
def german_page(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser that speaks German."""
    context = browser.new_context(locale="de-AT", viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def listed(page: Page) -> list[tuple[str, str]]:
    """Return what each prediction is called in the model, and what people read."""
    return [
        (row.get_attribute("data-class-name") or "", row.locator(".name").inner_text())
        for row in page.locator("#results li").all()
    ]


def test_german_names_are_read_and_kept_for_offline(
    german_page: Page, bilingual_site: Path
) -> None:
    page = german_page
    with preview_server(bilingual_site) as server:
        visit(page, server.url)
    page.reload()
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")
    rows = listed(page)
    assert len(rows) == 5
    # Scripts, and the list of denied classes, go by the names that the model has.
    assert all(GERMAN[name] == shown for name, shown in rows)
    assert "oak" not in dict(rows)
    best = rows[0][1]
    expect(page.locator("#status")).to_contain_text(best)
    expect(page.locator("button.where").first).to_have_accessible_name(f"Wo siehst du das? {best}")


def test_many_photos_and_history_have_the_same_names(
    german_page: Page, bilingual_site: Path
) -> None:
    page = german_page
    with preview_server(bilingual_site) as server:
        page.goto(f"{server.url}#history")
        page.locator("#history-on").check()
        page.goto(f"{server.url}#many")
        expect(page.locator("#many-title")).to_be_focused()
        page.set_input_files("#many-photos-input", [upload(picture(seed)) for seed in (1, 2)])
        expect(page.locator("#many-rows [data-status=done]")).to_have_count(2)
        shown = page.locator(".many-prediction span").first.inner_text()
        assert shown in GERMAN.values()
        options = page.locator("#many-kind option").all_inner_texts()
        assert any(shown in option for option in options)
        with page.expect_download() as table:
            page.locator("#many-csv").click()
        content = Path(table.value.path()).read_text(encoding="utf-8-sig")
        first = next(csv.DictReader(io.StringIO(content)))
        # Programs read the model's own names, and people theirs beside them.
        assert first["name_1"] == shown == GERMAN[first["class_1"]]
        with page.expect_download() as table:
            page.locator("#many-json").click()
        photos = json.loads(Path(table.value.path()).read_bytes())["photos"]
        best = photos[0]["predictions"][0]
        assert (best["className"], best["name"]) == (first["class_1"], shown)
        page.locator("#screen-many .screen-back").click()
        page.set_input_files("#photo-input", upload(picture(1)))
        expect_state(page, "result")
        page.locator("#open-history").click()
        expect(page.locator(".entry-name").first).to_have_text(shown)


def test_a_real_photo_is_called_in_german_offline_and_in_english_by_the_tables(
    german_page: Page, imagenet_site: Callable[[str], Path], shared: Path
) -> None:
    page = german_page
    photo = shared / "images" / "imagenet-samples" / "n01440764_tench.JPEG"
    with preview_server(imagenet_site("float16")) as server:
        visit(page, server.url)
    page.reload()
    page.set_input_files("#photo-input", photo)
    expect_state(page, "result")
    assert listed(page)[0] == ("tench", "Schleie")
    expect(page.locator("#status")).to_contain_text("Schleie")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#share-result").click()
    expect(page.locator("#share-news")).not_to_be_empty()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("Schleie (tench, n01440764): ")
    page.goto(f"{server.url}#many")
    expect(page.locator("#many-title")).to_be_focused()
    page.set_input_files("#many-photos-input", photo)
    expect(page.locator("#many-rows [data-status=done]")).to_have_count(1)
    expect(page.locator(".many-prediction span").first).to_have_text("Schleie")
    with page.expect_download() as table:
        page.locator("#many-csv").click()
    content = Path(table.value.path()).read_text(encoding="utf-8-sig")
    row = next(csv.DictReader(io.StringIO(content)))
    told = [row[f"{column}_1"] for column in ("class", "wordnet_id", "name")]
    assert told == ["tench", "n01440764", "Schleie"]
    with page.expect_download() as table:
        page.locator("#many-json").click()
    best = json.loads(Path(table.value.path()).read_bytes())["photos"][0]["predictions"][0]
    told = [best[member] for member in ("className", "wordNetId", "name")]
    assert told == ["tench", "n01440764", "Schleie"]


def test_who_reads_another_language_gets_the_first_names_and_loads_no_others(
    page: Page, bilingual_site: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with preview_server(bilingual_site) as server:
        page.goto(server.url)
        page.set_input_files("#photo-input", upload(picture(1)))
        expect_state(page, "result")
        assert all(name == shown for name, shown in listed(page))
    # The service worker keeps them for a change of language; the page asks for none.
    assert not [url for url in asked if "/classes/" in url]
