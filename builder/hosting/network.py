"""This machine's addresses, and whether others can reach them."""

import socket
from contextlib import suppress

# What listens everywhere, and where it is found on this machine.
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_DOCUMENTATION = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def is_loopback(host: str) -> bool:
    """Return whether a host's address is reached from this machine only."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def reachable_address(host: str) -> str:
    """Return the address under which other machines find a server that listens on `host`.

    For 0.0.0.0 and :: it is that of the network card that leads to other networks; where there is
    none, loopback.
    """
    if host not in _ANY:
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Nothing is sent: connecting a datagram socket only looks up the route.
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((_DOCUMENTATION[family], 9))
        return str(probe.getsockname()[0])
    return _ANY[host]


def names_of(host: str) -> tuple[str, ...]:
    """Return the names and addresses under which a server that listens on `host` may be asked."""
    own = socket.gethostname().encode("ascii", "ignore").decode()
    given = (reachable_address(host), "localhost", "127.0.0.1", "::1", own, f"{own}.local")
    return tuple(dict.fromkeys(name for name in given if name.strip(".")))
