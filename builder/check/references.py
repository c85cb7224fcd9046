"""What files of a site refer to: addresses in HTML, style sheets and modules."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
_JS_IMPORT = re.compile(
    r"""(?:^|[;}\s])(?:import|export)\b[\w\s{},*$]*?(?:\bfrom)?\s*["']([^"'\n]+)["']"""
    r"""|\bimport\(\s*["']([^"'\n]+)["']\s*\)"""
    r"""|\bnew URL\(\s*["'](\.{1,2}/[^"'\n]+)["'],\s*import\.meta\.url\s*\)"""
)
_ADDRESSES = {"href", "src", "action", "poster", "data", "formaction"}
_DATA_TYPES = {"application/json", "application/ld+json"}


@dataclass(frozen=True)
class Reference:
    """An address in a file."""

    address: str
    """As it is written."""
    fetched: bool
    """Whether the browser fetches it by itself; else it waits for someone to follow a link."""
    integrity: str = ""
    """The hash that the file must have for the browser to take it, "sha256-…"; "" for any."""


@dataclass
class InlineScript:
    """A script that stands in the page itself."""

    kind: str
    """Its type, "" for a plain script; "importmap" for an import map."""
    text: str
    """As it is written."""


@dataclass
class Page(HTMLParser):
    """What a page refers to, and what in it the Content-Security-Policy governs."""

    references: list[Reference] = field(default_factory=list)
    """Every address, in order."""
    base: str | None = None
    """What `<base>` says that addresses are relative to."""
    policies: list[str] = field(default_factory=list)
    """Content-Security-Policies in meta elements."""
    inline: list[str] = field(default_factory=list)
    """Inline styles and event handlers, each in a few words."""
    scripts: list[InlineScript] = field(default_factory=list)
    """Inline scripts and import maps, which a policy may allow by their hash."""
    early: list[str] = field(default_factory=list)
    """Tags of scripts and style sheets that stand before the first policy."""
    metas: dict[str, str] = field(default_factory=dict)
    """Content of meta elements by name or property."""

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__()
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag refers to."""
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and self.base is None:
            self.base = given.get("href")
            return
        if tag == "meta":
            self._meta(given)
        if tag in {"script", "link", "style"} and not self.policies:
            self.early.append(tag)
        self._inline(tag, given)
        link = tag in {"a", "area"} or given.get("rel") in {"canonical", "license", "help"}
        self.references += [
            Reference(given[name], not link, given.get("integrity", ""))
            for name in sorted(_ADDRESSES & set(given))
        ]
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.references.append(Reference(candidate.split()[0], True))

    def handle_data(self, data: str) -> None:
        """Take the text of a script as it is."""
        if self._script:
            self.scripts[-1].text += data

    def handle_endtag(self, tag: str) -> None:
        """Note where a script ends."""
        if tag == "script":
            self._script = False

    def _meta(self, given: dict[str, str]) -> None:
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))
        name = given.get("name") or given.get("property")
        if name:
            self.metas[name.lower()] = given.get("content", "")

    def _inline(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "").lower()
        if tag == "script" and "src" not in given and kind not in _DATA_TYPES:
            self._script = True
            self.scripts.append(InlineScript(kind, ""))
        if tag == "style":
            self.inline.append("an inline style sheet")
        self.inline += [f"the attribute {name}" for name in given if name.startswith("on")]
        if "style" in given:
            self.inline.append("a style attribute")


def read_page(text: str) -> Page:
    """Return what an HTML page, or an SVG image, refers to."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def css_addresses(text: str) -> list[str]:
    """Return the addresses in a style sheet, those in comments left out."""
    return [first or second for first, second in _CSS_URL.findall(_COMMENT.sub("", text))]


def module_specifiers(text: str) -> list[str]:
    """Return what a JavaScript module imports, or finds by `new URL(…, import.meta.url)`.

    It uses a pattern, not a parser: comments are removed first, computed addresses are missed.
    """
    return [next(filter(None, groups)) for groups in _JS_IMPORT.findall(_COMMENT.sub("", text))]
