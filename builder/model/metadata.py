"""What travels with a model: labels, preprocessing, provenance. Plain values, no TensorFlow."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Preprocessing:
    """How a photo becomes the network's input.

    The photo is resized (bilinear, antialiased) until it just covers
    `resize_height` × `resize_width`, cropped to the central `input_height` × `input_width`,
    and each channel value v in 0…255 becomes `(v * rescale_factor - mean) / std`.
    """

    input_height: int
    """Height of the network's input, pixels."""
    input_width: int
    """Width of the network's input, pixels."""
    crop_fraction: float = 0.875
    """Part of the resized photo's side that the central crop keeps, 0 < fraction ≤ 1."""
    rescale_factor: float = 1.0
    """Multiplies channel values 0…255 before mean and standard deviation are applied."""
    image_mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Subtracted from each rescaled channel, in the order R, G, B."""
    image_std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Divides each channel after the mean was subtracted, in the order R, G, B."""
    channel_order: str = "rgb"
    """Order in which the network wants the channels: "rgb" or "bgr"."""
    grayscale: bool = False
    """Whether all channels carry the luminance (ITU-R BT.601)."""
    channels: int = 3
    """Channels of the network's input: 3, or 1 for the luminance alone."""

    @property
    def resize_height(self) -> int:
        """Height the resized photo covers before the crop, pixels."""
        return int(self.input_height / self.crop_fraction + 0.5)

    @property
    def resize_width(self) -> int:
        """Width the resized photo covers before the crop, pixels."""
        return int(self.input_width / self.crop_fraction + 0.5)


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from, as the build report and the app's About panel tell it."""

    name: str
    """For people: "MobileNet v1 0.25, 224 px"."""
    architecture: str
    """The `keras.applications` name in lower case, "demo", or "custom"."""
    weights: str
    """"imagenet", "demo", or the base name of the weights' file; never a path of the machine."""
    weights_sha256: str
    """SHA-256 of the weights' file, lower-case hex."""
    alpha: float | None = None
    """Width multiplier, for the architectures that have one."""
    licence: str | None = None
    """SPDX identifier or a short text, where known."""
    accuracy: dict[str, Any] = field(default_factory=dict)
    """Measured figures, e.g. {"top1": 0.61, "top5": 0.85, "data": "…"}, fractions of 1."""
    substitution: str | None = None
    """Set where `--model auto` fell back to the demo model: why, in one sentence."""
