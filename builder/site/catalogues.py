"""Message catalogues: the interface's texts in one language each, from `messages/<language>.json`.

A catalogue is an object with "language" (its name in itself), "direction" ("ltr" or "rtl") and
"messages": from key to a text, or to an object with a text for each plural category of
`Intl.PluralRules`. A text has placeholders in braces: "Open {title}". Any file in the user's folder
of templates adds a language, or replaces one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.errors import ConfigError, TemplateError
from builder.site.render import Templates

SOURCE_LANGUAGE = "en"
"""The language whose catalogue says which messages there are, and what a build that detects shows
until the browser's own is known."""

Message = str | Mapping[str, str]

_FOLDER = "messages/"
_SUFFIX = ".json"
_PLURALS = {"zero", "one", "two", "few", "many", "other"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Catalogue:
    """The interface's texts in one language."""

    tag: str
    """BCP 47: "de", "zh-Hans"."""
    language: str
    """The language's name in itself."""
    direction: str
    """"ltr" or "rtl"."""
    messages: Mapping[str, Message]
    """Texts by key; where a number decides, by plural category."""

    def text(self, key: str, **values: str) -> str:
        """Return a text with its placeholders filled, for templates.

        Raises TemplateError for a key that does not exist, or whose plural the browser chooses.
        """
        message = self.messages.get(key)
        if not isinstance(message, str):
            reason = (
                "is a plural: leave it to the page" if message else "is no key of the catalogue"
            )
            raise TemplateError(f"The text {key!r} {reason}.")
        return _PLACEHOLDER.sub(lambda found: values[found[1]], message)

    @property
    def content(self) -> dict[str, Any]:
        """The catalogue as the page reads it."""
        return {
            "language": self.language,
            "direction": self.direction,
            "messages": dict(self.messages),
        }


def read_catalogues(templates: Templates, lang: str) -> dict[str, Catalogue]:
    """Return the catalogues that the site offers, by tag, the one of the built pages first.

    "auto" offers all; any other `lang` only itself. Raises ConfigError where there is no such
    catalogue, TemplateError where one lacks a message or is malformed.
    """
    tags = [name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in catalogue_files(templates)]
    if lang not in ("auto", *tags):
        raise ConfigError(
            f'There is no interface in the language "{lang}". Choose "auto" or one of '
            f"{', '.join(tags)}, or add messages/{lang}.json to your folder of templates."
        )
    source = _read(templates, SOURCE_LANGUAGE)
    first = SOURCE_LANGUAGE if lang == "auto" else lang
    offered = [first, *(tag for tag in tags if tag != first)] if lang == "auto" else [first]
    catalogues = {tag: _read(templates, tag) for tag in offered}
    for tag, catalogue in catalogues.items():
        _check(catalogue, source, str(templates.path_of(_path(tag))))
    return catalogues


def catalogue_files(templates: Templates) -> tuple[str, ...]:
    """Return the paths of all catalogues, sorted: the package's and those that the user adds."""
    names = {*templates.names, *templates.additions}
    return tuple(
        sorted(name for name in names if name.startswith(_FOLDER) and name.endswith(_SUFFIX))
    )


def _path(tag: str) -> str:
    return f"{_FOLDER}{tag}{_SUFFIX}"


def _read(templates: Templates, tag: str) -> Catalogue:
    origin = templates.path_of(_path(tag))
    try:
        value = json.loads(templates.read(_path(tag)).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TemplateError(f"{origin} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise TemplateError(f"{origin}, line {error.lineno}: not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 1,000 brackets
        raise TemplateError(f"{origin} is not JSON that can be read.") from error
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("language"), str)
        or value.get("direction") not in ("ltr", "rtl")
        or not isinstance(value.get("messages"), dict)
        or not all(map(_is_message, value["messages"].values()))
    ):
        raise TemplateError(
            f'{origin} is no message catalogue: it needs "language", "direction" ("ltr" or "rtl")'
            ' and "messages", which are texts or have a text for each plural.'
        )
    return Catalogue(tag, value["language"], value["direction"], value["messages"])


def _is_message(value: object) -> bool:
    forms = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(form, str) for form in forms)


def _check(catalogue: Catalogue, source: Catalogue, origin: str) -> None:
    """Raise TemplateError unless a catalogue has the source's keys, plurals and placeholders."""
    missing = sorted(set(source.messages) - set(catalogue.messages))
    unknown = sorted(set(catalogue.messages) - set(source.messages))
    if missing or unknown:
        faults = [f"lacks {', '.join(missing)}"] if missing else []
        faults += [f"has the unknown {', '.join(unknown)}"] if unknown else []
        raise TemplateError(f"{origin} {' and '.join(faults)}. Its keys are those of en.json.")
    for key, message in catalogue.messages.items():
        wanted = source.messages[key]
        forms = {"other": message} if isinstance(message, str) else dict(message)
        if isinstance(message, str) != isinstance(wanted, str) or not set(forms) <= _PLURALS:
            raise TemplateError(f"{origin}: {key} must have the form that it has in en.json.")
        if "other" not in forms:
            raise TemplateError(f'{origin}: {key} lacks the plural "other".')
        expected = placeholders(wanted if isinstance(wanted, str) else wanted["other"])
        if placeholders(forms["other"]) != expected:
            raise TemplateError(
                f"{origin}: {key} must have the placeholders {sorted(expected)}, not "
                f"{sorted(placeholders(forms['other']))}."
            )


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return set(_PLACEHOLDER.findall(text))
