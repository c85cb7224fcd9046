"""Which class names a site carries besides the model's own."""

import json
from pathlib import Path

import pytest

from builder.build import BuildResult, build_site
from builder.config import SiteConfig
from builder.errors import LabelsError
from builder.labels import ClassNames, imagenet_labels, wordnet_ids
from builder.model.pipeline import PreparedModel
from builder.site.class_names import class_translations, unseen_languages
from builder.typed_json import to_json
from tests.unit.sites import metadata, prepare_trees, prepared

NAMES = ClassNames(("oak", "fir"), "en", {"de": ("Eiche", "fir"), "zh-CN": ("橡树", "冷杉")})


def test_each_language_of_the_interface_gets_its_names() -> None:
    assert class_translations(NAMES, ["en", "de", "fr", "zh-Hans"]) == {
        # What is called the same needs no entry.
        "de": {"oak": "Eiche"},
        "zh-Hans": {"oak": "橡树", "fir": "冷杉"},
    }


def test_names_of_an_unknown_language_are_for_all_that_have_none() -> None:
    names = ClassNames(("quercus",), None, {"en": ("oak",)})
    assert class_translations(names, ["en", "de"]) == {"en": {"quercus": "oak"}}


def test_the_names_that_count_are_not_carried_twice() -> None:
    names = ClassNames(("oak",), "en-GB", {"en-US": ("oak tree",)})
    assert class_translations(names, ["en"]) == {}


def test_a_language_that_calls_all_classes_as_the_model_does_needs_no_file() -> None:
    names = ClassNames(
        ("iPod", "kiwi"), "en", {"de": ("iPod", "kiwi"), "fr": ("iPod", "kiwi (fruit)")}
    )
    assert class_translations(names, ["en", "de", "fr"]) == {"fr": {"kiwi": "kiwi (fruit)"}}


def test_languages_that_the_interface_does_not_speak_are_known() -> None:
    names = ClassNames(("oak",), "en", {"it": ("quercia",), "zh-TW": ("橡樹",), "de": ("Eiche",)})
    assert unseen_languages(names, ["en", "de", "zh-Hans"]) == ["it", "zh-TW"]


def build(tmp_path: Path, content: str | None, lang: str = "auto") -> BuildResult:
    labels = tmp_path / "labels.csv"
    if content is not None:
        labels.write_text(content, encoding="utf-8")
    given = labels if content is not None else None
    config = SiteConfig(labels=given, lang=lang, output=tmp_path / lang)
    return build_site(config, prepare=prepare_trees)


def carried(result: BuildResult) -> dict[str, dict[str, str]]:
    """Return the class names that a site has, by language."""
    files = result.output.glob("app/*/classes/*.json")
    return {file.stem: json.loads(file.read_bytes()) for file in files}


TREES = "en,de,it\noak,Eiche,quercia\nelm,Ulme,olmo\nfir,Tanne,abete\n"


def test_a_site_carries_and_keeps_the_names_of_its_languages(tmp_path: Path) -> None:
    result = build(tmp_path, TREES)
    assert carried(result) == {"de": {"oak": "Eiche", "elm": "Ulme", "fir": "Tanne"}}
    assert result.report.class_names == ("de",)
    (path,) = (path for path in result.report.files if "/classes/" in path)
    assert path in (result.output / "sw.js").read_text(encoding="utf-8")
    assert any(
        'does not speak "it"' in line and "messages/it.json" in line for line in result.warnings
    )


def test_a_site_in_one_language_carries_no_other(tmp_path: Path) -> None:
    assert set(carried(build(tmp_path, TREES, lang="de"))) == {"de"}
    assert carried(build(tmp_path, TREES, lang="fr")) == {}


def test_names_in_one_language_leave_the_site_as_it_was(tmp_path: Path) -> None:
    without = build(tmp_path, None).report
    assert "classNames" not in to_json(without)
    assert build(tmp_path, "label\noak\nelm\nfir\n").report == without


def test_mistakes_in_the_file_end_the_build_before_the_model_is_touched(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match='the column "xx" is no language'):
        build(tmp_path, "en,xx\noak,x\n")


def prepare_thousand(*_arguments: object) -> PreparedModel:
    """Return a stand-in for a network with ImageNet's classes."""
    labels = imagenet_labels()
    return prepared(metadata(labels=labels, word_net_ids=wordnet_ids(labels)))


def test_a_site_with_imagenets_classes_carries_their_common_names(tmp_path: Path) -> None:
    result = build_site(SiteConfig(output=tmp_path / "dist"), prepare=prepare_thousand)
    names = carried(result)
    assert set(result.report.class_names) == set(names) >= {"de", "en", "es", "fr", "pt"}
    assert names["de"]["tench"] == "Schleie"
    assert names["en"]["maillot (swimsuit)"] == "one-piece swimsuit"
    # An entry for each class is the model's; the report has none.
    assert not {"labels", "wordNetIds"} & set(to_json(result.report.model_info))


def test_names_of_ones_own_stand_before_the_common_ones(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    rows = "".join(f'"{name}","Ding {index}"\n' for index, name in enumerate(imagenet_labels()))
    labels.write_text(f"label,de\n{rows}", encoding="utf-8")
    config = SiteConfig(labels=labels, output=tmp_path / "dist")
    names = carried(build_site(config, prepare=prepare_thousand))
    assert names["de"]["tench"] == "Ding 0"
    assert names["fr"]["tench"] == "tanche"


def test_classes_of_ones_own_have_no_common_names(tmp_path: Path) -> None:
    assert carried(build(tmp_path, None)) == {}
