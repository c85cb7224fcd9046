"""What a training takes of the network that it starts from."""

from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import ModelError
from builder.model.loading import lite0
from builder.model.loading.imagenet import WeightsUnavailableError
from builder.model.setup import keras as import_keras
from builder.training import bases
from builder.training.bases import make_base
from builder.training.options import TrainOptions


@pytest.mark.slow
def test_a_sequential_model_is_a_base_as_any_other(tmp_path: Path) -> None:
    keras = import_keras()
    layers = [
        keras.Input((32, 32, 3)),
        keras.layers.Conv2D(4, 3),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, activation="softmax"),
    ]
    keras.Sequential(layers).save(tmp_path / "plain.keras")
    options = TrainOptions(tmp_path, tmp_path / "new.keras", base=str(tmp_path / "plain.keras"))
    with pytest.raises(ModelError, match=r"plain\.keras has reached the ceiling of 6e-05 minutes"):
        make_base(replace(options, time_limit=6e-5), classes=3, photos=10)
    base = make_base(options, classes=3, photos=10)
    assert base.model.output_shape == (None, 3)
    assert base.model.get_layer("embedding").output.shape == (None, 4)

    assert base.preprocessing.rescale_factor == 1 / 255, "a guess, which an option overrules"
    asked = make_base(replace(options, preprocessing="mobilenet"), classes=3, photos=10)
    assert asked.preprocessing.rescale_factor == 1 / 127.5
    assert asked.preprocessing.crop_fraction == base.preprocessing.crop_fraction

    stretched = make_base(replace(options, fit="stretch"), classes=3, photos=10)
    assert (stretched.preprocessing.fit, stretched.preprocessing.crop_fraction) == ("stretch", 1.0)


@pytest.mark.parametrize(("installed", "chosen"), [(True, lite0.NAME), (False, "demo")])
def test_auto_starts_from_the_nearest_network_that_can_be_had_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool, chosen: str
) -> None:
    def unavailable(*_arguments: object) -> None:
        raise WeightsUnavailableError("The weights cannot be downloaded.", "Go online.")

    monkeypatch.setattr(bases, "_application", unavailable)
    if not installed:
        monkeypatch.setattr(lite0, "find_lite0_weights", lambda: None)
    said: list[str] = []
    base = make_base(TrainOptions(tmp_path, tmp_path / "new.keras"), 3, 10, said.append)
    assert base.chosen == chosen
    assert base.model.output_shape[-1] == 3
    assert said == [base.reason]
    assert base.reason.startswith("The weights cannot be downloaded. Training starts from ")
    assert "Go online" not in base.reason
    with pytest.raises(WeightsUnavailableError, match="Go online"):
        make_base(TrainOptions(tmp_path, tmp_path / "new.keras", base="mobilenet"), 3, 10)
