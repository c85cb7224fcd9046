"""SavedModel folders: the graph behind their signature, frozen."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.errors import ModelError
from builder.model.network.export import first_line
from builder.model.reading.graph_network import graph_network
from builder.model.reading.network import Network
from builder.model.reading.own_file import read_own_bytes, require_own_file
from builder.model.reading.saved_model_file import NAME, SIGNATURE, allowed_saved_model
from builder.model.setup import silenced, tensorflow


def read_saved_model(folder: Path) -> Network:
    """Read the classifier behind the signature "serving_default", or the only one there is.

    Raises `ModelError` where the folder is damaged, unsafe, or no classifier of one image.
    """
    tf = tensorflow()
    saved = allowed_saved_model(read_own_bytes(folder / NAME, folder), folder)
    try:
        with silenced(), _laid_out(saved, folder) as place:
            loaded = tf.saved_model.load(str(place))
            signature = _signature(loaded, folder)
            graph = freeze(signature, folder)
    except ModelError:
        raise
    except Exception as error:
        # TensorFlow raises OSError, ValueError, KeyError, NotFoundError and others here.
        raise ModelError(
            f"{folder} cannot be loaded: it is incomplete or damaged ({first_line(error)}). Copy "
            "the whole folder, variables included, or export the model again."
        ) from error
    inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
    if len(inputs) != 1:
        raise ModelError(f"{folder} has {len(inputs)} inputs; a classifier of photos has one.")
    if len(outputs) != 1:
        raise ModelError(
            f"{folder} has {len(outputs)} outputs ({', '.join(sorted(outputs))}); a classifier has "
            "one, the class probabilities."
        )
    (output,) = graph.outputs
    if output.dtype != tf.float32:
        what = "texts (strings)" if output.dtype == tf.string else output.dtype.name
        raise ModelError(
            f"{folder} returns {what}, not one probability for each class: export the model "
            "without the step that turns probabilities into answers."
        )
    return graph_network(graph.graph.as_graph_def(), graph.inputs[0].op.name, output.name, folder)


@contextmanager
def _laid_out(saved: Any, folder: Path) -> Iterator[Path]:
    """Yield a folder with the checked graph and the variables, and nothing else."""
    variables = folder / "variables"
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as name:
        place = Path(name)
        (place / NAME).write_bytes(saved.SerializeToString())
        if variables.is_dir():
            for file in sorted(variables.glob("variables.*")):
                require_own_file(file, folder)
            try:
                (place / "variables").symlink_to(variables.resolve())
            except OSError:  # Windows allows links to developers only
                shutil.copytree(variables, place / "variables")
        yield place


def freeze(function: Any, path: Path) -> Any:
    """Return a concrete function with its variables turned into constants.

    Raises `ModelError`, with the place, where it changes one of them, which constants cannot.
    """
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    try:
        return convert_variables_to_constants_v2(function)
    except ValueError as error:
        changed = re.search(r"of node (\S+)/\w+ was passed .*incompatible.*resource", str(error))
        if changed is None:
            raise
        raise ModelError(
            f"{path} changes variables while it runs (at {changed[1]!r}), as batch norm and layers "
            "that work at random do where they are called with training=True. Call them without it,"
            " or leave them out, and export the model again."
        ) from error


def _signature(loaded: Any, folder: Path) -> Any:
    signatures = dict(loaded.signatures)
    if SIGNATURE in signatures:
        return signatures[SIGNATURE]
    if len(signatures) == 1:
        return next(iter(signatures.values()))
    found = f"only {', '.join(sorted(signatures))}" if signatures else "none"
    raise ModelError(
        f"{folder} needs a signature {SIGNATURE!r} and has {found}: export it with Keras's "
        "model.export(folder)."
    )
