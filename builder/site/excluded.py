"""Which classes the app never shows, from lists of names."""

from collections.abc import Sequence
from difflib import get_close_matches

from builder.errors import ConfigError


def excluded_classes(labels: Sequence[str], allow: Sequence[str], deny: Sequence[str]) -> list[int]:
    """Return the indices of classes that are denied, or not among the allowed where any is.

    Raises ConfigError for a name that no class has, and where nothing would be left.
    """
    for option, names in (("allow", allow), ("deny", deny)):
        for name in names:
            if name not in labels:
                raise ConfigError(f'The setting {option} names "{name}". {_remedy(name, labels)}')
    excluded = [
        index
        for index, label in enumerate(labels)
        if label in deny or (allow and label not in allow)
    ]
    if len(excluded) == len(labels):
        raise ConfigError("The settings allow and deny leave no class to show. Allow one at least.")
    return excluded


def _remedy(name: str, labels: Sequence[str]) -> str:
    nearest = get_close_matches(name, labels, n=1)
    if nearest:
        return f'No class is called so; did you mean "{nearest[0]}"?'
    return "No class is called so; names must be those of the labels, letter by letter."
