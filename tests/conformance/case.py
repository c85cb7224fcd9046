"""One operator with its attributes and inputs: a question with one right answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Case:
    """An operator of TensorFlow, as `tf.raw_ops` has it, and what it is given."""

    operator: str
    """Its name in a GraphDef, and the row of the table."""
    arguments: Mapping[str, Any]
    """Attributes, and arrays for the inputs."""
    after: tuple[tuple[str, Any], ...] = field(default=(), kw_only=True)
    """What follows it, so that both are fused: operators, each with its other input or None."""
    refused: bool = field(default=False, kw_only=True)
    """Whether a build refuses it, because a backend has it wrong."""


def floats(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Return random numbers of both signs, float32, none of which is near zero."""
    values = np.random.default_rng([seed, *shape]).uniform(0.25, 2.0, shape)
    signs = np.random.default_rng([seed + 1, *shape]).choice([-1.0, 1.0], shape)
    return np.asarray(values * signs, np.float32)


def positive(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Return random numbers from 0.25 to 2, float32."""
    return np.abs(floats(*shape, seed=seed))


def integers(*shape: int, seed: int = 0, low: int = -9, high: int = 10) -> NDArray[np.int32]:
    """Return random whole numbers from `low` to below `high`, int32, none of which is zero."""
    values = np.random.default_rng([seed, *shape]).integers(low, high, shape)
    return np.asarray(np.where(values == 0, 1, values), np.int32)


def booleans(*shape: int, seed: int = 0) -> NDArray[np.bool_]:
    """Return random truths."""
    return np.random.default_rng([seed, *shape]).integers(0, 2, shape).astype(bool)


def whole(*values: int) -> NDArray[np.int32]:
    """Return a vector of whole numbers, such as axes."""
    return np.array(values, np.int32)


def shape_of_rank(rank: int) -> tuple[int, ...]:
    """Return a small shape of a rank, no two of whose sides are alike where they needn't be."""
    return (2, 3, 4, 5, 2, 3)[:rank] if rank > 3 else (3, 4, 5)[:rank]
