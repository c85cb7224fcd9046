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


@dataclass
class Page(HTMLParser):
    """What a page refers to, and what in it the Content-Security-Policy has a say on."""

    references: list[Reference] = field(default_factory=list)
    """Every address, in order."""
    base: str | None = None
    """What `<base>` says that addresses are relative to."""
    policies: list[str] = field(default_factory=list)
    """Content-Security-Policies in meta elements."""
    inline: list[str] = field(default_factory=list)
    """Inline scripts, styles and event handlers, each told in a few words."""
    early: list[str] = field(default_factory=list)
    """Tags of scripts and style sheets that stand before the first policy."""
    metas: dict[str, str] = field(default_factory=dict)
    """Content of meta elements by name or property."""

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__()

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
            Reference(given[name], not link) for name in sorted(_ADDRESSES & set(given))
        ]
        for candidate in given.get("srcset", "").split(","):
            if candidate.strip():
                self.references.append(Reference(candidate.split()[0], True))

    def _meta(self, given: dict[str, str]) -> None:
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))
        name = given.get("name") or given.get("property")
        if name:
            self.metas[name.lower()] = given.get("content", "")

    def _inline(self, tag: str, given: dict[str, str]) -> None:
        is_data = given.get("type", "").lower() in _DATA_TYPES
        if tag == "script" and "src" not in given and not is_data:
            self.inline.append("an inline script")
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

    A pattern and no parser: comments are cut first, and what is computed is not seen.
    """
    return [next(filter(None, groups)) for groups in _JS_IMPORT.findall(_COMMENT.sub("", text))]
