"""Files of Keras weights: what kind a file is, and loading it into a network that it fits."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from builder.errors import ModelError
from builder.git_lfs import require_no_pointers
from builder.model.reading.archives import require_sound_zip
from builder.model.reading.hdf5 import require_sound_hdf5
from builder.model.setup import silenced

_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True)
class WeightsFile:
    """What a look into a model or weights file showed."""

    kind: str
    """"keras" or "h5-model" (whole models), "h5-layers" (weights as Keras distributes them) or
    "h5-variables" (`.weights.h5` of Keras 3)."""
    shapes: tuple[tuple[int, ...], ...] = ()
    """Shapes of all arrays in an HDF5 file, in the order of their names."""
    classes: int | None = None
    """Length of the last layer's bias, where the file says which layer is the last."""

    @property
    def is_whole_model(self) -> bool:
        """Whether the file holds the architecture too."""
        return self.kind in ("keras", "h5-model")

    @property
    def mobilenet_alpha(self) -> float | None:
        """The width multiplier of MobileNet v1 that the first convolution's shape fits."""
        first = [shape for shape in self.shapes if shape[:3] == (3, 3, 3) and len(shape) == 4]
        return first[0][3] / 32 if len(first) == 1 else None


def inspect_file(path: Path) -> WeightsFile:
    """Return what kind of file lies at `path`, by its content.

    Raises `ModelError` where it is missing, unreadable, damaged, or none of Keras's.
    """
    head = _first_bytes(path)
    require_no_pointers([path], ModelError)
    if head.startswith(b"PK"):
        if "config.json" not in require_sound_zip(path):
            raise ModelError(
                f"{path} is a zip archive, but not a Keras model: it has no config.json."
            )
        return WeightsFile("keras")
    if head != _HDF5_MAGIC:
        raise ModelError(
            f"{path} is no file of Keras's: neither HDF5 (.h5, .weights.h5) nor a .keras archive."
        )
    import h5py

    shapes: list[tuple[int, ...]] = []

    def collect(_name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            shapes.append(tuple(item.shape))

    try:
        require_sound_hdf5(path, path.stat().st_size, path)
        with h5py.File(path, "r") as file:
            file.visititems(collect)
            attributes = set(file.attrs)
            classes = _last_bias_length(file)
    except ModelError:
        raise
    except Exception as error:
        # Whatever a damaged file leads h5py to: OSError, KeyError, RuntimeError, UnicodeError …
        raise damaged(path) from error
    if "model_config" in attributes:
        return WeightsFile("h5-model", tuple(shapes))
    if "layer_names" in attributes or "layer_names0" in attributes:
        return WeightsFile("h5-layers", tuple(shapes), classes)
    return WeightsFile("h5-variables", tuple(shapes))


def _last_bias_length(file: Any) -> int | None:
    """Return the length of the last one-dimensional weight of the last layer that has weights."""
    for name in reversed(list(file.attrs.get("layer_names", ()))):
        weights = list(file[name].attrs.get("weight_names", ()))
        if weights:
            shape = file[name][weights[-1]].shape
            return int(shape[0]) if len(shape) == 1 else None
    return None


def load_weights(model: Any, path: Path, title: str) -> None:
    """Load a weights file into a network; `title` is the network's name for people.

    Raises `ModelError` where the file is damaged or belongs to another network.
    """
    file = inspect_file(path)
    if file.kind == "keras":
        raise ModelError(
            f"{path} holds a whole model, not weights of {title}: give it with --model {path}."
        )
    suffix = ".weights.h5" if file.kind == "h5-variables" else ".h5"
    try:
        with silenced(), named_as_keras_wants(path, suffix) as name:
            model.load_weights(str(name))
    except OSError as error:
        raise damaged(path) from error
    except Exception as error:
        # Keras's readers raise ValueError, KeyError, AttributeError and others.
        raise _misfit(path, file, title) from error


def _misfit(path: Path, file: WeightsFile, title: str) -> ModelError:
    hint = "Name the architecture that they belong to with --model."
    alpha = file.mobilenet_alpha
    if title.startswith("MobileNet v1") and alpha is not None:
        if f" {alpha:g}," not in title:
            hint = f"Their shapes are those of alpha {alpha:g}: try --alpha {alpha:g}."
        else:
            hint = "They may lack the classifier layer, or have another number of classes."
    return ModelError(f"The weights in {path} do not fit {title}. {hint}")


def require_finite(model: Any, origin: str) -> None:
    """Raise `ModelError`, naming the layer, where a weight is NaN or infinite."""
    for variable in model.weights:
        values = np.asarray(variable)
        if values.dtype.kind == "f" and not np.all(np.isfinite(values)):
            what = "NaN" if np.any(np.isnan(values)) else "infinite values"
            raise ModelError(
                f"{origin} has {what} in the weights {variable.path!r}: the training has failed or "
                "the file is damaged. Use another file."
            )


def damaged(path: Path) -> ModelError:
    """Return the error for a file that begins well and cannot be read to its end."""
    return ModelError(
        f"{path} is damaged: it is truncated or was changed after it was written. "
        "Copy or download it again."
    )


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise ModelError(
            f"{path} is a folder; a Keras model is a file that ends in .keras, .h5 or .weights.h5."
        )
    try:
        with path.open("rb") as file:
            head = file.read(len(_HDF5_MAGIC))
    except FileNotFoundError as error:
        raise ModelError(f"{path} does not exist. Check the path.") from error
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    if not head:
        raise ModelError(f"{path} is empty. Copy or download it again.")
    return head


@contextmanager
def named_as_keras_wants(path: Path, suffix: str) -> Iterator[Path]:
    """Yield a path to the same file with the suffix by which Keras chooses its reader."""
    name = path.name
    is_variables = name.endswith(".weights.h5")
    if name.endswith(suffix) and is_variables == (suffix == ".weights.h5"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="classifier-pwa-") as folder:
        named = Path(folder, f"model{suffix}")
        try:
            named.symlink_to(path.absolute())
        except OSError:  # Windows allows links to developers only
            shutil.copyfile(path, named)
        yield named
