"""Cases as graph models, as a build would emit them, and TensorFlow's answers to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.graph.fuse import fused
from builder.model.graph.unfuse import unfused
from builder.model.kernels.rewrite import with_right_kernels
from builder.model.network.operators import with_browser_operators
from builder.model.setup import silenced, tensorflow
from tests.conformance.case import Case


@dataclass(frozen=True)
class Question:
    """A graph model and what TensorFlow answers."""

    nodes: list[dict[str, Any]]
    """The nodes as JSON."""
    weights: dict[str, NDArray[Any]]
    """Its constants, among them what would be tensors of a photo."""
    outputs: list[str]
    """Names of its outputs."""
    expected: list[NDArray[Any]]
    """One for each."""

    @property
    def operators(self) -> set[str]:
        """The operators of its nodes but constants."""
        return {node["op"] for node in self.nodes} - {"Const"}


_TOGETHER = 400
"""Cases in one graph: TensorFlow takes more than twice as long over twice as many."""


def questions(cases: Mapping[str, Case], *, rewritten: bool = True) -> dict[str, Question]:
    """Return the questions by the cases' names.

    `rewritten` is false to ask what the operators themselves compute, for a look at what a rewrite
    is good for.
    """
    found = {}
    names = iter(cases)
    while some := list(islice(names, _TOGETHER)):
        found.update(_questions({name: cases[name] for name in some}, rewritten=rewritten))
    return found


def _questions(cases: Mapping[str, Case], *, rewritten: bool) -> dict[str, Question]:
    tf = tensorflow()
    graph = tf.Graph()
    outputs = {}
    with graph.as_default(), tf.device("/CPU:0"):
        for name, case in cases.items():
            with tf.name_scope(name):
                outputs[name] = _built(case)
    definition = graph.as_graph_def()
    with silenced(), tf.compat.v1.Session(graph=graph) as session:
        expected = session.run(outputs)
    if rewritten:
        definition = with_right_kernels(with_browser_operators(definition))
    nodes: dict[str, list[Any]] = {name: [] for name in cases}
    for node in definition.node:
        nodes[node.name.partition("/")[0]].append(node)
    return {
        name: question_of(nodes[name], [one.name for one in outputs[name]], expected[name])
        for name in cases
    }


def _built(case: Case) -> list[Any]:
    """Add a case to TensorFlow's present graph; return its outputs."""
    tf = tensorflow()
    made = getattr(tf.raw_ops, case.operator)(**case.arguments)
    if case.operator == "FusedBatchNormV3":
        return [made.y]
    if isinstance(made, tf.Tensor):
        for operator, other in case.after:
            made = _followed(made, operator, other)
        return [made]
    return list(made)


def _followed(tensor: Any, operator: str, other: Any) -> Any:
    tf = tensorflow()
    if operator == "BiasAdd":
        return tf.raw_ops.BiasAdd(value=tensor, bias=other)
    if operator in ("LogicalNot", "Neg", "Sigmoid"):
        return getattr(tf.raw_ops, operator)(x=tensor)
    return getattr(tf.raw_ops, operator)(features=tensor)


def question_of(
    definitions: list[Any], outputs: list[str], expected: list[NDArray[Any]]
) -> Question:
    """Return a question from a part of a GraphDef, as a build would emit it."""
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

    tf = tensorflow()
    weights: dict[str, NDArray[Any]] = {}
    nodes = {}
    for node in definitions:
        if node.op == "Const":
            weights[node.name] = np.asarray(tf.make_ndarray(node.attr["value"].tensor))
            dtype = {"dtype": {"type": _type_name(node)}}
            nodes[node.name] = {"name": node.name, "op": "Const", "input": [], "attr": dtype}
            continue
        described = json.loads(json.dumps(MessageToDict(node)))
        nodes[node.name] = {"attr": {}, "input": [], **described}
    kept = [name.removesuffix(":0") for name in outputs]
    nodes, weights = fused(*unfused(nodes, weights), [name.partition(":")[0] for name in kept])
    used = {reference.partition(":")[0] for node in nodes.values() for reference in node["input"]}
    alive = {*used, *(name.partition(":")[0] for name in kept)}
    return Question(
        [node for name, node in nodes.items() if node["op"] != "Const" or name in alive],
        {name: value for name, value in weights.items() if name in alive},
        kept,
        [np.asarray(one) for one in expected],
    )


def _type_name(node: Any) -> str:
    from tensorflow.core.framework import types_pb2

    return str(types_pb2.DataType.Name(node.attr["dtype"].type))
