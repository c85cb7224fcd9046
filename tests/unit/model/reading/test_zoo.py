import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.errors import BuilderError, LabelsError
from builder.model.loading.load import load_source
from builder.model.pipeline import convert_model
from builder.model.setup import keras as import_keras
from tests.unit.model.reading.forms import NAMES
from tests.unit.model.reading.zoo import ZOO

import_keras()


@pytest.mark.parametrize("name", ZOO)
def test_each_animal_gets_a_clear_sentence_and_leaves_nothing_behind(
    name: str,
    forms: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make, pattern = ZOO[name]
    cage, temporary, work = (tmp_path / part for part in ("cage", "temporary", "work"))
    for folder in (cage, temporary, work):
        folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = make(cage, forms)
    (cage / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    before = sorted(cage.rglob("*"))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.chdir(work)
    config = SiteConfig(model=str(path), labels=cage / "names.txt", preprocessing="0-1")
    with pytest.raises(BuilderError, match=pattern) as caught:
        convert_model(config, lambda _: None, lambda _: None)
    message = caught.value.message
    assert "\n" not in message
    assert len(message) < 600, message
    assert "Traceback" not in message
    assert message.endswith((".", ")"))
    assert sorted(cage.rglob("*")) == before
    assert list(temporary.iterdir()) == list(work.iterdir()) == []


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
    assert len(ZOO) >= 40


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
