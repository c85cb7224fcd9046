"""Makes nodes of a GraphDef, one after another, that compute with tensors of static shapes."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.setup import tensorflow


class Chain:
    """Nodes that take the place of another one; their names begin with its name."""

    def __init__(self, like: Any, element: str = "T") -> None:
        """`like` is the node in whose place they come; its attribute `element` is their type."""
        self.nodes: list[Any] = []
        self._name = like.name
        self._type = like.attr[element]

    def add(self, operator: str, inputs: Sequence[str], **types: Any) -> Any:
        """Add a node; `types` are attributes that name a type. Returns it."""
        name = f"{self._name}/{operator}_{len(self.nodes)}"
        node = tensorflow().compat.v1.NodeDef(name=name, op=operator, input=inputs)
        node.attr["T"].CopyFrom(self._type)
        for key, value in types.items():
            node.attr[key].type = value.as_datatype_enum
        self.nodes.append(node)
        return node

    def integers(self, values: Any) -> str:
        """Add a constant of whole numbers; return its name."""
        return self.constant(np.asarray(values, np.int32))

    def constant(self, values: NDArray[Any]) -> str:
        """Add a constant of the array's type; return its name."""
        tf = tensorflow()
        name = f"{self._name}/Const_{len(self.nodes)}"
        node = tf.compat.v1.NodeDef(name=name, op="Const")
        tensor = tf.make_tensor_proto(values)
        node.attr["dtype"].type = tensor.dtype
        node.attr["value"].tensor.CopyFrom(tensor)
        self.nodes.append(node)
        return name

    def cast(self, tensor: str, before: Any, after: Any) -> str:
        """Return the tensor as another type."""
        node = self.add("Cast", [tensor], SrcT=before, DstT=after)
        del node.attr["T"]
        return str(node.name)

    def reshaped(
        self, tensor: str, before: Sequence[int], shape: Sequence[int], **types: Any
    ) -> str:
        """Return the tensor in another shape, without a node where it has it already."""
        if tuple(before) == tuple(shape):
            return tensor
        if prod(before) != prod(shape):
            raise ValueError(f"{tuple(before)} cannot become {tuple(shape)}")
        target = self.integers(shape)
        return str(self.add("Reshape", [tensor, target], Tshape=tensorflow().int32, **types).name)

    def reversed(self, tensor: str, axis: int, **types: Any) -> str:
        """Return the tensor with an axis from its end to its beginning."""
        axes = self.integers([axis])
        return str(self.add("ReverseV2", [tensor, axes], Tidx=tensorflow().int32, **types).name)

    def transposed(self, tensor: str, order: Sequence[int]) -> str:
        """Return the tensor with its axes in another order, without a node for their own."""
        if list(order) == sorted(order):
            return tensor
        axes = self.integers(order)
        return str(self.add("Transpose", [tensor, axes], Tperm=tensorflow().int32).name)

    def summed(self, tensor: str, axes: Sequence[int]) -> str:
        """Return the sum of the tensor over some of its axes, which go."""
        if not axes:
            return tensor
        reduced = self.integers(axes)
        return str(self.add("Sum", [tensor, reduced], Tidx=tensorflow().int32).name)

    def ended(self, tensor: str, dtype: Any = None) -> list[Any]:
        """Return the nodes, the last of which has the replaced one's name and the tensor.

        `dtype` is its type where that is another than theirs.
        """
        self.add("Identity", [tensor], **({"T": dtype} if dtype else {})).name = self._name
        return self.nodes
