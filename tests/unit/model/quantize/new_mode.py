"""Adds a quantization mode as a row of the table, and prints what everything else makes of it.

A program of its own (`test_modes`), because options, help and tables are made when modules are
imported: the row stands in the table before any of them is.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from builder.model.quantize import modes


@dataclass(frozen=True)
class Signs:
    """A weight as one byte for its sign: -1, 0 or 1."""

    dtype: ClassVar[str] = "sign"
    is_known_to_tensorflow_js: ClassVar[bool] = False

    values: Any

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.values.shape)

    @property
    def quantization(self) -> dict[str, Any]:
        return {}

    @property
    def content(self) -> bytes:
        return bytes(self.values.tobytes())

    @property
    def weights(self) -> Any:
        return self.values.astype(np.float32)

    @classmethod
    def size(cls, entry: Any) -> int:
        return int(np.prod(entry["shape"]))

    @classmethod
    def read(cls, entry: Any, content: bytes) -> "Signs":
        return cls(np.frombuffer(content, np.int8).reshape(entry["shape"]))


def _store(graph: Any, _calibration: Any) -> dict[str, Signs]:
    return {name: Signs(np.sign(array).astype(np.int8)) for name, array in graph.weights.items()}


ROW = modes.Mode(
    "signs", "only the signs", _store, needs_calibration=True, forms=(Signs,), alternative="mixed"
)
modes.MODES = (*modes.MODES, ROW)
modes.DESCRIPTIONS = {ROW.name: ROW.description, **modes.DESCRIPTIONS}


def main() -> None:
    """Print one JSON object: consumer → what it says of the new mode."""
    from click.testing import CliRunner

    from benchmarks.models_page import write_page
    from builder.cli.main import main as command
    from builder.config import checked_options
    from builder.config.docs import configuration_page, quantization_page
    from builder.errors import ParityError
    from builder.model.convert import ConvertedGraph
    from builder.model.graph.canonical import CanonicalGraph
    from builder.model.parity import Parity
    from builder.model.quantize.choice import require_parity
    from builder.model.quantize.modes import modes_of
    from builder.model.quantize.shards import decode_weights

    weights = {"kernel": np.array([[0.5, -2.0], [0.0, 3.0]], np.float32)}
    graph = CanonicalGraph({"node": []}, {}, weights, frozenset())
    emitted = ConvertedGraph(graph, {}).emit("signs", np.empty(0))
    decoded = decode_weights(emitted.document["weightsManifest"], emitted.files)
    page = Path("page.md")
    page.write_text("<!-- table: made by benchmarks/models_table.py -->\n<!-- end of table -->")
    Path("results.jsonl").write_text("")
    write_page(Path("results.jsonl"), page)
    try:
        require_parity(Parity(0.9, 0.1, 0.001, 24, 20, 1), "signs")
    except ParityError as error:
        refusal = str(error)
    table = "<!-- modes: made by `python -m builder.config.docs` -->\n<!-- end of modes -->\n"
    help_text = CliRunner().invoke(command, ["build", "--help"]).output
    said = {
        "option": checked_options({"quantize": "signs"})["quantize"],
        "help": " ".join(help_text.split()),
        "configuration": configuration_page(),
        "quantization": quantization_page(table),
        "auto": [mode.name for mode in modes_of("auto", "custom")],
        "emitted": emitted.quantization,
        "decoded": decoded["kernel"].tolist(),
        "refusal": refusal,
        "benchmark": page.read_text(),
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
