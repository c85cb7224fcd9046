from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from builder.errors import ModelError, ParityError
from builder.model.convert import QUANTIZATIONS, GraphModel
from builder.model.graphdef import EmittedModel
from builder.model.parity import (
    Parity,
    compare,
    keras_probabilities,
    require_parity,
)
from builder.model.reference_images import COUNT, reference_images
from builder.model.source import SourceModel
from tests.conversion import measure_parity

Converted = Callable[[str], GraphModel]
SHARD = "group1-shard1of1.bin"


def test_the_emitted_files_answer_as_keras_does(
    converted: Converted, trees_source: SourceModel
) -> None:
    exact = measure_parity(converted("none"), trees_source)
    assert exact.images == COUNT >= 16
    assert exact.max_probability_difference < 3e-5
    assert exact.top1_agreement == 1.0
    half = measure_parity(converted("float16"), trees_source)
    assert 1e-6 < half.max_probability_difference < 4e-2
    require_parity(exact, "none")
    require_parity(half, "float16")


def test_bytes_per_channel_answer_nearly_as_keras_does(
    converted: Converted, trees_source: SourceModel
) -> None:
    mixed = measure_parity(converted("mixed"), trees_source)
    assert mixed.top1_agreement > 0.8
    assert mixed.max_probability_difference < 0.1
    assert 0 < mixed.kl_divergence < 0.01
    plain = measure_parity(converted("uint8"), trees_source)
    assert plain.kl_divergence > 10 * mixed.kl_divergence
    sizes = {name: sum(map(len, converted(name).files.values())) for name in QUANTIZATIONS}
    assert sizes["uint8"] < sizes["mixed"] < 0.6 * sizes["float16"]


def test_too_little_agreement_is_refused_where_bytes_are_the_reason() -> None:
    parity = Parity(0.9, 0.5, 3.0, 24)
    with pytest.raises(
        ParityError,
        match=r"50\.0% of 24 photos in here, less than --min-agreement 0\.98; .*"
        r"--quantize float16 or auto, or accept it with --min-agreement 0\.5\.$",
    ):
        require_parity(parity, "uint8", 0.98, "photos in here")
    require_parity(parity, "uint8", 0.5)


def test_the_divergence_is_that_of_kullback_and_leibler() -> None:
    expected = np.array([[0.5, 0.5], [1.0, 0.0]])
    ours = np.array([[0.25, 0.75], [1.0, 0.0]])
    parity = compare(ours, expected)
    assert parity.kl_divergence == pytest.approx((0.5 * np.log(2) + 0.5 * np.log(2 / 3)) / 2)
    assert (parity.max_probability_difference, parity.top1_agreement) == (0.25, 0.5)
    with pytest.raises(ParityError, match="returns 2 classes, the Keras model 3"):
        compare(ours, np.zeros((2, 3)))


def test_the_reference_images_make_the_model_take_sides(trees_source: SourceModel) -> None:
    images = reference_images(96, 96)
    assert images.shape == (COUNT, 96, 96, 3)
    assert images.dtype == np.float32
    assert images.min() >= 0
    assert images.max() <= 255
    np.testing.assert_array_equal(images, reference_images(96, 96))
    probabilities = keras_probabilities(trees_source, images)
    assert len(set(probabilities.argmax(-1))) > 1
    assert probabilities.max() > 0.2


@pytest.mark.parametrize("quantization", ["none", "float16"])
def test_a_damaged_shard_is_found_out(
    quantization: str, converted: Converted, trees_source: SourceModel
) -> None:
    graph = converted(quantization)
    shard = bytearray(graph.files[SHARD])
    middle = len(shard) // 2
    shard[middle : middle + 64] = bytes(byte ^ 0x7F for byte in shard[middle : middle + 64])
    damaged = replace(graph, files={**graph.files, SHARD: bytes(shard)})
    with pytest.raises(ParityError, match="differs from the Keras model"):
        require_parity(measure_parity(damaged, trees_source), quantization)


def test_swapped_classes_are_found_out(converted: Converted, trees_source: SourceModel) -> None:
    model = trees_source.keras_model
    layer = model.get_layer("conv_preds")
    kernel, bias = layer.get_weights()
    try:
        layer.set_weights([kernel[..., ::-1], bias[::-1]])
        parity = measure_parity(converted("none"), trees_source)
    finally:
        layer.set_weights([kernel, bias])
    with pytest.raises(ParityError):
        require_parity(parity, "none")


def test_the_wrong_scaling_is_found_out(converted: Converted, trees_source: SourceModel) -> None:
    other = replace(trees_source.preprocessing, rescale_factor=1 / 255, image_mean=(0, 0, 0))
    parity = measure_parity(converted("none"), replace(trees_source, preprocessing=other))
    with pytest.raises(ParityError):
        require_parity(parity, "none")


@pytest.mark.parametrize(
    ("difference", "quantization", "sound"),
    [
        (1e-4, "none", True),
        (1.1e-4, "none", False),
        (1e-1, "float16", True),
        (0.11, "float16", False),
        (float("nan"), "float16", False),
    ],
)
def test_the_limits(difference: float, quantization: str, sound: bool) -> None:
    parity = Parity(difference, 1.0, 0.0, 16)
    if sound:
        require_parity(parity, quantization)
    else:
        with pytest.raises(ParityError, match=r"nothing was written"):
            require_parity(parity, quantization)


def test_unreadable_files_are_told(converted: Converted) -> None:
    files = converted("none").files
    with pytest.raises(ModelError, match=r"has no model\.json"):
        EmittedModel({})
    with pytest.raises(ModelError, match=r"model\.json is damaged"):
        EmittedModel({"model.json": b"<!doctype html>"})
    with pytest.raises(ModelError, match=f"{SHARD} is missing"):
        EmittedModel({"model.json": files["model.json"]})
    with pytest.raises(ModelError, match="end within"):
        EmittedModel({**files, SHARD: files[SHARD][:-4]})
    with pytest.raises(ModelError, match="manifest tells of"):
        EmittedModel({**files, SHARD: files[SHARD] + b"\0"})
