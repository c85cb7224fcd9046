"""Finding: one thing that is wrong with a site, and what to do about it."""

from dataclasses import dataclass
from typing import Any

REBUILD = 'Run "classifier-pwa build" again and deploy the whole folder.'
"""The remedy for whatever only a build can have made and something else has changed."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with one file of a site."""

    rule: str
    """Which rule found it, in a word: "files", "precache", "links", …"""
    file: str
    """Path of the file, relative to the site's root."""
    problem: str
    """A sentence about the file, without its name at the start."""
    remedy: str
    """A sentence with what to do."""
    breaks: bool = True
    """Whether the site would fail, at least on some hosts or devices; else the finding is a
    note."""

    def as_json(self) -> dict[str, Any]:
        """Return the finding for scripts."""
        return {"level": "error" if self.breaks else "warning"} | {
            name: getattr(self, name) for name in ("rule", "file", "problem", "remedy")
        }
