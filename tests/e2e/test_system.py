"""Belonging to the system: photos that other apps share."""

from pathlib import Path

from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_page import answer, expect_state, picture, upload


def share_form(action: str) -> str:
    """Return a page with a form as the system sends it to a share target."""
    return (
        f'<form action="{action}" method="post" enctype="multipart/form-data">'
        '<input type="file" name="photos" multiple><button>Share</button></form>'
    )


def test_photos_are_shared_into_the_app_also_without_a_network(
    page: Page, trees_site: Path
) -> None:
    with preview_server(trees_site) as server:
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("data-offline", "ready")
        page.set_input_files("#photo-input", upload(picture(1)))
        picked = answer(page)
    page.goto("about:blank")
    page.set_content(share_form(f"{server.url}share-target"))
    page.set_input_files("input", upload(picture(1), "shared.jpg"))
    page.click("button")
    expect(page.locator("#shared-photos img")).to_have_count(1)
    expect(page.locator("#results li")).to_have_count(0)
    page.get_by_role("button", name="Look at it").click()
    assert answer(page) == picked
    assert page.url == server.url
    caches = "() => caches.keys()"
    assert not [name for name in page.evaluate(caches) if name.endswith("|shared")]
    page.reload()
    expect_state(page, "ready")

    page.goto("about:blank")
    page.set_content(share_form(f"{server.url}share-target"))
    page.set_input_files("input", [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2)])
    page.click("button")
    expect(page.get_by_text("is sending 2 photos")).to_be_visible()
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#many-status")).to_have_text("2 photos done")


def test_a_photo_that_a_page_of_another_site_posts_is_not_taken_unasked(
    page: Page, trees_site: Path, trees_server: PreviewServer
) -> None:
    with preview_server(trees_site) as server:
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("data-offline", "ready")
        form = share_form(f"{server.url}share-target")
        page.route(
            f"{trees_server.url}elsewhere",
            lambda route: route.fulfill(body=form, content_type="text/html"),
        )
        page.goto(f"{trees_server.url}elsewhere")
        page.set_input_files("input", upload(picture(1), "theirs.jpg"))
        page.click("button")
        expect(page.get_by_text("is sending 1 photo")).to_be_visible()
        page.get_by_role("button", name="Discard").click()
        expect_state(page, "ready")
        expect(page.locator("#results li")).to_have_count(0)
        assert not [name for name in page.evaluate("caches.keys()") if name.endswith("|shared")]
        page.reload()
        expect_state(page, "ready")


def test_a_share_without_a_photo_is_explained(page: Page, trees_site: Path) -> None:
    with preview_server(trees_site) as server:
        page.goto(server.url)
        expect(page.locator("html")).to_have_attribute("data-offline", "ready")
        page.goto("about:blank")
        page.set_content(share_form(f"{server.url}share-target"))
        page.click("button")
        expect(page.get_by_role("alert")).to_contain_text("There was no photo in that")


def test_an_answer_is_handed_on_and_the_app_offers_itself_once(
    page: Page, trees_server: PreviewServer
) -> None:
    page.add_init_script("delete Navigator.prototype.share; delete Navigator.prototype.canShare")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(trees_server.url)
    expect_state(page, "ready")
    offer = "window.dispatchEvent(new Event('beforeinstallprompt', {cancelable: true}))"
    page.evaluate(offer)
    expect(page.locator("#install-offer")).to_be_hidden()
    page.set_input_files("#photo-input", upload(picture(1)))
    best = answer(page)[0][0] or ""
    expect(page.get_by_text("Keep Trees as an app")).to_be_visible()
    page.locator("#dismiss-install").press("Enter")
    page.get_by_role("button", name="Share").press("Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()").startswith(f"{best}: ")
    page.reload()
    expect_state(page, "ready")
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    page.evaluate(offer)
    page.set_input_files("#photo-input", upload(picture(1)))
    answer(page)
    expect(page.locator("#install-offer")).to_be_hidden()
