"""What the history holds is never lost unasked, and what is gone from its storage is not shown."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.test_history import ROWS, look_at, open_history, remembered
from tests.e2e.test_page import expect_state, picture, upload
from tests.e2e.visiting import wait_until

MOST = 5000
"""As app/page/history/limit.js has it."""

DATABASE = "classifier-pwa|/|history"

FILL = """([name, count, first]) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(name, 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('entries', {keyPath: 'id', autoIncrement: true});
    opening.result.createObjectStore('thumbnails');
    opening.result.createObjectStore('embeddings');
  };
  opening.onsuccess = () => {
    const change = opening.result.transaction('entries', 'readwrite');
    for (let i = 0; i < count; i += 1) {
      change.objectStore('entries').add({
        when: first + i, name: `own-${i}.jpg`, model: '', bytes: 0,
        predictions: [{classIndex: 0, className: 'oak', probability: 0.9}],
      });
    }
    change.oncomplete = () => resolve(opening.result.close());
  };
})"""

KEPT = """(name) => new Promise((resolve) => {
  const opening = indexedDB.open(name);
  opening.onsuccess = () => {
    const asked = opening.result.transaction('entries').objectStore('entries').getAll();
    asked.onsuccess = () => {
      opening.result.close();
      resolve(asked.result.map(({name, when}) => [name, when]));
    };
  };
})"""

DELETE = """(name) => new Promise((resolve) => {
  const deleting = indexedDB.deleteDatabase(name);
  deleting.onsuccess = () => resolve('deleted');
  deleting.onblocked = () => resolve('blocked');
})"""

DATABASES = "() => indexedDB.databases().then((all) => all.map(({ name }) => name))"

BLOCK = """() => {
  const denied = () => { throw new DOMException('', 'SecurityError'); };
  for (const name of ['localStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(window, name, {configurable: true, get: denied});
  }
  IDBDatabase.prototype.transaction = denied;
}"""


def history_file(count: int, first: int) -> Any:
    """Return a file of so many answers, one a millisecond."""
    prediction = {"classIndex": 1, "className": "elm", "probability": 0.5}
    answers = [
        {"when": first + i, "name": f"old-{i}.jpg", "predictions": [prediction], "model": ""}
        | {"thumbnail": None, "embedding": None}
        for i in range(count)
    ]
    content = {"format": "classifier-pwa-history", "version": 1, "answers": answers}
    return upload(json.dumps(content).encode(), "history.json")


def kept(page: Page) -> list[str]:
    """List the names of the photos that are kept, the oldest first."""
    entries = page.evaluate(KEPT, DATABASE)
    return [name for name, _ in sorted(entries, key=lambda entry: entry[1])]


def test_an_import_takes_nobodys_place_and_says_what_does_not_fit(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(trees_server.url)
    expect_state(page, "ready")
    page.evaluate(FILL, [DATABASE, 3000, 1_700_000_000_000])
    open_history(page)
    expect(page.locator("#history-count")).to_contain_text("3,000 photos")
    page.set_input_files("#history-file", history_file(3000, 1_000_000_000_000))
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("2,000 of 3,000 photos fit in")
    question.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    assert len(kept(page)) == 3000

    page.set_input_files("#history-file", history_file(3000, 1_000_000_000_000))
    question.get_by_role("button", name="Import").click()
    told = page.locator("#history-news")
    expect(told).to_have_text("2,000 photos imported. Left out for lack of room: 1,000.")
    names = kept(page)
    assert names == [f"old-{i}.jpg" for i in range(1000, 3000)] + [
        f"own-{i}.jpg" for i in range(3000)
    ]
    page.set_input_files("#history-file", history_file(10, 5))
    expect(told).to_contain_text("The history is full")

    # A new answer asks before anything goes for it: what was imported first, the oldest first.
    page.get_by_role("switch").check()
    toast = page.locator("#history-full")
    for no in (True, False):
        look_at(page, 1)
        expect(toast).to_contain_text("The history is full: it holds 5,000 photos.")
        assert kept(page) == names
        if no:
            page.locator("#dismiss-history-full").click()
            page.reload()
    toast.get_by_role("button", name="Forget the oldest").click()
    wait_until(page, lambda: kept(page) == [*names[1:], "photo-1.jpg"])
    expect(toast).to_be_hidden()
    look_at(page, 2)
    wait_until(page, lambda: kept(page) == [*names[2:], "photo-1.jpg", "photo-2.jpg"])


def test_a_hundred_thousand_answers_come_in_with_progress_and_a_way_out(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(trees_server.url)
    open_history(page)
    # The transaction is held up for as long as the person needs.
    page.evaluate(
        """() => {
          const add = IDBObjectStore.prototype.add;
          window.added = 0;
          IDBObjectStore.prototype.add = function (...all) {
            window.added += 1;
            if (window.added === 2000) document.querySelector('#import-cancel').click();
            return add.apply(this, all);
          };
        }"""
    )
    bar = page.locator("#import-bar")
    page.set_input_files("#history-file", history_file(100_000, 1))
    expect(page.get_by_role("dialog")).to_contain_text("5,000 of 100,000 photos fit in")
    expect(bar).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.locator("#history-news")).to_have_text("Nothing was imported.")
    assert 2000 <= page.evaluate("window.added") < 5000
    expect(bar).to_be_hidden()
    expect(page.locator("#history-empty")).to_be_visible()
    assert kept(page) == []

    page.set_input_files("#history-file", history_file(100_000, 1))
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.locator("#history-count")).to_contain_text("5,000 photos")
    assert kept(page)[0] == "old-95000.jpg"


def test_a_history_that_is_deleted_elsewhere_is_shown_as_what_is_there(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1)
    other = page.context.new_page()
    other.goto(f"{trees_server.url}site.json")
    assert other.evaluate(DELETE, DATABASE) == "deleted"
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator("#history-empty")).to_be_visible()
    expect(page.locator("#history-news")).to_be_empty()
    # Looking has not made it anew; the next answer does.
    assert page.evaluate(DATABASES) == []
    look_at(page, 2)
    open_history(page)
    expect(page.locator(ROWS)).to_contain_text(["photo-2.jpg"])

    session = page.context.new_cdp_session(page)
    origin = trees_server.url.rstrip("/")
    cleared = {"origin": origin, "storageTypes": "indexeddb"}
    session.send("Storage.clearDataForOrigin", cleared)
    expect(page.locator(ROWS)).to_have_count(0)
    page.set_input_files("#history-file", history_file(3, 1))
    expect(page.locator(ROWS)).to_have_count(3)


def test_removing_everything_in_another_tab_empties_this_one_and_ends_it(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1)
    remove_in_another_tab(page.context, trees_server.url)
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.get_by_role("switch")).not_to_be_checked()
    expect(page.get_by_text("Everything is gone from this device.")).to_be_visible()
    page.set_input_files("#photo-input", upload(picture(3), "photo-3.jpg"))
    page.wait_for_timeout(300)
    assert page.evaluate(DATABASES) == []


def remove_in_another_tab(context: BrowserContext, url: str) -> None:
    other = context.new_page()
    other.goto(url)
    other.get_by_role("button", name="About this app").click()
    other.get_by_role("button", name="Remove everything from this device").click()
    other.get_by_role("button", name="Remove", exact=True).click()
    expect(other.get_by_text("Everything is gone from this device.")).to_be_visible()


def test_storage_that_is_blocked_while_the_page_is_open_is_named(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1)
    page.evaluate(BLOCK)
    page.locator(ROWS).get_by_role("button", name="Delete").click()
    told = page.locator("#history-news")
    expect(told).to_contain_text("Allow cookies and site data")
    page.locator("#screen-history .screen-back").click()
    # Photos are answered all the same.
    page.set_input_files("#photo-input", upload(picture(3), "photo-3.jpg"))
    expect_state(page, "result")
    open_history(page)
    expect(told).to_contain_text("Allow cookies and site data")
    expect(page.locator(ROWS)).to_have_count(0)
