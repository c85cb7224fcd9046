"""Offline in a real browser, with the server stopped: install, update, repair, neighbours."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from builder.model.pipeline import PreparedModel
from tests.e2e.visiting import (
    FAILED,
    READY,
    classify,
    own_caches,
    update_offer,
    visit,
)

OTHER_BACKENDS = ("webgl", "webgpu", "cpu")


@dataclass(frozen=True)
class Host:
    """A static host with a copy of the small model's site, which a test may change."""

    folder: Path
    server: PreviewServer
    model: PreparedModel

    @property
    def url(self) -> str:
        """The address of the site's root."""
        return self.server.url

    def build(self, output: Path, title: str) -> None:
        """Build a site of another title around the same model."""
        build_site(SiteConfig(title=title, output=output), prepare=lambda *_: self.model)

    def publish(self, title: str) -> None:
        """Replace the site by one of another title, as an upload would."""
        version = self.folder.with_name(title)
        self.build(version, title)
        shutil.rmtree(self.folder)
        version.rename(self.folder)

    def downloads(self) -> Counter[str]:
        """Count the answers with a body, by path."""
        return Counter(path for _, path, status in self.server.requests if status == 200)


@pytest.fixture
def host(trees_site: Path, tmp_path: Path) -> Iterator[Host]:
    """Serve a copy of the small model's site."""
    folder = shutil.copytree(trees_site, tmp_path / "hosted")
    (model,) = (folder / "model").iterdir()
    files = {file.name: file.read_bytes() for file in model.iterdir()}
    with preview_server(folder) as server:
        yield Host(folder, server, PreparedModel(files))


def test_everything_works_with_the_server_stopped(page: Page, host: Host, photo: Path) -> None:
    visit(page, host.url)
    online = classify(page, photo)
    assert len(online) == 5
    host.server.stop()

    page.reload()
    page.wait_for_selector(READY)
    assert classify(page, photo) == online

    for address in ("", "index.html", "index.html?x=1", "?x=1#y"):
        tab = page.context.new_page()
        tab.goto(host.url + address)
        tab.wait_for_selector("html[data-state=ready]")
        assert classify(tab, photo) == online
        tab.close()


@pytest.mark.parametrize("path", ["nowhere", "deep/er/nowhere.html", "offline.html"])
def test_an_unknown_page_says_that_it_needs_a_connection(page: Page, host: Host, path: str) -> None:
    visit(page, host.url)
    host.server.stop()
    page.goto(host.url + path)
    expect(page.get_by_role("heading")).to_contain_text("on your device")
    sheets = page.evaluate("[...document.styleSheets].map((sheet) => sheet.cssRules.length > 0)")
    links = page.locator("link[rel=stylesheet]").count()
    assert sheets == [True] * links
    assert links > 0
    page.get_by_role("link").click()
    page.wait_for_selector(READY)
    assert page.url == host.url


def test_a_page_of_the_host_is_shown_while_there_is_a_connection(page: Page, host: Host) -> None:
    visit(page, host.url)
    answer = page.goto(host.url + "nowhere")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is no such page")


def test_each_file_is_downloaded_once_and_nothing_on_the_second_visit(
    page: Page, host: Host
) -> None:
    visit(page, host.url)
    got = host.downloads()
    assert {path: count for path, count in got.items() if count > 1} == {}
    addressed = {
        f"/{file.relative_to(host.folder).as_posix()}"
        for folder in ("app", "model", "runtime")
        for file in (host.folder / folder).rglob("*")
        if file.is_file()
    }
    unused = addressed - set(got)
    assert all(path.startswith("/runtime/") for path in unused), unused
    assert any("backend-webgl.js" in path for path in unused)

    before = len(host.server.requests)
    visit(page, host.url)
    # The browser looks for an update after the navigation.
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    assert {path for _, path, _ in host.server.requests[before:]} <= {"/sw.js"}


