"""The lists of what a model may name: what real models use, and nothing that does harm."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from benchmarks.reference_images import reference_images
from builder.errors import ModelError
from builder.model.network.inference import inference_model
from builder.model.network.operators import browser_operators
from builder.model.quantize.choice import require_parity
from builder.model.reading import allowed_functions, allowed_operators
from builder.model.reading.allowed_config import allowed_config
from builder.model.reading.allowed_layers import (
    DATA,
    LAYERS,
    MODELS,
    OBJECTS,
    OF_KERAS_2,
    OPERATIONS,
    REASONS,
)
from builder.model.reading.reader import read_network
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import source_of
from tests.unit.model.reading.forms import save_operations2
from tests.unit.model.reading.hostile_graphs import OPERATORS, tensorflow1

keras = import_keras()
HERE = Path("model.keras")
NOT_FOR_PHOTOS = {"Layer", "MaxNumBoundingBoxes", "ReversibleEmbedding", "Wrapper"}
"""Base classes, and layers for other inputs, which nobody needs a reason for."""


def _keras2() -> Any:
    tensorflow()
    import tf_keras  # type: ignore[import-untyped]

    return tf_keras


@pytest.mark.parametrize("version", [2, 3])
def test_each_layer_of_keras_is_allowed_or_refused_with_a_reason(version: int) -> None:
    module = keras.layers if version == 3 else _keras2().layers
    layers = {
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, module.Layer)
    }
    open_questions = layers - LAYERS - set(REASONS) - NOT_FOR_PHOTOS - {"AbstractRNNCell", "Lambda"}
    assert open_questions == set()
    assert LAYERS.isdisjoint(REASONS)


def test_an_operation_of_keras_that_calls_a_function_is_not_allowed() -> None:
    from keras.src.ops.operation import Operation

    def below(kind: Any) -> set[Any]:
        return {inner for one in kind.__subclasses__() for inner in (one, *below(one))}

    operations = {kind for kind in below(Operation) if not issubclass(kind, keras.layers.Layer)}
    names = {kind.__name__ for kind in operations}
    assert names >= OPERATIONS
    taking = {
        kind.__name__
        for kind in operations
        for method in (kind.__init__, kind.call)
        if {"f", "fn", "func", "function", "cond_fun", "true_fn", "body"}
        & set(inspect.signature(method).parameters)
    }
    assert {"Map", "VectorizedMap"} <= taking
    assert taking & OPERATIONS == set()


def test_each_function_of_tensorflow_takes_the_arguments_that_are_allowed() -> None:
    _keras2()
    from tf_keras.src.layers.core.tf_op_layer import (  # type: ignore[import-untyped]
        get_symbol_from_name,
    )

    for name, arguments in allowed_functions.FUNCTIONS.items():
        function = get_symbol_from_name(name)
        assert function is not None, name
        assert arguments - {"name"} <= set(inspect.signature(function).parameters), name


def test_each_operator_is_one_of_tensorflow_or_tensorflow_js() -> None:
    tensorflow()
    from tensorflow.python.framework import op_def_registry

    known = allowed_operators.ALLOWED | allowed_operators.SAVING
    unknown = {name for name in known if op_def_registry.get(name) is None}
    assert unknown <= allowed_operators.OF_TENSORFLOW_JS
    hostile = set(" ".join(OPERATORS.values()).split()) | {"SimpleMLCreateModelResource"}
    assert hostile.isdisjoint(allowed_operators.ALLOWED)
    # What computes tensors keeps no state and touches nothing; random numbers are the exception.
    stateful = {
        name
        for name in allowed_operators.COMPUTING
        if op_def_registry.get(name) is not None and op_def_registry.get(name).is_stateful
    }
    random = {"Multinomial", "RandomShuffle", "RandomStandardNormal", "RandomUniform"}
    random |= {"RandomUniformInt", "TruncatedNormal", "StatelessRandomGetAlg"}
    checking = {"CheckNumerics", "CheckNumericsV2", "DeepCopy", "GuaranteeConst"}
    assert stateful <= random | checking


def test_what_the_browser_computes_is_allowed_but_for_tables_texts_and_forests() -> None:
    left = browser_operators() - allowed_operators.ALLOWED
    kinds = ("HashTable", "InitializeTable", "LookupTable", "Ragged", "SimpleML", "Sparse")
    kinds += ("StaticRegexReplace", "String", "Print")
    kinds += ("Ones", "Zeros", "Conv1D", "DepthwiseConv2d")  # which TensorFlow itself lacks
    assert [name for name in sorted(left) if not name.startswith(kinds)] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "name"), [(2, "EfficientNetV2B0"), (2, "MobileNetV3Small"), (3, "ConvNeXtTiny")]
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_networks_of_keras_applications_are_allowed(version: int, name: str) -> None:
    module = keras if version == 3 else _keras2()
    model = getattr(module.applications, name)(weights=None, input_shape=(64, 64, 3), classes=3)
    config = json.loads(model.to_json())
    assert allowed_config(config, HERE)["config"]["layers"]


@pytest.mark.parametrize(
    "form", ["operations2.keras", "operations2.h5", "operations3.keras", "operations3.h5"]
)
def test_operations_between_layers_compute_what_keras_computes(
    form: str, forms: Callable[[str], Path]
) -> None:
    if form.startswith("operations3"):
        # Keras 3 cannot read its own `.h5` files of such models.
        expected = keras.saving.load_model(forms("operations3.keras"))
    else:
        expected = _keras2().models.load_model(forms(form), compile=False)
    network = read_network(forms(form))
    images = reference_images(20, 24)[:4]
    np.testing.assert_allclose(network.model(images), expected(images), atol=1e-5)
    source = source_of(network.model)
    require_parity(measure_parity(convert(inference_model(source), "none"), source), "none")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_layers_model_may_have_operations(tmp_path: Path) -> None:
    """Teachable Machine and others convert models of Keras 2 into layers models as they are."""
    save_operations2(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5") as file:
        config = json.loads(file.attrs["model_config"])
    model = _keras2().models.load_model(tmp_path / "model.h5", compile=False)
    variables = [variable for layer in model.layers for variable in layer.weights]
    (tmp_path / "weights.bin").write_bytes(b"".join(v.numpy().tobytes() for v in variables))
    weights = [
        {"name": v.name.split(":")[0], "shape": list(v.shape), "dtype": "float32"}
        for v in variables
    ]
    document = {
        "modelTopology": {"model_config": config},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}],
    }
    (tmp_path / "model.json").write_text(json.dumps(document), encoding="utf-8")
    images = reference_images(20, 24)[:4]
    read = read_network(tmp_path / "model.json").model
    np.testing.assert_allclose(read(images), model(images), atol=1e-5)


def test_a_saved_model_of_tensorflow_1_restores_its_variables(
    tmp_path: Path, forms: Callable[[str], Path]
) -> None:
    path = tensorflow1(lambda _tf, _target: {})(tmp_path, forms)
    images = np.random.default_rng(1).uniform(0, 1, (2, 8, 8, 3)).astype(np.float32)
    expected = images.mean((1, 2)) * 2.0
    np.testing.assert_allclose(read_network(path).model(images), expected, rtol=1e-5)


def test_what_belongs_to_training_is_left_out(tmp_path: Path) -> None:
    """A loss or an optimizer may be anybody's own: nothing of it is needed, or looked at."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(3)])
    config = json.loads(model.to_json())
    own = {"class_name": "function", "module": "os", "config": "system"}
    config["compile_config"] = {"loss": own, "optimizer": own}
    config["config"]["layers"][1]["compile_config"] = {"loss": own}
    text = json.dumps(allowed_config(config, HERE))
    assert "compile_config" not in text
    assert "system" not in text


