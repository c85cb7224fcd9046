"""What to do about a classifier's weak places, where its figures show it."""

from builder.evaluation.figures import Figures, most_confused

FEW = 5
"""Photos to check on below which a class's figures say next to nothing."""
_LISTED = 5
_OFTEN = 0.2
"""Part of a class's photos that are taken for one other class, from which on it is reported."""
_OTHER = frozenset({"background", "none", "nothing", "other", "others", "unknown"})


def advice_for(figures: Figures, photos: str = "validation photos") -> list[str]:
    """Return what would help, a sentence each. `photos` says what the figures are of."""
    few = sorted((one.photos, one.label) for one in figures.classes if one.photos < FEW)
    lines = [f"{label}: {count} {photos}; add more." for count, label in few[:_LISTED]]
    if len(few) > _LISTED:
        lines.append(f"{len(few) - _LISTED} further classes have fewer than {FEW} {photos}, too.")
    labels = [one.label for one in figures.classes]
    lines += [
        f"{labels[own]} is taken for {labels[answer]} ({wrong} of {figures.classes[own].photos}): "
        "add photos of both that show how they differ."
        for own, answer, wrong in most_confused(figures.confusion, 3)
        if wrong > 1 and wrong >= _OFTEN * figures.classes[own].photos
    ]
    return lines


def advice_on_foreign(labels: tuple[str, ...]) -> list[str]:
    """Return advice for a classifier that has no class for what it has not learned."""
    if any(label.casefold() in _OTHER for label in labels):
        return []
    return [
        "A folder named other, with photos of what the app will be shown by mistake, helps against "
        "answers to foreign things."
    ]
