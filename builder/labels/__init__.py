"""Class names: the package's own for ImageNet and the demo, and those that a user's file gives."""

from builder.labels.names import ClassNames, check_labels
from builder.labels.reading import imagenet_labels, read_class_names, read_labels
from builder.labels.wordnet import with_common_names, wordnet_ids

__all__ = [
    "ClassNames",
    "check_labels",
    "imagenet_labels",
    "read_class_names",
    "read_labels",
    "with_common_names",
    "wordnet_ids",
]
