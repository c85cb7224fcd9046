"""Graphs that want files read or written, code run, or the reader kept busy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder.model.setup import tensorflow
from tests.unit.model.reading.animals import OUTSIDE, ZOO, Forms, Make, written

PHOTO = (8, 8, 3)

OPERATORS = {
    "files": "ReadFile WriteFile MatchingFiles WholeFileReaderV2 FixedLengthRecordReaderV2",
    "checkpoints": "SaveV2 RestoreV2 Save MergeV2Checkpoints",
    "printing": "Print PrintV2 TimestampV2",
    "summaries": "CreateSummaryFileWriter WriteSummary WriteRawProtoSummary",
    "tables": "HashTableV2 InitializeTableFromTextFileV2 LookupTableFindV2 LookupTableImportV2",
    "Python": "PyFunc PyFuncStateless EagerPyFunc",
    "data sets": "TextLineDataset TFRecordDatasetV2 GeneratorDataset LoadDataset IteratorGetNext",
    "queues": "FIFOQueueV2 QueueDequeueV2 RecordInput",
    "devices": "RemoteCall CollectiveReduce ConfigureDistributedTPU XlaLaunch",
    "debugging": "DebugIdentityV2 DebugNanCount",
    "the process": "Abort SymbolicGradient FileSystemSetConfiguration",
    "files in memory": "ImmutableConst",
    "encoded files": "DecodeJpeg DecodeWav EncodePng",
    "other libraries": "SimpleMLLoadModelFromPathWithHandle TFLiteModel CallTfModel",
}
"""Operators that no classifier of photos needs, by what they are for."""


def _saved_model(content: Any, folder: Path, forms: Forms) -> Path:
    place = folder / "saved"
    for file in (forms("saved_model") / "variables").iterdir():
        written(place / "variables" / file.name, file.read_bytes())
    return written(place / "saved_model.pb", content.SerializeToString()).parent


def _proto(forms: Forms) -> Any:
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    tensorflow()
    saved = SavedModel()
    saved.ParseFromString((forms("saved_model") / "saved_model.pb").read_bytes())
    return saved


def _in_graph(operator: str) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        saved = _proto(forms)
        saved.meta_graphs[0].graph_def.node.add(name="guest", op=operator)
        return _saved_model(saved, folder, forms)

    return make


def _in_function(operator: str) -> Make:
    """Put the operator into a function that no signature calls: an initializer, say."""

    def make(folder: Path, forms: Forms) -> Path:
        saved = _proto(forms)
        function = saved.meta_graphs[0].graph_def.library.function.add()
        function.signature.name = "initializer"
        function.node_def.add(name="guest", op=operator)
        return _saved_model(saved, folder, forms)

    return make


def _in_nested_functions(operator: str) -> Make:
    """Put the operator three functions deep below the signature."""

    def make(folder: Path, forms: Forms) -> Path:
        saved = _proto(forms)
        library = saved.meta_graphs[0].graph_def.library
        served = next(f for f in library.function if "signature_wrapper" in f.signature.name)
        served.node_def.add(name="call", op="inner_1")
        for depth in (1, 2, 3):
            function = library.function.add()
            function.signature.name = f"inner_{depth}"
            inner = f"inner_{depth + 1}" if depth < 3 else operator
            function.node_def.add(name="guest", op=inner)
        return _saved_model(saved, folder, forms)

    return make


def _in_tfjs(operator: str) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        document = json.loads((forms("graph") / "model.json").read_bytes())
        document["modelTopology"]["node"].append({"name": "guest", "op": operator})
        return _graph_model(document, folder, forms)

    return make


def _graph_model(document: Any, folder: Path, forms: Forms) -> Path:
    for source in forms("graph").glob("*.bin"):
        written(folder / source.name, source.read_bytes())
    return written(folder / "model.json", json.dumps(document).encode())


_PLACES = (_in_graph, _in_function, _in_nested_functions, _in_tfjs)

for _kind, _names in OPERATORS.items():
    for _index, _operator in enumerate(_names.split()):
        _place = _PLACES[(_index + len(_kind)) % len(_PLACES)]
        ZOO[f"{_kind}: {_operator}{_place.__name__.replace('_', ' ')}"] = (
            _place(_operator),
            f"has the operator {_operator} ?.*which is not among those",
        )


# Graphs that TensorFlow itself has written, and would run


def _exported(function: Callable[[Any, Any, str], Any], module: Any = None) -> Make:
    def make(folder: Path, _: Forms) -> Path:
        tf = tensorflow()
        target = str(folder.parent / OUTSIDE / "written")
        owner = module(tf, target) if module else tf.Module()
        owner.run = tf.function(
            lambda x: {"y": function(tf, x, target)},
            input_signature=[tf.TensorSpec((None, *PHOTO), tf.float32, "x")],
        )
        tf.saved_model.save(owner, str(folder / "saved"), signatures=owner.run)
        return folder / "saved"

    return make


def _mean(tf: Any, x: Any) -> Any:
    return tf.reduce_mean(x, [1, 2])


def _printing(tf: Any, x: Any, target: str) -> Any:
    tf.print("written", output_stream=f"file://{target}")
    return _mean(tf, x)


def _saving(tf: Any, x: Any, target: str) -> Any:
    tf.raw_ops.SaveV2(
        prefix=target, tensor_names=["x"], shape_and_slices=[""], tensors=[tf.constant(1.0)]
    )
    return _mean(tf, x)


def _restoring(tf: Any, x: Any, target: str) -> Any:
    (value,) = tf.raw_ops.RestoreV2(
        prefix=target, tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
    )
    return _mean(tf, x) + value


def _running_python(tf: Any, x: Any, target: str) -> Any:
    return tf.ensure_shape(
        tf.numpy_function(lambda v: v, [_mean(tf, x)], tf.float32), (None, PHOTO[2])
    )


def _looking_up(tf: Any, target: str) -> Any:
    module = tf.Module()
    names = written(Path(target).parent.parent / "names" / "vocabulary.txt", b"a\nb\n")
    module.table = tf.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            str(names), tf.string, 0, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
        ),
        -1,
    )
    return module


def _when_loaded(act: Callable[[Any, str], object]) -> Callable[[Any, str], Any]:
    """Return what makes a module with a resource, whose initializer does something."""

    def make(tf: Any, target: str) -> Any:
        class Acting(tf.saved_model.experimental.TrackableResource):  # type: ignore[misc, name-defined]
            def _create_resource(self) -> Any:
                return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[], shared_name="acting")

            def _initialize(self) -> Any:
                act(tf, target)
                return tf.constant(0)

        module = tf.Module()
        module.resource = Acting()
        return module

    return make


def _open_summaries(tf: Any, target: str) -> None:
    writer = tf.raw_ops.SummaryWriter(shared_name="writer", container="")
    tf.raw_ops.CreateSummaryFileWriter(
        writer=writer, logdir=target, max_queue=1, flush_millis=1, filename_suffix=".v2"
    )


ZOO.update(
    {
        "prints into a file": (
            _exported(_printing),
            "has the operator (PrintV2|StringFormat) in its function",
        ),
        "saves a checkpoint when asked": (_exported(_saving), "has the operator SaveV2"),
        "restores another checkpoint": (_exported(_restoring), "has the operator RestoreV2"),
        "prints into a file when loaded": (
            _exported(
                lambda tf, x, _: _mean(tf, x),
                _when_loaded(lambda tf, target: _printing(tf, tf.zeros((1, 8, 8, 3)), target)),
            ),
            "has the operator (PrintV2|StringFormat) in its function",
        ),
        "writes summaries when loaded": (
            _exported(lambda tf, x, _: _mean(tf, x), _when_loaded(_open_summaries)),
            "has the operator (CreateSummaryFileWriter|SummaryWriter)",
        ),
        "calls Python": (_exported(_running_python), "has the operator PyFunc"),
        "reads a vocabulary when loaded": (
            _exported(lambda tf, x, _: _mean(tf, x), _looking_up),
            "has the operator (HashTableV2|InitializeTableFromTextFileV2)",
        ),
    }
)


def tensorflow1(build: Callable[[Any, str], dict[str, Any]]) -> Make:
    """Return what writes a SavedModel of TensorFlow 1: a graph that restores and starts itself."""

    def make(folder: Path, _: Forms) -> Path:
        tf, v1 = tensorflow(), tensorflow().compat.v1
        with tf.Graph().as_default(), v1.Session() as session:
            x = v1.placeholder(tf.float32, (None, *PHOTO), "x")
            weight = v1.get_variable("w", initializer=2.0, use_resource=False)
            more = build(tf, str(folder.parent / OUTSIDE / "written"))
            session.run(v1.global_variables_initializer())
            builder = v1.saved_model.Builder(str(folder / "saved"))
            signature = v1.saved_model.predict_signature_def(
                {"x": x}, {"y": tf.reduce_mean(x, [1, 2]) * weight}
            )
            tags, signatures = ["serve"], {"serving_default": signature}
            builder.add_meta_graph_and_variables(session, tags, signatures, **more)
            builder.save()
        return folder / "saved"

    return make


def _starting(tf: Any, target: str) -> dict[str, Any]:
    return {"main_op": tf.io.write_file(target, "written")}


ZOO["writes a file when it starts (TensorFlow 1)"] = (
    tensorflow1(_starting),
    "has the operator WriteFile",
)


def _restoring_from(change: Callable[[Any, Any], str]) -> Make:
    """Return what makes a graph of TensorFlow 1 restore from the tensor that `change` puts in."""

    def make(folder: Path, forms: Forms) -> Path:
        from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

        place = tensorflow1(lambda _tf, _target: {})(folder, forms)
        saved = SavedModel()
        saved.ParseFromString((place / "saved_model.pb").read_bytes())
        (meta,) = saved.meta_graphs
        other = change(meta, meta.graph_def)
        for node in meta.graph_def.node:
            if node.op == "RestoreV2":
                node.input[0] = other
        return written(place / "saved_model.pb", saved.SerializeToString()).parent

    return make


def _texts(graph: Any, name: str, value: Any) -> str:
    tf = tensorflow()
    node = graph.node.add(name=name, op="Const")
    node.attr["dtype"].type = tf.string.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    return name


def _other_output(meta: Any, graph: Any) -> str:
    """Let the name of the checkpoint be one of two outputs, the other the file's own value."""
    node = graph.node.add(name="names", op="Unpack", input=[_texts(graph, "both", ["", "/etc/a"])])
    node.attr["num"].i = 2
    node.attr["T"].type = tensorflow().string.as_datatype_enum
    meta.saver_def.filename_tensor_name = "names:0"
    return "names:1"


