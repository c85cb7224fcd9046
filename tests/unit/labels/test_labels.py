import csv
from pathlib import Path

import pytest

from builder.errors import LabelsError
from builder.labels import check_labels, imagenet_labels, read_labels
from builder.resources import assets


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "ash\nbirch\ncedar\n"),
        ("bom.txt", b"\xef\xbb\xbfash\nbirch\ncedar\n"),
        ("crlf.txt", "ash\r\nbirch\r\ncedar\r\n\r\n\r\n"),
        ("noend.txt", "ash\nbirch\n cedar "),
        ("nosuffix", "ash\nbirch\ncedar\n"),
        ("one.csv", "ash\nbirch\ncedar\n"),
        ("label.csv", "label\nash\nbirch\ncedar\n"),
        ("name.csv", "id,Name\n2,cedar\n0,ash\n1,birch\n\n"),
        ("extra.csv", "wnid,class,remark\nx,ash,\ny,birch,\nz,cedar,\n"),
        ("quoted.csv", b'\xef\xbb\xbflabel\r\n"ash"\r\nbirch\r\n"cedar"\r\n'),
        ("list.json", '["ash", "birch", "cedar"]'),
        ("index.json", '{"1": "birch", "0": "ash", "2": "cedar"}'),
        ("name.json", '{"birch": 1, "ash": 0, "cedar": 2}'),
        ("keras.json", '{"0": ["n1", "ash"], "1": ["n2", "birch"], "2": ["n3", "cedar"]}'),
    ],
)
def test_every_format_gives_the_names_in_order(tmp_path: Path, name: str, content: str) -> None:
    assert read_labels(_write(tmp_path, name, content)) == ("ash", "birch", "cedar")


@pytest.mark.parametrize(
    ("name", "content", "place", "reason"),
    [
        ("a.txt", "", "a.txt", "no class names"),
        ("a.txt", "\n \n", "a.txt", "no class names"),
        ("a.txt", "ash\n\nfir\n", "line 2", "empty"),
        ("a.txt", "ash\nfir\nash\n", "line 3", "occurs twice (first at line 1)"),
        ("a.txt", b"ash\nb\xfcrch\n", "line 2", "not UTF-8"),
        ("a.txt", b"ash\0fir\n", "a.txt", "binary"),
        ("a.csv", "x,y\n1,2\n", "line 1", "no column"),
        ("a.csv", "id,label\n0,ash\n1,fir, needle\n", "line 3", "3 values"),
        ("a.csv", "id,label\n0,ash\n2,fir\n", "a.csv", "index 1 is missing"),
        ("a.csv", "id,label\n0,ash\nzero,fir\n", "line 3", "'zero' is not a whole number"),
        ("a.csv", 'label\n"ash\n', "a.csv", "not CSV"),
        ("a.json", "[\n'ash']", "line 2", "not JSON"),
        ("a.json", "3", "a.json", "not int"),
        ("a.json", "{}", "a.json", "not dict"),
        ("a.json", '["ash", 3]', "a.json", "3 is not a class name"),
        ("a.json", '["ash", "ash"]', "entry 1", "occurs twice"),
        ("a.json", '["ash", "\\ud83c"]', "entry 1", "control character"),
        ("a.json", '["ash", "fir\\ntree"]', "entry 1", "has a line break"),
        ("a.csv", 'label\n"ash\ntree"\n', "line 3", "line break"),
        ("a.json", '{"0": "ash", "0": "fir"}', "a.json", "'0' occurs twice"),
        ("a.json", '{"ash": 0, "fir": 0}', "a.json", "index 0 is given to two names"),
        ("a.json", '{"0": "ash", "2": "fir"}', "a.json", "index 1 is missing"),
        ("a.json", "[" * 100_000, "a.json", "not a list of class names"),
    ],
)
def test_a_bad_file_is_told_with_its_place(
    tmp_path: Path, name: str, content: str, place: str, reason: str
) -> None:
    path = _write(tmp_path, name, content)
    with pytest.raises(LabelsError) as caught:
        read_labels(path)
    message = caught.value.message
    assert str(path) in message
    assert place in message
    assert reason in message


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="cannot be read: No such file"):
        read_labels(tmp_path / "none.txt")
    with pytest.raises(LabelsError, match="cannot be read: Is a directory"):
        read_labels(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(LabelsError, match="larger than 16 MiB"):
        read_labels(path)


def test_the_number_of_names_must_be_that_of_the_outputs() -> None:
    check_labels(("ash", "fir"), 2, "trees.txt")
    with pytest.raises(LabelsError, match=r"trees\.txt gives 2 class names.* 3 outputs.*--labels"):
        check_labels(("ash", "fir"), 3, "trees.txt")
    with pytest.raises(LabelsError, match=r"entry 1.*occurs twice"):
        check_labels(("ash", "ash"), 2, "trees.txt")


def test_imagenet_has_a_thousand_different_names() -> None:
    labels = imagenet_labels()
    assert len(labels) == len(set(labels)) == 1000
    assert labels[0] == "tench"
    assert labels[134] == "crane (bird)"
    assert labels[517] == "crane (machine)"
    assert labels[638] == "maillot (swimsuit)"
    assert labels[639] == "maillot (tank suit)"


def test_imagenet_names_are_those_of_the_shared_facts(shared: Path) -> None:
    with (shared / "labels" / "imagenet-1k.csv").open(encoding="utf-8") as file:
        facts = [row["label"] for row in csv.DictReader(file)]
    told_apart = {134, 517, 638, 639}
    for index, (ours, fact) in enumerate(zip(imagenet_labels(), facts, strict=True)):
        assert ours.startswith(f"{fact} (") if index in told_apart else ours == fact


def test_the_twins_are_told_apart_by_their_wordnet_ids() -> None:
    with (assets() / "labels" / "imagenet-1k.csv").open(encoding="utf-8") as file:
        by_id = {row["wnid"]: row["label"] for row in csv.DictReader(file)}
    assert by_id["n02012849"] == "crane (bird)"
    assert by_id["n03126707"] == "crane (machine)"
    assert by_id["n03710637"] == "maillot (swimsuit)"
    assert by_id["n03710721"] == "maillot (tank suit)"
