"""The table of `keras.applications` in docs/models.md, from what models_table.py has measured."""

import json
from pathlib import Path
from typing import Any

from builder.model.quantize.modes import DEFAULT, MODES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "models.md"
START, END = "<!-- table: made by benchmarks/models_table.py -->", "<!-- end of table -->"

_NONE = "–"
_NAMES = ", ".join(mode.name for mode in MODES)
_COLUMNS = (
    *("architecture", "`--model`", "input", *(mode.name for mode in MODES)),
    *(f"same first answer: {_NAMES}", f"largest difference: {_NAMES}", "ms a photo"),
)


def read_results(results: Path) -> dict[str, dict[str, Any]]:
    """Return what was measured by the name of the architecture; later lines add to earlier ones."""
    entries: dict[str, dict[str, Any]] = {}
    for line in results.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        entries.setdefault(entry["name"], {}).update(entry)
    return entries


def write_page(results: Path, page: Path = PAGE) -> None:
    """Put the table of all measurements into the page."""
    from builder.model.application_table import APPLICATIONS

    entries = read_results(results)
    rows = [_COLUMNS, ("---",) * len(_COLUMNS)]
    rows += [_row(app.title, app.name, entries.get(app.name, {})) for app in APPLICATIONS.values()]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    before, _, rest = page.read_text(encoding="utf-8").partition(START)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{START}\n{table}{END}{after}", encoding="utf-8")


def _row(title: str, name: str, entry: dict[str, Any]) -> tuple[str, ...]:
    names = (title, f"`{name}`")
    measured = [entry.get(mode.name) for mode in MODES]
    if not any(measured):
        said = entry.get("error", "not measured")
        return (*names, said, *[""] * (len(_COLUMNS) - 3))
    timed = [entry.get(DEFAULT), *measured]
    speed = next((one["milliseconds"] for one in timed if one and "milliseconds" in one), None)
    return (
        *names,
        f"{entry['size']} px",
        *(f"{one['bytes'] / 1e6:.1f} MB" if one else _NONE for one in measured),
        ", ".join(f"{one['agreement']:.0%}" if one else _NONE for one in measured),
        ", ".join(f"{one['difference']:.0e}" if one else _NONE for one in measured),
        f"{speed:.0f}" if speed else _NONE,
    )
