"""Numbers of types that TensorFlow.js does not have, as it takes them: in float32 and int32."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.setup import tensorflow

_FLOATS = ("half", "bfloat16", "float64")
_INTEGERS = ("int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64")


def with_browser_numbers(graph: Any) -> Any:
    """Return the GraphDef with float32 and int32 in the place of all other types of numbers.

    TensorFlow.js reads it so whatever the types are (`parseDtypeParam` in its operation_mapper.ts),
    and its converter writes the constants so. Said in the graph, TensorFlow computes the same.
    """
    tf = tensorflow()
    types = {getattr(tf, name).as_datatype_enum: tf.float32 for name in _FLOATS}
    types |= {getattr(tf, name).as_datatype_enum: tf.int32 for name in _INTEGERS}
    if not any(_types(node) & types.keys() for node in graph.node):
        return graph  # Spare the copies of large weights.
    result = tf.compat.v1.GraphDef(versions=graph.versions, library=graph.library)
    for node in graph.node:
        copy = result.node.add()
        copy.CopyFrom(node)
        if _types(node) & types.keys():
            _retype(copy, types)
    return result


def _types(node: Any) -> set[int]:
    """Return the types that a node's attributes name."""
    attributes = node.attr.values()
    return {one for value in attributes for one in (value.type, *value.list.type)}


def _retype(node: Any, types: dict[int, Any]) -> None:
    tf = tensorflow()
    if node.op == "Const":
        wanted = types[node.attr["dtype"].type].as_numpy_dtype
        values = _as(tf.make_ndarray(node.attr["value"].tensor), wanted)
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values))
    for value in node.attr.values():
        if value.type in types:
            value.type = types[value.type].as_datatype_enum
        for place, one in enumerate(value.list.type):
            if one in types:
                value.list.type[place] = types[one].as_datatype_enum


def _as(values: NDArray[Any], wanted: Any) -> NDArray[Any]:
    """Return numbers in another type; whole ones beyond its range, such as "to the end", become its
    ends."""
    if wanted is np.int32:
        ends = np.iinfo(np.int32)
        values = np.clip(values, ends.min, ends.max)
    return values.astype(wanted)
