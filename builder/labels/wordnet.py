"""The classes of ImageNet and of the demo model: their WordNet ids, and what people call them."""

import csv
import json
from collections.abc import Mapping, Sequence
from functools import cache

from builder.labels.languages import matching_tag
from builder.labels.names import ClassNames
from builder.resources import assets

_LABEL_SETS = ("imagenet-1k.csv", "demo-100.csv")


def wordnet_ids(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the WordNet id of each class ("n01440764"), in the order of `labels`.

    Nothing for labels that are not all those of ImageNet or of the demo model, in their order: the
    same word may mean something else among others.
    """
    return _label_sets().get(tuple(labels), ())


def with_common_names(names: ClassNames, labels: Sequence[str]) -> ClassNames:
    """Return the names of a model's classes with those that the package itself has for them.

    `names` has what a file of the person's own says, and no names where there is none: its
    languages are left as they are. `labels` are the model's, in the order of its outputs.
    """
    ids = wordnet_ids(labels)
    own = [names.language] if names.language else []
    tags = [*own, *names.translations]
    common = {
        tag: tuple(by_id.get(wnid, label) for wnid, label in zip(ids, labels, strict=True))
        for tag, by_id in (_common_names() if ids else {}).items()
        if matching_tag(tag, tags) is None
    }
    return ClassNames(
        names.names or tuple(labels), names.language, {**names.translations, **common}
    )


@cache
def _label_sets() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the WordNet ids of each set of labels that the package knows."""
    sets = {}
    for name in _LABEL_SETS:
        with (assets() / "labels" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        sets[tuple(row["label"] for row in rows)] = tuple(row["wnid"] for row in rows)
    return sets


@cache
def _common_names() -> Mapping[str, Mapping[str, str]]:
    """Return what people call the classes: by language, from WordNet id to name."""
    files = sorted((assets() / "class-names").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
