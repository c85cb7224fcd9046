"""Notifies open pages of each build, by server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import threading
from collections.abc import Iterator

from builder.hashing import sha256_hex
from builder.typed_json import to_json

_REPEAT_SECONDS = 15.0
"""How often to repeat the same event: only sending one shows that a page has gone."""


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

    def announce(self, report: object) -> None:
        """Notify pages of a build, which its report identifies."""
        with self._changed:
            self._name = sha256_hex(json.dumps(to_json(report), sort_keys=True).encode())[:16]
            self._changed.notify_all()

    def events(self, repeat: float = _REPEAT_SECONDS) -> Iterator[bytes]:
        """Yield the name of the latest build at once, after each build, and every `repeat` s."""
        while True:
            sent = self._name
            yield f"data: {sent}\n\n".encode()
            with self._changed:
                if self._name == sent:
                    self._changed.wait(repeat)
