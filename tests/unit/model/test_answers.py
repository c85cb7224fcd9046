"""A photo's answer is that to the photo alone, however many are asked about at once."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder.model.answers import answers_to, as_inputs
from builder.model.setup import keras as import_keras

IMAGES = np.arange(5 * 4, dtype=np.float32).reshape(5, 2, 2, 1)
EXPECTED = IMAGES.reshape(5, -1).sum(1, keepdims=True)


def plain(images: Any) -> Any:
    return images.reshape(len(images), -1).sum(1, keepdims=True)


def test_photos_go_through_a_model_in_batches() -> None:
    sizes: list[int] = []

    def predict(images: Any) -> Any:
        sizes.append(len(images))
        return {"scores": plain(images)}

    np.testing.assert_array_equal(answers_to(predict, IMAGES, 2), EXPECTED)
    assert sizes == [1, 2, 2, 1]


def test_a_model_that_takes_one_photo_gets_one_at_a_time() -> None:
    def predict(images: Any) -> Any:
        if len(images) != 1:
            raise ValueError("expected a batch of 1")
        return plain(images)

    np.testing.assert_array_equal(answers_to(predict, IMAGES, 4), EXPECTED)


def test_a_model_that_mixes_a_batch_gets_one_at_a_time() -> None:
    def predict(images: Any) -> Any:
        return plain(images) + plain(images)[-1] - plain(images)[0]

    np.testing.assert_array_equal(answers_to(predict, IMAGES, 4), EXPECTED)


def test_a_model_with_one_answer_for_all_gets_one_at_a_time() -> None:
    def predict(images: Any) -> Any:
        return plain(images)[:1]

    np.testing.assert_array_equal(answers_to(predict, IMAGES, 4), EXPECTED)


@pytest.mark.parametrize(
    "make",
    [
        lambda keras, photo, answer: keras.Model(photo, answer),
        lambda keras, photo, answer: keras.Model([photo], answer),
        lambda keras, photo, answer: keras.Model({"photo": photo}, answer),
        lambda keras, *_: keras.Sequential(
            [keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
        ),
    ],
)
def test_keras_warns_of_no_form_of_input(make: Callable[..., Any]) -> None:
    keras = import_keras()
    photo = keras.Input((4, 4, 3), name="photo")
    answer = keras.layers.Dense(2, activation="softmax")(keras.layers.Flatten()(photo))
    model = make(keras, photo, answer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model(as_inputs(model, np.zeros((3, 4, 4, 3)))).shape == (3, 2)
