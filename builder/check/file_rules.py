"""Every file against site.json: missing, altered, unknown, or left over from another version."""

import re
from collections.abc import Iterator

from builder.check.built_site import INDEX, BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.hashing import folder_hash, sha256_hex
from builder.site.headers import ADDRESSED_FOLDERS
from builder.site.report import REPORT

_RULE = "files"
_NEEDED = (INDEX, "404.html", "offline.html", "manifest.webmanifest", "sw.js")
_WITHDRAWN_NEEDED = (INDEX, "404.html", "sw.js")
_HOST_FILES = {
    "_headers": "Netlify and Cloudflare Pages take caching and security headers from it",
    ".nojekyll": "GitHub Pages may leave out files whose names start with an underscore",
}
_ADDRESSED = re.compile(r"(app|model|runtime)/([0-9a-f]{16})/")
# What people and hosts put beside a site on purpose.
_WELCOME = re.compile(
    r"(CNAME|robots\.txt|favicon\.ico|_redirects|netlify\.toml|\.well-known/.*|\.git(ignore|keep))"
)


def check_files(site: BuiltSite) -> Iterator[Finding]:
    """Compare what lies in the folder with what the build recorded."""
    if site.report is None:
        yield Finding(_RULE, REPORT, site.report_fault, REBUILD)
        return
    yield from _needed(site)
    yield from _recorded(site)
    yield from _not_recorded(site)
    if not site.withdrawn:
        yield from _addressed_folders(site)
    for path in site.links:
        problem = "is a symbolic link, which hosts do not upload or refuse to follow."
        yield Finding(_RULE, path, problem, "Put the file itself in its place.")
    for path in site.specials:
        yield Finding(_RULE, path, "is a pipe, a device or a socket.", "Delete it.")


def _needed(site: BuiltSite) -> Iterator[Finding]:
    for name in _WITHDRAWN_NEEDED if site.withdrawn else _NEEDED:
        if name not in site.sizes:
            yield Finding(_RULE, name, "is missing.", REBUILD)
    for name, reason in _HOST_FILES.items():
        if name not in site.sizes:
            remedy = "Deploy it too: some tools leave out hidden or unknown files."
            yield Finding(_RULE, name, f"is missing: {reason}.", remedy, breaks=False)


def _recorded(site: BuiltSite) -> Iterator[Finding]:
    for path, expected in sorted(site.recorded.items()):
        if path not in site.sizes:
            if path not in (*_NEEDED, *_HOST_FILES):
                yield Finding(_RULE, path, f"is missing; {REPORT} lists it.", REBUILD)
        elif site.sizes[path] != expected.size:
            problem = f"has {site.sizes[path]:,} bytes, {expected.size:,} by {REPORT}."
            yield Finding(_RULE, path, problem, REBUILD)
        elif sha256_hex(site.content(path)) != expected.sha256:
            problem = f"was changed after the build: its SHA-256 is not that of {REPORT}."
            yield Finding(_RULE, path, problem, REBUILD)


def _not_recorded(site: BuiltSite) -> Iterator[Finding]:
    left_over: dict[str, int] = {}
    for path in site.sizes:
        if path in site.recorded or path == REPORT or _WELCOME.fullmatch(path):
            continue
        addressed = _ADDRESSED.match(path)
        if addressed:
            left_over[addressed[0]] = left_over.get(addressed[0], 0) + site.sizes[path]
        else:
            remedy = "Delete it if it is not meant to be public."
            yield Finding(_RULE, path, "is not from the build.", remedy, breaks=False)
    for folder, size in sorted(left_over.items()):
        problem = f"is left over from another version, {size / 1e6:.1f} MB."
        remedy = "Delete it once no page of that version is open any more."
        yield Finding(_RULE, folder, problem, remedy, breaks=False)


def _addressed_folders(site: BuiltSite) -> Iterator[Finding]:
    """Check that folders named after their content are: browsers keep them forever."""
    contents: dict[str, dict[str, bytes]] = {}
    for path in site.recorded:
        addressed = _ADDRESSED.match(path)
        if addressed and path in site.sizes and not site.is_copy(path):
            name = path.removeprefix(addressed[0])
            contents.setdefault(addressed[0], {})[name] = site.content(path)
    for folder, files in sorted(contents.items()):
        if folder_hash(files) != folder.split("/")[1]:
            problem = "is not named after its content: browsers that have it keep the old files."
            yield Finding(_RULE, folder, problem, REBUILD)
    for name in ADDRESSED_FOLDERS:
        if site.folder(name) not in contents:
            problem = f"names no folder {name}/… that is there: {site.folder(name)!r}."
            yield Finding(_RULE, REPORT, problem, REBUILD)
