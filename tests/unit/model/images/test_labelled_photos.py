from pathlib import Path

import pytest

from builder.errors import PhotosError
from builder.model.images.labelled_photos import read_labelled_photos
from builder.model.loading.demo import demo_folders, load_demo
from builder.training.demo_pack import plain_name

LABELS = ("red panda", "lion", "Persian cat")


def photo(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_folders_match_labels_whatever_their_case_and_spaces(tmp_path: Path) -> None:
    photo(tmp_path / "red_panda" / "1.jpg")
    photo(tmp_path / "persian-cat" / "2.PNG")
    photo(tmp_path / "persian-cat" / "notes.txt")
    photos = read_labelled_photos(tmp_path, LABELS)
    assert photos.truth.tolist() == [2, 0]


def test_folders_may_have_the_names_of_the_training(tmp_path: Path) -> None:
    photo(tmp_path / "lesser_panda" / "1.jpg")
    photo(tmp_path / "Lion" / "2.jpg")
    folders = ("lesser_panda", "lion", "red_panda")
    assert read_labelled_photos(tmp_path, LABELS, folders).truth.tolist() == [1, 0]
    photo(tmp_path / "red panda" / "3.jpg")
    photos = read_labelled_photos(tmp_path, LABELS, folders)
    assert photos.truth.tolist() == [1, 0, 0], "a label counts for more than a folder's name"


def test_the_demo_model_knows_its_classes_by_the_folders_of_its_training() -> None:
    demo = load_demo()
    assert len(set(demo.folders)) == len(demo.labels)
    assert tuple(map(plain_name, demo.folders)) == demo.labels
    assert demo_folders(demo.labels) == demo.folders
    assert demo_folders(("oak", "elm")) == ()


def test_the_validation_part_of_a_data_set_is_taken(tmp_path: Path) -> None:
    photo(tmp_path / "train" / "lion" / "1.jpg")
    photo(tmp_path / "val" / "lion" / "2.jpg")
    assert [path.name for path in read_labelled_photos(tmp_path, LABELS).files] == ["2.jpg"]


def test_a_table_names_classes_by_index_or_label(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg")
    photo(tmp_path / "b.jpg")
    table = tmp_path / "labels.csv"
    table.write_text("file,class_index\na.jpg,1\nb.jpg,0\n")
    assert read_labelled_photos(tmp_path, LABELS).truth.tolist() == [1, 0]
    table.write_text("file,label\na.jpg,Lion\nb.jpg,red panda\n")
    assert read_labelled_photos(tmp_path, LABELS).truth.tolist() == [1, 0]
    table.write_bytes(b"\xef\xbb\xbfFile;Label\r\na.jpg;Lion\r\n\r\nb.jpg; red panda\r\n")
    assert read_labelled_photos(tmp_path, LABELS).truth.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("file,class_index\na.jpg,3\n", r"line 2: the class index '3' is none of .* 0 to 2"),
        ("file,class_index\nb.jpg,0\n", "there is no photo 'b.jpg'"),
        ("file,label\na.jpg,tiger\n", "no class 'tiger'"),
        ("file,class_index\n", "holds no photos"),
        ('file,label\na.jpg,"lion\n', "not CSV"),
    ],
)
def test_tables_that_do_not_fit(tmp_path: Path, table: str, words: str) -> None:
    photo(tmp_path / "a.jpg")
    (tmp_path / "labels.csv").write_text(table)
    with pytest.raises(PhotosError, match=words):
        read_labelled_photos(tmp_path, LABELS)


def test_a_class_that_the_model_does_not_know_is_named(tmp_path: Path) -> None:
    photo(tmp_path / "tiger" / "1.jpg")
    with pytest.raises(PhotosError, match="tiger is named after no class"):
        read_labelled_photos(tmp_path, LABELS)
