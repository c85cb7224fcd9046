"""Which requests the preview answers: those meant for it, of a length that hosts accept.

A page of another site can have its own name lead to this machine (DNS rebinding), and could then
read whatever the preview serves. Its requests have that name as `Host`.
"""

import re
from collections.abc import Callable, Collection, Iterable
from ipaddress import ip_address
from typing import Any

from werkzeug.wrappers import Response

from builder.hosting.network import is_loopback

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

MOST_CHARACTERS = 4096
"""Of a path, as it is written in the request: no system has files whose path is longer."""
_MOST_WITH_QUERY = 16_384
"""Most characters of path and query, as hosts accept them."""

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^][:@/\\\s]+)(?::\d*)?")


class Guard:
    """Answers in an application's place where a request should not reach it."""

    def __init__(self, app: WSGIApp, bound: str, names: Collection[str] = ()) -> None:
        """Guard an application on the address `bound`, which may also be asked for as `names`."""
        self._app = app
        self._bound = bound
        self._names = names

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        target = str(environ.get("REQUEST_URI", ""))
        if len(target.partition("?")[0]) > MOST_CHARACTERS or len(target) > _MOST_WITH_QUERY:
            answer = Response("URI too long\n", 414)
        elif (host := environ.get("HTTP_HOST")) is None:
            if environ.get("SERVER_PROTOCOL") == "HTTP/1.0":  # which had none
                return self._app(environ, start_response)
            answer = Response("There is no Host header.\n", 400)
        elif not is_meant(host, self._bound, self._names):
            answer = Response(
                "This preview answers requests for localhost and for this machine's addresses only:"
                " under another name, a page of another site might be asking.\n",
                403,
            )
        else:
            return self._app(environ, start_response)
        return answer(environ, start_response)


def is_meant(host: str, bound: str, names: Collection[str] = ()) -> bool:
    """Return whether a request with this Host header is meant for a server on the address `bound`.

    Allowed are this machine's own names, and addresses, which no name server can redirect. On
    loopback, only those of loopback are.
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1].strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # loopback by RFC 6761
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return not is_loopback(bound) and name in {known.lower() for known in names}
    return address.is_loopback or not is_loopback(bound)
