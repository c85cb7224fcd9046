import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.config import SiteConfig
from builder.errors import LabelsError
from builder.model.conversion import convert_model
from builder.model.loading.load import load_source
from builder.model.setup import keras as import_keras
from tests.conftest import ROOT
from tests.unit.model.reading import hostile_configs, hostile_files, hostile_graphs, zoo
from tests.unit.model.reading.animals import OUTSIDE, ZOO
from tests.unit.model.reading.forms import NAMES

import_keras()
ACTS = {
    "!write": ["changed .*outside/python", "open .*outside/python"],
    "!write natively": ["changed .*outside/native"],
    "!start": ["posix_spawn", "waited for it"],
    "!start natively": ["waited for it"],
}
"""What the process is asked to do wrong on purpose, and what must be found of it."""


@pytest.fixture(scope="module")
def answers(
    forms: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Open all animals in one process of its own, which reports what it has seen of each."""
    base = tmp_path_factory.mktemp("zoo")
    requests = []
    for index, name in enumerate((*ACTS, *ZOO)):
        cage, outside = base / str(index) / "cage", base / str(index) / OUTSIDE
        for folder in (cage, outside):
            folder.mkdir(parents=True)
        (outside / "secret").write_bytes(bytes(range(256)) * 64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = name if name in ACTS else ZOO[name][0](cage, forms)
        labels = cage / "names.txt"
        labels.write_text("\n".join(NAMES), encoding="utf-8")
        request = {"name": name, "model": model, "labels": labels, "cage": cage, OUTSIDE: outside}
        requests.append({key: str(value) for key, value in request.items()})
    (base / "request.json").write_text(json.dumps(requests), encoding="utf-8")
    (base / "home").mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.unit.model.reading.open_zoo", "request.json", "report.json"],
        cwd=base,
        env={**os.environ, "HOME": str(base / "home"), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    answers: dict[str, dict[str, Any]] = json.loads((base / "report.json").read_bytes())
    return answers


@pytest.mark.slow
@pytest.mark.parametrize("name", ZOO)
def test_each_animal_gets_a_clear_sentence(name: str, answers: dict[str, dict[str, Any]]) -> None:
    assert "error" not in answers[name]
    message = answers[name]["sentence"]
    assert re.search(ZOO[name][1], message), message
    assert "\n" not in message
    assert len(message) < 600, message
    assert "Traceback" not in message
    assert message.endswith((".", ")"))


def test_no_animal_changes_a_file_or_starts_a_process(answers: dict[str, dict[str, Any]]) -> None:
    assert {name: answers[name]["found"] for name in ZOO if answers[name]["found"]} == {}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_wrong_is_seen(act: str, answers: dict[str, dict[str, Any]]) -> None:
    for pattern in ACTS[act]:
        assert any(re.search(pattern, line) for line in answers[act]["found"]), answers[act]


@pytest.mark.parametrize("quantize", ["float16", "mixed"])
def test_weights_beyond_half_precision_keep_their_size(quantize: str, tmp_path: Path) -> None:
    """Float16 holds up to 65,504: what is larger never becomes infinity."""
    keras = import_keras()
    keras.utils.set_random_seed(2)
    inputs = keras.Input((8, 8, 3))
    wide = keras.layers.Dense(900, activation="relu")
    outputs = keras.layers.Dense(3)(wide(keras.layers.GlobalAveragePooling2D()(inputs)))
    model = keras.Model(inputs, outputs)
    kernel, bias = wide.get_weights()
    wide.set_weights([kernel * 1e6, bias])
    last = model.layers[-1]
    last.set_weights([last.get_weights()[0] * 1e-6, last.get_weights()[1]])
    model.save(tmp_path / "huge.keras")
    (tmp_path / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    config = SiteConfig(
        model=str(tmp_path / "huge.keras"), labels=tmp_path / "names.txt", quantize=quantize
    )
    made = convert_model(config, lambda _: None, lambda _: None)
    parity = json.loads(made.entry.files["metadata.json"])["parity"]
    assert parity["top1Agreement"] == 1.0
    assert parity["maxProbabilityDifference"] < 0.01
    manifest = json.loads(made.entry.files["model.json"])["weightsManifest"]
    stored = {
        tuple(weight["shape"]): weight.get("quantization", {}).get("dtype")
        for weight in manifest[0]["weights"]
    }
    assert stored[(3, 900)] == (None if quantize == "float16" else "int8")
    assert stored[(900, 3)] is not None


def test_the_zoo_is_large_enough() -> None:
    hostile = {make.__module__ for make, _ in ZOO.values()}
    assert {
        part.__name__ for part in (hostile_configs, hostile_files, hostile_graphs, zoo)
    } == hostile
    assert len(ZOO) >= 150


@pytest.mark.parametrize(
    ("file", "content", "pattern"),
    [
        ("a.txt", b"", "has no class names"),
        ("a.txt", b"ash\n\noak", "line 2: the class name is empty"),
        ("a.txt", b"ash\nash\noak", "occurs twice"),
        ("a.txt", b"ash\noak", "gives 2 class names, but the model has 3"),
        ("a.txt", b"\xff\xfe", "not UTF-8"),
        ("a.txt", b"ash\0oak", "binary file"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[" * 100_000, "not a list of class names|not JSON"),
        ("a.json", b'{"0": "ash", "2": "oak"}', "index 1 is missing"),
        ("a.json", b'{"0": "ash", "0": "oak"}', "occurs twice"),
        ("a.json", b"[1, 2, 3]", "not a class name"),
        ("a.csv", b'label\n"ash', "not CSV"),
        ("a.csv", b"number,colour\n1,2", "no column is called"),
        ("a.csv", b"class_index,label\nx,ash", "not a whole number"),
    ],
)
def test_labels_that_cannot_be_used_are_told(
    file: str, content: bytes, pattern: str, forms: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / file
    path.write_bytes(content)
    config = SiteConfig(model=str(forms("keras3.keras")), labels=path, preprocessing="0-1")
    with pytest.raises(LabelsError, match=pattern):
        load_source(config, lambda _: None)
