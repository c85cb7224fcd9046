"""The image classifiers that Keras ships, as data; no TensorFlow.

A test holds this table against `keras.applications` of the installed Keras.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Application:
    """One architecture of `keras.applications` that takes one RGB image."""

    constructor: str
    """Name of the function in `keras.applications`: "MobileNetV2"."""
    module: str
    """Module with its `preprocess_input`: "mobilenet_v2"."""
    title: str
    """For people: "MobileNet v2"."""
    input_size: int
    """Side of the square that its ImageNet weights were trained on, pixels."""
    alphas: tuple[float, ...] = ()
    """Width multipliers with ImageNet weights; empty where the architecture has none."""
    sizes: tuple[int, ...] = ()
    """Input sizes with ImageNet weights of their own; empty where one set serves all sizes."""
    own_scaling: str | None = None
    """The scaling that is part of the network, unless it was built with
    `include_preprocessing=False`; None where it has none."""

    @property
    def name(self) -> str:
        """How the command line calls it: "mobilenetv2"."""
        return self.constructor.lower()


_MOBILENET_ALPHAS = (0.25, 0.5, 0.75, 1.0)
_MOBILENET_SIZES = (128, 160, 192, 224)
_MOBILENET_V2_ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
_MOBILENET_V2_SIZES = (96, 128, 160, 192, 224)
_MOBILENET_V3_ALPHAS = (0.75, 1.0)


def _family(
    pattern: str, title: str, module: str, variants: dict[str, int], own_scaling: str | None = None
) -> tuple[Application, ...]:
    return tuple(
        Application(pattern.format(key), module, title.format(key), size, own_scaling=own_scaling)
        for key, size in variants.items()
    )


_ALL = (
    Application("MobileNet", "mobilenet", "MobileNet v1", 224, _MOBILENET_ALPHAS, _MOBILENET_SIZES),
    Application(
        *("MobileNetV2", "mobilenet_v2", "MobileNet v2", 224),
        alphas=_MOBILENET_V2_ALPHAS,
        sizes=_MOBILENET_V2_SIZES,
    ),
    Application(
        *("MobileNetV3Small", "mobilenet_v3", "MobileNet v3 small", 224, _MOBILENET_V3_ALPHAS),
        own_scaling="mobilenet",
    ),
    Application(
        *("MobileNetV3Large", "mobilenet_v3", "MobileNet v3 large", 224, _MOBILENET_V3_ALPHAS),
        own_scaling="mobilenet",
    ),
    *_family(
        *("EfficientNet{}", "EfficientNet {}", "efficientnet"),
        {"B0": 224, "B1": 240, "B2": 260, "B3": 300, "B4": 380, "B5": 456, "B6": 528, "B7": 600},
    ),
    *_family(
        *("EfficientNetV2{}", "EfficientNet v2 {}", "efficientnet_v2"),
        {"B0": 224, "B1": 240, "B2": 260, "B3": 300},
        own_scaling="imagenet",
    ),
    *_family(
        *("EfficientNetV2{}", "EfficientNet v2 {}", "efficientnet_v2"),
        {"S": 384, "M": 480, "L": 480},
        own_scaling="mobilenet",
    ),
    *_family("NASNet{}", "NASNet {}", "nasnet", {"Mobile": 224, "Large": 331}),
    *_family("DenseNet{}", "DenseNet {}", "densenet", {"121": 224, "169": 224, "201": 224}),
    *_family("ResNet{}", "ResNet {}", "resnet", {"50": 224, "101": 224, "152": 224}),
    *_family("ResNet{}V2", "ResNet {} v2", "resnet_v2", {"50": 224, "101": 224, "152": 224}),
    Application("InceptionV3", "inception_v3", "Inception v3", 299),
    Application("InceptionResNetV2", "inception_resnet_v2", "Inception-ResNet v2", 299),
    Application("Xception", "xception", "Xception", 299),
    *_family(
        *("ConvNeXt{}", "ConvNeXt {}", "convnext"),
        dict.fromkeys(("Tiny", "Small", "Base", "Large", "XLarge"), 224),
        own_scaling="imagenet",
    ),
    Application("VGG16", "vgg16", "VGG 16", 224),
    Application("VGG19", "vgg19", "VGG 19", 224),
)

APPLICATIONS = {application.name: application for application in _ALL}
"""Every architecture by its name in lower case."""