def test_an_update_waits_for_the_person_and_downloads_only_what_changed(
    page: Page, host: Host, photo: Path
) -> None:
    visit(page, host.url)
    (old_cache,) = own_caches(page)
    other_tab = page.context.new_page()
    visit(other_tab, host.url)
    host.publish("Forest")
    before = len(host.server.requests)

    visit(page, host.url)
    expect(update_offer(page)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="A new version is ready.")).to_be_visible()
    assert page.title() == "Trees"
    fetched = {path for _, path, _ in host.server.requests[before:]}
    assert not {path for path in fetched if path.startswith(("/model/", "/runtime/"))}
    assert "/" in fetched
    page.reload()
    expect(update_offer(page)).to_be_visible()
    assert page.title() == "Trees"
    assert len(classify(page, photo)) == 5

    update_offer(page).click()
    expect(page).to_have_title("Forest")
    page.wait_for_selector(READY)
    assert old_cache in own_caches(page), "the other tab may still need it"

    expect(update_offer(other_tab)).to_be_visible()
    assert other_tab.title() == "Trees"
    assert len(classify(other_tab, photo)) == 5
    update_offer(other_tab).click()
    expect(other_tab).to_have_title("Forest")
    other_tab.wait_for_selector(READY)
    (new_cache,) = own_caches(page)
    assert new_cache != old_cache

    host.server.stop()
    page.reload()
    page.wait_for_selector(READY)
    assert page.title() == "Forest"
    assert len(classify(page, photo)) == 5


def test_other_apps_on_the_origin_keep_their_caches(page: Page, host: Host) -> None:
    page.goto(host.url + "404.html")
    foreign = ["other-app|/|1", "classifier-pwa|/sibling/|0123456789abcdef"]
    page.evaluate("(names) => Promise.all(names.map((name) => caches.open(name)))", foreign)
    visit(page, host.url)
    host.publish("Forest")
    visit(page, host.url)
    update_offer(page).click()
    expect(page).to_have_title("Forest")
    page.wait_for_selector(READY)
    assert set(foreign) < set(page.evaluate("caches.keys()"))
    assert len(own_caches(page)) == 1


def test_two_apps_in_nested_folders_do_not_disturb_each_other(
    page: Page, host: Host, photo: Path
) -> None:
    host.build(host.folder / "inner", "Inner")
    visit(page, host.url)
    visit(page, host.url + "inner/")
    expect(update_offer(page)).to_be_hidden()
    host.server.stop()
    for path, title in (("", "Trees"), ("inner/", "Inner")):
        visit(page, host.url + path)
        assert page.title() == title
        assert len(classify(page, photo)) == 5


def test_a_site_in_a_sub_folder_works_offline_and_leaves_the_rest_alone(
    page: Page, host: Host, photo: Path
) -> None:
    with preview_server(host.folder, prefix="/user/app & co/") as server:
        visit(page, server.url)
        server.stop()
        page.reload()
        page.wait_for_selector(READY)
        assert len(classify(page, photo)) == 5
        page.goto(f"{server.url}deep/nowhere")
        expect(page.get_by_role("link")).to_be_visible()
        assert page.evaluate("document.styleSheets.length") > 0
        page.get_by_role("link").click()
        page.wait_for_selector(READY)
        with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
            page.goto(f"http://127.0.0.1:{server.port}/user/")


def test_a_damaged_file_on_the_host_is_never_kept_and_the_rest_is_not_fetched_again(
    page: Page, host: Host, photo: Path
) -> None:
    whole = (host.folder / "offline.html").read_bytes()
    (host.folder / "offline.html").write_bytes(whole.replace(b"connection", b"c0nnection"))
    page.goto(host.url)
    page.wait_for_selector(FAILED)
    expect(page.locator("#about-offline")).to_contain_text("No")
    assert len(classify(page, photo)) == 5, "the online app works all the same"
    attempts = host.server.requests.count(("GET", "/offline.html", 200))
    # Again past the cache, and once more to tell what the host does to it.
    assert 2 <= attempts <= 3
    (host.folder / "offline.html").write_bytes(whole)
    before = len(host.server.requests)
    page.get_by_role("button", name="Retry saving for offline").click()
    page.wait_for_selector(READY)
    expect(page.locator("#retry-offline")).to_be_hidden()
    fetched = {path for _, path, _ in host.server.requests[before:]}
    assert fetched == {"/sw.js", "/offline.html"}
    host.server.stop()
    page.reload()
    page.wait_for_selector(READY)


