"""Two apps on one origin: what each keeps is its own, also when the other leaves."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from tests.e2e.impatient import Build
from tests.e2e.test_history import ROWS, open_history
from tests.e2e.test_page import answer, picture, upload
from tests.e2e.visiting import LOOK_FOR_UPDATE, READY, update_offer, visit, wait_until

CHOOSE_SURENESS = """(range, percent) => {
    range.value = percent;
    for (const type of ['input', 'change']) range.dispatchEvent(new Event(type));
}"""

LEFT = """async () => [
    ...Object.keys(localStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await caches.keys()),
]"""


@pytest.fixture
def origin(trees_site: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Return the folder and the address of a host with the apps "a" and "b"."""
    folder = shutil.copytree(trees_site, tmp_path / "origin")
    for name in "ab":
        shutil.copytree(trees_site, folder / name)
    with preview_server(folder) as server:
        yield folder, server.url


def use(page: Page, app: str, name: str, percent: str) -> None:
    """Remember a photo of this name in an app, and choose how sure an answer must be."""
    visit(page, app)
    open_history(page)
    page.get_by_role("switch").press(" ")
    page.goto(app)
    page.wait_for_selector(READY)
    page.locator("#sure-from").evaluate(CHOOSE_SURENESS, percent)
    page.set_input_files("#photo-input", upload(picture(1), name))
    answer(page)
    open_history(page)
    expect(page.locator(ROWS)).to_contain_text([name])


def expect_kept(page: Page, app: str, name: str, percent: str) -> None:
    """See that an app still has its history and its settings, and nothing of another's."""
    visit(page, app)
    expect(page.locator("#sure-from")).to_have_value(percent)
    open_history(page)
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text([name])


def test_two_apps_keep_their_own_history_and_settings_and_one_outlives_the_other(
    page: Page, origin: tuple[Path, str]
) -> None:
    folder, url = origin
    use(page, f"{url}a/", "of-a.jpg", "70")
    use(page, f"{url}b/", "of-b.jpg", "30")
    expect_kept(page, f"{url}a/", "of-a.jpg", "70")

    build_site(SiteConfig(output=folder / "a", kill_switch=True))
    page.goto(f"{url}a/")
    update_offer(page).click()
    expect(page.get_by_role("heading")).to_contain_text("has been withdrawn")
    wait_until(page, lambda: all("/b/" in name for name in page.evaluate(LEFT)))
    expect_kept(page, f"{url}b/", "of-b.jpg", "30")


def caches_of(page: Page, path: str) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return [name for name in names if name.startswith(f"classifier-pwa|{path}|")]


def is_gone(page: Page, cache: str) -> bool:
    return cache not in page.evaluate("caches.keys()")


def test_apps_in_nested_folders_hold_none_of_each_others_old_versions(
    page: Page, origin: tuple[Path, str], impatient: Build
) -> None:
    folder, url = origin
    inner = page.context.new_page()
    visit(page, url)
    visit(inner, f"{url}a/")
    assert [len(caches_of(page, path)) for path in ("/", "/a/")] == [1, 1]
    for own, path, place in ((page, "/", folder), (inner, "/a/", folder / "a")):
        (old,) = caches_of(page, path)
        shutil.copytree(impatient("Forest"), place, dirs_exist_ok=True)
        assert own.evaluate(LOOK_FOR_UPDATE) == "looked"
        update_offer(own).click()
        expect(own).to_have_title("Forest")
        own.wait_for_selector(READY)
        # The window of the other app is open all the time.
        wait_until(page, partial(is_gone, page, old))
        assert len(caches_of(page, path)) == 1
    for own in (page, inner):
        own.reload()
        own.wait_for_selector(READY)
