"""Tables and numbered lists: read where there is one way to read them, and asked about else."""

from pathlib import Path

import pytest

from builder.errors import LabelsError
from builder.labels import ClassNames, read_class_names, read_labels

THREE = ("ash", "birch", "cedar")


def _write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # Semicolons, tabs and bars, whatever the file is called.
        ("a.csv", "id;label\n2;cedar\n0;ash\n1;birch\n"),
        ("a.csv", "label;remark\nash;\nbirch;white, tall\ncedar;\n"),
        ("a.csv", "1;birch\n2;cedar\n0;ash\n"),
        ("a.csv", "ash;0\ncedar;2\nbirch;1\n"),
        ("a.txt", "1;birch\n2;cedar\n0;ash\n"),
        ("a.txt", "label;id\nbirch;1\ncedar;2\nash;0\n"),
        ("a.txt", "id,label\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "id\tlabel\n2\tcedar\n0\tash\n1\tbirch\n"),
        ("a.tsv", "id,label\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "id|label\n2|cedar\n0|ash\n1|birch\n"),
        ("a.csv", "sep=;\r\nid;label\r\n2;cedar\r\n0;ash\r\n1;birch\r\n"),
        ("a.csv", "ash;\nbirch;\ncedar;\n"),
        ("a.csv", "ash,birch,cedar\n"),
        # Which column is the index shows by what stands in it.
        ("a.csv", "label,name\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "class,name\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "name,class\ncedar,2\nash,0\nbirch,1\n"),
        ("a.csv", "Class Name,Class ID\ncedar,2\nash,0\nbirch,1\n"),
        ("a.csv", "ClassId,Name\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "class,name\ntree,ash\ntree,birch\ntree,cedar\n"),
        ("a.csv", ",label\n0,ash\n1,birch\n2,cedar\n"),
        ("a.csv", ",label\n4,ash\n7,birch\n9,cedar\n"),
        # A column called "no" is a running number, in any order, from 0 or 1.
        ("a.csv", "no,label\n0,ash\n1,birch\n2,cedar\n"),
        ("a.csv", "No.,label\n2,cedar\n0,ash\n1,birch\n"),
        ("a.csv", "no,label\n1,ash\n2,birch\n3,cedar\n"),
        ("a.csv", "nr;name\n1;ash\n2;birch\n3;cedar\n"),
        ("a.csv", "no,label\nA-1,ash\nA-2,birch\nA-3,cedar\n"),
        # Stray blanks.
        ("a.csv", ' id , label \n 2 , "cedar" \n 0, ash\n1 ,"birch"\n'),
        ("a.csv", "id,label,\n2,cedar,\n0,ash,\n1,birch,\n"),
        ("a.csv", "id,label\n2,cedar\n\n0,ash\n1,birch\n"),
        ("a.txt", "\u00a0ash \u0085\nbirch\u2028\n\tcedar\u3000\n"),
        ("a.json", '{" 0": "ash ", "1 ": " birch", "2": "cedar"}'),
        # Numbers before the names.
        ("a.txt", "0 ash\n1 birch\n2 cedar\n"),
        ("a.txt", "2 cedar\n0 ash\n1 birch\n"),
        ("a.txt", "0: ash\n1: birch\n2: cedar\n"),
        ("a.txt", "0,ash\n1,birch\n2,cedar\n"),
        ("a.txt", "0\tash\n1\tbirch\n2\tcedar\n"),
        ("a.txt", "00. ash\n01. birch\n02. cedar\n"),
        ("a.txt", "0)ash\n1)birch\n2)cedar\n"),
        ("a.csv", "0 ash\n1 birch\n2 cedar\n"),
        # Or behind them.
        ("a.txt", "birch,1\ncedar,2\nash,0\n"),
        ("a.txt", "cedar: 2\nash: 0\nbirch: 1\n"),
        ("a.txt", "birch = 1\nash = 0\ncedar = 2\n"),
        ("a.txt", "birch|1\nash|0\ncedar|2\n"),
        ("a.txt", "ash\rbirch\rcedar\r"),
    ],
)
def test_what_can_be_read_in_one_way_only_is(tmp_path: Path, name: str, content: str) -> None:
    assert read_labels(_write(tmp_path, name, content)) == THREE


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("a.txt", "0.5 mm\n1.0 mm\n1.5 mm\n", ("0.5 mm", "1.0 mm", "1.5 mm")),
        ("a.txt", "0-3 years\n1-4 years\n", ("0-3 years", "1-4 years")),
        ("a.txt", "0,5 mm\n1,0 mm\n", ("0,5 mm", "1,0 mm")),
        ("a.txt", "0\n1\n2\n", ("0", "1", "2")),
        ("a.txt", "0 0\n1 1\n2 2\n", ("0", "1", "2")),
        ("a.txt", "1 euro\n2 euro\n", ("1 euro", "2 euro")),
        ("a.txt", "1 cent\n2 cents\n5 cents\n", ("1 cent", "2 cents", "5 cents")),
        ("a.txt", "ash, white\nbirch, black\n", ("ash, white", "birch, black")),
        ("a.txt", "gate 0\nplatform 1\n", ("gate 0", "platform 1")),
        ("a.txt", "ratio 1:2\nratio 1:4\n", ("ratio 1:2", "ratio 1:4")),
        ("a.csv", "id,label\n0,0\n1,1\n", ("0", "1")),
        ("a.csv", "ClassId,Name\n0,1\n1,2\n2,3", ("1", "2", "3")),
        ("a.csv", "id,label\n0,\"ash; 'white'\"\n1,birch\n", ("ash; 'white'", "birch")),
    ],
)
def test_names_keep_numbers_and_punctuation_of_their_own(
    tmp_path: Path, name: str, content: str, names: tuple[str, ...]
) -> None:
    assert read_labels(_write(tmp_path, name, content)) == names