def test_a_cache_that_was_lost_is_filled_again(page: Page, host: Host, photo: Path) -> None:
    visit(page, host.url)
    (name,) = own_caches(page)
    page.evaluate("(name) => caches.delete(name)", name)
    visit(page, host.url)
    host.server.stop()
    page.reload()
    page.wait_for_selector(READY)
    assert len(classify(page, photo)) == 5


def test_a_weight_shard_altered_in_the_cache_is_found_and_replaced(
    page: Page, host: Host, photo: Path
) -> None:
    visit(page, host.url)
    page.evaluate(
        """async ([name]) => {
            const cache = await caches.open(name);
            const key = (await cache.keys()).find(({ url }) => url.endsWith('.bin'));
            const { headers } = await cache.match(key);
            await cache.put(key, new Response('altered', { headers }));
        }""",
        own_caches(page),
    )
    page.reload()
    page.wait_for_selector("html[data-state=ready]")
    host.server.stop()
    page.reload()
    page.wait_for_selector(READY)
    assert len(classify(page, photo)) == 5


def test_the_browsers_storage_holds_exactly_the_precache(page: Page, host: Host) -> None:
    visit(page, host.url)
    (name,) = own_caches(page)
    stored = page.evaluate(
        """async (name) => {
            const cache = await caches.open(name);
            return Promise.all((await cache.keys()).map(async (key) => {
                const response = await cache.match(key);
                const { byteLength } = await response.arrayBuffer();
                return [key.url, byteLength, response.headers.get('content-type')];
            }));
        }""",
        name,
    )
    types = {urlsplit(url).path: (size, kind) for url, size, kind in stored}
    for path, (size, _) in types.items():
        file = host.folder / (path[1:] or "index.html")
        assert file.stat().st_size == size, path
    assert types["/"][1] == "text/html; charset=utf-8"
    wasm = {kind for path, (_, kind) in types.items() if path.endswith(".wasm")}
    assert wasm == {"application/wasm"}
    assert not [path for path in types if any(f"backend-{b}" in path for b in OTHER_BACKENDS)]


def test_a_backend_of_the_page_is_kept_when_it_is_asked_for(page: Page, host: Host) -> None:
    visit(page, host.url)
    before = host.downloads()
    done = page.evaluate(
        """async () => {
            const { active } = await navigator.serviceWorker.ready;
            const { port1, port2 } = new MessageChannel();
            const answer = new Promise((resolve) => { port1.onmessage = resolve; });
            active.postMessage({ type: 'precache-group', group: 'webgl' }, [port2]);
            return (await answer).data;
        }"""
    )
    assert done == {"type": "precache-group-done", "group": "webgl", "ok": True}
    (path,) = host.downloads() - before
    assert path.endswith("/backend-webgl.js")
    host.server.stop()
    fetched = page.evaluate("async (path) => (await fetch(path)).status", path)
    assert fetched == 200


def test_scripts_from_the_cache_carry_the_policy(page: Page, host: Host) -> None:
    """A worker is governed by its own script's headers, which not every host can send."""
    (host.folder / "_headers").unlink()
    visit(page, host.url)
    worker = next((host.folder / "app").rglob("classifier/worker.js"))
    path = f"/{worker.relative_to(host.folder).as_posix()}"
    read_policy = "async (path) => (await fetch(path)).headers.get('content-security-policy')"
    assert "script-src 'self'" in page.evaluate(read_policy, path)


def test_without_service_workers_the_page_says_so_and_classifies(
    page: Page, host: Host, photo: Path
) -> None:
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined })"
    )
    page.goto(host.url)
    page.wait_for_selector(FAILED)
    assert len(classify(page, photo)) == 5
