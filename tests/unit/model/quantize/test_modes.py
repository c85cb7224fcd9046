"""A quantization mode is a row of one table; everything that knows modes reads it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from builder.errors import ModelError
from builder.model.application_table import APPLICATIONS
from builder.model.loading.lite0 import NAME
from builder.model.quantize.modes import DEFAULT, DEFAULTS, MODES, mode_named

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = "tests.unit.model.quantize.new_mode"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what each consumer makes of a row that was added to the table."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {PROGRAM} as it; it.main()"
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path_factory.mktemp("mode"),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(result.stdout.splitlines()[-1]))


def test_a_new_row_is_an_option_with_its_help_and_its_docs(said: dict[str, Any]) -> None:
    assert said["option"] == "signs"
    assert '"signs": only the signs' in said["help"]
    assert '"signs": only the signs' in said["configuration"]
    assert 'One of "signs", "none"' in said["configuration"]
    assert "| `signs` | only the signs |" in said["quantization"]


def test_a_new_row_is_measured_stored_and_refused_by_what_it_says(said: dict[str, Any]) -> None:
    assert said["auto"] == [*(mode.name for mode in MODES), "signs"]
    assert said["emitted"] == "signs"
    assert said["decoded"] == [[1, -1], [0, 1]]
    assert "With the weights as signs" in said["refusal"]
    assert "Choose --quantize mixed or auto" in said["refusal"]


def test_a_new_row_has_its_columns_in_the_benchmark(said: dict[str, Any]) -> None:
    assert "| mixed | signs |" in said["benchmark"]
    assert "same first answer: none, float16, uint8, mixed, signs" in said["benchmark"]


def test_the_browser_reads_what_tensorflow_js_does_not() -> None:
    module = ROOT / "site_templates" / "app" / "classifier" / "dequantize.js"
    program = f"console.log(...Object.keys((await import('{module.as_uri()}')).READERS))"
    read = subprocess.run(
        ["node", "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    forms = {form for mode in MODES for form in mode.forms}
    assert set(read) == {form.dtype for form in forms if not form.is_known_to_tensorflow_js}


def test_names_are_found_and_others_refused() -> None:
    assert mode_named(DEFAULT).name == DEFAULT
    assert {mode_named(name).name for name in DEFAULTS.values()} == {"mixed"}
    assert DEFAULTS.keys() <= {NAME, *APPLICATIONS}
    assert {mode.alternative for mode in MODES} - {None} <= {mode.name for mode in MODES}
    with pytest.raises(ModelError, match=r"'int4' is unknown: choose none or float16 or"):
        mode_named("int4")
