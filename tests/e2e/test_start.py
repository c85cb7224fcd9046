"""The start of a first visit: what is wrong or does not come is noticed, told and mended."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.visiting import Visitor
from tests.faults import Fault, both, corrupt, header, html, instead, shorten, stall, status

FOREVER = header("Cache-Control", "max-age=31536000, immutable")

ENTRY, STYLE, EARLY = "/app/*/page/app.js", "/app/*/page.css", "/app/*/start.js"


def notice(page: Page) -> Locator:
    return page.locator("#boot-failed")


def taps_reload(page: Page) -> None:
    notice(page).get_by_role("button", name="Reload").click()


# What a host says once, and lets browsers keep.
ONCE: dict[str, tuple[str, Fault]] = {
    "a flipped byte of the entry": (ENTRY, corrupt(900)),
    "half of the entry": (ENTRY, shorten(2000)),
    "a flipped byte of the styles": (STYLE, corrupt(900)),
    "a flipped byte of the early script": (EARLY, corrupt(900)),
    "a flipped byte of a module": ("/app/*/page/view.js", corrupt(900)),
    "a sign-in page for a module": ("/app/*/page/view.js", html()),
    "half of the page": ("/", shorten(20_000)),
}


@pytest.mark.parametrize("damage", ONCE)
def test_what_was_damaged_once_and_may_be_kept_is_fetched_anew_by_itself(
    visitor: Visitor, damage: str
) -> None:
    file, fault = ONCE[damage]
    visitor.host.fault(file, both(fault, FOREVER))
    visitor.arrive()
    visitor.sees_ready()
    expect(notice(visitor.page)).to_have_count(0)
    sent = [answer for answer in visitor.host.answers(file) if answer.status == 200]
    assert 2 <= len(sent) <= 4
    visitor.goes_offline()


@pytest.mark.parametrize("file", [ENTRY, STYLE])
def test_what_does_not_come_is_named_and_one_tap_mends_it(visitor: Visitor, file: str) -> None:
    visitor.host.always(file, stall(10))
    visitor.arrive(patient=False)
    expect(notice(visitor.page)).to_contain_text("Still loading")
    expect(notice(visitor.page)).to_contain_text(file.rsplit("/", 1)[1])
    visitor.host.heal()
    taps_reload(visitor.page)
    visitor.sees_ready()
    expect(notice(visitor.page)).to_have_count(0)


def test_a_style_sheet_that_stalls_once_comes_by_itself(visitor: Visitor) -> None:
    visitor.host.fault(STYLE, stall(10))
    visitor.arrive(patient=False)
    visitor.sees_ready()
    expect(notice(visitor.page)).to_have_count(0)
    assert visitor.page.evaluate("document.styleSheets.length") == 1


def test_the_early_script_keeps_nobody_waiting(visitor: Visitor) -> None:
    visitor.host.always(EARLY, stall(10, 30.0))
    visitor.arrive(patient=False)
    visitor.page.wait_for_selector("html[data-state=ready]")
    expect(notice(visitor.page)).to_have_count(0)


# What a host says to everything but the page itself.
ALL_BUT_THE_PAGE: dict[str, tuple[Fault, str]] = {
    "missing": (status(404, b"gone"), "be loaded completely"),
    "busy": (status(503, b"later"), "be loaded completely"),
    "a sign-in page": (html(), "sign in"),
    "stalled": (stall(0), "Still loading"),
}


@pytest.mark.parametrize("trouble", ALL_BUT_THE_PAGE)
def test_with_nothing_but_the_page_it_says_so_and_one_tap_mends_it(
    visitor: Visitor, trouble: str
) -> None:
    fault, words = ALL_BUT_THE_PAGE[trouble]
    visitor.host.always("/?*", fault)
    visitor.arrive(patient=False)
    expect(notice(visitor.page)).to_contain_text(words)
    before = visitor.host.count("/")
    visitor.page.wait_for_timeout(500)
    assert visitor.host.count("/") == before <= 6, "it does not go on by itself"
    visitor.host.heal()
    taps_reload(visitor.page)
    visitor.sees_ready()


def test_a_host_that_changes_line_ends_is_named_as_the_reason(visitor: Visitor) -> None:
    entry = next(visitor.host.folder.glob("app/*/page/app.js"))
    visitor.host.always(ENTRY, instead(entry.read_bytes().replace(b"\n", b"\r\n")))
    visitor.arrive(patient=False)
    expect(notice(visitor.page)).to_contain_text("arrives changed or incomplete")
    expect(notice(visitor.page)).to_contain_text("page/app.js")


def test_a_page_whose_policy_lets_no_script_run_offers_a_way_out(
    page: Page, trees_site: Path, trees_server: PreviewServer
) -> None:
    index = (trees_site / "index.html").read_text(encoding="utf-8")
    broken = index.replace("script-src ", "script-srx ", 1)
    assert broken != index
    page.route(trees_server.url, lambda route: route.fulfill(body=broken, content_type="text/html"))
    page.goto(trees_server.url, wait_until="commit")
    page.get_by_text("Nothing happening?").first.wait_for(state="attached")
    way_out = page.get_by_role("link", name="Nothing happening? Open the app again.")
    expect(way_out).to_be_hidden()
    page.evaluate("() => document.getAnimations().forEach((animation) => animation.finish())")
    way_out.click()
    expect(page.locator("html")).to_have_attribute("data-state", "ready")
