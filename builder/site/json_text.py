"""JSON that is the same from run to run, and JSON that can stand inside HTML or JavaScript."""

import json
from typing import Any

from markupsafe import Markup

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'\u2028\u2029"}


def canonical_json(value: Any, indent: int | None = None) -> str:
    """Return JSON with sorted keys; ValueError for NaN and infinity, which JSON does not have."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        value,
        allow_nan=False,
        ensure_ascii=False,
        indent=indent,
        separators=separators,
        sort_keys=True,
    )


def embeddable_json(value: Any) -> Markup:
    r"""Return canonical JSON without a character that ends a script element or an attribute.

    `<`, `>`, `&`, `'` and the line separators that JavaScript once forbade in strings occur in
    JSON only inside strings, where `\uXXXX` means the same. So no `</script>` or `<!--` in a label
    ends the element (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
    """
    return Markup(canonical_json(value).translate(_ESCAPES))
