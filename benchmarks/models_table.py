"""Measures every architecture of `keras.applications` and writes the table in docs/models.md.

    python -m benchmarks.models_table measure RESULTS.jsonl [NAME …]
    python -m benchmarks.models_table write RESULTS.jsonl

`measure` adds what the file lacks, each architecture in a process of its own: first those that are
not there at all, smallest first, then quantizations that are missing. Stop it when you like and go
on later. Modes that TensorFlow.js itself cannot read run on TensorFlow and are not timed. The
weights are random (those of ImageNet make the same graph), set so that the network tells images
apart. Needs `node_modules`.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.models_page import read_results, write_page
from builder.model.quantize.modes import MODES, mode_named

ROOT = Path(__file__).resolve().parents[1]
IMAGES = 6
TIMEOUT_SECONDS = 1500
_SMALLEST_FIRST = (
    "mobilenetv3small",
    "mobilenetv2",
    "mobilenet",
    "mobilenetv3large",
    "nasnetmobile",
    "efficientnetb0",
    "efficientnetv2b0",
    "densenet121",
    "efficientnetb1",
    "efficientnetv2b1",
    "efficientnetv2b2",
    "efficientnetb2",
    "resnet50",
    "resnet50v2",
    "convnexttiny",
    "efficientnetb3",
    "efficientnetv2b3",
    "densenet169",
    "inceptionv3",
    "xception",
    "densenet201",
    "vgg16",
    "efficientnetv2s",
    "efficientnetb4",
    "vgg19",
    "resnet101",
    "resnet101v2",
    "convnextsmall",
    "inceptionresnetv2",
    "resnet152",
    "resnet152v2",
    "efficientnetb5",
    "efficientnetv2m",
    "nasnetlarge",
    "convnextbase",
    "efficientnetb6",
    "efficientnetv2l",
    "efficientnetb7",
    "convnextlarge",
    "convnextxlarge",
)


def measure(results: Path, names: list[str]) -> None:
    """Add the measurements of all architectures that `results` lacks."""
    results.touch()
    for name, lacking in _lacking(results, names):
        started = time.monotonic()
        command = [sys.executable, "-m", "benchmarks.models_table", "one", name, *lacking]
        try:
            ran = subprocess.run(
                command,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=TIMEOUT_SECONDS,
            )
            last = (ran.stdout or ran.stderr).strip().splitlines()[-1:]
            said = "".join(last) or f"the process ended with status {ran.returncode}"
            entry = json.loads(said) if ran.returncode == 0 else {"error": said}
        except subprocess.TimeoutExpired:
            entry = {"error": f"not finished in {TIMEOUT_SECONDS} s"}
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, **entry}) + "\n")
        sys.stderr.write(f"{name}: {time.monotonic() - started:.0f} s\n")


def _lacking(results: Path, names: list[str]) -> list[tuple[str, list[str]]]:
    """Return each architecture with the quantizations that are missing, unknown ones first."""
    entries = read_results(results)
    found = [
        (name, [mode.name for mode in MODES if mode.name not in entries.get(name, {})])
        for name in names or _SMALLEST_FIRST
        if "error" not in entries.get(name, {})
    ]
    return sorted((one for one in found if one[1]), key=lambda one: one[0] in entries)


def one(name: str, quantizations: list[str]) -> dict[str, Any]:
    """Convert one architecture and run it on a few images; return what was measured."""
    import numpy as np

    from benchmarks.random_weights import with_random_weights
    from benchmarks.reference_images import reference_images
    from builder.model.convert import convert_graph
    from builder.model.emitted import EmittedModel
    from builder.model.loading.applications import application_preprocessing, create_application
    from builder.model.loading.applications import default_input_size as size_of
    from builder.model.metadata import Provenance
    from builder.model.network.inference import inference_model
    from builder.model.parity import keras_probabilities
    from builder.model.setup import keras
    from builder.model.source import SourceModel

    keras().utils.set_random_seed(5)
    size = size_of(name)
    source = SourceModel(
        keras_model=with_random_weights(create_application(name, weights=None)),
        labels=(),
        preprocessing=application_preprocessing(name, size),
        provenance=Provenance(name, name, "random", "0" * 64),
    )
    images, calibration = np.split(reference_images(size, size)[: 2 * IMAGES], 2)
    expected = keras_probabilities(source, images)
    entry: dict[str, Any] = {"size": size, "spread": float(expected.std(0).max())}
    converted = convert_graph(inference_model(source))
    for quantization in quantizations:
        graph = converted.emit(quantization, calibration)
        entry[quantization] = {
            "bytes": sum(len(file) for path, file in graph.files.items() if path.endswith(".bin"))
        }
        if mode_named(quantization).is_read_by_tensorflow_js:
            probabilities, milliseconds = _run(dict(graph.files), images)
            entry[quantization]["milliseconds"] = float(np.median(milliseconds))
        else:
            probabilities = EmittedModel(graph.files).predict(images)
        entry[quantization] |= {
            "agreement": float(np.mean(probabilities.argmax(-1) == expected.argmax(-1))),
            "difference": float(np.abs(probabilities - expected).max()),
        }
    return entry


def _run(files: dict[str, bytes], images: Any) -> tuple[Any, list[float]]:
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            Path(folder, path).write_bytes(content)
        photos = Path(folder, "images")
        photos.write_bytes(images.tobytes())
        script = Path(__file__).with_name("run_graph.mjs")
        command = ["node", script, folder, photos, *map(str, images.shape[1:3])]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"TensorFlow.js: {ran.stderr.strip().splitlines()[-1]}")
    answer = json.loads(ran.stdout)
    return np.asarray(answer["probabilities"]), answer["milliseconds"]


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    if verb == "one":
        sys.stdout.write(json.dumps(one(arguments[0], arguments[1:])))
    elif verb == "measure":
        measure(Path(arguments[0]), arguments[1:])
    else:
        write_page(Path(arguments[0]))
