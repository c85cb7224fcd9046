"""The kinds of value a setting can have: what each accepts, and its error for anything else.

A kind turns a raw value (from TOML, or from the command line as click parsed it) into the value
that `SiteConfig` holds. It raises `ValueError` with the rest of a sentence that begins with the
setting's name ("… must be greater than 0, not -1").
"""

import math
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"(?i:https)://(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?"
    r"(?:/(?:[\w.~!$&+,=@/-]|%[0-9a-fA-F]{2})*)?"
)
"""Host, port and path: letters, digits and what addresses of folders have besides. Nothing that
ends an attribute or a text in HTML, CSS or JavaScript."""

Parse = Callable[[object, Path], Any]
"""Raw value and the folder that relative paths start from → the value to keep."""


@dataclass(frozen=True)
class Kind:
    """One kind of setting."""

    name: str
    """For the documentation: "a number greater than 0"."""
    metavar: str
    """Placeholder on the command line: "NUMBER"."""
    parse: Parse
    """Checks and converts a raw value; raises ValueError."""
    choices: tuple[str, ...] = ()
    """The only values accepted, where they are few."""
    meaning: str = ""
    """What each of the choices means, in a sentence, where the field's own text does not say it."""
    many: bool = False
    """Whether the option may be given more than once."""


def number(low: float, high: float = math.inf, *, above: bool = False) -> Kind:
    """Return the kind of finite numbers from `low` (or just `above` it) to `high`."""
    bound = f"greater than {low:g}" if above else f"of {low:g} or more"
    name = f"a number {bound}" if high == math.inf else f"a number from {low:g} to {high:g}"

    def parse(value: object, _folder: Path) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be {name}, not {show(value)}")
        in_range = (low < value if above else low <= value) and value <= high
        if not in_range or value > sys.float_info.max:
            shown = f"{value:g}" if isinstance(value, float) else show(value)
            raise ValueError(f"must be {name}, not {shown}")
        return float(value)

    return Kind(name, "NUMBER", parse)


def integer(low: int, high: int) -> Kind:
    """Return the kind of whole numbers from `low` to `high`, both included."""
    name = f"a whole number from {low} to {high}"

    def parse(value: object, _folder: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be {name}, not {show(value)}")
        return value

    return Kind(name, "INTEGER", parse)


def choice(*values: str) -> Kind:
    """Return the kind that accepts exactly these words."""
    name = "one of " + ", ".join(f'"{value}"' for value in values)

    def parse(value: object, _folder: Path) -> str:
        if not isinstance(value, str) or value not in values:
            raise ValueError(f"must be {name}, not {show(value)}")
        return value

    return Kind(name, "|".join(values), parse, choices=values)


def described_choice(meanings: Mapping[str, str]) -> Kind:
    """Return the kind that accepts exactly the keys; each value says what its key means."""
    meaning = "; ".join(f'"{value}": {meant}' for value, meant in meanings.items())
    return replace(choice(*meanings), meaning=f"{meaning}.")


def text(limit: int) -> Kind:
    """Return the kind of one-line texts that are not empty and have at most `limit` characters."""
    name = f"a line of text of at most {limit} characters"

    def parse(value: object, _folder: Path) -> str:
        if not isinstance(value, str):
            raise ValueError(f"must be {name}, not {show(value)}")
        stripped = value.strip()
        if not stripped or len(stripped) > limit or not is_one_line(stripped):
            raise ValueError(f"must be {name}, not {show(value)}")
        return stripped

    return Kind(name, "TEXT", parse)


def is_one_line(value: str) -> bool:
    """Return whether a text has no line break, control character or half of a surrogate pair.

    `str.isprintable` would refuse more: the joiners in emoji and in Persian, no-break spaces.
    """
    return not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in value)


def _parse_flag(value: object, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {show(value)}")
    return value


def _parse_color(value: object, _folder: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", value):
        raise ValueError(f'must be a color such as "#0b6" or "#00bb66", not {show(value)}')
    digits = value[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _parse_language(value: object, _folder: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch(
        r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", value
    ):
        raise ValueError(f'must be "auto" or a language such as "de", not {show(value)}')
    return value


def _parse_names(value: object, _folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ValueError(f'must be a list of names such as ["oak", "elm"], not {show(value)}')
    return tuple(value)


def _parse_url(value: object, _folder: Path) -> str:
    remedy = f'must be an https:// address such as "https://example.org/app/", not {show(value)}'
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise ValueError(remedy)
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(remedy) from error
    # A page's <base href="//app/"> would be another host.
    if not host or parts.path.startswith("//"):
        raise ValueError(remedy)
    return value if value.endswith("/") else value + "/"


def show(value: object) -> str:
    """Return a value as a person would write it in the config file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        shown = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:  # more digits than Python writes
        shown = "a number of thousands of digits"
    return shown if len(shown) <= 60 else shown[:59] + "…"


FLAG = Kind("true or false", "", _parse_flag)
COLOR = Kind("a color, #rgb or #rrggbb", "COLOR", _parse_color)
NAMES = Kind("a list of names", "NAME", _parse_names, many=True)
LANGUAGE = Kind('"auto" or a language tag', "auto|TAG", _parse_language)
HTTPS_URL = Kind("an https:// address", "URL", _parse_url)
