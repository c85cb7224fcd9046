"""What Keras's documentation says of the ImageNet weights that it offers: whose, and how good."""

from typing import Any

from builder.model.application_table import APPLICATIONS
from builder.model.metadata import Rights

_PAGE = "https://keras.io/api/applications/"

IMAGENET = "ImageNet's validation photos, as published"
"""What figures of others were measured on."""

_OTHER_LICENCES = {
    "resnet": "MIT",
    "xception": "MIT",
    "densenet": "BSD-3-Clause",
    "vgg16": "CC-BY-4.0",
    "vgg19": "CC-BY-4.0",
    "resnet_v2": None,
    "convnext": None,
}
"""By module of `keras.applications`, from its documentation, where it is not Apache-2.0; None where
the documentation names none."""

_ACCURACY = {
    "xception": (0.790, 0.945),
    "vgg16": (0.713, 0.901),
    "vgg19": (0.713, 0.900),
    "resnet50": (0.749, 0.921),
    "resnet50v2": (0.760, 0.930),
    "resnet101": (0.764, 0.928),
    "resnet101v2": (0.772, 0.938),
    "resnet152": (0.766, 0.931),
    "resnet152v2": (0.780, 0.942),
    "inceptionv3": (0.779, 0.937),
    "inceptionresnetv2": (0.803, 0.953),
    "mobilenet": (0.704, 0.895),
    "mobilenetv2": (0.713, 0.901),
    "densenet121": (0.750, 0.923),
    "densenet169": (0.762, 0.932),
    "densenet201": (0.773, 0.936),
    "nasnetmobile": (0.744, 0.919),
    "nasnetlarge": (0.825, 0.960),
    "efficientnetb0": (0.771, 0.933),
    "efficientnetb1": (0.791, 0.944),
    "efficientnetb2": (0.801, 0.949),
    "efficientnetb3": (0.816, 0.957),
    "efficientnetb4": (0.829, 0.964),
    "efficientnetb5": (0.836, 0.967),
    "efficientnetb6": (0.840, 0.968),
    "efficientnetb7": (0.843, 0.970),
    "efficientnetv2b0": (0.787, 0.943),
    "efficientnetv2b1": (0.798, 0.950),
    "efficientnetv2b2": (0.805, 0.951),
    "efficientnetv2b3": (0.820, 0.958),
    "efficientnetv2s": (0.839, 0.967),
    "efficientnetv2m": (0.853, 0.974),
    "efficientnetv2l": (0.857, 0.975),
}
"""Top 1 and top 5 by the table of `_PAGE`, at the network's own size and full width."""


def application_rights(name: str) -> Rights:
    """Return whose the ImageNet weights of an architecture are."""
    application = APPLICATIONS[name]
    return Rights(
        licence=_OTHER_LICENCES.get(application.module, "Apache-2.0"),
        origin=_PAGE,
        notice=f"{application.title}: weights for ImageNet, published by the authors of Keras.",
    )


def published_accuracy(name: str, alpha: float | None, size: int) -> dict[str, Any]:
    """Return the published figures; nothing for another width or size than they are of."""
    as_published = alpha in (None, 1.0) and size == APPLICATIONS[name].input_size
    if name not in _ACCURACY or not as_published:
        return {}
    top1, top5 = _ACCURACY[name]
    return {"top1": top1, "top5": top5, "data": IMAGENET, "source": _PAGE}
