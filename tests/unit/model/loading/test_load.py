import hashlib
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.config import SiteConfig
from builder.errors import LabelsError, ModelError
from builder.labels import imagenet_labels
from builder.model.describe import describe
from builder.model.loading import demo, lite0
from builder.model.loading.bundle import ModelBundle, write_bundle
from builder.model.loading.load import load_source
from builder.model.metadata import Calibration, Preprocessing, Provenance, Rights
from builder.model.network.inference import inference_model
from builder.model.quantize.choice import require_parity
from builder.model.reading.weights_file import named_as_keras_wants
from builder.model.setup import keras as import_keras
from builder.model.source import SourceModel
from tests.conversion import convert, measure_parity
from tests.models import CLASSES, lively_mobilenet
from tests.unit.model.conftest import refuse_warnings

keras = import_keras()


def _load(**settings: Any) -> SourceModel:
    return load_source(SiteConfig(**settings), refuse_warnings)


def _whole(path: Path, **settings: Any) -> tuple[SourceModel, list[str]]:
    told: list[str] = []
    return load_source(SiteConfig(model=str(path), **settings), told.append), told


def _save(model: Any, path: Path) -> Path:
    model.save(path) if not path.name.endswith(".weights.h5") else model.save_weights(path)
    return path


def _classifier(*front: Any, classes: int = 3, size: Any = (16, 16, 3)) -> Any:
    keras.utils.set_random_seed(1)
    layers = keras.layers
    tail = [layers.GlobalAveragePooling2D(), layers.Dense(classes, activation="softmax")]
    return keras.Sequential([keras.Input(size), *front, layers.Conv2D(4, 3), *tail])


THREE = ("ash", "birch", "cedar")
RIGHTS = Rights("CC0-1.0", "https://example.org/", "By Ash & Oak")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.txt"
    path.write_text("\n".join(THREE), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "near"),
    [("mobilenett", "mobilenet"), ("resnet-50", "resnet50"), ("AUTO", "auto"), ("dem", "demo")],
)
def test_an_unknown_name_brings_up_the_nearest(name: str, near: str) -> None:
    with pytest.raises(ModelError, match=rf"{name}' is unknown\. Did you mean .*{near}"):
        _load(model=name)


def test_a_name_like_none_brings_up_the_usual_ones() -> None:
    with pytest.raises(ModelError, match=r"'qqqqqq' is unknown\. Choose auto, demo or mobilenet"):
        _load(model="qqqqqq")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.h5", "a.weights.h5"])
def test_weights_of_a_file_are_loaded_into_the_named_network(
    name: str, tmp_path: Path, three: Path
) -> None:
    model = keras.applications.MobileNet((64, 64, 3), alpha=0.5, weights=None, classes=3)
    path = _save(model, tmp_path / name)
    if name == "a.h5":
        # As Keras distributes weights: the layers alone, without the network.
        path.unlink()
        import h5py
        from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

        with h5py.File(path, "w") as file:
            save_weights_to_hdf5_group(file, model)
    source = _load(model="mobilenet", weights=str(path), alpha=0.5, input_size=64, labels=three)
    assert source.labels == THREE
    assert source.provenance.weights == name
    assert source.provenance.name == "MobileNet v1 0.5, 64 px"
    assert source.provenance.weights_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.preprocessing.rescale_factor == 1 / 127.5
    for ours, theirs in zip(source.keras_model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)

    found = _load(model="mobilenet", weights=str(path), input_size=64, labels=three)
    assert found.provenance.alpha == 0.5, "the width can be read off the shapes"
    with pytest.raises(ModelError, match=r"do not fit MobileNet v1 0\.25, 64 px.*--alpha 0\.5"):
        _load(model="mobilenet", weights=str(path), alpha=0.25, input_size=64, labels=three)
    with pytest.raises(ModelError, match=r"do not fit MobileNet v2.*Name the architecture"):
        _load(model="mobilenetv2", weights=str(path), input_size=64, labels=three)
    with pytest.raises(ModelError, match=r"holds weights without a network.*--model mobilenet"):
        _load(model=str(path))


def test_a_file_gets_the_suffix_that_keras_wants_where_links_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    path = tmp_path / "weights"
    path.write_bytes(b"content")
    with named_as_keras_wants(path, ".weights.h5") as named:
        assert named.name.endswith(".weights.h5")
        assert named.read_bytes() == b"content"
    assert not named.exists()


