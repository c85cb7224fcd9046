"""Forms of a weight in the shards: values, and the float32 numbers that they stand for.

A plain array is stored as it is, and one of float16 is widened to float32 where it is read. The
classes here are for all else: each knows its entry in the weights manifest, writes itself, and
reads itself back exactly as the browser does. NumPy is imported inside the methods (see `modes`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, Union

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Entry = Mapping[str, Any]
"""A weight's entry in the weights manifest: "name", "shape", "dtype", "quantization"."""

_SCALE_BYTES = 2


class Form(Protocol):
    """A weight in a form other than a plain array."""

    dtype: ClassVar[str]
    """What "quantization" in the weights manifest calls it; no two forms share one."""
    is_known_to_tensorflow_js: ClassVar[bool]
    """Whether TensorFlow.js reads it; else `app/classifier/dequantize.js` does."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weight."""

    @property
    def quantization(self) -> dict[str, Any]:
        """What the entry has under "quantization" besides the dtype."""

    @property
    def content(self) -> bytes:
        """Its bytes in the shards."""

    @property
    def weights(self) -> "NDArray[np.float32]":
        """The numbers that it stands for, as the browser computes them."""

    @classmethod
    def size(cls, entry: Entry) -> int:
        """Return the number of its bytes in the shards."""

    @classmethod
    def read(cls, entry: Entry, content: bytes) -> Self:
        """Return the weight of an entry and its bytes."""


Stored = Union["NDArray[Any]", Form]
"""A weight as it is stored."""


@dataclass(frozen=True)
class TensorScaled:
    """Bytes with one scale for the whole tensor, as TensorFlow.js's own uint8: v · scale + min."""

    dtype: ClassVar[str] = "uint8"
    is_known_to_tensorflow_js: ClassVar[bool] = True

    values: "NDArray[np.uint8]"
    """Of the weight's shape."""
    scale: float
    """Difference of the weights of two neighbouring bytes."""
    minimum: float
    """The weight that the byte 0 stands for."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weight."""
        return tuple(self.values.shape)

    @property
    def quantization(self) -> dict[str, Any]:
        """Scale and minimum."""
        return {"scale": self.scale, "min": self.minimum}

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.values.tobytes()

    @property
    def weights(self) -> "NDArray[np.float32]":
        """The weights that they stand for, computed in double precision as JavaScript does."""
        import numpy as np

        return (self.values * self.scale + self.minimum).astype(np.float32)

    @classmethod
    def size(cls, entry: Entry) -> int:
        """Return one for each weight."""
        return prod(entry["shape"])

    @classmethod
    def read(cls, entry: Entry, content: bytes) -> "TensorScaled":
        """Return the weight of an entry and its bytes."""
        import numpy as np

        values = np.frombuffer(content, np.uint8).reshape(entry["shape"])
        described = entry["quantization"]
        return cls(values, float(described["scale"]), float(described["min"]))


@dataclass(frozen=True)
class ChannelScaled:
    """Integers with one scale for each output channel (the last axis), read by our own code.

    In the shards: the scales, float16, then an int8 for each weight.
    """

    dtype: ClassVar[str] = "int8"
    is_known_to_tensorflow_js: ClassVar[bool] = False

    values: "NDArray[np.int8]"
    """Of the weight's shape."""
    scales: "NDArray[np.float16]"
    """One for each channel, finite."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weight."""
        return tuple(self.values.shape)

    @property
    def quantization(self) -> dict[str, Any]:
        """The dtype of the scales."""
        return {"scales": "float16"}

    @property
    def content(self) -> bytes:
        """Scales and integers."""
        return self.scales.tobytes() + self.values.tobytes()

    @property
    def weights(self) -> "NDArray[np.float32]":
        """The weights that they stand for: exactly what the browser computes."""
        import numpy as np

        return self.values.astype(np.float32) * self.scales.astype(np.float32)

    @classmethod
    def size(cls, entry: Entry) -> int:
        """Return one for each weight, and two for each channel."""
        return _SCALE_BYTES * int(entry["shape"][-1]) + prod(entry["shape"])

    @classmethod
    def read(cls, entry: Entry, content: bytes) -> "ChannelScaled":
        """Return the weight of an entry and its bytes."""
        import numpy as np

        scales = np.frombuffer(content, np.float16, entry["shape"][-1])
        values = np.frombuffer(content, np.int8, offset=scales.nbytes)
        return cls(values.reshape(entry["shape"]), scales)


def as_read(stored: Stored) -> "NDArray[Any]":
    """Return the weights as the browser reads them: float32 whatever stands for float32."""
    import numpy as np

    if not isinstance(stored, np.ndarray | np.generic):
        return stored.weights
    return stored.astype(np.float32) if stored.dtype == np.float16 else stored
