"""What hosts refuse, change or leave out."""

import re
from collections.abc import Iterable, Iterator

from builder.check.built_site import BuiltSite
from builder.check.finding import Finding
from builder.check.policy_rules import HEADERS
from builder.hosting.header_rules import HeaderRule, parse_header_rules
from builder.hosting.hosts import Host, broken_limits
from builder.site.headers import MOST_RULES

_RULE = "hosts"
# https://developers.cloudflare.com/pages/platform/limits/#headers
_MAX_HEADER_LINE = 2000
_DAY = 24 * 60 * 60


def check_hosts(site: BuiltSite, hosts: Iterable[Host]) -> Iterator[Finding]:
    """Check the site against the limits of these hosts, and what troubles any of them."""
    for host in hosts:
        remedy = (
            "Use a smaller model (--alpha, --quantize), or another host: name yours with --host if"
            f" it is not {host.title}."
        )
        for path, problem in broken_limits(host, site.sizes):
            yield Finding(_RULE, path or ".", problem, remedy)
    yield from _names(site)
    if HEADERS in site.sizes:
        yield from _headers_file(site.text(HEADERS))


def _names(site: BuiltSite) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path in site.sizes:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            problem = f"differs from {other} in nothing but case; some systems keep only one."
            yield Finding(_RULE, path, problem, "Rename one of them.")


def _headers_file(text: str) -> Iterator[Finding]:
    rules = parse_header_rules(text)
    longest = max((len(line) for line in text.splitlines()), default=0)
    if len(rules) > MOST_RULES or longest > _MAX_HEADER_LINE:
        problem = (
            f"has {len(rules)} rules and lines of up to {longest} characters; Cloudflare Pages"
            f" reads {MOST_RULES} rules and {_MAX_HEADER_LINE} characters."
        )
        yield Finding(_RULE, HEADERS, problem, "Shorten it.")
    for each in rules:
        if "*" in each.pattern and any(_is_for_long(*header) for header in each.headers):
            problem = (
                f"lets caches keep all that {each.pattern} matches for long: hosts may send it"
                " for missing files, too."
            )
            yield Finding(_RULE, HEADERS, problem, "Name the files.", breaks=False)
    for rule, other, name in _overlaps(rules):
        problem = f"sets {name} for {rule} and for {other}: Cloudflare Pages joins the values."
        yield Finding(_RULE, HEADERS, problem, "Let one rule set it.")


def _is_for_long(name: str, value: str) -> bool:
    """Return whether a header lets caches keep answers unchecked for more than a day."""
    age = re.search(r"max-age=(\d{1,12})", value.lower())
    return name.lower() == "cache-control" and age is not None and int(age[1]) > _DAY


def _overlaps(rules: tuple[HeaderRule, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of patterns that set the same header for the same path, and the header."""
    for position, first in enumerate(rules):
        for second in rules[position + 1 :]:
            meet = first.matches(second.pattern.replace("*", "x")) or second.matches(
                first.pattern.replace("*", "x")
            )
            names = {name.lower() for name, _ in first.headers}
            for name, _ in second.headers:
                if meet and name.lower() in names:
                    yield first.pattern, second.pattern, name
