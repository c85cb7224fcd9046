"""Networks of `keras.applications`, with ImageNet's weights or those of a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from builder.hashing import file_sha256
from builder.labels import imagenet_labels, read_labels
from builder.model.application_table import APPLICATIONS
from builder.model.dependencies import FileRead
from builder.model.loading.published import application_rights, published_accuracy
from builder.model.loading.whole import load_whole
from builder.model.metadata import Provenance, Rights
from builder.model.source import SourceModel, Warn

if TYPE_CHECKING:
    from builder.config import SiteConfig


def load_application(name: str, config: "SiteConfig", warn: Warn) -> SourceModel:
    """Load a network of `keras.applications` with ImageNet weights or those of a file."""
    from builder.model.loading.applications import (
        application_preprocessing,
        build_application,
        describe,
    )
    from builder.model.reading.weights_file import inspect_file

    alpha = config.alpha
    classes = len(imagenet_labels())
    path: Path | None = None
    if config.weights != "imagenet":
        path = Path(config.weights)
        inspected = inspect_file(path)
        if inspected.is_whole_model:
            return load_whole(path, config, warn)
        if name == "mobilenet" and alpha is None:
            alpha = inspected.mobilenet_alpha
        named = read_labels(config.labels) if config.labels else imagenet_labels()
        classes = inspected.classes or len(named)
    if APPLICATIONS[name].alphas and alpha is None:
        alpha = 1.0
    size = config.input_size or APPLICATIONS[name].input_size
    model, file_used = build_application(
        name, alpha=alpha, input_size=size, weights=path or "imagenet", classes=classes
    )
    file = file_used or Path(config.weights)
    sha256 = file_sha256(file)
    return SourceModel(
        keras_model=model,
        labels=imagenet_labels() if classes == len(imagenet_labels()) else (),
        preprocessing=application_preprocessing(name, size),
        provenance=Provenance(
            name=describe(name, alpha, size),
            architecture=name,
            weights="imagenet" if path is None else path.name,
            weights_sha256=sha256,
            alpha=alpha,
            rights=application_rights(name) if path is None else Rights(),
            accuracy=published_accuracy(name, alpha, size) if path is None else {},
        ),
        dependencies=(FileRead(str(file), sha256),),
        scaling_reason=f"as Keras scales photos for {APPLICATIONS[name].title}",
    )
