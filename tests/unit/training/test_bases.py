"""What a training takes of the network that it starts from."""

from pathlib import Path

from builder.model.setup import keras as import_keras
from builder.model.training.bases import make_base
from builder.model.training.options import TrainOptions


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
    base = make_base(options, classes=3, photos=10)
    assert base.model.output_shape == (None, 3)
    assert base.model.get_layer("embedding").output.shape == (None, 4)
