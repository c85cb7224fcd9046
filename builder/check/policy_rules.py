"""The Content-Security-Policy: strict, in every page and in _headers, and kept by the pages."""

from collections.abc import Iterator

from builder.check.built_site import BuiltSite
from builder.check.finding import REBUILD, Finding
from builder.check.references import Page, read_page
from builder.hosting.header_rules import headers_for, parse_header_rules
from builder.site.startup import integrity

HEADERS = "_headers"

_RULE = "policy"
_HEADER = "Content-Security-Policy"
_OWN = {"'none'", "'self'", "'wasm-unsafe-eval'", "blob:", "data:"}
_WITHOUT_SOURCES = {"trusted-types", "require-trusted-types-for", "frame-ancestors", "sandbox"}
_DANGEROUS = {
    "'unsafe-eval'": "lets strings run as code",
    "'unsafe-inline'": "lets injected scripts or styles run",
    "'unsafe-hashes'": "lets inline event handlers run",
}


def check_policy(site: BuiltSite) -> Iterator[Finding]:
    """Check the policies, and that no page needs what they forbid."""
    for path in site.own(".html"):
        page = read_page(site.text(path))
        yield from _page(path, page)
    if HEADERS in site.sizes:
        headers = headers_for("/", parse_header_rules(site.text(HEADERS)))
        policy = headers.get(_HEADER)
        if policy is None:
            problem = f"sets no {_HEADER} for the site."
            yield Finding(_RULE, HEADERS, problem, REBUILD, breaks=False)
        else:
            yield from _faults(HEADERS, policy)


def parse_policy(policy: str) -> dict[str, list[str]]:
    """Return a policy's directives by name; of two of the same name the first counts."""
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *values = directive.split() or [""]
        if name:
            directives.setdefault(name.lower(), values)
    return directives


def _page(path: str, page: Page) -> Iterator[Finding]:
    if not page.policies:
        problem = f"has no {_HEADER} in a meta element; hosts such as GitHub Pages send none."
        yield Finding(_RULE, path, problem, REBUILD)
        return
    for policy in page.policies:
        yield from _faults(path, policy)
    if page.early:
        problem = f"has a <{page.early[0]}> before its policy, which does not govern it."
        yield Finding(_RULE, path, problem, "Put the policy first in the head.")
    for what in dict.fromkeys([*page.inline, *_scripts_blocked(page)]):
        problem = f"has {what}, which its own policy blocks."
        yield Finding(_RULE, path, problem, "Move it into a file of the app.")


def _scripts_blocked(page: Page) -> Iterator[str]:
    """Yield a few words for each inline script whose hash a policy of the page lacks."""
    for script in page.scripts:
        allowed = f"'{integrity(script.text.encode())}'"
        for policy in page.policies:
            if allowed not in parse_policy(policy).get("script-src", ()):
                yield "an inline script"


def _faults(path: str, policy: str) -> Iterator[Finding]:
    directives = parse_policy(policy)
    if directives.get("default-src") != ["'none'"]:
        yield Finding(_RULE, path, "has a policy without default-src 'none'.", REBUILD)
    for name in ("base-uri", "form-action", "require-trusted-types-for"):
        if name not in directives:
            yield Finding(_RULE, path, f"has a policy without {name}.", REBUILD, breaks=False)
    for name, values in directives.items():
        if name in _WITHOUT_SOURCES:
            continue
        for value in values:
            if value in _DANGEROUS:
                problem = f"has a policy whose {name} {_DANGEROUS[value]}: {value}."
                yield Finding(_RULE, path, problem, "Remove it from the template.")
            elif value not in _OWN and not value.startswith(("'sha256-", "'nonce-")):
                problem = f"has a policy whose {name} allows another origin: {value}."
                yield Finding(_RULE, path, problem, "Put what is needed into the site itself.")
