"""One file in another's place."""

from pathlib import Path, PurePosixPath

import pytest

from builder.errors import OutputError
from builder.hashing import sha256_hex
from builder.output.places import Surroundings
from builder.output.single import check_file, replace_file


def test_a_file_may_be_new(tmp_path: Path) -> None:
    check_file(tmp_path / "model.keras", force=False)
    with pytest.raises(OutputError, match="does not exist: create it"):
        check_file(tmp_path / "gone" / "model.keras", force=True)


def test_a_file_that_is_there_needs_force(tmp_path: Path) -> None:
    file = tmp_path / "model.keras"
    file.write_text("mine")
    with pytest.raises(OutputError, match="exists: choose another --model-file, or give --force"):
        check_file(file, force=False, option="--model-file")
    check_file(file, force=True)
    with pytest.raises(OutputError, match="which is read"):
        check_file(file, force=True, inputs=[tmp_path / "gone", file])
    with pytest.raises(OutputError, match="is a folder"):
        check_file(tmp_path, force=True)
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(OutputError, match="is a symbolic link"):
        check_file(tmp_path / "link", force=True)


def test_the_systems_places_are_refused(tmp_path: Path) -> None:
    around = Surroundings(PurePosixPath("/"), (), system=(tmp_path.resolve(),))
    with pytest.raises(OutputError, match="a folder of the system: nothing is written there"):
        check_file(tmp_path / "model.keras", force=True, around=around)


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_was_there_is_deleted_only_if_it_is_ours(tmp_path: Path, is_ours: bool) -> None:
    target, new = tmp_path / "model.keras", tmp_path / "new"
    target.write_text("old")
    new.write_text("new")
    ours = sha256_hex(b"old" if is_ours else b"other")
    aside = tmp_path / "model.keras.replaced-1"
    assert replace_file(new, target, ours) == (None if is_ours else aside)
    assert target.read_text() == "new"
    assert not new.exists()
    assert aside.exists() is not is_ours
    assert is_ours or aside.read_text() == "old"
    new.write_text("newer")
    assert replace_file(new, target, None) == (
        aside if is_ours else tmp_path / "model.keras.replaced-2"
    )
