"""The script that stands in index.html itself, and the hashes of what a page loads."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from builder.errors import TemplateError
from builder.site.files import AddressedFolder, SiteFile
from builder.site.json_text import embeddable_json

_ENDS_SCRIPT = re.compile(r"</script|<!--", re.IGNORECASE)
_LOADED = re.compile(r"\.js$|/(?:messages|classes)/[^/]+\.json$")


def integrity(content: bytes) -> str:
    """Return the hash of some bytes as `integrity` attributes and the policy want it."""
    return f"sha256-{b64encode(sha256(content).digest()).decode()}"


def integrity_of(files: Iterable[SiteFile]) -> Callable[[str], str]:
    """Return a function from a file's path to its hash, for templates.

    It raises TemplateError for any other path.
    """
    hashes = {file.path: integrity(file.content) for file in files}

    def look_up(path: str) -> str:
        if path not in hashes:
            raise TemplateError(f"There is no file {path} whose hash the page could name.")
        return hashes[path]

    return look_up


def import_map(files: Iterable[SiteFile]) -> Markup:
    """Return an import map that names the hash of each module, and of each file of names.

    Browsers check modules by it (https://html.spec.whatwg.org/multipage/webappapis.html#import-map-integrity-map);
    the page checks what it fetches itself.
    """
    hashes = {
        f"./{file.path}": integrity(file.content) for file in files if _LOADED.search(file.path)
    }
    return embeddable_json({"integrity": hashes})


def start_script(source: str) -> Markup:
    """Return the script as it stands in the page.

    Raises TemplateError for what would end the script element.
    """
    if _ENDS_SCRIPT.search(source):
        raise TemplateError("The start cannot stand in a page: it would end its script element.")
    # Line ends as browsers normalise them before they hash the script.
    return Markup(source.replace("\r\n", "\n").strip())


@dataclass(frozen=True)
class Start:
    """What stands in index.html itself, so that the app can start and be checked."""

    script: Markup
    import_map: Markup
    integrity: Callable[[str], str]
    """From a file's path to its hash."""

    @property
    def inline(self) -> tuple[str, ...]:
        """The hashes by which the policy allows the two."""
        return tuple(integrity(text.encode()) for text in (self.script, self.import_map))


def page_start(script: str, folders: Mapping[str, AddressedFolder]) -> Start:
    """Return what index.html has in itself; `script` is the start's code.

    Raises TemplateError as `start_script` does.
    """
    files = folders["app"].files + folders["runtime"].files
    return Start(start_script(script), import_map(files), integrity_of(files))
