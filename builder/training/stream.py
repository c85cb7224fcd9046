"""Photos as a tf.data stream: decoded, made square, and (if asked) kept in memory."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Decode = Callable[[Path], NDArray[Any]]


class PhotoStream:
    """Reads photos by their index, as squares of one size."""

    def __init__(self, paths: Sequence[Path], side: int, decode: Decode, fit: str = "crop") -> None:
        self._paths = tuple(paths)
        self._decode = decode
        self._fit = fit
        self._memory: Any = None
        self.side = side

    def __len__(self) -> int:
        return len(self._paths)

    def remember(self) -> None:
        """Read every photo once and keep it: 3 bytes a pixel."""
        import tensorflow as tf

        stored = np.empty((len(self), self.side, self.side, 3), np.uint8)
        for photos, indices in self.batches(range(len(self)), 250):
            stored[indices.numpy()] = photos.numpy()
        self._memory = tf.convert_to_tensor(stored)

    def batches(self, order: Sequence[int] | NDArray[Any], batch_size: int) -> Any:
        """Return a dataset of (photos uint8 [B, side, side, 3], indices int64 [B]), in `order`."""
        import tensorflow as tf

        indices = tf.data.Dataset.from_tensor_slices(np.asarray(order, np.int64))
        # A batch size that TensorFlow knows beforehand, where there is one: its optimizer fills the
        # terminal with warnings about operations whose cost it does not know.
        even = len(order) % batch_size == 0
        if self._memory is not None:
            return indices.batch(batch_size, drop_remainder=even).map(
                lambda batch: (tf.gather(self._memory, batch), batch),
                num_parallel_calls=tf.data.AUTOTUNE,
            )
        return indices.map(
            lambda index: (self._read(index), index), num_parallel_calls=tf.data.AUTOTUNE
        ).batch(batch_size, drop_remainder=even)

    def _read(self, index: Any) -> Any:
        import tensorflow as tf

        def decode(number: NDArray[Any]) -> NDArray[Any]:
            return self._decode(self._paths[int(number)])

        pixels = tf.numpy_function(decode, [index], tf.uint8, stateful=False)
        pixels.set_shape((None, None, 3))
        return square(pixels, self.side, self._fit)


def square(pixels: Any, side: int, fit: str) -> Any:
    """Return a photo [h, w, 3] as a square of `side`, resized (bilinear, antialiased).

    What the app makes of a photo before it crops (`builder.model.images.geometry`), rounded to
    whole numbers (uint8): its middle, all of it stretched, or all of it with black beside it.
    """
    import tensorflow as tf

    size = tf.cast(tf.shape(pixels)[:2], tf.int64)
    if fit == "stretch":
        scaled = tf.constant([side, side], tf.int64)
    else:
        matched = tf.reduce_min(size) if fit == "crop" else tf.reduce_max(size)
        scaled = tf.maximum((2 * size * side + matched) // (2 * matched), 1)
    resized = tf.image.resize(pixels, tf.cast(scaled, tf.int32), method="bilinear", antialias=True)
    if fit == "pad":
        room = side - scaled
        before = room // 2
        whole = tf.pad(resized, [*tf.unstack(tf.stack([before, room - before], 1)), [0, 0]])
    else:
        top, left = tf.unstack((scaled - side) // 2)
        whole = resized[top : top + side, left : left + side]
    rounded = tf.cast(tf.clip_by_value(tf.round(whole), 0.0, 255.0), tf.uint8)
    return tf.ensure_shape(rounded, (side, side, 3))
