"""A person in front of the app, on a host that fails: what they do and what they see."""

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.async_api import Error, Page

from tests.faults import FaultyHost, faulty_server

LOOKS_EVERY = 0.2
"""Seconds between two looks at the page."""
SEES_WITHIN = 60.0
"""Seconds in which something must have come of a visit: the app's own waits are short in these
sites, and a machine may be busy."""

FETCHED_ANEW = "neu geholt"
"""What the start says while it helps itself."""

BUTTONS = ("#boot-failed button", "#retry-model", "#retry-offline", "#start-stuck a", ".plain a")
"""Those that the page may offer where something is wrong."""

LOOK = """() => {
    const text = (id) => {
        const found = document.getElementById(id);
        return found?.checkVisibility({ visibilityProperty: true }) ? found.innerText.trim() : '';
    };
    const { start, state, offline, extras } = document.documentElement.dataset;
    const panel = text('boot-failed').split('\\n').filter(Boolean)[1] ?? '';
    // In place of a page that cannot be had.
    const instead = document.querySelector('.plain h1')?.innerText ?? '';
    // Chromium lists one that could not be had, too: without rules, or with rules that it hides.
    const styled = [...document.styleSheets].some((sheet) => {
        try {
            return sheet.cssRules.length > 0;
        } catch {
            return false;
        }
    });
    return {
        ours: Boolean(instead || document.getElementById('start')),
        version: globalThis.version ?? '',
        start, state, offline, extras,
        update: Boolean(text('update')),
        styled,
        panel: panel || instead,
        // Until there are styles, nothing of the page itself is to be seen.
        message: styled ? text('message') || text('start-stuck') : '',
        reason: text('offline-reason'),
    };
}"""

LOSE = """async (path) => {
    let lost = 0;
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) {
            if (new URL(key.url).pathname === path) lost += await cache.delete(key);
        }
    }
    return lost;
}"""

LOOK_FOR_UPDATE = """async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update().catch(() => {});
    const worker = registration.installing;
    while (worker?.state === 'installing') {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}"""
"""Has the browser ask for sw.js, and waits until what has come of it is installed, or is not."""

Seen = dict[str, object]
"""What LOOK returns; nothing while a page is being loaded."""


def works(seen: Seen) -> bool:
    """Return whether the app works, also offline."""
    return bool(
        seen
        and seen["start"] == "done"
        and seen["state"] in {"ready", "result"}
        and seen["offline"] == "ready"
        and seen["extras"] == "ready"
        and seen["styled"]
        and not seen["panel"]
    )


def reason(seen: Seen) -> str:
    """Return what the page says of why it does not work, "" where it says nothing."""
    if not seen:
        return ""
    panel = str(seen["panel"])
    extras = "extras" if seen["extras"] == "failed" else ""
    said = "" if FETCHED_ANEW in panel else panel
    return said or str(seen["message"] or seen["reason"] or extras)


def holds(name: str, seen: Seen) -> bool:
    """Return whether what is seen is one of what `Seat.waits_until` waits for."""
    if name == "says":
        return bool(reason(seen))
    if name == "is theirs":
        return not seen["ours"]
    if name == "is offered":
        return works(seen) and bool(seen["update"])
    title = name.removeprefix("works").removeprefix(" as ")
    return works(seen) and title in {"", seen["version"]}


class Seat:
    """A person who reads German, in front of a page of their own and on a host of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.has: Path | None = None
        """The site that is whole on the device."""
        self.opened = 0.0
        """When the app was opened last."""
        self.waited = 0.0
        """Seconds from then on until something was to be seen: that it works, or why not."""
        self._stack = ExitStack()
        self.host: FaultyHost
        self._url = ""

    async def moves_in(self, site: Path) -> None:
        """Leave, and take a host that has this site."""
        await self.leaves()
        self.host, server = self._stack.enter_context(faulty_server(site))
        self._url = server.url

    async def leaves(self) -> None:
        """Leave nothing of the host in the browser: another one may get the same port."""
        if not self._url:
            return
        self._stack.close()
        self.has = None
        await self.page.goto("about:blank")
        await self._send(
            "Storage.clearDataForOrigin", origin=self._url.removesuffix("/"), storageTypes="all"
        )
        await self.loses_browser_cache()
        self._url = ""

    async def installs(self, site: Path) -> bool:
        """Open this site on a sound host, unless it is here; return whether it works offline."""
        if self.has is None:
            await self.moves_in(site)
            await self.opens()
            if works(await self.waits_until("works")):
                self.has = site
        return self.has is not None

    async def opens(self) -> None:
        """Open the app, whatever comes of it."""
        self.opened = time.monotonic()
        try:
            await self.page.goto(self._url, wait_until="commit", timeout=30_000)
        except Error:
            await asyncio.sleep(0.1)

    async def looks(self) -> Seen:
        """Return what the page shows."""
        try:
            return dict(await self.page.evaluate(LOOK))
        except Error:
            return {}

    async def waits_until(self, *wanted: str, seconds: float = SEES_WITHIN) -> Seen:
        """Wait until one of these holds; return what is seen, or nothing where none does.

        "works", "is offered" (an update), "says" (why it does not work), "is theirs" (the page is
        the host's own, not the app's), or "works as TITLE".
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            seen = await self.looks()
            if seen and any(holds(name, seen) for name in wanted):
                return seen
            await asyncio.sleep(LOOKS_EVERY)
        return {}

    async def loses(self, path: str) -> None:
        """Lose a file of the app, and the browser's own cache."""
        await self.page.evaluate(LOSE, path)

    async def loses_browser_cache(self) -> None:
        """Lose what the browser keeps by itself."""
        await self._send("Network.clearBrowserCache")

    async def looks_for_update(self) -> None:
        """Have the browser look for a new version and install it, if it can."""
        await self.page.evaluate(LOOK_FOR_UPDATE)

    async def taps(self) -> None:
        """Press the button that is offered."""
        for button in BUTTONS:
            try:
                if await self.page.locator(button).is_visible():
                    await self.page.locator(button).click(timeout=5000)
                    return
            except Error:
                # It has helped itself just then.
                return

    async def is_answered(self, photo: Path) -> bool:
        """Return whether a photo is answered."""
        await self.page.set_input_files("#photo-input", photo)
        until = time.monotonic() + SEES_WITHIN
        while time.monotonic() < until:
            if await self.page.locator("#results li").count() == 5:
                return True
            await asyncio.sleep(LOOKS_EVERY)
        return False

    async def _send(self, method: str, **parameters: object) -> None:
        session = await self.page.context.new_cdp_session(self.page)
        await session.send(method, parameters)
        await session.detach()
