"""Writes docs/configuration.md from the settings: `python -m builder.config.docs`."""

from pathlib import Path

from builder.config.field_docs import Setting, settings
from builder.config.reading import CONFIG_NAME

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"

_INTRODUCTION = f"""\
# Configuration

<!-- Made by `python -m builder.config.docs` from builder/config/site_config.py: edit that. -->

Every setting can be given in a config file or on the command line; the command line wins.
`classifier-pwa build` reads `{CONFIG_NAME}` from the working directory if there is one, or the file
that `--config` names. Relative paths in the file start from the file's own folder.

```toml
# {CONFIG_NAME}
model = "mobilenet"
alpha = 0.25
title = "What is it?"
theme-color = "#5b21b6"
base-url = "https://example.org/what/"
```

The same on the command line:

```sh
classifier-pwa build --model mobilenet --alpha 0.25 --title "What is it?" \\
  --theme-color "#5b21b6" --base-url https://example.org/what/
```

A setting that is true or false is an option without a value: `--grayscale`, `--no-grayscale`.

## Settings
"""


def configuration_page() -> str:
    """Return the page in Markdown."""
    return _INTRODUCTION + "".join(_section(setting) for setting in settings())


def _section(setting: Setting) -> str:
    default = "not set" if setting.default is None else f"`{_toml(setting.default)}`"
    kind = setting.kind.name[0].upper() + setting.kind.name[1:]
    return f"\n### `{setting.key}`\n\n{setting.doc}\n\n{kind}. Default: {default}.\n"


def _toml(value: object) -> str:
    """Return a default as the config file would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(configuration_page(), encoding="utf-8")
