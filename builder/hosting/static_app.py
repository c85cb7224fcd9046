"""A static host as a WSGI application: one folder, read only."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.security import safe_join
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from builder.hosting.addresses import Found, Missing, Moved, answer
from builder.hosting.header_rules import headers_for, parse_header_rules
from builder.hosting.hosts import PLAIN, Host
from builder.site.media_types import media_type

RequestLog = list[tuple[str, str, int]]
"""Method, path and status of each answer."""

_INDEX = "index.html"
_NOT_FOUND = "404.html"
_HEADERS = "_headers"
_CACHING = "cache-control"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = int((datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds())


class StaticApp:
    """Answers GET and HEAD with the files of a folder that is looked at anew for each request."""

    def __init__(self, folder: Path, prefix: str = "/", host: Host = PLAIN) -> None:
        """Serve `folder` below the path `prefix`, which starts and ends with a slash, as `host`."""
        self._folder = folder.resolve()
        self._host = host
        self.prefix = f"/{prefix.strip('/')}/".replace("//", "/")
        """Path of the site's root."""
        self.requests: RequestLog = []
        """Every answer so far, oldest first."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        request = Request(environ)
        response = self.respond(request)
        self.requests.append((request.method, request.path, response.status_code))
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Return the answer to one request."""
        if request.method not in {"GET", "HEAD"}:
            return Response("Method not allowed\n", 405, {"Allow": "GET, HEAD"})
        if not request.path.startswith(self.prefix):
            if request.path + "/" == self.prefix:
                return redirect(self.prefix, self._host.redirect)
            return Response("Not found\n", 404)
        path = request.path.removeprefix(self.prefix)
        found = answer(path, self._host, self._kind)
        response = self._moved(found, request) or self._content(found, request)
        is_there = response is not None
        if response is None:
            response = self._not_found(found.status if isinstance(found, Missing) else 404)
        response.headers.update(self._headers(f"/{path}", is_there=is_there))
        return response

    def _moved(self, found: Found | Moved | Missing, request: Request) -> Response | None:
        if not isinstance(found, Moved):
            return None
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{self.prefix}{found.path}{query}", self._host.redirect)

    def _content(self, found: Found | Moved | Missing, request: Request) -> Response | None:
        file = self._file(found.path) if isinstance(found, Found) else None
        if file is None:
            return None
        try:
            return self._send(file, request)
        except HTTPException as error:  # a range that the file does not have: 416
            return Response.force_type(error.get_response(), request.environ)
        except OSError:  # gone in this moment, or not to be read
            return None

    def _kind(self, path: str) -> Literal["file", "folder"] | None:
        found = self._find(path)
        if found is None:
            return None
        return "folder" if found.is_dir() else "file"

    def _find(self, path: str) -> Path | None:
        """Return the file or folder at a path, unless it leads out of ours, through a link too."""
        joined = safe_join(str(self._folder), path) if path else str(self._folder)
        # Systems refuse impossible paths with several kinds of errors.
        with suppress(OSError, RuntimeError, ValueError):
            found = Path(joined or "").resolve()
            is_either = found.is_file() or found.is_dir()  # and no pipe or device
            return found if joined and is_either and found.is_relative_to(self._folder) else None
        return None

    def _file(self, path: str) -> Path | None:
        found = self._find(path)
        return found if found and found.is_file() else None

    def _send(self, file: Path, request: Request) -> Response:
        # From memory: Werkzeug leaves a file open where the browser resets the connection.
        content = file.read_bytes()
        content_type = self._media_type(file.name)
        squeezed = self._compresses(content_type, request)
        modified = file.stat().st_mtime_ns
        body = gzip.compress(content, mtime=0) if squeezed else content
        response = Response(body, content_type=content_type)
        response.last_modified = _EPOCH + timedelta(seconds=_in_dates(modified // 10**9))
        response.set_etag(self._etag(content, modified), weak=squeezed)
        if squeezed:
            response.headers["Content-Encoding"] = "gzip"
        response.make_conditional(
            request.environ, accept_ranges=not squeezed, complete_length=len(body)
        )
        if content_type.partition(";")[0] in self._host.compressed:
            response.headers["Vary"] = "Accept-Encoding"
        return response

    def _media_type(self, name: str) -> str:
        suffix = PurePosixPath(name).suffix.lower()
        return self._host.media_types.get(suffix) or media_type(name)

    def _compresses(self, content_type: str, request: Request) -> bool:
        return (
            content_type.partition(";")[0] in self._host.compressed
            and request.accept_encodings.quality("gzip") > 0
            and "Range" not in request.headers
        )

    def _etag(self, content: bytes, modified_ns: int) -> str:
        if self._host.etag == "content":
            return hashlib.md5(content, usedforsecurity=False).hexdigest()
        return f"{modified_ns:x}-{len(content):x}"

    def _not_found(self, status: int) -> Response:
        name = _NOT_FOUND
        if self._host.not_found == "404.html or index.html" and self._file(_NOT_FOUND) is None:
            name, status = _INDEX, 200
        page = None if self._host.not_found == "own page" else self._file(name)
        with suppress(OSError):
            if page is not None:
                return Response(page.read_bytes(), status, content_type=media_type(page.name))
        return Response(f"{HTTP_STATUS_CODES[status]}\n", status)

    def _headers(self, path: str, *, is_there: bool) -> Mapping[str, str]:
        """Return the headers of an answer; caches keep the answer for a missing file only
        briefly."""
        file = self._file(_HEADERS) if self._host.reads_headers_file else None
        text = b""
        with suppress(OSError):
            text = file.read_bytes() if file else text
        rules = parse_header_rules(text.decode(errors="replace"))
        found = headers_for(path, rules, join=self._host.joins_headers)
        kept = {
            name: value for name, value in found.items() if is_there or name.lower() != _CACHING
        }
        return self._host.headers | kept


def _in_dates(seconds: int) -> int:
    """Return a time that headers can name: a file's may lie thousands of years away."""
    return min(max(seconds, 0), _LAST_SECOND)
