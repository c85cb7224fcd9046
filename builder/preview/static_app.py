"""A static host as a WSGI application: one folder, read only."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.security import safe_join
from werkzeug.utils import redirect, send_file
from werkzeug.wrappers import Request, Response

from builder.preview.header_rules import headers_for, parse_header_rules
from builder.site.media_types import media_type

RequestLog = list[tuple[str, str, int]]
"""Method, path and status of each answer."""

_INDEX = "index.html"
_NOT_FOUND = "404.html"
_HEADERS = "_headers"


class StaticApp:
    """Answers GET and HEAD with the files of a folder that is looked at anew for each request."""

    def __init__(self, folder: Path, prefix: str = "/") -> None:
        """Serve `folder` below the path `prefix`, which starts and ends with a slash."""
        self._folder = folder.resolve()
        self.prefix = f"/{prefix.strip('/')}/".replace("//", "/")
        """Path of the site's root."""
        self.requests: RequestLog = []
        """Every answer so far, oldest first."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        request = Request(environ)
        response = self._answer(request)
        self.requests.append((request.method, request.path, response.status_code))
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return Response("Method not allowed\n", 405, {"Allow": "GET, HEAD"})
        if not request.path.startswith(self.prefix):
            if request.path + "/" == self.prefix:
                return redirect(self.prefix, 301)
            return Response("Not found\n", 404)
        path = request.path.removeprefix(self.prefix)
        response = self._file_or_404(path, request)
        response.headers.update(headers_for(f"/{path}", self._header_rules()))
        return response

    def _file_or_404(self, path: str, request: Request) -> Response:
        file = self._find(path)
        if file is not None and file.is_dir():
            if path and not path.endswith("/"):
                return redirect(f"{request.path}/", 301)
            file = self._find(f"{path}{_INDEX}")
        if file is None or not file.is_file() or file.name == _HEADERS:
            return self._not_found()
        try:
            return self._send(file, request)
        except HTTPException as error:  # a range that the file does not have: 416
            return Response.force_type(error.get_response(), request.environ)

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
        stat = file.stat()
        response = send_file(
            BytesIO(file.read_bytes()),
            request.environ,
            mimetype="application/octet-stream",
            conditional=True,
            etag=f"{stat.st_mtime_ns:x}-{stat.st_size:x}",
            last_modified=stat.st_mtime,
        )
        response.headers["Content-Type"] = media_type(file.name)
        return response

    def _not_found(self) -> Response:
        page = self._find(_NOT_FOUND)
        if page is None:
            return Response("Not found\n", NotFound.code)
        return Response(page.read_bytes(), NotFound.code, content_type=media_type(page.name))

    def _header_rules(self) -> Any:
        file = self._find(_HEADERS)
        return parse_header_rules(file.read_text(encoding="utf-8")) if file else ()
