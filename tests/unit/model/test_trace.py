"""A network's layers as a flat list."""

import numpy as np
import pytest

from builder.model.setup import keras as import_keras
from builder.model.trace import IDLE_AT_INFERENCE

keras = import_keras()
PHOTOS = np.random.default_rng(1).uniform(0, 255, (2, 8, 8, 3)).astype(np.float32)
_HALF = """
AlphaDropout Dropout GaussianDropout GaussianNoise RandomBrightness RandomColorDegeneration
RandomContrast RandomHue RandomRotation RandomSaturation RandomSharpness RandomZoom SpatialDropout2D
"""
_ARGUMENTS = {
    **dict.fromkeys(_HALF.split(), (0.5,)),
    "RandomPosterization": (4,),
    "RandomTranslation": (0.5, 0.5),
}


@pytest.mark.parametrize("name", sorted(IDLE_AT_INFERENCE))
def test_what_is_left_out_does_nothing_at_inference(name: str) -> None:
    layer = getattr(keras.layers, name)(*_ARGUMENTS.get(name, ()))
    np.testing.assert_array_equal(layer(PHOTOS, training=False), PHOTOS)
