"""The ways in which a browser may compute a graph model, and what each answers."""

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.hosting.server import PreviewServer, preview_server
from builder.resources import assets
from builder.site.backends import GRAPHICS, Backend, read_backends
from builder.site.headers import CSP
from tests.conformance.graphs import Question

_TYPES = {"float32": "float32", "int32": "int32", "int64": "int32", "bool": "bool"}
_HEADERS = f"""\
/*
  Content-Security-Policy: {CSP}
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
"""
_ASK = """
async (query) => {
  const policy = trustedTypes.createPolicy('classifier-pwa', { createScriptURL: (url) => url });
  const url = policy.createScriptURL(`worker.js?${query}`);
  const worker = new Worker(url, { type: 'module' });
  const found = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.terminate();
  return found;
}
"""


@dataclass(frozen=True)
class Way:
    """A backend in one of its builds."""

    name: str
    """What the table calls it."""
    backend: str
    """TensorFlow.js's name."""
    binary: str = ""
    """The file of WebAssembly, where it is one."""
    threads: int = 1
    tolerance: float = 1e-4
    """Largest difference of a right answer: absolute, or as a part of the largest number in it."""


_BUILDS = {"relaxed-simd": "relaxed SIMD", "simd": "SIMD"}


def _ways_of(backend: Backend) -> Iterator[Way]:
    if backend.device == GRAPHICS:
        # Graphics processors have sines of three to four digits.
        yield Way(backend.label, backend.name, tolerance=5e-4)
    elif not backend.builds:
        yield Way(backend.label, backend.name)
    for build in backend.builds:
        name = _BUILDS.get(build.name, backend.label)
        yield Way(name, backend.name, build.single.binary)
        if build.threaded:
            yield Way(f"{name}, threads", backend.name, build.threaded.binary, 2)


ENGINE = "engine"
"""Our own, which takes graphs as they are: test_engine.py asks it."""

WAYS = tuple(
    way for backend in read_backends() if backend.name != ENGINE for way in _ways_of(backend)
)
"""All of TensorFlow.js; where there is no graphics processor, its ways compute in software."""


@dataclass(frozen=True)
class Answer:
    """What a way answers to a question."""

    outputs: list[NDArray[Any]]
    """Numbers, float32, of the shape that it gives."""
    error: str = ""
    """Why there are none."""


@contextmanager
def asked(questions: Mapping[str, Question]) -> Iterator[PreviewServer]:
    """Serve a page that answers questions."""
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as name:
        folder = Path(name)
        (folder / "index.html").write_text("<!doctype html><title>Conformance</title>")
        (folder / "_headers").write_text(_HEADERS)
        shutil.copy(Path(__file__).with_name("worker.js"), folder)
        shutil.copytree(assets() / "runtime", folder / "runtime")
        weights = bytearray()
        asking = {name: described(one, weights) for name, one in questions.items()}
        (folder / "questions.json").write_text(json.dumps(asking))
        (folder / "weights.bin").write_bytes(weights)
        with preview_server(folder) as server:
            yield server


def described(question: Question, weights: bytearray) -> dict[str, Any]:
    """Return a question as JSON; its constants go behind `weights`."""
    begin = len(weights)
    specs = []
    for name, value in question.weights.items():
        dtype = _TYPES[value.dtype.name]
        specs.append({"name": name, "shape": list(value.shape), "dtype": dtype})
        weights += value.astype(dtype).tobytes()
    return {
        "nodes": question.nodes,
        "specs": specs,
        "outputs": question.outputs,
        "begin": begin,
        "end": len(weights),
    }


def answers(page: Any, server: PreviewServer, way: Way, bundle: str = "full") -> dict[str, Answer]:
    """Return what a way answers to each question; `page` is Playwright's."""
    page.goto(server.url)
    query = f"bundle={bundle}&backend={way.backend}&binary={way.binary}&threads={way.threads}"
    found = page.evaluate(_ASK, query)
    if "error" in found:
        raise RuntimeError(f"{way.name}: {found['error']}")
    if found["backend"] != way.backend:
        raise RuntimeError(f"{way.name}: {found['backend']} computes")
    return {name: answer_of(one) for name, one in found["answers"].items()}


def answer_of(found: Any) -> Answer:
    """Return an answer from JSON."""
    if isinstance(found, dict):
        return Answer([], found["error"])
    if any(side is None for one in found for side in one["shape"]):
        return Answer([], "a shape with a side that is no number")
    outputs = []
    for one in found:
        values = np.frombuffer(base64.b64decode(one["data"]), np.float32)
        if values.size != prod(one["shape"]):
            return Answer([], f"{values.size} numbers in the shape {one['shape']}")
        outputs.append(values.reshape(one["shape"]))
    return Answer(outputs)
