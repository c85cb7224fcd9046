"""What classes are called in the languages of the interface."""

from collections.abc import Mapping, Sequence

from builder.labels import ClassNames
from builder.labels.languages import canonical_tag, matching_tag

Translations = Mapping[str, Mapping[str, str]]
"""By tag of the interface's language: from a class's name in the model to that in the language."""


def class_translations(names: ClassNames, interface: Sequence[str]) -> Translations:
    """Return the names for each language of the interface that has others than the model's own.

    `interface` has the tags of its catalogues. In a language that is not among the result, the
    names of the model are shown.
    """
    own = [names.language] if names.language else []
    chosen = {}
    for tag in interface:
        match = matching_tag(canonical_tag(tag) or tag, [*own, *names.translations])
        if match is not None and match in names.translations:
            pairs = zip(names.names, names.translations[match], strict=True)
            chosen[tag] = {name: called for name, called in pairs if name != called}
    return {tag: others for tag, others in chosen.items() if others}


def unseen_languages(names: ClassNames, interface: Sequence[str]) -> list[str]:
    """Return the languages of translations that the interface doesn't speak."""
    spoken = [canonical_tag(tag) or tag for tag in interface]
    return [tag for tag in names.translations if matching_tag(tag, spoken) is None]
