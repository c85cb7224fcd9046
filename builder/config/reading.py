"""From a config file and command line options to a `SiteConfig`, or to an error that says where."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.config.field_docs import Setting, settings
from builder.config.site_config import SiteConfig
from builder.errors import ConfigError

CONFIG_NAME = "classifier-pwa.toml"
"""The config file that is read from the working directory if it is there."""


def read_config(config: Path | None, options: Mapping[str, Any]) -> SiteConfig:
    """Return the settings of a config file, overruled by command line options.

    `config` is the file that was asked for; with None, `classifier-pwa.toml` is read if there is
    one. `options` maps field names to values; None stands for an option that was not given.
    Relative paths start from the config file's folder, or from the working directory.
    Raises ConfigError with the file and line, or the option, that is to blame.
    """
    given = {name: value for name, value in options.items() if value is not None}
    file = _find_file(config)
    values = _from_file(file, skip=given.keys())
    return SiteConfig(**{**values, **checked_options(given)}, config_file=file)


def checked_options(
    options: Mapping[str, Any],
    verb: str | None = None,
    arguments: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the values of options that were given, as `SiteConfig` takes them, by field name.

    `options` maps field names to values; None stands for an option that was not given. With a
    `verb`, only the settings that it shares with `build` count, and `arguments`: the settings that
    it takes as an argument, with the argument's name ({"model": "MODEL"}).
    Raises ConfigError with the option that is to blame.
    """
    named = arguments or {}
    if verb is None:
        # A verb hands over options of its own as well; what asks for a site has none.
        known = [setting.field for setting in settings()]
        for field in options:
            if field not in known:
                raise ConfigError(f'There is no option "{field}". {_remedy(field, known)}')
    return {
        setting.field: _checked(
            setting,
            options[setting.field],
            Path(),
            named.get(setting.field, f"option {setting.option}"),
        )
        for setting in settings()
        if options.get(setting.field) is not None
        and (verb is None or verb in setting.shared_with or setting.field in named)
    }


def _find_file(config: Path | None) -> Path | None:
    if config is None:
        return Path(CONFIG_NAME) if Path(CONFIG_NAME).is_file() else None
    if not config.is_file():
        what = "is not a file" if config.exists() else "does not exist"
        raise ConfigError(f"The config file {config} {what}. Check the path given to --config.")
    return config


def _from_file(file: Path | None, skip: Any) -> dict[str, Any]:
    """Return the checked values of a config file by field name, without those in `skip`."""
    if file is None:
        return {}
    text = _read_text(file)
    table = _parse_toml(text, file)
    by_key = {setting.key: setting for setting in settings()}
    values = {}
    for key, value in table.items():
        origin = f"{file}, line {line_of(text, key)}"
        if key not in by_key:
            raise ConfigError(f'{origin}: unknown setting "{key}". {_remedy(key, list(by_key))}')
        setting = by_key[key]
        if setting.not_in_files:
            raise ConfigError(f"{origin}: {key} {setting.not_in_files}.")
        if setting.field not in skip:
            values[setting.field] = _checked(setting, value, file.parent, f"{origin}: {key}")
    return values


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{file} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from error


def _parse_toml(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        line = int(found[1]) if found and found[1] else len(text.splitlines())
        reason = str(error)[: found.start()] if found else str(error)
        shown = text.splitlines()[line - 1].strip() if 0 < line <= len(text.splitlines()) else ""
        raise ConfigError(
            f"{file}, line {line}: not valid TOML: {reason}. The line reads: {shown!r}"
        ) from error
    except (ValueError, RecursionError) as error:
        # tomllib follows values as deep as they go, and numbers as long as Python allows.
        raise ConfigError(
            f"{file} has a value that no setting has: nested too deep, or a number of thousands of "
            f"digits ({error}). Take it out."
        ) from error


def _checked(setting: Setting, value: object, folder: Path, origin: str) -> Any:
    try:
        return setting.kind.parse(value, folder)
    except ValueError as error:
        raise ConfigError(f"{origin} {error}.") from error


def _remedy(key: str, known: list[str]) -> str:
    by_form = {name.replace("_", "-"): name for name in known}
    nearest = difflib.get_close_matches(key.replace("_", "-").lower(), by_form, n=1)
    if nearest:
        return f'Did you mean "{by_form[nearest[0]]}"?'
    return f"The settings are: {', '.join(known)}."


def line_of(text: str, key: str) -> int:
    """Return the number of the line that sets a top-level key in valid TOML, counted from 1.

    tomllib keeps no positions. A line counts if it looks like `key =`, `key.` or `[key]` and
    what comes before it is TOML in itself: otherwise it lies inside a multi-line string.
    """
    start = re.compile(rf"""\s*(?:\[\[?\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if start.match(line) and _is_toml("\n".join(lines[:index])):
            return index + 1
    return 1


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
