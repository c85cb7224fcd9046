"""Applies a network profile to a page and to its workers, through the DevTools protocol."""

import json
from typing import TYPE_CHECKING, Any

from builder.bench.profiles import UNTHROTTLED, NetworkProfile

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Throttle:
    """Limits the network of a page and of every worker that it starts from now on.

    Workers are targets of their own: without a setting of their own, they would have twice the
    latency.
    """

    def __init__(self, page: "Page", profile: NetworkProfile) -> None:
        """Throttle the page before it goes anywhere."""
        self._conditions = profile.conditions()
        self._session = page.context.new_cdp_session(page)
        self._workers: list[str] = []
        if not profile.limits:
            return
        self._session.on("Target.attachedToTarget", self._greet)
        self._session.send(
            "Target.setAutoAttach",
            # Playwright keeps flat sessions to itself, so messages to workers are nested.
            {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False},
        )
        self._apply()

    def lift(self) -> None:
        """Give the page and its workers the whole network."""
        if self._conditions["latency"]:
            self._conditions = UNTHROTTLED.conditions()
            self._apply()

    def _apply(self) -> None:
        self._session.send("Network.enable")
        self._session.send("Network.emulateNetworkConditions", self._conditions)
        for worker in self._workers:
            self._tell(worker)

    def _greet(self, event: dict[str, Any]) -> None:
        self._workers.append(event["sessionId"])
        self._tell(event["sessionId"])

    def _tell(self, worker: str) -> None:
        calls: tuple[tuple[str, dict[str, Any]], ...] = (
            ("Network.enable", {}),
            ("Network.emulateNetworkConditions", self._conditions),
            ("Runtime.runIfWaitingForDebugger", {}),
        )
        for number, (method, params) in enumerate(calls, start=1):
            message = json.dumps({"id": number, "method": method, "params": params})
            self._session.send(
                "Target.sendMessageToTarget", {"sessionId": worker, "message": message}
            )
