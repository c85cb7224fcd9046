"""The untrusted file saved_model.pb: checked, and cut down to what is needed of it."""

from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.reading.allowed_graph import callees, require_allowed_graph, require_operators
from builder.model.reading.allowed_operators import ALLOWED, COMPUTING, SAVING, STRUCTURE, VARIABLES
from builder.model.setup import tensorflow

NAME = "saved_model.pb"
SIGNATURE = "serving_default"
"""The signature that is read, unless there is only another one."""

_KEPT_COLLECTIONS = frozenset(
    {"global_step", "local_variables", "model_variables", "trainable_variables", "variables"}
)
_INITIALIZER = "__saved_model_init_op"


def allowed_saved_model(content: bytes, path: Path) -> Any:
    """Return the SavedModel proto for serving, once every operator in the file was found harmless.

    Without what saves and restores checkpoints, initializers, and objects that restore themselves:
    loading it runs none of these. `path` is what an error names. Raises `ModelError`.
    """
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel()
    try:
        saved.ParseFromString(content)
    except DecodeError as error:
        raise ModelError(
            f"{path / NAME} is damaged: it is truncated or no SavedModel. Copy or export the "
            "folder again."
        ) from error
    if not saved.meta_graphs:
        raise ModelError(f"{path / NAME} is damaged: it has no graph. Export the folder again.")
    chosen = _for_serving(saved)
    _require_numbers(chosen, path)
    for meta_graph in saved.meta_graphs:
        _reduce(meta_graph, path)
    del saved.meta_graphs[:]
    saved.meta_graphs.append(chosen)
    return saved


def _for_serving(saved: Any) -> Any:
    graphs = list(saved.meta_graphs)
    return next((graph for graph in graphs if "serve" in graph.meta_info_def.tags), graphs[0])


def _require_numbers(meta_graph: Any, path: Path) -> None:
    """Refuse a model of texts or encoded files as such, before its operators are named."""
    strings = tensorflow().string.as_datatype_enum
    served = {k: v for k, v in meta_graph.signature_def.items() if k != _INITIALIZER}
    for signature in [served[SIGNATURE]] if SIGNATURE in served else served.values():
        if signature.inputs and all(info.dtype == strings for info in signature.inputs.values()):
            raise ModelError(
                f"{path} takes texts or encoded files (strings), not pixels: export a model whose "
                "input is the decoded photo, float32 [batch, height, width, 3]."
            )
        if signature.outputs and all(info.dtype == strings for info in signature.outputs.values()):
            raise ModelError(
                f"{path} returns texts (strings), not one probability for each class: export the "
                "model without the step that turns probabilities into answers."
            )


def _reduce(meta_graph: Any, path: Path) -> None:
    """Check a graph, and take out of it what loading is not to run."""
    graph = meta_graph.graph_def
    functions = {function.signature.name: function for function in graph.library.function}
    nodes, saving = _saving_part(meta_graph, functions)
    require_allowed_graph(graph, path, saving, nodes)
    places = [("", [node for node in graph.node if node.name in nodes])]
    places += [(f" in its function {name[:80]!r}", functions[name].node_def) for name in saving]
    for place, members in places:
        for node in members:
            require_operators(node, ALLOWED | SAVING, functions, path, place)
    restoring: set[str] = set()
    if meta_graph.HasField("object_graph_def"):
        # Variables are restored by the objects that they belong to.
        meta_graph.ClearField("saver_def")
    else:
        restoring = _restoring_part(meta_graph, path)
    _keep(graph.node, lambda node: node.name not in nodes or node.name in restoring)
    _keep(graph.library.function, lambda function: function.signature.name not in saving)
    _drop_what_loading_runs(meta_graph)


def _restoring_part(meta_graph: Any, path: Path) -> set[str]:
    """Return the nodes by which a graph of TensorFlow 1 restores its variables, which are run.

    Raises `ModelError` where they do anything else, or read another file than the checkpoint.
    """
    saver = meta_graph.saver_def
    nodes = {node.name: node for node in meta_graph.graph_def.node}
    filename = _tensor(saver.filename_tensor_name)
    restoring = _ancestors([saver.restore_op_name, saver.filename_tensor_name], nodes)
    for name in restoring:
        node = nodes[name]
        # The tensor, not its node alone: another output of that would have the file's own value.
        if node.op == "RestoreV2" and _tensor(node.input[0] if node.input else "") != filename:
            raise ModelError(
                f"{path} reads its variables from a file that it names itself ({name[:80]!r}): "
                "refused. Export the model again."
            )
        require_operators(node, (COMPUTING | STRUCTURE | VARIABLES) | {"RestoreV2"}, (), path, "")
    return restoring


def _drop_what_loading_runs(meta_graph: Any) -> None:
    for name in set(meta_graph.collection_def) - _KEPT_COLLECTIONS:
        del meta_graph.collection_def[name]
    if _INITIALIZER in meta_graph.signature_def:
        del meta_graph.signature_def[_INITIALIZER]
    for saved_object in meta_graph.object_graph_def.nodes:
        for field in ("saveable_objects", "registered_saver", "registered_name"):
            saved_object.ClearField(field)
        saved_object.ClearField("serialized_user_proto")
        if saved_object.HasField("user_object"):
            saved_object.user_object.ClearField("metadata")


def _saving_part(meta_graph: Any, functions: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return the nodes and the functions that only the saver needs."""
    graph, saver = meta_graph.graph_def, meta_graph.saver_def
    nodes = {node.name: node for node in graph.node}
    roots = (saver.filename_tensor_name, saver.save_tensor_name, saver.restore_op_name)
    outputs = [
        info.name
        for key, signature in meta_graph.signature_def.items()
        if key != _INITIALIZER
        for info in signature.outputs.values()
    ]
    saving_nodes = _ancestors(roots, nodes) - _ancestors(outputs, nodes)
    others = _closure(
        [
            *callees([node for node in graph.node if node.name not in saving_nodes], functions),
            *(name for name in meta_graph.object_graph_def.concrete_functions if name in functions),
        ],
        functions,
    )
    saving = _closure(callees([nodes[name] for name in saving_nodes], functions), functions)
    return saving_nodes, saving - others


def _ancestors(tensors: Any, nodes: dict[str, Any]) -> set[str]:
    stack = [_node_of(tensor) for tensor in tensors]
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name in nodes and name not in found:
            found.add(name)
            stack.extend(_node_of(tensor) for tensor in nodes[name].input)
    return found


def _closure(names: Any, functions: dict[str, Any]) -> set[str]:
    stack = list(names)
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(callees(functions[name].node_def, functions))
    return found


def _keep(field: Any, condition: Any) -> None:
    kept = [item for item in field if condition(item)]
    del field[:]
    field.extend(kept)


def _tensor(name: str) -> str:
    return name if ":" in name else f"{name}:0"


def _node_of(tensor: str) -> str:
    return tensor.removeprefix("^").split(":")[0]