def test_a_column_of_norwegian_is_a_language(tmp_path: Path) -> None:
    names = read_class_names(_write(tmp_path, "a.csv", "label,no\nash,ask\nbirch,bjørk\n"))
    assert names == ClassNames(("ash", "birch"), None, {"no": ("ask", "bjørk")})
    names = read_class_names(_write(tmp_path, "a.csv", "no,en\n0,ash\n1,birch\n"))
    assert names == ClassNames(("ash", "birch"), "en", {})
    names = read_class_names(_write(tmp_path, "a.csv", "label,de\n1,Birke\n0,Esche\n"))
    assert names == ClassNames(("Esche", "Birke"), "de", {})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.csv",
            "label,name\nn01,ash\nn02,birch\n",
            r'line 1: the columns "label" and "name" could both be the names.*Call the one that',
        ),
        ("a.csv", "label,Label\nash,Esche\nbirch,Birke\n", '"label" and "Label" could both be the'),
        ("a.csv", "label,color\n0,red\n1,blue\n", r'"label" has numbers only.*Call the column of'),
        ("a.csv", "id,index,name\n0,1,ash\n1,0,birch\n", r'"id" and "index".*"class_index"'),
        ("a.csv", "no,label\n3,ash\n1,birch\n", r'"no" are in another order.*"class_index"'),
        ("a.csv", "output,label\n1,ash\n0,birch\n", r'"output" are in another order.*"class_index'),
        ("a.csv", "label,name\n1,ash\n2,birch\n", "the index 0 is missing"),
        ("a.csv", "ash,white\nbirch,black\n", 'no column is called "label"'),
        ("a.csv", "0;ash,white\n1;birch,black\n", r"with commas or semicolons between.*first line"),
        ("a.txt", "ash;white\nbirch;black\n", 'no column is called "label"'),
        ("a.txt", "1 ash\n2 birch\n", r'numbers its lines from 1.*\["1 ash", …\] into a .json'),
        ("a.txt", "1. ash\n2. birch\n", "numbers its lines from 1"),
        ("a.txt", "2 birch\n1 ash\n", "numbers its lines from 1"),
        ("a.txt", "ash,2\nbirch,1\n", "numbers its lines from 1"),
        ("a.txt", "ash\u2028white\nbirch\n", r"line 1: the class name .* has a line break"),
        ("a.txt", "ash\nbir\u0085ch\n", r"line 2: the class name .* has a line break"),
        ("a.csv", "label\nash\u2028white\nbirch\n", r"line 2: the class name .* has a line break"),
        ("a.txt", "ash\x0cbirch\n", r"line 1: the class name .* control character"),
        ("a.csv", "label,remark\nash,x\n\nbirch,y\n", "line 3: the class name is empty"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_about(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = _write(tmp_path, name, content)
    with pytest.raises(LabelsError, match=said) as caught:
        read_class_names(path)
    assert str(path) in caught.value.message
