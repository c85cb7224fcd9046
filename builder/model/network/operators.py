"""Which TensorFlow operators the browser has, and how some that it lacks are made from others."""

import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

from builder.errors import ModelError
from builder.model.scopes import layer_of
from builder.model.setup import tensorflow

_MISSING_IN_WASM = frozenset(
    {"Complex", "ComplexAbs", "Einsum", "FFT", "IFFT", "IRFFT", "Imag", "RFFT", "Real"}
)
"""On the converter's list, but without a kernel in TensorFlow.js's WebAssembly backend, which is
the one that every browser has: node_modules/@tensorflow/tfjs-backend-wasm/dist/kernels."""


@cache
def browser_operators() -> frozenset[str]:
    """Return the names of all operators that TensorFlow.js runs on each of its backends."""
    from tensorflowjs import resource_loader

    names: set[str] = set()
    for file in resource_loader.list_dir("op_list"):
        if file.endswith(".json"):
            with resource_loader.open_file(f"op_list/{file}") as content:
                names.update(entry["tfOpName"] for entry in json.load(content))
    return frozenset(names - _MISSING_IN_WASM)


def with_browser_operators(graph: Any) -> Any:
    """Return the GraphDef with what TensorFlow.js lacks put together from what it has.

    Erfc (of the exact GELU) becomes 1 - Erf; TensorFlow.js computes Erf by formula 7.1.26 of
    Abramowitz and Stegun, whose error is at most 1.5e-7.
    """
    tf = tensorflow()
    result = tf.compat.v1.GraphDef(versions=graph.versions, library=graph.library)
    for node in graph.node:
        copy = tf.compat.v1.NodeDef()
        copy.CopyFrom(node)
        result.node.extend(_REWRITES.get(node.op, _unchanged)(copy))
    return result


def require_browser_operators(
    graph: Any, layers: Collection[str], replaced: Collection[str] = ()
) -> None:
    """Raise `ModelError` where a GraphDef needs an operator that TensorFlow.js lacks.

    `layers` are the names of the model's layers, among which the operator's is sought. `replaced`
    are names of nodes, and operators, that will have been replaced by others.
    """
    lacking = {
        node.op: layer_of(node.name, layers)
        for node in reversed([*graph.node, *_inner_nodes(graph)])
        if node.op not in browser_operators()
        and node.op not in replaced
        and node.name not in replaced
    }
    if lacking:
        named = [
            f"{operator} (in the layer {layer!r})" if layer else operator
            for operator, layer in sorted(lacking.items())
        ]
        raise ModelError(
            f"TensorFlow.js cannot run the model: it lacks {_listed(named)}. Build the model "
            "without the layer that needs it."
        )


def _inner_nodes(graph: Any) -> Iterator[Any]:
    for function in graph.library.function:
        yield from function.node_def


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _unchanged(node: Any) -> list[Any]:
    return [node]


def _renamed(operator: str) -> Callable[[Any], list[Any]]:
    def rewrite(node: Any) -> list[Any]:
        node.op = operator
        return [node]

    return rewrite


def _batch_matmul(node: Any) -> list[Any]:
    node.op = "BatchMatMulV2"
    node.attr["T"].CopyFrom(node.attr.pop("Ta"))
    for attribute in ("Tb", "Tout"):
        del node.attr[attribute]
    return [node]


def _erfc(node: Any) -> list[Any]:
    one = _one(node)
    erf = _node(f"{node.name}/erf", "Erf", [node.input[0]], node)
    return [one, erf, _node(node.name, "Sub", [one.name, erf.name], node)]


def _softsign(node: Any) -> list[Any]:
    one = _one(node)
    size = _node(f"{node.name}/abs", "Abs", [node.input[0]], node)
    divisor = _node(f"{node.name}/divisor", "AddV2", [one.name, size.name], node)
    return [one, size, divisor, _node(node.name, "RealDiv", [node.input[0], divisor.name], node)]


def _node(name: str, operator: str, inputs: list[str], like: Any) -> Any:
    node = tensorflow().compat.v1.NodeDef(name=name, op=operator, input=inputs)
    node.attr["T"].CopyFrom(like.attr["T"])
    return node


def _one(like: Any) -> Any:
    tf = tensorflow()
    node = tf.compat.v1.NodeDef(name=f"{like.name}/one", op="Const")
    node.attr["dtype"].CopyFrom(like.attr["T"])
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(1.0, like.attr["T"].type))
    return node


_REWRITES: dict[str, Callable[[Any], list[Any]]] = {
    "BatchMatMulV3": _batch_matmul,
    "Erfc": _erfc,
    "Inv": _renamed("Reciprocal"),
    "Rint": _renamed("Round"),
    "Softsign": _softsign,
}
