"""Tells pages of each build for as long as they listen, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from builder.hashing import sha256_hex

_REPEAT_SECONDS = 15.0
"""How often to say the same again: only by sending it is noticed that a page has gone."""


class Builds:
    """The name of the latest build, which differs wherever a byte of the site does."""

    def __init__(self) -> None:
        """Start without a build."""
        self._changed = threading.Condition()
        self._name = ""

    @property
    def name(self) -> str:
        """Name of the latest build: 16 hex digits."""
        return self._name

    def announce(self, report: Mapping[str, Any]) -> None:
        """Tell of a build by its report."""
        with self._changed:
            self._name = sha256_hex(json.dumps(report, sort_keys=True).encode())[:16]
            self._changed.notify_all()

    def events(self, repeat: float = _REPEAT_SECONDS) -> Iterator[bytes]:
        """Yield the name of the latest build at once, after each build, and every `repeat` s."""
        while True:
            told = self._name
            yield f"data: {told}\n\n".encode()
            with self._changed:
                if self._name == told:
                    self._changed.wait(repeat)
