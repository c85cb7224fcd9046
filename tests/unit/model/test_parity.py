from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.reference_images import COUNT, reference_images
from builder.errors import ModelError, ParityError
from builder.model.emitted import EmittedModel
from builder.model.graph.graph_model import GraphModel
from builder.model.parity import (
    DEFAULT,
    Limits,
    Parity,
    compare,
    keras_probabilities,
)
from builder.model.quantize.choice import require_parity
from builder.model.quantize.modes import MODES
from builder.model.source import SourceModel
from tests.conversion import measure_parity

Converted = Callable[[str], GraphModel]
SHARD = "group1-shard1of1.bin"


@pytest.mark.slow
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
    names = [mode.name for mode in MODES]
    sizes = {name: sum(map(len, converted(name).files.values())) for name in names}
    assert sizes["uint8"] < sizes["mixed"] < 0.65 * sizes["float16"]


@pytest.mark.parametrize(
    ("quantization", "other"), [("uint8", "float16"), ("mixed", "float16"), ("float16", "none")]
)
def test_too_little_agreement_is_refused(quantization: str, other: str) -> None:
    parity = Parity(0.9, 0.5, 0.001, 24, 20, 15)
    with pytest.raises(
        ParityError,
        match=r"on 24 photos in here it gives the same first answer on 15 of the 20 on which .* no"
        rf" more than 53\.1%, less than --min-agreement 0\.95; .*--quantize {other} or auto",
    ):
        require_parity(parity, quantization, Limits(), "photos in here")
    require_parity(parity, quantization, Limits(min_agreement=0.5))


def test_too_much_divergence_is_refused_though_the_answers_agree() -> None:
    parity = Parity(0.3, 1.0, 0.02, 204, 100, 100)
    with pytest.raises(ParityError, match=r"it diverges by 0\.02 nats, more than .* 0\.01;"):
        require_parity(parity, "mixed")
    require_parity(parity, "mixed", Limits(max_divergence=0.02))


@pytest.mark.parametrize(
    ("agreed", "decided", "bound"),
    # Wilson 1927; the figures are those of statsmodels' proportion_confint(method="wilson").
    [(0, 0, 0.0), (0, 10, 0.0), (9, 10, 0.5958), (98, 100, 0.9300), (200, 200, 0.9812)],
)
def test_the_lower_bound_is_wilsons(agreed: int, decided: int, bound: float) -> None:
    parity = Parity(0.1, 1.0, 0.0, 204, decided, agreed)
    assert parity.lower_bound == pytest.approx(bound, abs=1e-4)


@pytest.mark.parametrize(
    ("agreed", "decided", "sound"),
    [(20, 20, True), (19, 20, False), (0, 0, True), (197, 200, True), (196, 200, False)],
)
def test_few_pictures_prove_little_but_that_none_differs_is_enough(
    agreed: int, decided: int, sound: bool
) -> None:
    breach = DEFAULT.breach(Parity(0.1, 1.0, 0.0, 204, decided, agreed))
    assert (breach is None) is sound


def test_answers_that_keras_itself_is_undecided_on_do_not_count() -> None:
    expected = np.array([[0.5, 0.37, 0.13], [0.5, 0.35, 0.15], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1]])
    ours = np.array([[0.4, 0.47, 0.13], [0.4, 0.45, 0.15], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    parity = compare(ours, expected)
    assert (parity.images, parity.decided, parity.agreed) == (4, 3, 2)
    assert parity.top1_agreement == 0.5


def test_classes_that_are_each_for_themselves_diverge_each_for_itself() -> None:
    expected, ours = np.array([[0.5, 0.9, 0.9]]), np.array([[0.5, 0.9, 0.6]])
    divergence = 0.9 * np.log(0.9 / 0.6) + 0.1 * np.log(0.1 / 0.4)
    assert compare(ours, expected).kl_divergence == pytest.approx(divergence)
    assert compare(ours, expected).kl_divergence > 0


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
    ("difference", "divergence", "quantization", "sound"),
    [
        (1e-4, 0.0, "none", True),
        (1.1e-4, 0.0, "none", False),
        (0.3, 0.01, "float16", True),
        (0.0, float("nan"), "float16", False),
        (float("nan"), 0.0, "none", False),
    ],
)
def test_the_limits(difference: float, divergence: float, quantization: str, sound: bool) -> None:
    parity = Parity(difference, 1.0, divergence, 16, 10, 10)
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
    with pytest.raises(ModelError, match="manifest lists"):
        EmittedModel({**files, SHARD: files[SHARD] + b"\0"})