@pytest.mark.parametrize("option", ["model", "weights"])
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_whole_model_may_stand_in_either_option(
    suffix: str, option: str, tmp_path: Path, three: Path
) -> None:
    model = _classifier()
    path = _save(model, tmp_path / f"trees{suffix}")
    settings = {"model": "mobilenet", option: str(path)}
    told: list[str] = []
    source = load_source(SiteConfig(**settings, labels=three), told.append)  # type: ignore[arg-type]
    assert source.provenance.name == "trees"
    assert source.provenance.architecture == "custom"
    assert source.preprocessing.input_height == 16
    assert len(told) == 1
    assert "scaled to 0…1 for trees" in told[0]
    assert "--preprocessing" in told[0]
    source = load_source(
        SiteConfig(**settings, labels=three, preprocessing="none"), refuse_warnings
    )  # type: ignore[arg-type]
    assert source.scaling_reason.startswith("as --preprocessing asks; without it: nothing in the")
    image = np.random.default_rng(0).uniform(0, 1, (1, 16, 16, 3)).astype(np.float32)
    np.testing.assert_allclose(source.keras_model(image), model(image), atol=1e-6)


@pytest.mark.slow
def test_the_scaling_is_taken_from_the_model_where_it_tells(tmp_path: Path, three: Path) -> None:
    inside = _classifier(keras.layers.Rescaling(1 / 255))
    source, told = _whole(_save(inside, tmp_path / "inside.keras"), labels=three)
    assert source.preprocessing == Preprocessing(16, 16)
    assert source.scaling_origin == "graph"
    assert "the model turns 0…255 into 0…1 by itself (rescaling" in source.scaling_reason
    assert told == []
    source, told = _whole(tmp_path / "inside.keras", labels=three, preprocessing="1,2,3/4,5,6")
    assert source.preprocessing.image_std == (4.0, 5.0, 6.0)
    assert "without it: the model turns 0…255" in source.scaling_reason
    assert told == [
        "--preprocessing 1,2,3/4,5,6 comes before the model's own scaling: the model turns"
        f" 0…255 into 0…1 by itself ({inside.layers[0].name}). Leave the option"
        " out if that is not what you want."
    ]

    base = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, include_top=False, weights=None)
    on_base = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3)])
    source, told = _whole(_save(on_base, tmp_path / "base.keras"), labels=three)
    assert source.preprocessing.rescale_factor == 1 / 127.5
    assert source.scaling_origin == "inference"
    assert source.scaling_reason == (
        f"that of MobileNet v2, after which {base.name!r} is called; nothing in the graph shows it"
    )
    assert told == []


def test_a_bundle_brings_labels_scaling_and_figures(tmp_path: Path) -> None:
    path = _save(_classifier(), tmp_path / "trained.keras")
    scaling = Preprocessing(16, 16, crop_fraction=1.0, rescale_factor=0.5, grayscale=True)
    write_bundle(
        path,
        ModelBundle(
            THREE,
            scaling,
            Calibration(1.5, 0.6),
            accuracy={"top1": 0.9},
            name="Trees",
            rights=RIGHTS,
        ),
    )
    source, told = _whole(path)
    assert source.labels == THREE
    assert source.preprocessing == scaling
    assert source.calibration == Calibration(1.5, 0.6)
    assert source.provenance.name == "Trees"
    assert source.provenance.accuracy == {"top1": 0.9}
    assert source.provenance.rights == RIGHTS
    assert told == []


@pytest.mark.slow
def test_the_geometry_is_the_training_s_unless_it_is_asked_for(
    tmp_path: Path, three: Path, trees: tuple[Path, Path]
) -> None:
    def geometry(path: Path, **settings: Any) -> tuple[str, float, str]:
        source, _ = _whole(path, preprocessing="0-1", **settings)
        found = source.preprocessing
        return found.fit, found.crop_fraction, source.geometry_reason

    plain = _save(_classifier(), tmp_path / "plain.keras")
    assert geometry(plain, labels=three) == ("crop", 0.875, "the default")
    assert geometry(plain, labels=three, fit="stretch") == ("stretch", 1.0, "as --fit asks")
    assert geometry(plain, labels=three, crop_fraction=0.5) == (
        *("crop", 0.5, "as --crop-fraction asks"),
    )
    both = geometry(plain, labels=three, fit="pad", crop_fraction=0.9)
    assert both == ("pad", 0.9, "as --fit and --crop-fraction ask")

    trained = _save(_classifier(), tmp_path / "trained.keras")
    scaling = Preprocessing(16, 16, crop_fraction=0.9, fit="stretch")
    write_bundle(trained, ModelBundle(THREE, scaling))
    assert geometry(trained) == ("stretch", 0.9, "as its training recorded it")
    assert geometry(trained, fit="stretch") == ("stretch", 0.9, "as --fit asks")
    assert geometry(trained, fit="crop") == ("crop", 0.875, "as --fit asks")


