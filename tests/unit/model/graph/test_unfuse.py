import numpy as np
import pytest

from builder.errors import ModelError
from builder.model.graph.unfuse import unfused
from builder.model.setup import keras as import_keras
from tests.unit.model.graph.test_fuse import CONVOLUTION, KERNELS, Graph, encoded, run

activations = import_keras().activations


def _fused(activation: str) -> Graph:
    attr = {
        **CONVOLUTION,
        "fused_ops": {"list": {"s": [encoded("BiasAdd"), encoded(activation)]}},
        "num_args": {"i": "1"},
    }
    return Graph().call("_FusedConv2D", KERNELS["Conv2D"], np.linspace(-2, 2, 4), attr=attr)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("Tanh", activations.tanh),
        ("_FusedHardSwish", activations.hard_swish),
        ("GeluExact", lambda x: activations.gelu(x, approximate=False)),
        ("GeluApproximate", lambda x: activations.gelu(x, approximate=True)),
    ],
)
def test_an_activation_that_only_tensorflow_fuses_is_taken_out(name: str, function) -> None:  # type: ignore[no-untyped-def]
    graph = _fused(name)
    nodes, weights = unfused(graph.nodes, graph.weights)
    linear = run(nodes, weights, f"{graph.last}/linear")
    assert np.abs(linear).max() > 3
    result = run(nodes, weights, graph.last)
    np.testing.assert_allclose(result, np.asarray(function(linear)), atol=1e-5)


def test_one_that_the_browser_fuses_stays() -> None:
    graph = _fused("Relu6")
    assert unfused(graph.nodes, graph.weights)[0] == graph.nodes


def test_an_unknown_one_is_named() -> None:
    graph = _fused("_FusedMish")
    with pytest.raises(ModelError, match=r"fused _FusedMish into _FusedConv2D, which TensorFlow"):
        unfused(graph.nodes, graph.weights)


@pytest.mark.parametrize("activation", ["", "Relu", "Tanh"])
def test_a_sum_of_two_products_is_no_bias(activation: str) -> None:
    """Grappler takes h · U in a recurrent layer's x · W + h · U for a bias; it is a matrix."""
    operations = [encoded(name) for name in ("BiasAdd", activation) if name]
    attr = {"T": {"type": "DT_FLOAT"}, "fused_ops": {"list": {"s": operations}}}
    image = {"name": "image", "op": "Placeholder", "input": [], "attr": {}}
    product = {"name": "product", "op": "MatMul", "input": ["image", "U"], "attr": {}}
    fused = {"op": "_FusedMatMul", "input": ["image", "W", "product"], "attr": attr}
    nodes, _ = unfused(
        {"image": image, "product": product, "sum": {"name": "sum", **fused}},
        {"W": np.ones((2, 2), np.float32), "U": np.ones((2, 2), np.float32)},
    )
    last = nodes["sum/linear" if activation else "sum"]
    assert (last["op"], last["input"]) == ("AddV2", ["sum/product", "product"])
    assert nodes["sum/product"]["op"] == "MatMul"
    assert nodes["sum/product"]["input"] == ["image", "W"]
    assert nodes["sum"]["op"] == (activation or "AddV2")
