"""Class names in several languages: every form of file, and every mistake in one."""

from pathlib import Path

import pytest

from builder.errors import LabelsError
from builder.labels import ClassNames, read_class_names
from builder.labels.languages import canonical_tag, matching_tag

GERMAN, FRENCH = ("Esche", "Birke", "Zeder"), ("frêne", "bouleau", "cèdre")
ENGLISH = ("ash", "birch", "cedar")


def _write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "en,de,fr\nash,Esche,frêne\nbirch,Birke,bouleau\ncedar,Zeder,cèdre\n"),
        ("a.tsv", "en\tde\tfr\nash\tEsche\tfrêne\nbirch\tBirke\tbouleau\ncedar\tZeder\tcèdre\n"),
        (
            "index.csv",
            "class_index,en,de,fr\n2,cedar,Zeder,cèdre\n0,ash,Esche,frêne\n1,birch,Birke,bouleau\n",
        ),
        ("case.csv", "EN, De ,fr\nash,Esche,frêne\nbirch,Birke,bouleau\ncedar,Zeder,cèdre\n"),
        (
            "a.json",
            '{"en": ["ash", "birch", "cedar"], "de": ["Esche", "Birke", "Zeder"],'
            ' "fr": ["frêne", "bouleau", "cèdre"]}',
        ),
    ],
)
def test_every_format_gives_the_names_of_each_language(
    tmp_path: Path, name: str, content: str
) -> None:
    names = read_class_names(_write(tmp_path, name, content))
    assert names == ClassNames(ENGLISH, "en", {"de": GERMAN, "fr": FRENCH})


def test_a_column_of_labels_counts_wherever_it_stands(tmp_path: Path) -> None:
    content = "de,label\nEsche,fraxinus\nBirke,betula\nZeder,cedrus\n"
    names = read_class_names(_write(tmp_path, "a.csv", content))
    assert names == ClassNames(("fraxinus", "betula", "cedrus"), None, {"de": GERMAN})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # One column is a list, whatever it is of.
        ("de\nfr\n", ClassNames(("de", "fr"))),
        ("class_index,de\n0,Esche\n", ClassNames(("Esche",), "de")),
        ("wnid,label,remark\nn1,ash,tall\n", ClassNames(("ash",))),
        # "id" is an index, an index of another kind, or Indonesian.
        ("id,en,de\n0,ash,Esche\n", ClassNames(("ash",), "en", {"de": ("Esche",)})),
        ("class_index,id,label\n0,n1,ash\n", ClassNames(("ash",))),
        ("en,id\ndog,anjing\n", ClassNames(("dog",), "en", {"id": ("anjing",)})),
        (
            "class_index,en,id\n0,dog,anjing\n",
            ClassNames(("dog",), "en", {"id": ("anjing",)}),
        ),
    ],
)
def test_what_a_column_is(tmp_path: Path, content: str, expected: ClassNames) -> None:
    assert read_class_names(_write(tmp_path, "a.csv", content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "en,de\nash\n", "line 2: 1 values where the header has 2"),
        ("a.csv", "en,xx\nash,Esche\n", r'line 1: the column "xx" is no language.*such as "de"'),
        ("a.csv", "label,jp\nash,Esche\n", 'the column "jp" is no language'),
        ("a.csv", "en,German\nash,Esche\n", 'the column "German" is no language'),
        ("a.csv", "en,de\nash,\n", r'line 2, column "de": the class name is empty'),
        (
            "a.csv",
            "en,de\ncrane,Kran\nhoist,Kran\n",
            r"line 3, column \"de\": the class name 'Kran' occurs twice \(first at line 2",
        ),
        ("a.csv", "en,de,DE\nash,Esche,Esche\n", 'has the language "de" twice'),
        ("a.csv", "class_index,en,de\n0,ash,Esche\n2,fir,Tanne\n", "index 1 is missing"),
        ("a.tsv", 'en\tde\n"ash\tEsche\n', "not TSV"),
        ("a.tsv", "en\tde\nash, Esche\n", "line 2: 1 values"),
        ("a.json", '{"en": ["ash", "fir"], "de": ["Esche"]}', '"de" has 1 names where "en" has 2'),
        ("a.json", '{"en": ["ash"], "german": ["Esche"]}', 'the key "german" is no language'),
        ("a.json", '{"en": ["ash"], "en": ["Esche"]}', "'en' occurs twice"),
        ("a.json", '{"en": ["ash"], "EN": ["Esche"]}', 'the language "en" twice'),
        ("a.json", '{"en": ["ash"], "de": [3]}', "3 is not a class name"),
        ("a.json", '{"en": ["ash", "fir"], "de": ["Esche", ""]}', '"de", entry 1.*empty'),
        ("a.json", '{"en": []}', "no class names"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    with pytest.raises(LabelsError, match=said) as caught:
        read_class_names(_write(tmp_path, name, content))
    assert name in caught.value.message


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("de", "de"),
        ("PT_br", "pt-BR"),
        ("zh-hans", "zh-Hans"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        *((text, None) for text in ("xx", "klingon", "wnid", "url", "de-", "", "d", "label")),
    ],
)
def test_tags_are_written_as_bcp_47_has_them(text: str, tag: str | None) -> None:
    assert canonical_tag(text) == tag


@pytest.mark.parametrize(
    ("wanted", "offered", "match"),
    [
        ("pt", ["pt-BR", "pt"], "pt"),
        ("pt", ["en", "pt-BR", "pt-PT"], "pt-BR"),
        ("zh-Hans", ["zh-TW", "zh-Hant"], None),
        ("zh-Hans", ["zh-TW", "zh-CN"], "zh-CN"),
        ("zh-Hans", ["zh"], "zh"),
        ("de", ["en"], None),
    ],
)
def test_a_region_is_no_hindrance_and_a_script_is(
    wanted: str, offered: list[str], match: str | None
) -> None:
    assert matching_tag(wanted, offered) == match
