"""`_headers` as Netlify and Cloudflare Pages read it: paths, and response headers below each.

https://developers.cloudflare.com/pages/configuration/headers/
"""

import re
from dataclasses import dataclass

# https://www.rfc-editor.org/rfc/rfc9110#name-field-values
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True)
class HeaderRule:
    """Headers for the paths that match a pattern."""

    pattern: str
    """Path from the site's root, starting with "/"; `*` stands for any number of characters."""
    headers: tuple[tuple[str, str], ...]
    """Names and values, in the file's order."""

    def matches(self, path: str) -> bool:
        """Return whether the rule is meant for this path."""
        expression = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return re.fullmatch(expression, path) is not None


def parse_header_rules(text: str) -> tuple[HeaderRule, ...]:
    """Return the rules of a `_headers` file; comments and unknown lines are skipped."""
    rules: list[HeaderRule] = []
    for line in text.splitlines():
        if line.startswith("/"):
            rules.append(HeaderRule(line.strip(), ()))
        elif line[:1].isspace() and rules and not line.lstrip().startswith("#"):
            name, colon, value = line.partition(":")
            if colon and _NAME.fullmatch(name.strip()) and _VALUE.fullmatch(value.strip()):
                last = rules.pop()
                header = (name.strip(), value.strip())
                rules.append(HeaderRule(last.pattern, (*last.headers, header)))
    return tuple(rules)


def headers_for(path: str, rules: tuple[HeaderRule, ...], *, join: bool = False) -> dict[str, str]:
    """Return the headers of all rules that match a path.

    Of two values of a header the later wins; `join` separates them by a comma instead.
    """
    found: dict[str, str] = {}
    for rule in rules:
        if rule.matches(path):
            for name, value in rule.headers:
                found[name] = f"{found[name]}, {value}" if join and name in found else value
    return found
