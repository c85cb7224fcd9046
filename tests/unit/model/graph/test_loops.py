from pathlib import Path
from typing import Any

import pytest

from builder.errors import ModelError
from builder.model.graph.canonical import canonical_graph
from builder.model.graph.loops import require_no_loop
from builder.model.network.inference import inference_model
from builder.model.quantize.choice import require_parity
from builder.model.reading.reader import read_network
from builder.model.setup import keras as import_keras
from builder.model.setup import tensorflow
from tests.conversion import convert, measure_parity
from tests.unit.model.conftest import source_of

keras3 = import_keras()
# Keras finds its own older format old.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file"),
]


def _recurrent(keras: Any, kind: str, *, unroll: bool) -> Any:
    keras.utils.set_random_seed(4)
    inputs = keras.Input((4, 4, 3))
    rows = keras.layers.Reshape((4, 12))(inputs)
    last = getattr(keras.layers, kind)(5, unroll=unroll, name="reader_of_rows")(rows)
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(last))


def _keras2() -> Any:
    tensorflow()
    import tf_keras

    return tf_keras


def test_a_recurrent_layer_is_named_with_the_remedy() -> None:
    source = source_of(_recurrent(keras3, "GRU", unroll=False))
    with pytest.raises(ModelError, match=r"the layer 'reader_of_rows' in a loop.*unroll=True"):
        convert(inference_model(source), "none")


@pytest.mark.parametrize("form", ["h5", "saved_model"])
def test_so_is_one_of_keras_2(form: str, tmp_path: Path) -> None:
    model, path = _recurrent(_keras2(), "LSTM", unroll=False), tmp_path / f"model.{form}"
    model.save(path, save_format="h5" if form == "h5" else "tf")
    with pytest.raises(ModelError, match=r"the layer 'reader_of_rows' in a loop.*unroll=True"):
        read_network(path)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("kind", ["GRU", "LSTM"])
def test_the_remedy_works(version: int, kind: str, tmp_path: Path) -> None:
    model = _recurrent(keras3 if version == 3 else _keras2(), kind, unroll=True)
    model.save(tmp_path / "model.h5")
    source = source_of(read_network(tmp_path / "model.h5").model)
    require_parity(measure_parity(convert(inference_model(source), "none"), source), "none")


def _node(name: str, *inputs: str, op: str = "AddV2") -> dict[str, Any]:
    return {"name": name, "op": op, "input": list(inputs), "attr": {}}


CIRCLE = [_node("image", op="Placeholder"), _node("a", "image", "b"), _node("b", "a:0", "^image")]


def test_a_circle_of_other_operators_is_damage() -> None:
    from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]

    graph = ParseDict({"node": CIRCLE}, tensorflow().compat.v1.GraphDef())
    with pytest.raises(ModelError, match=r"a\.json is damaged.*in a circle \('b', 'a'\)"):
        require_no_loop(graph, (), "a.json")


def test_no_converted_graph_with_a_circle_is_walked_along() -> None:
    signature = {"inputs": {"image": {}}, "outputs": {"probabilities": {"name": "b:0"}}}
    with pytest.raises(ModelError, match="in a loop"):
        canonical_graph({"node": CIRCLE}, signature, {})
