"""The names that people use for ImageNet's classes: one file a language, whole and well-formed."""

import csv
import json
import unicodedata
from pathlib import Path

import pytest

from builder.labels import ClassNames, imagenet_labels, with_common_names, wordnet_ids
from builder.resources import assets, site_templates

LONGEST = 36
"""Characters. Such a name takes up to four lines as the first answer on 320 pixels."""

FILES = sorted((assets() / "class-names").glob("*.json"))
LATIN = {
    "de": "äöüß",
    "en": "é",
    "es": "áéíñóúü",
    "fr": "àâçèéêëîïôœùû",
    "pt": "áâãàçéêíóôõú",
}
"""Letters that a language adds to the Latin alphabet."""
SCRIPTS = {
    "ar": ("ARABIC",),
    "hi": ("DEVANAGARI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ta": ("TAMIL",),
    "zh-Hans": ("CJK",),
}
"""How the Unicode names of a language's letters and marks begin."""
PUNCTUATION = " ()’-.,·・\uff08\uff09\u200c\u200d"
"""What may stand between letters; the last four are wide parentheses, the non-joiner and joiner."""


def names_of(path: Path) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def imagenet_ids() -> tuple[str, ...]:
    return wordnet_ids(imagenet_labels())


def shown_names(path: Path) -> list[str]:
    """Return what people read in a language, in the order of ImageNet's classes."""
    called = with_common_names(ClassNames(()), imagenet_labels())
    return list(called.translations[path.stem])


def is_of(language: str, letter: str) -> bool:
    """Return whether a letter or mark is one that the language is written with.

    Where it isn't Latin, a few Latin letters are: "Tシャツ", "CD".
    """
    if letter.isascii():
        return True
    if language in LATIN:
        return letter.lower() in LATIN[language]
    return unicodedata.name(letter).startswith(SCRIPTS[language])


def test_every_language_of_the_interface_has_a_file() -> None:
    catalogues = (site_templates() / "messages").glob("*.json")
    assert {path.name for path in FILES} == {path.name for path in catalogues}


by_language = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@by_language
def test_every_class_has_a_name(path: Path) -> None:
    names = names_of(path)
    assert list(names) == sorted(names)
    if path.stem == "en":
        labels = dict(zip(imagenet_ids(), imagenet_labels(), strict=True))
        # English has a file for those labels alone that people would not use.
        assert all(labels[wnid] != name for wnid, name in names.items())
    else:
        assert list(names) == sorted(imagenet_ids())


@by_language
def test_no_two_classes_have_the_same_name(path: Path) -> None:
    folded = [name.casefold() for name in shown_names(path)]
    assert {name for name in folded if folded.count(name) > 1} == set()


@by_language
def test_names_are_short_and_clean(path: Path) -> None:
    for name in names_of(path).values():
        assert 0 < len(name) <= LONGEST
        assert name == " ".join(name.split())
        assert name == unicodedata.normalize("NFC", name)
        assert [name.count(opening) for opening in "(\uff08"] == [
            name.count(closing) for closing in ")\uff09"
        ]


@by_language
def test_names_are_written_in_the_script_of_their_language(path: Path) -> None:
    strange = {
        f"{letter} in {name}"
        for name in names_of(path).values()
        for letter in name
        if letter not in PUNCTUATION and not letter.isdecimal()
        if unicodedata.category(letter)[0] not in "LM" or not is_of(path.stem, letter)
    }
    assert strange == set()


@by_language
def test_names_are_in_the_language_and_not_in_english(path: Path) -> None:
    """A few words are the same everywhere; half of the names are not."""
    if path.stem == "en":
        return
    pairs = zip(shown_names(path), imagenet_labels(), strict=True)
    same = [name for name, label in pairs if name.casefold() == label.casefold()]
    assert len(same) < 130, same
    if path.stem in SCRIPTS:
        latin = [name for name in names_of(path).values() if name.isascii()]
        assert len(latin) < 10, latin


@pytest.mark.parametrize(
    ("language", "wnid", "name"),
    [
        ("de", "n01440764", "Schleie"),
        ("de", "n02012849", "Kranich"),
        ("de", "n03126707", "Kran"),
        ("de", "n02108089", "Boxer (Hund)"),
        ("fr", "n01847000", "canard mâle"),
        ("es", "n12144580", "maíz"),
        ("pt", "n13133613", "espiga de milho"),
        ("en", "n03710637", "one-piece swimsuit"),
        ("en", "n02113186", "Cardigan Welsh corgi"),
    ],
)
def test_what_is_meant_is_what_the_photos_show(language: str, wnid: str, name: str) -> None:
    assert names_of(assets() / "class-names" / f"{language}.json")[wnid] == name


def demo() -> tuple[list[str], list[str]]:
    """Return the demo model's labels, and the folders of photos that it learnt them from."""
    description = json.loads((assets() / "demo" / "demo.json").read_text(encoding="utf-8"))
    return description["labels"], description["folders"]


def test_the_demo_has_the_ids_of_the_photos_that_it_learnt_from() -> None:
    labels, folders = demo()
    english = dict(zip(imagenet_ids(), imagenet_labels(), strict=True))
    learnt = [english[wnid].lower().replace(" ", "_") for wnid in wordnet_ids(labels)]
    assert learnt == folders


def test_the_demos_own_names_are_those_that_english_people_use() -> None:
    labels, _ = demo()
    called = with_common_names(ClassNames(()), labels)
    assert list(called.translations["en"]) == labels
    assert called.translations["de"][labels.index("goldfish")] == "Goldfisch"


def test_ids_are_those_of_the_table_that_ships(shared: Path) -> None:
    with (shared / "labels" / "imagenet-1k.csv").open(encoding="utf-8") as file:
        assert imagenet_ids() == tuple(row["wnid"] for row in csv.DictReader(file))


def test_the_same_words_among_others_have_neither_ids_nor_names() -> None:
    labels = ("tench", "crane (bird)")
    assert wordnet_ids(labels) == ()
    assert with_common_names(ClassNames(()), labels) == ClassNames(labels)
    assert wordnet_ids(imagenet_labels()[::-1]) == ()


def test_a_persons_own_names_win_language_by_language() -> None:
    labels = imagenet_labels()
    own = tuple(f"Ding {index}" for index in range(len(labels)))
    called = with_common_names(ClassNames(labels, "en-US", {"de-AT": own}), labels)
    assert called.language == "en-US"
    assert called.translations["de-AT"] == own
    assert called.translations["fr"][0] == "tanche"
    assert not {"de", "en"} & set(called.translations)
