"""Detects photos that are unlike all that a model has learned.

A linear classifier on the embedding, strongly regularised, gives one score for each class; the
logarithm of the sum of their exponentials is low where no class answers (the free energy of Liu et
al. 2020, arXiv:2010.03759). A photo below the limit is foreign.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.errors import ModelError
from builder.model.packed_weights import quantize

FALSE_ALARMS = 0.05
"""Part of the validation photos that may be taken for foreign, at most."""

_PENALTY = 100.0
_SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True)
class Familiarity:
    """What a site needs to detect foreign photos."""

    kernel: NDArray[Any]
    """[D, C], float32: from an embedding to one score for each class."""
    bias: NDArray[Any]
    """[C], float32."""
    limit: float
    """The lowest familiarity of a photo that is not foreign."""

    def of(self, embeddings: NDArray[Any]) -> NDArray[Any]:
        """Return the familiarity of each embedding [N, D], [N]."""
        scores = embeddings.astype(np.float64) @ self.kernel + self.bias
        most = scores.max(axis=1)
        return np.asarray(most + np.log(np.exp(scores - most[:, np.newaxis]).sum(axis=1)))


def fit_familiarity(
    embeddings: NDArray[Any],
    classes: NDArray[Any],
    count: int,
    validation: NDArray[Any],
) -> Familiarity:
    """Fit on the embeddings [N, D] of photos of the `classes` [N], of which there are `count`.

    The limit is such that at most one in twenty of the embeddings `validation` [M, D], which were
    not learnt from, lies below it.
    """
    from builder.model.calibration.regression import fit_softmax

    mean, spread = embeddings.mean(axis=0), embeddings.std(axis=0) + _SMALLEST_SPREAD
    targets = np.eye(count)[classes]
    kernel, bias = fit_softmax((embeddings - mean) / spread, targets, _PENALTY)
    kernel = kernel / spread[:, np.newaxis]
    # Rounded as in the file, so that the limit holds for what is read from there.
    stored, scale = quantize(kernel, 1)
    fitted = Familiarity(stored * scale, (bias - mean @ kernel).astype(np.float32), limit=0.0)
    ordered = np.sort(fitted.of(validation))
    limit = ordered[int(FALSE_ALARMS * len(ordered))]
    # Rounded down: the photo that decided is not foreign.
    return Familiarity(fitted.kernel, fitted.bias, float(np.floor(limit * 1e4) / 1e4))


def familiarity_bytes(familiarity: Familiarity) -> bytes:
    """Return the content of a file that `read_familiarity` reads.

    It is NumPy's .npz with the members `kernel` [D, C], int8, `scale` [1, C], float32, the unit of
    each class's column, `bias` [C], float32, and `limit`.
    """
    file = io.BytesIO()
    kernel, scale = quantize(familiarity.kernel, 1)
    np.savez_compressed(
        file,
        kernel=kernel,
        scale=scale,
        bias=familiarity.bias,
        limit=np.float64(familiarity.limit),
    )
    return file.getvalue()


def read_familiarity(file: Path | io.BytesIO) -> Familiarity:
    """Read what `familiarity_bytes` wrote.

    Raises `ModelError` where the file is damaged, or holds anything but finite numbers that fit
    together.
    """
    try:
        # Without pickles: the file is not trusted.
        with np.load(file, allow_pickle=False) as arrays:
            kernel = arrays["kernel"].astype(np.float32) * arrays["scale"].astype(np.float32)
            bias = arrays["bias"].astype(np.float32)
            limit = float(arrays["limit"])
        fits = kernel.ndim == 2 and bias.shape == kernel.shape[1:] and 0 not in kernel.shape
        is_finite = np.isfinite(kernel).all() and np.isfinite(bias).all() and np.isfinite(limit)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"The detector of foreign photos cannot be read: {error}.") from error
    if not fits or not is_finite:
        raise ModelError(
            "The detector of foreign photos is damaged: its numbers do not fit together."
        )
    return Familiarity(kernel, bias, limit)