def test_a_model_of_mixed_precision_computes_in_float32(tmp_path: Path, three: Path) -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        path = _save(_classifier(keras.layers.BatchNormalization()), tmp_path / "mixed.keras")
    finally:
        keras.config.set_dtype_policy("float32")
    source, _ = _whole(path, labels=three)
    graph = convert(inference_model(source), "none")
    require_parity(measure_parity(graph, source), "none")


@pytest.mark.parametrize("policy", ["float16", "bfloat16"])
def test_a_model_of_half_precision_is_refused(policy: str, tmp_path: Path) -> None:
    keras.config.set_dtype_policy(policy)
    try:
        path = _save(_classifier(), tmp_path / "half.keras")
    finally:
        keras.config.set_dtype_policy("float32")
    with pytest.raises(ModelError, match=rf"half\.keras has {policy} weights \('"):
        _whole(path)


def test_a_model_that_takes_any_size_gets_the_size_asked_for(tmp_path: Path, three: Path) -> None:
    path = _save(_classifier(size=(None, None, 3)), tmp_path / "any.keras")
    source, warnings = _whole(path, labels=three, preprocessing="0-1")
    assert source.preprocessing.input_width == 224
    assert warnings == [
        "any.keras takes photos of any size; it gets 224 by 224 pixels. If it was trained on"
        " others, say so with --input-size."
    ]
    source, warnings = _whole(path, labels=three, preprocessing="0-1", input_size=96)
    assert (source.preprocessing.input_width, warnings) == (96, [])
    half = _save(_classifier(size=(None, 48, 3)), tmp_path / "half.keras")
    assert _whole(half, labels=three)[0].preprocessing.input_height == 48


@pytest.mark.parametrize("scaling", ["mobilenet", "127/64", "255/-255", "caffe"])
def test_a_model_of_one_channel_sees_the_luminance(
    scaling: str, tmp_path: Path, three: Path
) -> None:
    path = _save(_classifier(size=(16, 24, 1)), tmp_path / "gray.keras")
    source, _ = _whole(path, labels=three, preprocessing=scaling)
    assert (source.preprocessing.channels, source.preprocessing.grayscale) == (1, True)
    graph = convert(inference_model(source), "none")
    require_parity(measure_parity(graph, source), "none")


@pytest.mark.parametrize("ending", ["layer", "activation"])
def test_independent_sigmoids_are_several_labels_at_once(
    ending: str, tmp_path: Path, three: Path
) -> None:
    keras.utils.set_random_seed(1)
    layers = keras.layers
    inputs = keras.Input((16, 16, 3))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(inputs))
    scores = layers.Dense(3, activation="sigmoid" if ending == "activation" else None)(pooled)
    scores = layers.Activation("sigmoid")(scores) if ending == "layer" else scores
    path = _save(keras.Model(inputs, scores), tmp_path / "labels.keras")
    source, _ = _whole(path, labels=three, preprocessing="0-1")
    assert source.is_multi_label
    graph = convert(inference_model(source), "none")
    parity = measure_parity(graph, source)
    require_parity(parity, "none")
    metadata = describe(source, graph, parity)
    assert metadata.activation == "sigmoid"
    assert metadata.preprocessing.scaling == "0-1"
    assert graph.output_shape("class_activation") == (1, 14, 14, 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units", "activation", "limit"),
    [(2, "softmax", 0.75), (1, "sigmoid", 0.75), (2, "sigmoid", 0.5), (3, "softmax", 0.5)],
)
def test_of_two_classes_half_is_not_sure(
    units: int, activation: str, limit: float, tmp_path: Path
) -> None:
    layers = keras.layers
    end = [layers.GlobalAveragePooling2D(), layers.Dense(units, activation=activation)]
    model = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(4, 3), *end])
    names = tmp_path / "names.txt"
    names.write_text("\n".join(THREE[: max(units, 2)]), encoding="utf-8")
    source, _ = _whole(_save(model, tmp_path / "m.keras"), labels=names)
    assert source.calibration.sure_from == limit


