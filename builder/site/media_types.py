"""The media type of each kind of file in a site: for the precache manifest and the preview."""

from pathlib import PurePosixPath

_TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


def media_type(path: str) -> str:
    """Return the Content-Type for a file, by its suffix; unknown ones are bytes.

    WebAssembly compiles while it streams only as `application/wasm`, modules run only as a
    JavaScript type, whatever the machine's own table of types says.
    """
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
