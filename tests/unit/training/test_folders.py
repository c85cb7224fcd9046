from pathlib import Path

import pytest

from builder.errors import PhotosError
from builder.training.checking import read_problem, without_unreadable
from builder.training.folders import read_photo_set, split_class
from tests.photo_sets import write_shapes


def make(folder: Path, classes: dict[str, int]) -> Path:
    for name, count in classes.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            (folder / name / f"{number}.JPG").touch()
    return folder


def test_classes_are_the_sorted_folders_and_each_is_split(tmp_path: Path) -> None:
    make(tmp_path, {"oak": 10, "ash": 5, ".git": 3})
    (tmp_path / "oak" / "notes.txt").touch()
    photos = read_photo_set(tmp_path, 0.2, seed=0)
    assert photos.labels == ("ash", "oak")
    assert [photo.label for photo in photos.val] == [0, 1, 1]
    assert len(photos.train) == 12


def test_one_seed_gives_one_split_and_another_seed_another(tmp_path: Path) -> None:
    make(tmp_path, {"oak": 40, "ash": 40})
    once, again, other = (read_photo_set(tmp_path, 0.2, seed) for seed in (1, 1, 2))
    assert once == again
    assert once.val != other.val


def test_a_new_photo_does_not_move_the_others_to_the_other_side() -> None:
    paths = tuple(Path(f"{number}.jpg") for number in range(40))
    _, before = split_class("oak", paths, 0.25, 0)
    _, after = split_class("oak", (*paths, Path("new.jpg")), 0.25, 0)
    assert len(set(before) - set(after)) <= 1


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.99])
def test_both_sides_of_a_split_have_a_photo(count: int, fraction: float) -> None:
    train, val = split_class("oak", tuple(map(Path, map(str, range(count)))), fraction, 0)
    assert train
    assert val


def test_train_and_val_folders_are_taken_as_they_are(tmp_path: Path) -> None:
    make(tmp_path / "train", {"oak": 3, "ash": 3})
    make(tmp_path / "val", {"oak": 1, "ash": 2})
    photos = read_photo_set(tmp_path, 0.5, seed=0)
    assert (len(photos.train), len(photos.val)) == (6, 3)


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ({}, "holds no class folders"),
        ({"oak": 5}, r"one class only \(oak\)"),
        ({"oak": 5, "ash": 1}, r"ash holds 1 photo\(s\)"),
        ({"Oak": 5, "oak": 5}, "differ only by case"),
    ],
)
def test_folders_that_cannot_be_trained_on(
    tmp_path: Path, classes: dict[str, int], words: str
) -> None:
    with pytest.raises(PhotosError, match=words):
        read_photo_set(make(tmp_path, classes), 0.2, seed=0)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhotosError, match="nowhere is not a folder"):
        read_photo_set(tmp_path / "nowhere", 0.2, seed=0)


def test_validation_folders_with_other_names_are_an_error(tmp_path: Path) -> None:
    make(tmp_path / "train", {"oak": 3, "ash": 3})
    make(tmp_path / "val", {"oak": 3, "elm": 3})
    with pytest.raises(PhotosError, match=r"train has a class 'ash' that .*val has not"):
        read_photo_set(tmp_path, 0.2, seed=0)


def test_a_few_damaged_photos_are_skipped_and_named(tmp_path: Path) -> None:
    write_shapes(tmp_path, 20)
    damaged = tmp_path / "cross" / "003.png"
    damaged.write_bytes(damaged.read_bytes()[:200])
    warnings: list[str] = []
    photos, skipped = without_unreadable(
        read_photo_set(tmp_path, 0.2, 0), tmp_path, warnings.append
    )
    assert len(photos.train) + len(photos.val) == 59
    assert list(skipped) == ["cross/003.png"]
    assert "cross/003.png" in warnings[0]


def test_many_damaged_photos_are_an_error(tmp_path: Path) -> None:
    write_shapes(tmp_path, 10)
    for number in range(4):
        (tmp_path / "cross" / f"{number:03}.png").write_text("<html>Not found</html>")
    with pytest.raises(PhotosError, match="4 of 30 photos"):
        without_unreadable(read_photo_set(tmp_path, 0.2, 0), tmp_path, lambda _: None)


def test_what_is_wrong_with_a_photo_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_text("<html>")
    assert "cannot identify" in (read_problem(tmp_path / "page.jpg") or "")
    write_shapes(tmp_path, 1)
    assert read_problem(tmp_path / "cross" / "000.png") is None
