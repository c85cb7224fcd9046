"""A calibrated copy is a new file, in no place of the system's."""

from pathlib import Path

import pytest

from builder.errors import OutputError
from builder.evaluation.calibrated_copy import require_new_file


def test_a_new_file_may_be_written(tmp_path: Path) -> None:
    require_new_file(tmp_path / "sure.keras")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("sure.h5", "must end in .keras"),
        ("there.keras", "exists: choose another name"),
        ("link.keras", "exists: choose another name"),
        ("gone/sure.keras", "does not exist: create it"),
        (".git/sure.keras", "where version control keeps its own"),
    ],
)
def test_no_other_file_may(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "there.keras").touch()
    (tmp_path / "link.keras").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=reason):
        require_new_file(tmp_path / name)


def test_a_folder_of_the_system_is_refused() -> None:
    with pytest.raises(OutputError, match=r"lies in /etc|folder of the system"):
        require_new_file(Path("/etc/sure.keras"))