def test_grayscale_is_passed_on(trees: tuple[Path, Path]) -> None:
    source, _ = _whole(trees[0], labels=trees[1], grayscale=True)
    assert source.preprocessing.grayscale
    assert source.labels == CLASSES


@pytest.mark.slow
def test_labels_must_be_there_and_fit(trees: tuple[Path, Path], three: Path) -> None:
    with pytest.raises(LabelsError, match="has 10 outputs and brings no class names"):
        _whole(trees[0])
    with pytest.raises(LabelsError, match=r"three\.txt gives 3 class names.*10 outputs"):
        _whole(trees[0], labels=three)


def test_a_thousand_outputs_are_taken_for_imagenet(tmp_path: Path) -> None:
    source, told = _whole(_save(_classifier(classes=1000), tmp_path / "thousand.keras"))
    assert source.labels == imagenet_labels()
    assert any("ImageNet's names are used" in line for line in told)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"alpha": 0.5}, "leave --alpha 0.5 out"),
        ({"input_size": 64}, "takes photos of 16 by 16 pixels: leave --input-size 64 out"),
        ({"weights": "other.h5"}, r"leave --weights other\.h5 out"),
    ],
)
def test_options_that_a_whole_model_cannot_follow_are_refused(
    settings: dict[str, Any], reason: str, tmp_path: Path, three: Path
) -> None:
    path = _save(_classifier(), tmp_path / "trees.keras")
    with pytest.raises(ModelError, match=reason):
        _whole(path, labels=three, **settings)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((16, 16, 2), "Only photos, with 3 channels"),
        ((16, 16, 4), "Photos have no fourth channel"),
        ((1, 16, 16), "channels first"),
        ((3, 16, 16), "channels first"),
        ((16, 3), r"one of photos is \(height, width, 3\)"),
    ],
)
def test_a_model_of_something_else_is_refused(
    shape: tuple[int, ...], reason: str, tmp_path: Path
) -> None:
    inputs = keras.Input(shape)
    outputs = keras.layers.Dense(3)(keras.layers.Flatten()(inputs))
    with pytest.raises(ModelError, match=reason):
        _whole(_save(keras.Model(inputs, outputs), tmp_path / "odd.keras"))


def test_two_inputs_are_refused(tmp_path: Path) -> None:
    inputs = [keras.Input((8, 8, 3)), keras.Input((8, 8, 3))]
    flat = keras.layers.Flatten()(keras.layers.Add()(inputs))
    model = keras.Model(inputs, keras.layers.Dense(3)(flat))
    with pytest.raises(ModelError, match="has 2 inputs"):
        _whole(_save(model, tmp_path / "two.keras"))


@pytest.mark.parametrize(("value", "name"), [(np.nan, "NaN"), (np.inf, "infinite values")])
def test_broken_weights_are_told_with_their_layer(value: float, name: str, tmp_path: Path) -> None:
    model = _classifier()
    kernel, bias = model.layers[0].get_weights()
    kernel[0, 0, 0, 0] = value
    model.layers[0].set_weights([kernel, bias])
    with pytest.raises(ModelError, match=rf"has {name} in the weights '.*conv2d.*kernel'"):
        _whole(_save(model, tmp_path / "broken.keras"))


def test_code_in_a_model_is_not_run(tmp_path: Path) -> None:
    model = _classifier(keras.layers.Lambda(lambda x: x / 2))
    with pytest.raises(ModelError, match="Lambda layer, which is Python code"):
        _whole(_save(model, tmp_path / "lambda.keras"))


