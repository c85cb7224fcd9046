"""The preview of a site that is being worked on: its pages load themselves anew after each build.

What makes them do so is in the answers only, never in the site's folder.
"""

from pathlib import Path

from werkzeug.wrappers import Request, Response

from builder.hosting.static_app import StaticApp
from builder.site.media_types import media_type
from builder.site.render import Templates
from builder.site.scripts import WATCHED_WORKER, read_scripts, script_text
from builder.watch.builds import Builds

_HERE = Path(__file__).parent
_SCRIPT = "__watch__/reload.js"
_EVENTS = "__watch__/builds"
_WORKER = "sw.js"
_NO_STORE = {"Cache-Control": "no-store"}
# The browser would reuse a page that it has cached without the script.
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class LiveApp(StaticApp):
    """A folder with a site, whose pages are notified of each build."""

    def __init__(self, folder: Path, builds: Builds) -> None:
        """Serve `folder`, and notify its pages of `builds`."""
        super().__init__(folder)
        self._builds = builds

    def respond(self, request: Request) -> Response:
        """Answer with the script, the events, or a page with the script in it; else as a host."""
        path = request.path.removeprefix(self.prefix)
        if path == _EVENTS:
            return Response(self._builds.events(), 200, _NO_STORE, content_type="text/event-stream")
        if path == _SCRIPT:
            return _text((_HERE / "reload.js").read_text("utf-8"), path)
        if path == _WORKER:
            return _text(worker(), path)
        for name in _CONDITIONS:
            request.environ.pop(name, None)
        # Before the page is read, so that it is notified of a build in between.
        build = self._builds.name
        response = super().respond(request)
        if response.mimetype == "text/html":
            _put_script(response, f"{self.prefix}{_SCRIPT}?build={build}")
        return response


def worker() -> str:
    """Return the service worker of a watched site, which removes one left by an earlier preview."""
    return script_text(WATCHED_WORKER, read_scripts(), Templates())


def _text(content: str, path: str) -> Response:
    return Response(content, 200, _NO_STORE, content_type=media_type(path))


def _put_script(response: Response, address: str) -> None:
    before, end_of_head, after = response.get_data().partition(b"</head>")
    script = f'<script src="{address}"></script>'.encode()
    response.set_data(before + script + end_of_head + after)
    del response.headers["ETag"]
    response.headers.update(_NO_STORE)
