"""The web app manifest: its members, what browsers want to install it, the icons' real sizes."""

import io
import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image

from builder.check.built_site import BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.check.link_rules import ANYWHERE, judge, resolved
from builder.check.references import Reference, read_page

MANIFEST = "manifest.webmanifest"

_RULE = "manifest"
_DISPLAYS = {"standalone", "fullscreen", "minimal-ui", "window-controls-overlay", "tabbed"}
_APPLE_SIDE = 180
_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS = 50_000_000
_UNREADABLE = (
    *(OSError, SyntaxError, ArithmeticError, LookupError, TypeError, struct.error),
    Image.DecompressionBombError,
)
"""What Pillow raises for bytes that are not a picture, besides ValueError."""


def check_manifest(site: BuiltSite) -> Iterator[Finding]:
    """Check the manifest by https://www.w3.org/TR/appmanifest/ and Chromium's install criteria.

    https://web.dev/articles/install-criteria
    """
    if MANIFEST not in site.sizes:
        return  # the rule for files finds it
    try:
        manifest = json.loads(site.content(MANIFEST))
    except (ValueError, RecursionError) as error:
        yield Finding(_RULE, MANIFEST, f"is not JSON ({error}).", REBUILD)
        return
    if not isinstance(manifest, dict):
        yield Finding(_RULE, MANIFEST, "is not a JSON object.", REBUILD)
        return
    for problem, remedy in (*_installability(manifest), *_actions(manifest)):
        yield Finding(_RULE, MANIFEST, problem, remedy)
    for address in _addresses(manifest):
        yield from judge(site, MANIFEST, Reference(address, True), rule=_RULE)
    for member in ("icons", "screenshots"):
        for icon in _objects(manifest.get(member)):
            yield from _image(site, icon)
    yield from _apple_touch_icon(site)


def _installability(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not manifest.get("name") and not manifest.get("short_name"):
        yield "has neither name nor short_name: no browser offers to install it.", "Set --title."
    if str(manifest.get("display")) not in _DISPLAYS:
        yield f"has display {manifest.get('display')!r}: it would open as a web page.", REBUILD
    if manifest.get("prefer_related_applications") is True:
        yield "prefers related applications: browsers will not offer to install this one.", REBUILD
    start = resolved(str(manifest.get("start_url", "./")))
    if start is None or not start.startswith(_scope(manifest)):
        yield f"has start_url {manifest.get('start_url')!r} outside of its scope.", REBUILD
    sizes = {
        size
        for icon in _objects(manifest.get("icons"))
        if "any" in str(icon.get("purpose", "any")).split() and icon.get("type") == "image/png"
        for size in str(icon.get("sizes", "")).split()
    }
    for wanted in ("192x192", "512x512"):
        if wanted not in sizes:
            yield f"has no PNG icon of {wanted} for any purpose: it cannot be installed.", REBUILD


def _actions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Check where what other apps share goes: the service worker answers there, not a file."""
    target = manifest.get("share_target")
    if isinstance(target, dict):
        action = str(target.get("action"))
        answered = resolved(action) or ""
        if action.startswith("/") or not answered.startswith(_scope(manifest)):
            yield f"shares to {action!r}, which is not a relative address in its scope.", REBUILD
        files = isinstance(target.get("params"), dict) and "files" in target["params"]
        form = (str(target.get("method")).upper(), target.get("enctype"))
        if files and form != ("POST", "multipart/form-data"):
            yield "has a share target whose files no browser would send by that method.", REBUILD


def _scope(manifest: Mapping[str, Any]) -> str:
    return resolved(str(manifest.get("scope", "./"))) or ANYWHERE


def _addresses(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield every member that is an address."""
    for name in ("start_url", "scope", "id"):
        if name in manifest:
            yield str(manifest[name]).partition("?")[0]
    for name in ("icons", "screenshots"):
        yield from (str(image.get("src")) for image in _objects(manifest.get(name)))
    for handler in _objects(manifest.get("file_handlers")):
        yield str(handler.get("action")).partition("?")[0]
    for shortcut in _objects(manifest.get("shortcuts")):
        yield str(shortcut.get("url")).partition("?")[0]
        yield from (str(image.get("src")) for image in _objects(shortcut.get("icons")))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _image(site: BuiltSite, described: Mapping[str, Any]) -> Iterator[Finding]:
    path = str(described.get("src"))
    sizes = str(described.get("sizes", ""))
    if path not in site.sizes:
        return  # reported as an address that leads nowhere
    if path.endswith(".svg"):
        if sizes != "any":
            problem = f"is a vector image, and {MANIFEST} says that it is {sizes}."
            yield Finding(_RULE, path, problem, REBUILD)
        return
    try:
        image = _open(site, path)
    except ValueError:
        yield Finding(_RULE, path, "cannot be decoded as an image.", REBUILD)
        return
    if f"{image.width}x{image.height}" not in sizes.split():
        problem = f"is {image.width}x{image.height}, and {MANIFEST} says that it is {sizes}."
        yield Finding(_RULE, path, problem, REBUILD)
    if described.get("type") != Image.MIME.get(image.format or ""):
        problem = f"is {image.format}, and {MANIFEST} says that it is {described.get('type')}."
        yield Finding(_RULE, path, problem, REBUILD)


def _apple_touch_icon(site: BuiltSite) -> Iterator[Finding]:
    """Check the icon that iOS takes from the page instead of the manifest."""
    addresses = [
        reference.address
        for reference in read_page(site.text("index.html")).references
        if "apple-touch-icon" in reference.address
    ]
    for path in addresses:
        if path not in site.sizes:
            continue  # reported as an address that leads nowhere
        try:
            image = _open(site, path)
        except ValueError:
            yield Finding(_RULE, path, "cannot be decoded as an image.", REBUILD)
            continue
        if image.size != (_APPLE_SIDE, _APPLE_SIDE) or "A" in image.getbands():
            problem = f"is {image.width}x{image.height} {image.mode}; iOS wants 180x180, opaque."
            yield Finding(_RULE, path, problem, REBUILD, breaks=False)


def _open(site: BuiltSite, path: str) -> Image.Image:
    """Return a picture that the site shows. Raises ValueError where it is not a picture."""
    try:
        image = Image.open(io.BytesIO(site.content(path)), formats=_FORMATS)
        if image.width * image.height > _MOST_PIXELS:
            raise ValueError("it has too many pixels")
        image.load()
    except _UNREADABLE as error:
        raise ValueError("its bytes are no picture's") from error
    return image
