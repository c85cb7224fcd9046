"""The engine's answers, in each of its builds, by Node."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.resources import assets
from hatch_build import node_programs
from tests.conformance.graphs import Question
from tests.conformance.ways import Answer, answer_of, described

BUILDS = ("engine-simd.wasm", "engine-relaxed-simd.wasm")
SCRIPT = Path(__file__).with_name("engine.mjs")


def engine_answers(
    questions: Mapping[str, Question],
    build: str,
    photos: Mapping[str, NDArray[np.float32]] | None = None,
) -> dict[str, Answer]:
    """Return what the engine answers to each question; what it lacks is an error "lacks …".

    `photos` has what goes into a graph's placeholder, where it has one.
    """
    weights = bytearray()
    asked = {name: described(one, weights) for name, one in questions.items()}
    for name, photo in (photos or {}).items():
        begin = len(weights)
        weights += np.ascontiguousarray(photo, np.float32).tobytes()
        asked[name]["photo"] = {"begin": begin, "end": len(weights)}
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-engine-") as temporary:
        folder = Path(temporary)
        (folder / "questions.json").write_text(json.dumps(asked))
        (folder / "weights.bin").write_bytes(weights)
        node, _ = node_programs()
        subprocess.run([node, SCRIPT, assets() / "runtime", build, folder], check=True)
        found = json.loads((folder / "answers.json").read_bytes())
    return {name: _answer(one) for name, one in found.items()}


def _answer(found: object) -> Answer:
    if isinstance(found, dict) and "unsupported" in found:
        return Answer([], f"lacks {found['unsupported']}")
    return answer_of(found)
