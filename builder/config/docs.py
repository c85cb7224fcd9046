"""Writes what the docs say of settings: `python -m builder.config.docs`.

All of docs/configuration.md, and the table of quantization modes in docs/quantization.md.
"""

from pathlib import Path

from builder.config.field_docs import Setting, settings
from builder.config.groups import GROUPS
from builder.config.reading import CONFIG_NAME
from builder.model.quantize import modes

_DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = _DOCS / "configuration.md"
QUANTIZATION_PAGE = _DOCS / "quantization.md"

_START, _END = "<!-- modes: made by `python -m builder.config.docs` -->\n", "<!-- end of modes -->"

_INTRODUCTION = f"""\
# Configuration

<!-- Made by `python -m builder.config.docs` from builder/config/site_config.py: edit that. -->

Every setting can be given on the command line or, except `force`, in a config file; the command
line wins. `classifier-pwa build` reads `{CONFIG_NAME}` from the working directory if there is one,
or the file that `--config` names. Relative paths in the file start from the file's own folder.

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

Settings that are true or false are options without a value: `--grayscale`, `--no-grayscale`.
"""


def configuration_page() -> str:
    """Return the page in Markdown."""
    by_field = {setting.field: setting for setting in settings()}
    return _INTRODUCTION + "".join(
        f"\n## {title}\n" + "".join(_section(by_field[field]) for field in fields)
        for title, fields in GROUPS.items()
    )


def quantization_page(page: str) -> str:
    """Return docs/quantization.md with its table of modes as the code has them."""
    before, _, rest = page.partition(_START)
    _, _, after = rest.partition(_END)
    if not after:
        raise ValueError(f"{QUANTIZATION_PAGE} lacks {_START.strip()} or {_END}")
    rows = ["| `--quantize` | stores |", "|---|---|"]
    rows += [f"| `{name}` | {meaning} |" for name, meaning in modes.DESCRIPTIONS.items()]
    return before + _START + "\n".join(rows) + "\n" + _END + after


def _section(setting: Setting) -> str:
    default = "not set" if setting.default is None else f"`{_toml(setting.default)}`"
    kind = setting.kind.name[0].upper() + setting.kind.name[1:]
    where = " On the command line only." if setting.not_in_files else ""
    return f"\n### `{setting.key}`\n\n{setting.doc}\n\n{kind}. Default: {default}.{where}\n"


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
    written = quantization_page(QUANTIZATION_PAGE.read_text(encoding="utf-8"))
    QUANTIZATION_PAGE.write_text(written, encoding="utf-8")
