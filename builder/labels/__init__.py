"""Class names: the package's own for ImageNet, and those that a user's file gives."""

from builder.labels.names import ClassNames, check_labels
from builder.labels.reading import imagenet_labels, read_class_names, read_labels

__all__ = ["ClassNames", "check_labels", "imagenet_labels", "read_class_names", "read_labels"]