_OTHER_CHECKPOINT = "reads its variables from a file that it names itself"
ZOO["restores another file"] = (
    _restoring_from(lambda _, graph: _texts(graph, "prefix", "/etc/hostname")),
    _OTHER_CHECKPOINT,
)
ZOO["restores another file, beside the checkpoint's name"] = (
    _restoring_from(_other_output),
    _OTHER_CHECKPOINT,
)


# Graphs that would keep the reader busy


def _changed(change: Callable[[Any], None]) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        saved = _proto(forms)
        change(saved.meta_graphs[0].graph_def)
        return _saved_model(saved, folder, forms)

    return make


def _recursion(graph: Any) -> None:
    for name, callee in (("a", "b"), ("b", "a")):
        function = graph.library.function.add()
        function.signature.name = name
        function.node_def.add(name="call", op=callee)


def _laughs(graph: Any) -> None:
    for depth in range(40):
        function = graph.library.function.add()
        function.signature.name = f"laugh_{depth}"
        callee = f"laugh_{depth + 1}" if depth < 39 else "NoOp"
        for index in range(2):
            function.node_def.add(name=f"call_{index}", op=callee)


def _bomb(graph: Any) -> None:
    tf = tensorflow()
    node = graph.node.add(name="bomb", op="Const")
    node.attr["dtype"].type = tf.float32.as_datatype_enum
    tensor = node.attr["value"].tensor
    tensor.dtype = tf.float32.as_datatype_enum
    tensor.float_val.append(1.0)
    for _ in range(3):
        tensor.tensor_shape.dim.add(size=1 << 20)


def _stranger(graph: Any) -> None:
    node = graph.library.function[0].node_def.add(name="call", op="PartitionedCall")
    node.attr["f"].func.name = "not_there"


def _circle(document: Any) -> None:
    nodes = {node["name"]: node for node in document["modelTopology"]["node"]}
    softmax = next(node for node in nodes.values() if node["op"] == "Softmax")
    nodes[softmax["input"][0]]["input"][0] = softmax["name"]


def _tfjs_changed(change: Callable[[Any], None]) -> Make:
    def make(folder: Path, forms: Forms) -> Path:
        document = json.loads((forms("graph") / "model.json").read_bytes())
        change(document)
        return _graph_model(document, folder, forms)

    return make


ZOO.update(
    {
        "functions that call themselves": (_changed(_recursion), "functions that call themselves"),
        "functions that call one another": (_changed(_laughs), "more than 200,000 operators"),
        "a constant of petabytes": (_changed(_bomb), "claims constants of more than"),
        "a function that is not there": (_changed(_stranger), "calls the function 'not_there'"),
        "operators in a circle": (_tfjs_changed(_circle), "go round in a circle"),
    }
)
