from typing import Any

import numpy as np
import pytest

from builder.model.network.grouped import ungroup
from builder.model.setup import keras as import_keras
from builder.model.trace import trace_model

keras = import_keras()


@pytest.mark.parametrize("groups", [3, 6])
@pytest.mark.parametrize("options", [{}, {"use_bias": False, "strides": 2, "padding": "same"}])
def test_groups_are_taken_apart(groups: int, options: dict[str, Any]) -> None:
    keras.utils.set_random_seed(4)
    inputs = keras.Input((9, 11, 6))
    layer = keras.layers.Conv2D(12, 3, groups=groups, activation="relu", **options)
    model = keras.Model(inputs, layer(inputs))
    if layer.use_bias:
        layer.bias.assign(np.linspace(-1, 1, 12))
    trace = ungroup(trace_model(model, 9, 11))
    kind = type(trace.steps[-1].operation).__name__
    assert kind == ("DepthwiseConv2D" if groups == 6 else "SplitConvolution")
    image = np.random.default_rng(0).normal(size=(1, 9, 11, 6)).astype(np.float32)
    ours = np.asarray(trace.run(image)[trace.output])
    np.testing.assert_allclose(ours, model(image), atol=1e-5)