@pytest.mark.parametrize(
    ("config", "pattern"),
    [
        (None, "its configuration is none of a model"),
        ([], "its configuration is none of a model"),
        ({"class_name": 3}, "a class without name"),
        ({"class_name": "Zeros", "config": {}}, "its configuration is none of a model"),
        ({"class_name": "Functional", "config": {}}, "a model without layers"),
        ({"class_name": "Functional", "config": {"layers": [3]}}, "a layer that is none"),
        ({"class_name": "Functional", "config": {"layers": [{}]}}, "a layer without a name"),
        ({"class_name": "Dense", "config": {"activation": "mine"}}, r"'mine' \(activation"),
        ({"class_name": "Dense", "module": "os"}, "takes 'Dense'.*from 'os'"),
        ({"class_name": "Dense", "registered_name": "a>B"}, "of your own, 'a>B'"),
        ({"class_name": "TimeDistributed", "config": {"layer": "Dense"}}, "of your own, 'Dense'"),
    ],
)
def test_other_configurations_are_told(config: Any, pattern: str) -> None:
    with pytest.raises(ModelError, match=pattern) as caught:
        allowed_config(config, HERE)
    assert str(HERE) in caught.value.message


def test_the_lists_do_not_overlap_where_it_matters() -> None:
    assert (LAYERS | MODELS | OF_KERAS_2 | DATA).isdisjoint({"Lambda", "function", "__lambda__"})
    assert {"Identity"} >= LAYERS & OBJECTS
