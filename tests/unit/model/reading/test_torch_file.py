"""PyTorch's files are read exactly, and nothing in them runs."""

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import ModelError
from builder.model.reading.torch_file import read_torch_file
from tests.torch_files import glob, number, tensor_steps, text, torch_file

KERNEL = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
STATE = {
    "kernel": KERNEL,
    # A view, as Google's kernels are: offset and strides are not those of a fresh array.
    "turned": KERNEL.reshape(-1)[4:].reshape(5, 4).T,
    "count": np.array(7, np.int64),
}


def written(folder: Path, content: bytes) -> Path:
    path = folder / "weights.pth"
    path.write_bytes(content)
    return path


def test_tensors_have_their_values_shapes_and_types(tmp_path: Path) -> None:
    tensors = read_torch_file(written(tmp_path, torch_file(STATE)))
    assert list(tensors) == list(STATE)
    for name, expected in STATE.items():
        np.testing.assert_array_equal(tensors[name], expected)
        assert tensors[name].dtype == expected.dtype


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "eval"),
        ("torch._utils", "_rebuild_parameter"),
        ("torch", "load"),
        ("collections", "Counter"),
    ],
)
def test_any_other_global_is_refused_by_name(tmp_path: Path, module: str, name: str) -> None:
    touched = tmp_path / "touched"
    content = torch_file(STATE).replace(
        glob("torch._utils", "_rebuild_tensor_v2"), glob(module, name), 1
    )
    with pytest.raises(ModelError, match=rf"{module}\.{name}.*refused"):
        read_torch_file(written(tmp_path, content))
    assert not touched.exists()


class Touch:
    """Pickles as a call that makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("place", range(5))
def test_no_pickle_of_the_five_runs_anything(tmp_path: Path, place: int) -> None:
    touched = tmp_path / "touched"
    parts = [
        pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {}, OrderedDict(), [])
    ]
    parts[place] = pickle.dumps(Touch(touched), 2)
    with pytest.raises(ModelError):
        read_torch_file(written(tmp_path, b"".join(parts)))
    assert not touched.exists()


def with_tensor(steps: bytes) -> bytes:
    """Return a file whose only tensor is made by `steps`."""
    whole = torch_file({"a": np.zeros(4, np.float32)})
    start = whole.index(glob("torch._utils", "_rebuild_tensor_v2"))
    return whole[:start] + steps + whole[whole.index(b"u.", start) :]


FOUR = np.zeros(4, np.float32)


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (5,), (1,)),
        (1, (4,), (1,)),
        (0, (2, 2), (3, 1)),
        (0, (2,), (1 << 30,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (2,), (1, 1)),
        (1 << 30, (1,), (1,)),
    ],
)
def test_a_view_beyond_its_storage_is_refused(
    tmp_path: Path, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    content = with_tensor(tensor_steps("1000", FOUR, offset, shape, strides))
    with pytest.raises(ModelError, match=r"weights\.pth cannot be used"):
        read_torch_file(written(tmp_path, content))


def test_a_few_bytes_cannot_claim_all_memory(tmp_path: Path) -> None:
    huge = (1 << 30, 1 << 30)
    content = with_tensor(tensor_steps("1000", FOUR, 0, huge, (0, 0)))
    with pytest.raises(ModelError, match="more than 1024 MiB"):
        read_torch_file(written(tmp_path, content))


def test_an_index_of_no_use_cannot_claim_all_memory(tmp_path: Path) -> None:
    content = torch_file(STATE).replace(b")R(", b")Rr\xff\xff\xff\x7f(", 1)
    with pytest.raises(ModelError, match="index that is not valid"):
        read_torch_file(written(tmp_path, content))


def test_objects_of_the_reader_cannot_be_changed(tmp_path: Path) -> None:
    """The opcode BUILD sets an object's attributes: of the stand-in, of a storage, of a view."""
    rebuild = glob("torch._utils", "_rebuild_tensor_v2")
    for steps in (rebuild, tensor_steps("1000", FOUR, 0, (4,), (1,))):
        content = with_tensor(steps + b"}" + text("__call__") + number(1) + b"sb")
        with pytest.raises(ModelError):
            read_torch_file(written(tmp_path, content))
    assert read_torch_file(written(tmp_path, torch_file(STATE))).keys() == STATE.keys()


def test_a_storage_has_one_description(tmp_path: Path) -> None:
    first = tensor_steps("1000", FOUR, 0, (4,), (1,))
    second = tensor_steps("1000", np.zeros(8, np.float32), 0, (4,), (1,))
    with pytest.raises(ModelError, match="in two ways"):
        read_torch_file(written(tmp_path, with_tensor(first + text("b") + second)))


def test_the_new_format_and_other_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="damaged"):
        read_torch_file(written(tmp_path, b"PK\x03\x04"))
    with pytest.raises(ModelError, match="_use_new_zipfile_serialization"):
        read_torch_file(written(tmp_path, pickle.dumps(3, 2)))
    with pytest.raises(ModelError, match="cannot be read"):
        read_torch_file(tmp_path / "nowhere.pth")


WHOLE = torch_file(STATE)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
def test_any_damage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    _read_or_refused(tmp_path_factory.mktemp("torch"), bytes(content))


@given(st.integers(0, len(WHOLE)), st.binary(max_size=40))
def test_any_end_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, end: int, more: bytes
) -> None:
    _read_or_refused(tmp_path_factory.mktemp("torch"), WHOLE[:end] + more)


def _read_or_refused(folder: Path, content: bytes) -> None:
    file = written(folder, content)
    try:
        tensors = read_torch_file(file)
    except ModelError as error:
        message = error.message
    else:
        message = str(file)
        assert all(isinstance(tensor, np.ndarray) for tensor in tensors.values())
    assert str(file) in message
