"""What the person has taught the app is kept as a whole or not at all, whatever other tabs do.

The store's modules run by themselves: no screen of the app uses them yet.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from builder.resources import site_templates
from tests.conftest import ROOT

ORIGIN = "http://localhost/"
LIBRARIES = ROOT / "assets" / "runtime" / "libraries"

PRELUDE = """
const { createTaughtStore } = await import('/app/page/teach/store.js');
const { openDB } = await import('/app/libraries/idb.js');
const open = (more) => createTaughtStore({ openDB, root: location.href, ...more });
const store = (globalThis.store ??= open());
const shown = (value, photo = null) => ({
  group: String(value),
  views: [Float32Array.of(value, 1), Float32Array.of(value, 2)],
  thumbnail: Uint8Array.of(value),
  photo,
});
const all = async (set) => Promise.all([store.sets(), store.classes(set), store.examples(set)]);
"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a browser profile whose pages get the app's modules as they are."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if not path.endswith(".js"):
            route.fulfill(body="<!doctype html>", content_type="text/html")
            return
        name = path.removeprefix("app/libraries/")
        file = site_templates() / path if name == path else LIBRARIES / name
        route.fulfill(path=file, content_type="text/javascript")

    profile = browser.new_context()
    profile.route("**/*", answer)
    yield profile
    profile.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    return opened(context)


def opened(context: BrowserContext) -> Page:
    """Return a new tab."""
    page = context.new_page()
    page.goto(ORIGIN)
    return page


def run(page: Page, body: str, argument: Any = None) -> Any:
    """Run JavaScript in the page that may use what the prelude declares, and `argument`."""
    return page.evaluate(f"async (argument) => {{ {PRELUDE} {body} }}", argument)


def test_what_was_taught_is_there_after_a_reload(tab: Page) -> None:
    run(
        tab,
        """
        const set = await store.addSet({ name: 'Garden', model: 'model/a/' });
        const oak = await store.addClass(set, 'oak');
        await store.addExample(oak, shown(7, new Blob(['photo'])));
        await store.addExample(oak, shown(8));
        """,
    )
    tab.reload()
    sets, classes, examples, views, thumbnail, photos = run(
        tab,
        """
        const [{ id: set }] = await store.sets();
        const [sets, classes, examples] = await all(set);
        const ids = examples.map(({ id }) => id);
        const views = (await store.views(ids)).map((some) => some.map((view) => [...view]));
        const photos = await Promise.all(ids.map((id) => store.photo(id)));
        return [sets, classes, examples, views, [...(await store.thumbnail(ids[0]))],
          await Promise.all(photos.map((photo) => photo && photo.text()))];
        """,
    )
    assert sets == [{"id": 1, "name": "Garden", "model": "model/a/"}]
    assert classes == [{"id": 1, "set": 1, "name": "oak"}]
    assert examples == [
        {"id": 1, "set": 1, "classId": 1, "group": "7", "bytes": 16 + 1 + 5},
        {"id": 2, "set": 1, "classId": 1, "group": "8", "bytes": 16 + 1},
    ]
    assert views == [[[7, 1], [7, 2]], [[8, 1], [8, 2]]]
    assert thumbnail == [7]
    assert photos == ["photo", None]


def test_two_tabs_that_teach_at_once_lose_nothing(context: BrowserContext, tab: Page) -> None:
    tabs = [tab, opened(context)]
    run(tab, "await store.addSet({ name: 'Garden', model: 'm' });")
    teach = """
        globalThis.taught = (async () => {
          for (let value = 0; value < 50; value += 1) {
            // The same names in both tabs, and each may be the first to say one.
            const own = await store.addClass(1, `tree ${value % 3}`);
            await store.addExample(own, shown(value));
          }
        })();
        globalThis.taught.catch(() => {});
    """
    for each in tabs:
        run(each, teach)
    for each in tabs:
        run(each, "await globalThis.taught;")
    for each in tabs:
        _, classes, examples = run(each, "return all(1);")
        assert sorted(one["name"] for one in classes) == ["tree 0", "tree 1", "tree 2"]
        assert len(examples) == 100
        assert {example["classId"] for example in examples} == {one["id"] for one in classes}


def test_what_another_tab_has_removed_takes_nothing_in(context: BrowserContext, tab: Page) -> None:
    other = opened(context)
    run(
        tab,
        """
        await store.addSet({ name: 'Garden', model: 'm' });
        for (const name of ['oak', 'ash']) await store.addClass(1, name);
        for (const value of [1, 2]) await store.addExample(value, shown(value));
        """,
    )
    run(other, "await store.removeClass(1);")
    assert run(
        tab,
        """
        return [await store.addExample(1, shown(3)), await store.moveExample(1, 2),
          await store.moveExample(2, 1), await store.addClass(9, 'elm')];
        """,
    ) == [None, False, False, None]
    _, classes, examples = run(tab, "return all(1);")
    assert [one["name"] for one in classes] == ["ash"]
    assert [example["id"] for example in examples] == [2]
    run(other, "await store.removeSet(1);")
    assert run(tab, "return all(1);") == [[], [], []]


def test_what_is_removed_leaves_nothing_behind(tab: Page) -> None:
    left = run(
        tab,
        """
        for (const name of ['Garden', 'Kitchen']) await store.addSet({ name, model: 'm' });
        await store.addClass(1, 'oak');
        await store.addClass(1, 'ash');
        await store.addClass(2, 'cup');
        for (const id of [1, 1, 2, 3]) await store.addExample(id, shown(id, new Blob(['photo'])));
        await store.moveExample(1, 2);
        await store.removeExample(2);
        const moved = (await store.examples(1)).map(({ id, classId }) => [id, classId]);
        await store.removeSet(1);
        const database = await openDB((await indexedDB.databases())[0].name);
        const left = {};
        for (const name of database.objectStoreNames) left[name] = await database.getAllKeys(name);
        database.close();
        return [moved, left, (await store.views([1, 4])).map((some) => some?.length ?? null)];
        """,
    )
    kept = {name: [4] for name in ("examples", "views", "thumbnails", "photos")}
    assert left == [[[1, 2], [3, 2]], {"sets": [2], "classes": [3], **kept}, [None, 2]]


def test_a_photo_that_cannot_be_kept_whole_is_not_kept_at_all(tab: Page) -> None:
    run(
        tab,
        """
        await store.addSet({ name: 'Garden', model: 'm' });
        await store.addClass(1, 'oak');
        const whole = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...record) {
          if (this.name === 'thumbnails') throw new DOMException('full', 'QuotaExceededError');
          return whole.apply(this, record);
        };
        """,
    )
    name = run(tab, "return store.addExample(1, shown(1)).catch((error) => error.name);")
    assert name == "QuotaExceededError"
    assert run(tab, "return [await store.examples(1), await store.views([1])];") == [[], [None]]


def test_looking_makes_no_database_and_a_removed_app_none(tab: Page) -> None:
    assert run(
        tab,
        """
        const looked = [await store.sets(), await store.views([1]), await store.photo(1)];
        const leaving = open({ signal: AbortSignal.abort() });
        const added = await leaving.addSet({ name: 'Garden', model: 'm' });
        return [looked, added, (await indexedDB.databases()).length];
        """,
    ) == [[[], [None], None], None, 0]
