"""Browsers of other makers, driven by standards: one small interface for both."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.system.packages import find_program

TIMEOUT = 120.0
"""Seconds for a browser to start or to answer, on any machine."""

_PREFERENCES = {
    # Nothing that asks for a network that may not be there.
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class EvaluationError(Exception):
    """The page threw, or went away before it had answered."""


class Engine(Protocol):
    """A browser with one tab."""

    def open(self, url: str) -> None:
        """Load an address, and wait until it is loaded."""

    def evaluate(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the page, which may `await`.

        Raises EvaluationError, also where the page is reloaded meanwhile.
        """

    def upload(self, selector: str, file: Path) -> None:
        """Choose a file in an input element."""


class Firefox:
    """Firefox over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), without geckodriver."""

    def __init__(self, socket: Any) -> None:
        """Take over a fresh browser through its WebSocket."""
        self._socket = socket
        self._last = 0
        self._call("session.new", capabilities={})
        (tab,) = self._call("browsingContext.getTree")["contexts"]
        self._tab = tab["context"]

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        return json.loads(self._evaluate(_as_json(expression))["value"])

    def upload(self, selector: str, file: Path) -> None:
        element = self._evaluate(f"document.querySelector({selector!r})")
        self._call(
            "input.setFiles",
            context=self._tab,
            element={"sharedId": element["sharedId"]},
            files=[str(file)],
        )

    def _evaluate(self, expression: str) -> dict[str, Any]:
        answer = self._call(
            "script.evaluate",
            expression=expression,
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise EvaluationError(answer)
        result: dict[str, Any] = answer["result"]
        return result

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._last:
                if answer["type"] != "success":
                    raise EvaluationError(answer)
                result: dict[str, Any] = answer["result"]
                return result


class WebKit:
    """WebKitGTK over WebDriver, through Selenium."""

    def __init__(self, driver: Any) -> None:
        """Take over a browser that Selenium has started."""
        self._driver = driver

    def open(self, url: str) -> None:
        self._driver.get(url)

    def evaluate(self, expression: str) -> Any:
        from selenium.common import WebDriverException

        script = (
            f"{_as_json(expression)}.then(arguments[0], (error) => arguments[0](`!${{error}}`));"
        )
        try:
            text = self._driver.execute_async_script(script)
        except WebDriverException as error:
            raise EvaluationError(expression) from error
        if text.startswith("!"):
            raise EvaluationError(text)
        return json.loads(text)

    def upload(self, selector: str, file: Path) -> None:
        self._driver.find_element("css selector", selector).send_keys(str(file))


def _as_json(expression: str) -> str:
    """Return JavaScript for the promise of an expression's value as JSON."""
    return f"(async () => JSON.stringify({expression}) ?? 'null')()"


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Run a headless Firefox with a profile in `folder`."""
    import websocket

    profile = folder / "profile"
    profile.mkdir()
    lines = (f"user_pref({name!r}, {json.dumps(value)});" for name, value in _PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines))
    program = find_program("firefox-esr")
    assert program is not None
    command = [program, "--headless", "--no-remote", "--profile", profile]
    # As root, Firefox insists on a home of its own.
    environment = os.environ | {"HOME": str(folder)}
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"], stdout=log, stderr=log, env=environment
        )
    try:
        address = _wait_for(lambda: _announced(folder / "firefox.log"))
        # Firefox lets no web page in, and takes whoever sends an Origin for one.
        socket = websocket.create_connection(
            f"{address}/session", timeout=TIMEOUT, suppress_origin=True
        )
        yield Firefox(socket)
        socket.close()
    finally:
        process.terminate()
        process.wait(timeout=TIMEOUT)


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """Run WebKitGTK's MiniBrowser on a display of its own."""
    from selenium.webdriver import WebKitGTK
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    options = Options()
    options.binary_location = str(find_program("MiniBrowser"))
    options.add_argument("--automation")
    # As root, WebKit's sandbox cannot be had; the only site that it sees is ours.
    environment = {"HOME": str(folder), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    with _display(folder) as display:
        service = Service(
            str(find_program("WebKitWebDriver")),
            env=os.environ | environment | {"DISPLAY": display},
        )
        driver = WebKitGTK(options=options, service=service)
        try:
            driver.set_script_timeout(TIMEOUT)
            yield WebKit(driver)
        finally:
            driver.quit()


ENGINES: dict[str, tuple[tuple[str, ...], Callable[[Path], AbstractContextManager[Engine]]]] = {
    "firefox": (("firefox-esr",), firefox),
    "webkit": (("WebKitWebDriver", "MiniBrowser", "Xvfb"), webkit),
}
"""Each engine's programs, and what starts it with a folder for what it writes."""


@contextmanager
def _display(folder: Path) -> Iterator[str]:
    """Provide a screen that nobody sees; Xvfb looks for a free number by itself."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    with (folder / "xvfb.log").open("wb") as log:
        process = subprocess.Popen(command, pass_fds=[writer], stdout=log, stderr=log)
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        process.terminate()
        process.wait(timeout=TIMEOUT)


def _announced(log: Path) -> str | None:
    """Return the WebSocket's address that Firefox has written to its log."""
    for line in log.read_text(errors="replace").splitlines():
        _, found, address = line.partition("WebDriver BiDi listening on ")
        if found:
            return address.strip()
    return None


def _wait_for(look: Callable[[], str | None]) -> str:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("the browser does not start")
