"""State dictionaries in PyTorch's old stream format, written without PyTorch."""

import pickle
import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
STORAGES = {"float32": "FloatStorage", "int64": "LongStorage"}


def torch_file(tensors: Mapping[str, NDArray]) -> bytes:
    """Return what `torch.save` wrote of a state dictionary before version 1.6.

    A tensor that is a view keeps its offset and strides, as PyTorch does.
    """
    storages: dict[str, NDArray] = {}
    items = b""
    for number, (name, tensor) in enumerate(tensors.items()):
        base = tensor if tensor.base is None else tensor.base
        whole = np.asarray(base).reshape(-1)
        offset = (tensor.ctypes.data - whole.ctypes.data) // whole.itemsize
        key = str(1000 + number)
        storages[key] = whole
        strides = tuple(stride // whole.itemsize for stride in tensor.strides)
        items += text(name) + tensor_steps(key, whole, offset, tensor.shape, strides)
    state = b"\x80\x02" + glob("collections", "OrderedDict") + b")R(" + items + b"u."
    parts = [pickle.dumps(MAGIC, 2), pickle.dumps(PROTOCOL, 2), pickle.dumps({"little": True}, 2)]
    parts += [state, pickle.dumps(list(storages), 2)]
    parts += [struct.pack("<q", len(values)) + values.tobytes() for values in storages.values()]
    return b"".join(parts)


def tensor_steps(
    key: str, storage: NDArray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> bytes:
    """Return the opcodes that rebuild one tensor."""
    kind = glob("torch", STORAGES[storage.dtype.name])
    pid = b"(" + text("storage") + kind + text(key) + text("cpu") + number(len(storage)) + b"Nt"
    arguments = pid + b"Q" + number(offset) + tuple_of(shape) + tuple_of(strides)
    hooks = glob("collections", "OrderedDict") + b")R"
    return glob("torch._utils", "_rebuild_tensor_v2") + b"(" + arguments + b"\x89" + hooks + b"tR"


def glob(module: str, name: str) -> bytes:
    """Return the opcode that looks a global up."""
    return f"c{module}\n{name}\n".encode()


def text(value: str) -> bytes:
    """Return the opcode of a text."""
    content = value.encode()
    return b"X" + struct.pack("<I", len(content)) + content


def number(value: int) -> bytes:
    """Return the opcode of a whole number."""
    return b"J" + struct.pack("<i", value)


def tuple_of(values: tuple[int, ...]) -> bytes:
    """Return the opcodes of a tuple of whole numbers."""
    return b"(" + b"".join(map(number, values)) + b"t"
