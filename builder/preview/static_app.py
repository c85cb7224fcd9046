"""A static host as a WSGI application: one folder, read only."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.security import safe_join
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from builder.hosts import PLAIN, Host
from builder.preview.addresses import Found, Moved, answer
from builder.preview.header_rules import headers_for, parse_header_rules
from builder.site.media_types import media_type

RequestLog = list[tuple[str, str, int]]
"""Method, path and status of each answer."""

_INDEX = "index.html"
_NOT_FOUND = "404.html"
_HEADERS = "_headers"


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
        """Answer one request, as WSGI has it."""
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
        response = self._file_or_404(path, request)
        response.headers.update(self._headers(f"/{path}"))
        return response

    def _file_or_404(self, path: str, request: Request) -> Response:
        found = answer(path, self._host, self._kind)
        if isinstance(found, Moved):
            query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
            return redirect(f"{self.prefix}{found.path}{query}", self._host.redirect)
        file = self._find(found.path) if isinstance(found, Found) else None
        if file is None:
            return self._not_found(404 if isinstance(found, Found) else found.status)
        try:
            return self._send(file, request)
        except HTTPException as error:  # a range that the file does not have: 416
            return Response.force_type(error.get_response(), request.environ)

    def _kind(self, path: str) -> Literal["file", "folder"] | None:
        found = self._find(path)
        if found is None:
            return None
        return "folder" if found.is_dir() else "file"

    def _find(self, path: str) -> Path | None:
        """Return what lies at a path, unless it leads out of the folder, through a link too."""
        joined = safe_join(str(self._folder), path) if path else str(self._folder)
        if joined is None or "\0" in path:
            return None
        found = Path(joined)
        inside = found.resolve().is_relative_to(self._folder)
        return found if inside and found.exists() else None

    def _send(self, file: Path, request: Request) -> Response:
        # From memory: Werkzeug leaves a file open where the browser resets the connection.
        content = file.read_bytes()
        content_type = self._media_type(file.name)
        squeezed = self._compresses(content_type, request)
        modified = file.stat().st_mtime_ns
        body = gzip.compress(content, mtime=0) if squeezed else content
        response = Response(body, content_type=content_type)
        response.last_modified = datetime.fromtimestamp(modified // 10**9, UTC)
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
        if self._host.not_found == "404.html or index.html" and self._find(_NOT_FOUND) is None:
            name, status = _INDEX, 200
        page = None if self._host.not_found == "own page" else self._find(name)
        if page is None:
            return Response(f"{HTTP_STATUS_CODES[status]}\n", status)
        return Response(page.read_bytes(), status, content_type=media_type(page.name))

    def _headers(self, path: str) -> Mapping[str, str]:
        file = self._find(_HEADERS) if self._host.reads_headers_file else None
        rules = parse_header_rules(file.read_text(encoding="utf-8")) if file else ()
        return self._host.headers | headers_for(path, rules, join=self._host.joins_headers)
