"""The interface in other languages: detected, chosen, built, and with the server stopped."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from builder.model.pipeline import PreparedModel
from builder.resources import site_templates
from tests.e2e.impatient import model_files
from tests.e2e.test_page import expect_state, picture, upload
from tests.e2e.visiting import WAIT_MS, wait_until
from tests.unit.sites import prepare_trees

OpenPage = Callable[[str], Page]


def messages(tag: str) -> dict[str, str]:
    content = (site_templates() / "messages" / f"{tag}.json").read_text(encoding="utf-8")
    texts: dict[str, str] = json.loads(content)["messages"]
    return texts


@pytest.fixture
def open_in(browser: Browser) -> Iterator[OpenPage]:
    """Return a function from the browser's language to a page in a profile of its own."""
    contexts = []

    def open_page(locale: str) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": 390, "height": 844})
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def read_out(page: Page) -> list[str]:
    """Return all texts of the page and all names of its elements, also hidden ones."""
    found: list[str] = page.evaluate(
        """() => {
          const texts = [];
          const skipped = 'script, style, noscript, option, dd, #results *';
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            if (!walker.currentNode.parentElement.closest(skipped)) {
              texts.push(walker.currentNode.data);
            }
          }
          for (const named of document.querySelectorAll('[aria-label], [alt]')) {
            texts.push(named.ariaLabel ?? named.alt);
          }
          return texts.map((text) => text.trim()).filter(Boolean);
        }"""
    )
    return found


def test_arabic_from_right_to_left_down_to_the_last_word(
    open_in: OpenPage, trees_server: PreviewServer
) -> None:
    page = open_in("ar-EG")
    page.goto(trees_server.url)
    expect_state(page, "ready")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#status")).to_have_text(messages("ar")["status-ready"])
    # Abbreviations are what they are, so is the name of Keras, and the title is the site's own.
    latin = {text for text in read_out(page) if re.search("[A-Za-z][a-z]", text)}
    assert latin == {"Trees", messages("ar")["same-as-keras"]}
    # It keeps its own direction: a "?" at its end would stay there.
    expect(page.get_by_text("Trees", exact=True).first).to_have_css("direction", "ltr")
    # The rows follow the script.
    title, about = (page.locator(it).bounding_box() for it in (".bar-title", "#open-about"))
    assert title is not None
    assert about is not None
    assert title["x"] > about["x"]
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")
    best = page.locator("#results li").first
    row, name = (it.bounding_box() for it in (best, best.locator(".name bdi")))
    assert row is not None
    assert name is not None
    assert name["x"] + name["width"] == pytest.approx(row["x"] + row["width"], abs=1)
    probability = best.get_attribute("data-probability") or ""
    assert re.fullmatch(r"[01]\.\d{6,}", probability)


def test_nothing_is_shown_before_the_language_is_there(
    open_in: OpenPage, trees_server: PreviewServer
) -> None:
    page = open_in("de-AT")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/messages/de\.json$"), hold)
    # After some seconds the page shows itself by an animation, however long this test may take.
    session = page.context.new_cdp_session(page)
    session.send("Animation.enable")
    session.send("Animation.setPlaybackRate", {"playbackRate": 0})
    page.goto(trees_server.url, wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-language", "de")
    expect(page.locator("h1")).to_be_hidden()
    wait_until(page, lambda: bool(held))
    expect(page.locator("h1")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.locator("#open-about")).to_have_accessible_name(messages("de")["about-this-app"])
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_without_a_camera_the_triggers_words_stand_in_one_line(
    page: Page, trees_server: PreviewServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(trees_server.url)
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")
    label = page.locator("#shutter-label")
    expect(label).to_have_text(messages("en")["trigger-choose-another"])
    lines = {}
    for tag in json.loads(page.locator("#site").text_content() or "")["languages"]:
        words = messages(tag)["trigger-choose-another"]
        lines[tag] = label.evaluate(
            """(label, words) => {
              label.textContent = words;
              const range = document.createRange();
              range.selectNodeContents(label);
              return new Set(Array.from(range.getClientRects(), ({ top }) => top)).size;
            }""",
            words,
        )
    assert lines == dict.fromkeys(lines, 1)


def test_a_catalogue_that_cannot_be_had_leaves_the_built_language(
    open_in: OpenPage, trees_server: PreviewServer
) -> None:
    page = open_in("fr")
    page.route(re.compile(r"/messages/fr\.json$"), lambda route: route.fulfill(status=404))
    page.goto(trees_server.url)
    expect_state(page, "ready")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#status")).to_have_text("Ready for a photo")


def test_a_chosen_language_is_kept_and_works_with_the_server_stopped(
    open_in: OpenPage, trees_site: Path
) -> None:
    page = open_in("en-US")
    with preview_server(trees_site) as server:
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("data-offline", "ready")
        page.locator("#open-about").click()
        page.get_by_label("Language").select_option("日本語")
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        expect_state(page, "ready")
    page.reload()
    expect_state(page, "ready")
    expect(page.locator("#pick-photo, #shutter-label").last).to_be_visible()
    expect(page.locator("#shutter-label")).to_have_text(messages("ja")["trigger-choose"])


def test_the_app_is_called_the_same_in_the_offer_to_install_it(
    open_in: OpenPage, trees_site: Path, tmp_path: Path
) -> None:
    config = SiteConfig(output=tmp_path / "dist")
    build_site(config, prepare=lambda *_: PreparedModel(model_files(trees_site)))
    page = open_in("de")
    with preview_server(config.output) as server:
        page.goto(server.url)
        page.set_input_files("#photo-input", upload(picture(1)))
        expect_state(page, "result")
        page.evaluate("window.dispatchEvent(new Event('beforeinstallprompt'))")
        title = messages("de")["app-title"]
        expect(page.locator("#install-text")).to_have_text(
            messages("de")["install-offer"].replace("{title}", title)
        )


def test_a_site_built_in_one_language_asks_no_browser(open_in: OpenPage, tmp_path: Path) -> None:
    output = tmp_path / "dist"
    build_site(SiteConfig(lang="de", output=output), prepare=prepare_trees)
    assert [path.name for path in output.glob("app/*/messages/*")] == ["de.json"]
    for name in ("index.html", "offline.html", "404.html"):
        html = (output / name).read_text(encoding="utf-8")
        assert '<html lang="de" dir="ltr"' in html
        assert messages("de")["app-title"] in html
    page = open_in("fr")
    with preview_server(output) as server:
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.locator("#open-about")).to_have_accessible_name("Über diese App")
        expect(page.locator("#language")).to_have_count(0)
