import importlib
import inspect

import numpy as np
import pytest

from builder.model.application_table import APPLICATIONS
from builder.model.images.preprocessing import affine, scale
from builder.model.loading.applications import (
    APPLICATION_NAMES,
    application_preprocessing,
    create_application,
    default_input_size,
    describe,
)
from builder.model.setup import keras as import_keras

keras = import_keras()


def test_the_table_lists_what_keras_has() -> None:
    constructors = {
        name
        for name, value in vars(keras.applications).items()
        if inspect.isfunction(value) and name[0].isupper()
    }
    assert {a.constructor for a in APPLICATIONS.values()} == constructors
    assert len(APPLICATION_NAMES) == len(set(APPLICATION_NAMES)) == len(constructors)


@pytest.mark.parametrize("name", APPLICATION_NAMES)
def test_the_table_says_what_keras_says(name: str) -> None:
    application = APPLICATIONS[name]
    constructor = getattr(keras.applications, application.constructor)
    assert ("alpha" in inspect.signature(constructor).parameters) == bool(application.alphas)
    source = inspect.getsource(inspect.getmodule(constructor))
    assert default_input_size(name) == application.input_size
    if name not in ("mobilenet", "mobilenetv2") and "v3" not in name.removeprefix("inception"):
        assert str(application.input_size) in source


@pytest.mark.parametrize("name", APPLICATION_NAMES)
def test_scaling_is_that_of_keras(name: str) -> None:
    module = importlib.import_module(f"keras.applications.{APPLICATIONS[name].module}")
    photo = np.random.default_rng(1).uniform(0, 255, (1, 3, 5, 3)).astype(np.float32)
    preprocessing = application_preprocessing(name, 96)
    assert preprocessing.input_height == preprocessing.input_width == 96
    expected = np.asarray(module.preprocess_input(photo.copy()))
    np.testing.assert_allclose(scale(photo, preprocessing), expected, atol=1e-4)
    matrix, offset = affine(preprocessing)
    np.testing.assert_allclose(photo @ matrix + offset, expected, atol=1e-4)


def test_a_network_is_built_as_asked_for() -> None:
    model = create_application(
        "mobilenet", alpha=0.25, input_size=64, weights=None, include_top=False
    )
    assert model.input_shape == (None, 64, 64, 3)
    assert model.output_shape == (None, 2, 2, 256)
    model = create_application("mobilenetv3small", input_size=64, weights=None, classes=7)
    assert model.output_shape == (None, 7)


def test_names_are_for_people() -> None:
    assert describe("mobilenet", 0.25, 224) == "MobileNet v1 0.25, 224 px"
    assert describe("resnet50", None, None) == "ResNet 50, 224 px"
