"""The processes of a training find each other, and make sure that they have the same data and
settings. This comes before JAX takes over, whose waiting is silent and whose errors are a C++
stack: process 0 listens at the address, the others send it what they have, and it answers whether
that is the same everywhere.
"""

import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from builder.errors import ConfigError
from builder.training.distributed import Cluster
from builder.training.likeness import Likeness, differences

PATIENCE = 300.0
"""Seconds to wait for the others."""
_TOLD_EVERY = 10.0
_MESSAGE = 16384
"""Bytes of each message: JSON, followed by spaces."""
_MARK = "classifier-pwa training 1"

Say = Callable[[str], object]


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of "HOST:PORT". Raises `ConfigError` for any other form."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise ConfigError(
            f"--distributed {address!r} is not HOST:PORT with a port from 1 to 65535: give the "
            "address at which process 0 is found."
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def require_names(address: str, resolve: Callable[..., object] = socket.getaddrinfo) -> None:
    """Raise `ConfigError` where the address, or this machine's own name, does not resolve."""
    host, port = split_address(address)
    try:
        resolve(host, port)
    except OSError as error:
        raise ConfigError(
            f"--distributed names the host {host!r}, which does not resolve ({error.strerror}): "
            "correct it, or give an IP address."
        ) from error
    own = socket.gethostname()
    try:
        resolve(own, None)
    except OSError as error:
        raise ConfigError(
            f"The name of this machine, {own!r}, does not resolve, and processes exchange numbers "
            "by it: add it to /etc/hosts."
        ) from error


def meet(cluster: Cluster, likeness: Likeness, say: Say, patience: float = PATIENCE) -> None:
    """Wait until all processes have come, at most `patience` seconds, and compare `likeness`.

    Raises `ConfigError` where the address cannot be used, a process does not come, or processes
    differ; every process that has come reports how.
    """
    likeness = {"--processes": str(cluster.processes)} | likeness
    if cluster.is_first:
        _receive_all(cluster, likeness, say, patience)
    else:
        _report(cluster, likeness, say, patience)


class _Wait:
    """Reports how long a process has been awaited, and ends the wait."""

    def __init__(self, address: str, say: Say, patience: float) -> None:
        self._address, self._say, self._patience = address, say, patience
        self._started = self._told = time.monotonic()

    def tick(self, whom: str) -> None:
        """Report now and then who is awaited; raise `ConfigError` after too long."""
        now = time.monotonic()
        if now - self._started > self._patience:
            raise ConfigError(
                f"Waited {self._patience:.0f} s for {whom} at {self._address} in vain: start all "
                "processes, with the same --distributed that each can reach, and see that no "
                "firewall stands between them."
            )
        if now - self._told >= _TOLD_EVERY:
            self._told = now
            self._say(
                f"Waiting for {whom} at {self._address}, {now - self._started:.0f} s of at most "
                f"{self._patience:.0f}"
            )


def _receive_all(cluster: Cluster, likeness: Likeness, say: Say, patience: float) -> None:
    """Act as process 0: receive from all others, and answer each how it differs."""
    wait = _Wait(cluster.address, say, patience)
    odd: dict[int, str] = {}
    with ExitStack() as stack:
        server = stack.enter_context(_listening(cluster.address))
        server.settimeout(0.5)
        come: dict[int, socket.socket] = {}
        try:
            while len(come) < cluster.processes - 1:
                missing = set(range(1, cluster.processes)) - set(come)
                wait.tick(f"process {', '.join(map(str, sorted(missing)))} of {cluster.processes}")
                with suppress(TimeoutError):
                    heard = _hear(stack.enter_context(server.accept()[0]))
                    if heard is None:
                        continue
                    number, theirs, connection = heard
                    twice = "Two processes have this --process-id." if number in come else ""
                    if problem := twice or differences(likeness, theirs):
                        odd[number] = problem
                    come[number] = connection
                    if twice or theirs.get("--processes") != likeness["--processes"]:
                        break
        finally:
            for number, connection in come.items():
                with suppress(OSError):
                    connection.sendall(_message({"mark": _MARK, "problem": odd.get(number, "")}))
                    connection.shutdown(socket.SHUT_WR)
    if odd:
        raise ConfigError(
            "The processes do not belong together. "
            + " ".join(f"Process {number}: {problem}." for number, problem in sorted(odd.items()))
        )


def _report(cluster: Cluster, likeness: Likeness, say: Say, patience: float) -> None:
    """Act as another process: send process 0 what this one has, and read whether that agrees."""
    wait = _Wait(cluster.address, say, patience)
    with _connected(cluster, wait) as connection:
        own = {"mark": _MARK, "process": cluster.process_id, "likeness": likeness}
        connection.sendall(_message(own))
        connection.settimeout(0.5)
        answer = b""
        while len(answer) < _MESSAGE:
            wait.tick("the other processes")
            with suppress(TimeoutError):
                more = connection.recv(_MESSAGE - len(answer))
                if not more:
                    break
                answer += more
    told = _read(answer)
    if told is None:
        raise ConfigError(
            f"Process 0 at {cluster.address} has ended, or another program answers there: look at "
            "what it says, or choose another port."
        )
    if told.get("problem"):
        raise ConfigError(
            f"This process ({cluster.process_id}) and process 0 do not belong together: "
            f"{told['problem']}."
        )


def _connected(cluster: Cluster, wait: _Wait) -> socket.socket:
    while True:
        wait.tick(f"process 0 of {cluster.processes}")
        try:
            return socket.create_connection(split_address(cluster.address), timeout=5)
        except OSError:
            time.sleep(0.5)


def _listening(address: str) -> socket.socket:
    """Return a socket that listens there. Raises `ConfigError` where that fails."""
    host, port = split_address(address)
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    server = socket.socket(family, kind, protocol)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(place)
        server.listen()
    except OSError as error:
        server.close()
        raise ConfigError(
            f"Process 0 cannot listen at --distributed {address} ({error.strerror}): give an "
            "address of the machine that process 0 runs on, and a port that is free there."
        ) from error
    return server


def _hear(connection: socket.socket) -> tuple[int, Likeness, socket.socket] | None:
    """Return which process has come and what it has; None for other programs."""
    connection.settimeout(5)
    heard = b""
    with suppress(OSError):
        while len(heard) < _MESSAGE and (more := connection.recv(_MESSAGE - len(heard))):
            heard += more
    told = _read(heard)
    number, likeness = (told or {}).get("process"), (told or {}).get("likeness")
    if not isinstance(number, int) or not isinstance(likeness, dict):
        return None
    return number, {str(name): str(value) for name, value in likeness.items()}, connection


def _message(value: object) -> bytes:
    return json.dumps(value).encode().ljust(_MESSAGE)


def _read(message: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and told.get("mark") == _MARK else None
