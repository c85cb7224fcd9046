"""Which layer a node of a graph belongs to, by the scopes in its name."""

import re
from collections.abc import Collection


def layer_of(node: str, layers: Collection[str]) -> str | None:
    """Return the layer in whose name scope a node lies; TensorFlow numbers repeated scopes."""
    for scope in reversed(node.split("/")):
        for name in (scope, re.sub(r"_\d+$", "", scope)):
            if name in layers:
                return name
    return None