def test_a_layer_of_ones_own_is_named(tmp_path: Path) -> None:
    class Halving(keras.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs / 2

    with pytest.raises(ModelError, match=r"layer or function of your own.*Halving"):
        _whole(_save(_classifier(Halving()), tmp_path / "own.keras"))


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".weights.h5"])
def test_every_truncation_is_told(suffix: str, tmp_path: Path, three: Path) -> None:
    whole = _save(lively_mobilenet(32, classes=3), tmp_path / f"whole{suffix}").read_bytes()
    path = tmp_path / f"cut{suffix}"
    for part in (0, 1, 7, 9, 100, 2000, len(whole) // 3, len(whole) // 2, len(whole) - 9):
        path.write_bytes(whole[:part])
        settings = (
            {"model": "mobilenet", "weights": str(path), "input_size": 32, "alpha": 0.25}
            if suffix == ".weights.h5"
            else {"model": str(path)}
        )
        with pytest.raises(ModelError) as caught:
            load_source(SiteConfig(**settings, labels=three), lambda _: None)  # type: ignore[arg-type]
        assert str(path) in caught.value.message, part
        assert any(
            reason in caught.value.message
            for reason in ("is damaged", "is empty", "is no file of Keras's")
        ), (part, caught.value.message)


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    path = _save(_classifier(), tmp_path / "damaged.keras")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged\.keras is damaged"):
        _whole(path)


def test_another_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "photos.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", "…")
    with pytest.raises(ModelError, match=r"photos\.keras holds no model"):
        _whole(path)


def test_missing_unreadable_and_strange_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.h5 does not exist"):
        _load(model="mobilenet", weights=str(tmp_path / "none.h5"))
    with pytest.raises(ModelError, match="is a folder"):
        _load(model="mobilenet", weights=str(tmp_path))
    page = tmp_path / "page.h5"
    page.write_text("<!doctype html><title>404</title>", encoding="utf-8")
    with pytest.raises(ModelError, match="is no file of Keras's"):
        _load(model="mobilenet", weights=str(page))
    if os.geteuid() != 0:
        page.chmod(0)
        with pytest.raises(ModelError, match="cannot be read: Permission denied"):
            _load(model="mobilenet", weights=str(page))


@pytest.mark.slow
def test_auto_takes_the_demo_model_and_says_so(
    tmp_path: Path, trees_source: SourceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.model.loading.imagenet.keras_cache", lambda: tmp_path)
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", _no_network)
    provenance = Provenance("The demo model", "demo", "demo", "0" * 64)
    shipped = SourceModel(
        *(trees_source.keras_model, CLASSES, trees_source.preprocessing, provenance)
    )
    monkeypatch.setattr(demo, "has_demo", lambda: True)
    monkeypatch.setattr(demo, "load_demo", lambda: shipped)
    monkeypatch.setattr(lite0, "find_lite0_weights", lambda: None)
    told: list[str] = []
    source = load_source(SiteConfig(), told.append)
    assert source.labels == CLASSES
    assert source.provenance.substitution is not None
    assert "demo model" in source.provenance.substitution
    assert "mobilenet_1_0_224_tf.h5" in told[0]
    assert "demo model instead" in told[0]

    with pytest.raises(ModelError, match=r"mobilenet_1_0_224_tf\.h5 are not in Keras's cache"):
        _load(model="mobilenet")
    monkeypatch.setattr(demo, "has_demo", lambda: False)
    with pytest.raises(ModelError, match="cannot be downloaded"):
        _load()


def _no_network(*_: Any, **__: Any) -> None:
    import urllib.error

    raise urllib.error.URLError("Name or service not known")


@pytest.mark.parametrize(
    ("settings", "option"),
    [
        ({"weights": "other.h5"}, r"--weights other\.h5"),
        ({"alpha": 0.5}, r"--alpha 0\.5"),
        ({"input_size": 96}, "--input-size 96"),
    ],
)
def test_the_demo_model_is_as_it_is(settings: dict[str, Any], option: str) -> None:
    with pytest.raises(ModelError, match=f"leave {option} out"):
        _load(model="demo", **settings)


def test_real_weights_are_found_in_kerass_cache(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shared / "weights" / "mobilenet_2_5_224_tf.h5"
    shutil.copy(file, tmp_path)
    monkeypatch.setattr("builder.model.loading.imagenet.keras_cache", lambda: tmp_path)
    source = _load(alpha=0.25)
    assert source.provenance == Provenance(
        name="MobileNet v1 0.25, 224 px",
        architecture="mobilenet",
        weights="imagenet",
        weights_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        alpha=0.25,
        rights=Rights(
            licence="Apache-2.0",
            origin="https://keras.io/api/applications/",
            notice="MobileNet v1: weights for ImageNet, published by the authors of Keras.",
        ),
    )
    assert source.labels == imagenet_labels()
