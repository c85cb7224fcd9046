"""What the app on a device does while its host fails at everything: it does not care."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.impatient import Build
from tests.e2e.visiting import WAIT_MS, Visitor
from tests.faults import (
    Fault,
    drop,
    faulty_server,
    header,
    html,
    redirect,
    stall,
    status,
    trickle,
)

# What happens to every request.
EVERYTHING: dict[str, Fault] = {
    "hangs up": drop(-1),
    "dropped at byte 0": drop(0),
    "dropped at byte 100": drop(100),
    "stalled": stall(0, 2.0),
    "a portal's page": html(),
    "404": status(404, b"gone"),
    "410": status(410, b"gone"),
    "500": status(500, b"oops"),
    "503 with the right bytes": status(503),
    "redirected to a portal": redirect("/portal"),
    "of the wrong type": header("Content-Type", "text/plain"),
    "trickling": trickle(4, 2.0),
}


@pytest.fixture(scope="module")
def device(browser: Browser, impatient: Build, photo: Path) -> Iterator[Visitor]:
    """Return a person on whose device the app is."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(WAIT_MS)
    with faulty_server(impatient("Trees")) as (host, server):
        resident = Visitor(context.new_page(), host, server, photo)
        resident.installs()
        yield resident
    context.close()


@pytest.mark.parametrize("fault", EVERYTHING)
def test_the_app_on_the_device_works_while_the_host_fails_at_everything(
    device: Visitor, fault: str
) -> None:
    device.host.served.clear()
    device.host.always("*", EVERYTHING[fault])
    device.arrive()
    device.sees_ready()
    device.looks_for_update()
    device.sees_no_update()
    assert set(device.host.since(0)) <= {"/sw.js"}
    device.host.heal()
    assert device.looks_for_update() == "looked"
    device.sees_no_update()
