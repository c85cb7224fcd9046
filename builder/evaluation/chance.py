"""How much of a figure may be chance: intervals, and comparisons of two classifiers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_Z = 1.959964
"""Standard normal quantile of a two-sided interval of 95 %."""
LEVEL = 0.05
"""A difference that chance explains with a higher probability than this does not count."""


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval, 0…1, of a rate of which `right` of `count` were counted.

    Wilson 1927, doi:10.1080/01621459.1927.10502953; the one that Brown, Cai and DasGupta 2001,
    doi:10.1214/ss/1009213286, recommend for few counts. 0 to 1 where nothing was counted.
    """
    if count == 0:
        return 0.0, 1.0
    rate, share = right / count, _Z**2 / count
    middle = (rate + share / 2) / (1 + share)
    half = _Z * np.sqrt(rate * (1 - rate) / count + share / (4 * count)) / (1 + share)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def rate_in_words(right: int, count: int) -> str:
    """Return the interval of a rate in words: "61–92% with 26 photos"."""
    low, high = wilson_interval(right, count)
    return f"{100 * low:.0f}–{high:.0%} with {count} photos"


def chance_of_gain(before: NDArray[Any], after: NDArray[Any]) -> float:
    """Return the probability that chance alone makes `after` this much better than `before`.

    Both [N] say which of the same photos were answered rightly. Only photos that exactly one of the
    two had right count; if the two are equally good, each of these is a coin toss. McNemar's test,
    exact and one-sided (McNemar 1947, doi:10.1007/BF02295996; for classifiers Dietterich 1998,
    doi:10.1162/089976698300017197).
    """
    from scipy.stats import binomtest

    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    if gained + lost == 0:
        return 1.0
    return float(binomtest(gained, gained + lost, alternative="greater").pvalue)


def fewest_gains() -> int:
    """Return how many photos must be gained, with none lost, to be better beyond chance."""
    return int(np.ceil(-np.log2(LEVEL)))
