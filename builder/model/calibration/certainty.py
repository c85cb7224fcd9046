"""From which probability on an answer may be shown as sure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.metadata import SURE_FROM


@dataclass(frozen=True)
class CertaintyFigures:
    """How far the certainty that the app shows can be trusted. Rates are fractions of 1."""

    sure: float
    """Part of the answers that are shown as sure."""
    sure_right: float
    """Part of these that are right; 0 where there is none."""
    false_alarms: float | None
    """Part of the photos that are taken for foreign; None for a model that cannot tell."""
    foreign_photos: int = 0
    """How many photos of other things there were."""
    noticed: float | None = None
    """Part of these that are taken for foreign; None where there were none, or the model cannot
    tell."""
    foreign_sure: float | None = None
    """Part of these that get an answer that is shown as sure; None where there were none."""

    def as_json(self) -> dict[str, float | int | None]:
        """Return plain values for scripts."""
        return {
            "sure": self.sure,
            "sureRight": self.sure_right,
            "falseAlarms": self.false_alarms,
            "foreignPhotos": self.foreign_photos,
            "foreignNoticed": self.noticed,
            "foreignSure": self.foreign_sure,
        }


def certainty_figures(
    kinds: Sequence[str], right: NDArray[Any], *, tells_foreign: bool, foreign: Sequence[str] = ()
) -> CertaintyFigures:
    """Return the figures of answers of the certainty `kinds` [N], of which some are `right` [N].

    `foreign` are the kinds of the answers to photos of other things. Of the kinds that
    site_templates/app/classifier/certainty.js knows, "sure" and "foreign" count here.
    """
    sure = np.array([kind == "sure" for kind in kinds])
    return CertaintyFigures(
        sure=float(sure.mean()),
        sure_right=float(right[sure].mean()) if sure.any() else 0.0,
        false_alarms=kinds.count("foreign") / len(kinds) if tells_foreign else None,
        foreign_photos=len(foreign),
        noticed=foreign.count("foreign") / len(foreign) if foreign and tells_foreign else None,
        foreign_sure=foreign.count("sure") / len(foreign) if foreign else None,
    )


def fit_sure_from(confidence: NDArray[Any], right: NDArray[Any], target: float) -> float:
    """Return the lowest limit, 0.5 … 1, above which at least `target` of the answers are right.

    `confidence` [N] is the calibrated probability of each first answer, `right` [N] whether it was
    right, `target` a part of 1. Below 0.5 an answer is more likely wrong than right, however good
    those above are; with a limit of 1 nothing is ever sure.
    """
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    enough = np.flatnonzero(np.cumsum(right[order]) >= target * counts)
    if len(enough) == 0:
        return 1.0
    lowest = float(confidence[order[enough[-1]]])
    # Rounded down, so that the photo that decided is still above the limit, and no other.
    return max(SURE_FROM, float(np.floor(lowest * 1e6) / 1e6))
