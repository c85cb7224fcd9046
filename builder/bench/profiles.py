"""Networks by name, for the browser's own throttling."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NetworkProfile:
    """How a network is limited; zeros do not limit."""

    name: str
    """For the command line and the table."""
    download: float
    """Megabits a second."""
    upload: float
    """Megabits a second."""
    latency: int
    """Milliseconds from a request to the first byte of its answer, at least."""

    @property
    def limits(self) -> bool:
        """Whether the profile slows the network down."""
        return bool(self.download or self.upload or self.latency)

    def conditions(self) -> dict[str, Any]:
        """Return the parameters of DevTools' `Network.emulateNetworkConditions`.

        https://chromedevtools.github.io/devtools-protocol/tot/Network/#method-emulateNetworkConditions
        """
        return {
            "offline": False,
            "latency": self.latency,
            "downloadThroughput": _bytes_a_second(self.download),
            "uploadThroughput": _bytes_a_second(self.upload),
        }


UNTHROTTLED = NetworkProfile("none", 0, 0, 0)
PROFILES = {
    profile.name: profile
    for profile in (
        UNTHROTTLED,
        NetworkProfile("4g", 9, 1.5, 150),
        # Lighthouse's profile for phones.
        NetworkProfile("slow-4g", 1.6, 0.75, 150),
        NetworkProfile("3g", 0.7, 0.35, 300),
    )
}
"""By name."""


def _bytes_a_second(megabits: float) -> float:
    return megabits * 1e6 / 8 if megabits else -1
