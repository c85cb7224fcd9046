"""Command line options made from the settings."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from builder.config.field_docs import Setting, settings
from builder.config.reading import CONFIG_NAME

Command = TypeVar("Command", bound=Callable[..., Any])


def config_options(command: Command) -> Command:
    """Add `--config` and one option for every setting.

    Options that were not given arrive as None, so that the config file decides.
    """
    for setting in reversed(settings()):
        command = _option(setting)(command)
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Config file.  [default: {CONFIG_NAME}, if there is one]",
    )(command)


def shared_options(
    verb: str, former_names: Mapping[str, str] | None = None
) -> Callable[[Command], Command]:
    """Return a decorator that adds an option for every setting that `verb` shares with `build`.

    Options that were not given arrive as None; `builder.config.checked_options` takes the others.
    `former_names` maps a setting's field to a name that its option had before and still answers to.
    """

    def add(command: Command) -> Command:
        for setting in reversed(settings()):
            if verb in setting.shared_with:
                former = (former_names or {}).get(setting.field)
                command = _option(setting, *([former] if former else []))(command)
        return command

    return add


def _option(setting: Setting, *former: str) -> Callable[[Command], Command]:
    help_text = setting.doc.replace("`", "") + _shown_default(setting)
    if isinstance(setting.default, bool):
        names = f"{setting.option}/--no-{setting.key}"
        return click.option(names, setting.field, default=None, help=help_text)
    return click.option(
        setting.option,
        *former,
        setting.field,
        type=_click_type(setting),
        multiple=setting.kind.many,
        callback=_given if setting.kind.many else None,
        metavar=None if setting.kind.choices else setting.kind.metavar,
        help=help_text,
    )


def _given(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> Any:
    """Return None where an option that may be repeated was not given at all."""
    return values or None


def _click_type(setting: Setting) -> click.ParamType[Any]:
    if setting.kind.choices:
        return click.Choice(setting.kind.choices)
    if setting.kind.metavar == "INTEGER":
        return click.INT
    return click.FLOAT if setting.kind.metavar == "NUMBER" else click.STRING


def _shown_default(setting: Setting) -> str:
    if setting.default in (None, ()) or isinstance(setting.default, bool):
        return ""
    return f"  [default: {setting.default}]"
