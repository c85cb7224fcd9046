"""What travels with a model: labels, preprocessing, provenance. Plain values, no TensorFlow."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

Activation = Literal["softmax", "sigmoid", "none"]
"""What answers are to the app: probabilities that add up to 1, one for each class by itself, or
scores from 0 to 1."""

Origin = Literal["natural", "photos", "crops"]
"""Images that a model was measured on: the package's own pictures, the person's photos as they are,
or these and crops of them in different light, where they are few."""

FITS = ("crop", "stretch", "pad")
"""Ways to bring a photo of any shape to the network's."""

RESAMPLINGS = ("antialias", "canvas")
"""Ways to resize it."""

SMALLEST_CROP_FRACTION = 0.1
"""Below it, a resized photo would take unreasonable memory, for a few of its pixels."""

SURE_FROM = 0.5
"""From this calibrated probability on an answer is more likely right than wrong."""

SURE_OF_TWO = 0.75
"""The same where nothing was measured and one of two classes must have half: halfway between chance
and certainty."""


@dataclass(frozen=True)
class Preprocessing:
    """How a photo becomes the network's input.

    The photo is resized to `resize_height` × `resize_width` in the way that `fit` says, cropped to
    the central `input_height` × `input_width` (`builder.model.images.geometry` has the arithmetic),
    and each channel value v in 0…255 becomes `(v * rescale_factor - mean) / std`.
    """

    input_height: int
    """Height of the network's input, pixels."""
    input_width: int
    """Width of the network's input, pixels."""
    crop_fraction: float = 0.875
    """Part of the resized photo's side that the central crop keeps, 0.1 ≤ fraction ≤ 1."""
    fit: str = "crop"
    """How a photo of another shape is resized: "crop" until it covers the size and sticks out on
    two sides, "stretch" to the size whatever its shape, "pad" until it lies within, with black
    beside it."""
    resampling: str = "antialias"
    """"antialias": bilinear with a filter that widens with the reduction (`tf.image.resize`).
    "canvas": as Chromium's canvas draws a picture (`builder.model.images.canvas`)."""
    rescale_factor: float = 1.0
    """Multiplies channel values 0…255 before mean and standard deviation are applied."""
    image_mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Subtracted from each rescaled channel, in the order R, G, B."""
    image_std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Divides each channel after the mean was subtracted, in the order R, G, B; not 0."""
    channel_order: str = "rgb"
    """Order in which the network wants the channels: "rgb" or "bgr"."""
    grayscale: bool = False
    """Whether all channels carry the luminance (ITU-R BT.601)."""
    channels: int = 3
    """Channels of the network's input: 3, or 1 for the luminance alone."""

    def __post_init__(self) -> None:
        """Raise ValueError where a value, of a file perhaps, makes no sense."""
        numbers = (self.rescale_factor, *self.image_mean, *self.image_std)
        if not all(map(math.isfinite, numbers)) or 0 in (self.rescale_factor, *self.image_std):
            raise ValueError("its scaling is no scaling")
        for value, known in (
            (self.fit, FITS),
            (self.resampling, RESAMPLINGS),
            (self.channel_order, ("rgb", "bgr")),
        ):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")
        if not SMALLEST_CROP_FRACTION <= self.crop_fraction <= 1:
            raise ValueError(f"the crop fraction {self.crop_fraction:g} is not from 0.1 to 1")

    @property
    def resize_height(self) -> int:
        """Height the resized photo covers before the crop, pixels."""
        return int(self.input_height / self.crop_fraction + 0.5)

    @property
    def resize_width(self) -> int:
        """Width the resized photo covers before the crop, pixels."""
        return int(self.input_width / self.crop_fraction + 0.5)


@dataclass(frozen=True)
class Calibration:
    """How the app turns a network's probabilities into certainty."""

    temperature: float = 1.0
    """Divides the logits before the softmax; the app applies it. Greater than 0."""
    sure_from: float = SURE_FROM
    """From this calibrated probability on the first answer is shown as sure, 0.5 … 1."""
    photos: int = 0
    """How many photos of known classes both were fitted on; 0 where they were not."""
    basis: str = "not measured for this model"
    """Where both come from, in words."""


@dataclass(frozen=True)
class Rights:
    """Whose a model's weights are, and on what terms: it travels with every copy of them."""

    licence: str | None = None
    """SPDX identifier or a short text, where known."""
    origin: str | None = None
    """Address (https) where the weights were published, where known."""
    notice: str = ""
    """What their makers want to be kept with them: authors and terms, as text."""

    def __post_init__(self) -> None:
        """Raise ValueError for an address that a page should not link to."""
        if self.origin is not None and not self.origin.startswith("https://"):
            raise ValueError(f"the origin {self.origin!r} does not begin with https://")


@dataclass(frozen=True)
class Provenance:
    """Where a model comes from, as the build report and the app's About panel show it."""

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
    rights: Rights = field(default_factory=Rights)
    """Whose the weights are."""
    accuracy: dict[str, Any] = field(default_factory=dict)
    """Figures, fractions of 1, and the photos: {"top1": 0.61, "top5": 0.85, "data": "…"}. "source"
    is the address (https) where others published them; it is missing where they were measured."""
    substitution: str | None = None
    """Set where `--model auto` fell back to the demo model: why, in one sentence."""
