"""Addresses: each leads to a file of the site, from any folder of any host."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from builder.check.built_site import INDEX, BuiltSite
from builder.check.finding import Finding
from builder.check.references import Reference, css_addresses, module_specifiers, read_page

_RULE = "links"
ANYWHERE = "https://site.invalid/some/folder/"
"""Stands for wherever the site will lie."""
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SPEAKING = {"data", "blob", "mailto", "tel", "about"}


def check_links(site: BuiltSite) -> Iterator[Finding]:
    """Check what pages, style sheets, modules and SVG images refer to."""
    for path in site.own(".html", ".svg"):
        page = read_page(site.text(path))
        for reference in page.references:
            yield from judge(site, path, reference, page.base)
        yield from _previews(path, page.metas)
    for path in site.own(".css"):
        for address in css_addresses(site.text(path)):
            yield from judge(site, path, Reference(address, True))
    for path in site.own(".js"):
        for specifier in module_specifiers(site.text(path)):
            yield from _judge_import(site, path, specifier)


def resolved(address: str) -> str | None:
    """Return a whole address as seen from the site's root; None for what is not an address
    ("http://[")."""
    try:
        return urljoin(ANYWHERE, address)
    except ValueError:
        return None


def judge(
    site: BuiltSite, path: str, reference: Reference, base: str | None = None, rule: str = _RULE
) -> Iterator[Finding]:
    """Return what is wrong with an address in a file, if anything is."""
    address = reference.address.strip()
    if resolved(address) is None:
        problem = f"has the address {address}, which leads nowhere."
        yield Finding(rule, path, problem, "Correct the address.")
        return
    parts = urlsplit(address)
    if parts.scheme in _SPEAKING or address.startswith("#"):
        return
    if parts.scheme or parts.netloc:
        if reference.fetched:
            problem = f"would be fetched from another host: {address}."
            yield Finding(rule, path, f"has something that {problem}", "Put a copy into the site.")
        return
    if address.startswith("/"):
        problem = f"has the absolute address {address}, wrong unless the site is its host's root."
        yield Finding(rule, path, problem, "Write it relative to the file.")
        return
    # A <base> is the root: of the configured address in 404.html, of any in offline.html.
    folder = ANYWHERE if base is not None else urljoin(ANYWHERE, path)
    target = urljoin(folder, address)
    if not target.startswith(ANYWHERE):
        problem = f"refers to {address}, which lies outside the site."
        yield Finding(rule, path, problem, "Put a copy into the site.")
        return
    found = unquote(urlsplit(target).path).removeprefix(urlsplit(ANYWHERE).path)
    if (found + INDEX if found.endswith("/") or not found else found) not in site.sizes:
        problem = f"refers to {address}, which is not a file of the site."
        yield Finding(rule, path, problem, "Correct the address, or put the file there.")


def _judge_import(site: BuiltSite, path: str, specifier: str) -> Iterator[Finding]:
    if specifier.startswith(("./", "../", "/")) or _SCHEME.match(specifier):
        yield from judge(site, path, Reference(specifier, True))
    else:
        problem = f"imports {specifier!r}, which no browser can find."
        yield Finding(_RULE, path, problem, "Import files, by relative addresses.")


def _previews(path: str, metas: dict[str, str]) -> Iterator[Finding]:
    """Check what social networks read: they want whole addresses, and cannot read localhost."""
    for name in ("og:url", "og:image"):
        address = metas.get(name)
        if address and not address.lower().startswith("https://"):
            problem = f"has the {name} {address}, which no link preview can show."
            remedy = "Set --base-url to the deployed site's https:// address."
            yield Finding(_RULE, path, problem, remedy, breaks=False)
