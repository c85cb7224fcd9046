"""State dictionaries that PyTorch has saved, read without PyTorch and without running their code.

The stream format of `torch.save` before version 1.6: five pickles (a magic number, the protocol's
version, facts of the machine, the state dictionary, the keys of its storages), then each storage
as its number of elements and their bytes. Source: `_legacy_save` and `_legacy_load` in
https://github.com/pytorch/pytorch/blob/v1.5.0/torch/serialization.py.
"""

import io
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError

MOST_BYTES = 1 << 30
"""The largest file that is read, and the most memory that its tensors may take together."""

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_COUNT_BYTES = 8
"""Each storage begins with its number of elements, int64."""

_MOST_STEPS = 1_000_000
"""Opcodes in one pickle: a state dictionary takes about 40 for each tensor."""

_OPCODES = frozenset(
    {"PROTO", "STOP", "MARK", "NONE", "NEWTRUE", "NEWFALSE"}
    | {"BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"}
    | {"EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "EMPTY_LIST", "APPEND", "APPENDS"}
    | {"EMPTY_DICT", "SETITEM", "SETITEMS", "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET"}
    | {"GLOBAL", "REDUCE", "BUILD", "BINPERSID"}
)
"""What `torch.save` writes with the pickle protocol 2, which it uses."""


def read_torch_file(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a state dictionary by name, float32 or int64, in their own shapes.

    Raises `ModelError` where the file is damaged, larger than `MOST_BYTES`, in another format, or
    asks for anything but tensors.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ModelError(f"{path} has {size >> 20} MiB; at most {MOST_BYTES >> 20} are read.")
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return parse_torch_file(content)
    except ModelError as error:
        raise ModelError(f"{path} cannot be used: {error.message}") from error
    except Exception as error:
        # A damaged pickle leads its reader to nearly any exception, UnpicklingError among them.
        raise ModelError(
            f"{path} is damaged: it is no state dictionary of PyTorch ({type(error).__name__}). "
            "Copy or download it again."
        ) from error


def parse_torch_file(content: bytes) -> dict[str, NDArray[Any]]:
    """Return the tensors in the content of a file; see `read_torch_file`.

    Raises `ModelError` without the file's name, or whatever `pickle` raises on damaged input.
    """
    stream = io.BytesIO(content)
    storages: dict[str, _Storage] = {}
    if _load(stream, storages) != _MAGIC or _load(stream, storages) != _PROTOCOL:
        raise ModelError(
            "it is not in the stream format of PyTorch before version 1.6. Save the state "
            "dictionary with _use_new_zipfile_serialization=False."
        )
    _load(stream, storages)
    state = _load(stream, storages)
    keys = _load(stream, {})
    if not isinstance(state, OrderedDict) or not all(isinstance(name, str) for name in state):
        raise ModelError("it holds no state dictionary.")
    if not isinstance(keys, list) or sorted(keys) != sorted(storages):
        raise ModelError("its storages are not those that its tensors name.")
    values = {key: _numbers(stream, storages[key]) for key in keys}
    if stream.read(1):
        raise ModelError("it goes on behind its last storage.")
    views = {name: _checked(view, values) for name, view in state.items()}
    if sum(view.nbytes for view in views.values()) > MOST_BYTES:
        raise ModelError(f"its tensors take more than {MOST_BYTES >> 20} MiB.")
    return {name: view.copy() for name, view in views.items()}


class _Storage(NamedTuple):
    """A block of numbers that tensors are views of. Immutable, whatever a pickle does to it."""

    key: str
    dtype: str
    length: int


class _View(NamedTuple):
    """A tensor: part of a storage. Offset and strides count elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Rebuild:
    """Stands in for `torch._utils._rebuild_tensor_v2`; gradients and hooks are left out.

    An object without attributes, since a pickle may set those of a function.
    """

    __slots__ = ()

    def __call__(self, storage: Any, offset: Any, shape: Any, strides: Any, *_rest: Any) -> _View:
        if not isinstance(storage, _Storage):
            raise ModelError("a tensor has no storage.")
        if not (_are_counts((offset,)) and _are_counts(shape) and _are_counts(strides)):
            raise ModelError("a tensor's offset, shape or strides are no whole numbers.")
        if len(shape) != len(strides):
            raise ModelError("a tensor's shape and strides differ in length.")
        return _View(storage, offset, shape, strides)


_GLOBALS: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _Rebuild(),
    ("torch", "FloatStorage"): "<f4",
    ("torch", "LongStorage"): "<i8",
}
"""All that a state dictionary refers to; kinds of storages by NumPy's name of their elements."""


class _Unpickler(pickle.Unpickler):
    """Loads what a state dictionary is made of, and nothing else."""

    def __init__(self, stream: io.BytesIO, storages: dict[str, _Storage]) -> None:
        super().__init__(stream)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for one of the four globals; raise `ModelError` for any other."""
        if (module, name) not in _GLOBALS:
            raise ModelError(f"it asks for {module}.{name}, which weights do not need: refused.")
        return _GLOBALS[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        """Note a storage, whose numbers follow behind the pickles. Several tensors may share it."""
        match pid:
            case ("storage", ("<f4" | "<i8") as dtype, str() as key, str(), count, None) if (
                _are_counts((count,))
            ):
                storage = _Storage(key, dtype, count)
            case _:
                raise ModelError("it describes a storage in a way that is not known.")
        if self._storages.setdefault(key, storage) != storage:
            raise ModelError(f"it describes the storage {key!r} in two ways.")
        return storage


def _load(stream: io.BytesIO, storages: dict[str, _Storage]) -> Any:
    """Read one pickle, after a look at its opcodes: some would take any amount of memory."""
    start = stream.tell()
    for step, (opcode, argument, _) in enumerate(pickletools.genops(stream)):
        if opcode.name not in _OPCODES or step >= _MOST_STEPS:
            raise ModelError(f"its pickle has a step that weights do not need ({opcode.name}).")
        # The table of remembered objects is as long as the highest index in it.
        if opcode.name == "LONG_BINPUT" and (argument or 0) > step:
            raise ModelError("its pickle remembers an object under an index that is not valid.")
    end = stream.tell()
    stream.seek(start)
    value = _Unpickler(stream, storages).load()
    stream.seek(end)
    return value


def _are_counts(values: Any) -> bool:
    return isinstance(values, tuple) and all(type(one) is int and one >= 0 for one in values)


def _numbers(stream: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    count = int.from_bytes(stream.read(_COUNT_BYTES), "little", signed=True)
    if count != storage.length:
        raise ModelError(f"its storage {storage.key!r} has {count} elements, not {storage.length}.")
    size = count * np.dtype(storage.dtype).itemsize
    content = stream.read(size)
    if len(content) != size:
        raise ModelError(f"its storage {storage.key!r} is cut short.")
    return np.frombuffer(content, storage.dtype)


def _checked(view: Any, values: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Return the part of a storage that a tensor shows, without a copy; kernels are strided."""
    if not isinstance(view, _View):
        raise ModelError("one of its values is no tensor.")
    numbers = values[view.storage.key]
    if 0 in view.shape:
        return np.zeros(view.shape, numbers.dtype)
    pairs = zip(view.shape, view.strides, strict=True)
    last = view.offset + sum((size - 1) * stride for size, stride in pairs)
    if last >= len(numbers):
        raise ModelError(f"a tensor reaches beyond its storage {view.storage.key!r}.")
    strides = tuple(stride * numbers.itemsize for stride in view.strides)
    return np.lib.stride_tricks.as_strided(
        numbers[view.offset :], view.shape, strides, writeable=False
    )
