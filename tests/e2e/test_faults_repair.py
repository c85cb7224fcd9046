"""What becomes of files that were lost or altered on the device, on a host that fails as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.impatient import Build
from tests.e2e.visiting import FAILED, WAIT_MS, Visitor
from tests.faults import (
    Fault,
    corrupt,
    drop,
    faulty_server,
    html,
    redirect,
    shorten,
    stall,
    status,
)

SHARD = "/model/*/*.bin"
WASM = "/runtime/*/*-wasm-relaxed-simd.wasm"
MODULE = "/app/*/page/controller.js"

# Ends of addresses, as the cache knows them.
ENDS = {SHARD: ".bin", WASM: "-wasm-relaxed-simd.wasm", MODULE: "/page/controller.js"}

DAMAGE = """async ([end, kind]) => {
    for (const name of await caches.keys()) {
        // What the page keeps for the service worker is a copy, too.
        if (!/\\|[0-9a-f]{16}$/.test(name)) await caches.delete(name);
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) {
            if (!key.url.endsWith(end)) continue;
            const stored = await cache.match(key);
            const bytes = new Uint8Array(await stored.arrayBuffer());
            bytes[bytes.length >> 1] ^= 1;
            const rest = kind === 'truncated' ? bytes.slice(0, bytes.length >> 1) : bytes;
            await cache.delete(key);
            if (kind === 'missing') return true;
            await cache.put(key, new Response(rest, { headers: stored.headers }));
            return true;
        }
    }
    return false;
}"""


@pytest.fixture(scope="module")
def device(browser: Browser, impatient: Build, photo: Path) -> Iterator[Visitor]:
    """Return a person on whose device the app is; each test leaves it whole."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    with faulty_server(impatient("Trees")) as (host, server):
        yield Visitor(context.new_page(), host, server, photo)
    context.close()


def damaged(device: Visitor, file: str, damage: str) -> None:
    """Make the device whole, and then one file on it wrong, of which no other copy is left."""
    device.host.heal()
    device.installs()
    device.page.context.new_cdp_session(device.page).send("Network.clearBrowserCache")
    device.host.served.clear()
    assert device.page.evaluate(DAMAGE, [ENDS[file], damage])


# What is wrong on the device, and how the host fails once when it is asked for the file.
REPAIRS: dict[tuple[str, str, str], Fault] = {
    (SHARD, "missing", "hangs up"): drop(-1),
    (SHARD, "missing", "a portal's page"): html(),
    (SHARD, "truncated", "dropped half way"): drop(100_000),
    (SHARD, "truncated", "500"): status(500, b"oops"),
    (SHARD, "altered", "corrupted"): corrupt(70_000),
    (SHARD, "altered", "stalled"): stall(100_000),
    (SHARD, "altered", "404"): status(404, b"gone"),
    (SHARD, "altered", "206 unasked"): status(206),
    (SHARD, "altered", "redirected"): redirect("/404.html"),
    (WASM, "missing", "half uploaded"): shorten(1000),
    (WASM, "truncated", "a portal's page"): html(),
    (WASM, "altered", "hangs up"): drop(-1),
}


@pytest.mark.parametrize(("file", "damage", "fault"), REPAIRS)
def test_a_file_that_was_lost_is_fetched_again_however_the_host_fails_at_first(
    device: Visitor, file: str, damage: str, fault: str
) -> None:
    damaged(device, file, damage)
    device.host.fault(file, REPAIRS[file, damage, fault])
    device.arrive()
    device.sees_ready()
    assert device.host.count(file) >= 2
    assert {path for path in device.host.since(0) if path.endswith(ENDS[file])} == {
        path for path in device.host.since(0) if path not in {"/sw.js", "/404.html"}
    }, "nothing else is fetched again"
    before = len(device.host.served)
    device.installs()
    assert set(device.host.since(before)) <= {"/sw.js"}, "now it is there"


# What is wrong on the device while the host has no right copy either; the fault matrix has what is
# missing there.
BEYOND: dict[tuple[str, str, str], Fault] = {
    (SHARD, "truncated", "404"): status(404, b"gone"),
    (SHARD, "altered", "hangs up"): drop(-1),
}


@pytest.mark.parametrize(("file", "damage", "fault"), BEYOND)
def test_what_cannot_be_repaired_is_told_and_works_after_a_retry(
    device: Visitor, file: str, damage: str, fault: str
) -> None:
    damaged(device, file, damage)
    device.host.always(file, BEYOND[file, damage, fault])
    device.arrive()
    device.page.wait_for_selector(FAILED)
    expect(device.page.get_by_role("alert")).not_to_be_empty()
    device.host.heal()
    device.page.get_by_role("button", name="Retry saving for offline").click()
    device.sees_ready()


@pytest.mark.parametrize("damage", ["truncated", "altered"])
def test_a_module_that_was_lost_and_cannot_be_had_is_told_and_works_after_a_reload(
    device: Visitor, damage: str
) -> None:
    damaged(device, MODULE, damage)
    device.host.always(MODULE, status(404, b"gone"))
    device.arrive()
    expect(device.page.locator("#boot-failed")).to_be_visible()
    device.host.heal()
    device.page.get_by_role("button", name="Reload", exact=True).click()
    device.sees_ready()


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
def test_a_module_that_was_lost_is_fetched_before_it_is_run(device: Visitor, damage: str) -> None:
    damaged(device, MODULE, damage)
    device.arrive()
    device.sees_ready()
    assert device.host.count(MODULE) >= 1
