"""A TensorFlow.js graph model as files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class GraphModel:
    """A TensorFlow.js graph model as it will be served."""

    files: Mapping[str, bytes]
    """`model.json` and the weight shards that it names."""
    quantization: str
    """Name of the mode that its weights are stored in."""

    @property
    def document(self) -> dict[str, Any]:
        """The parsed `model.json`."""
        return dict(json.loads(self.files["model.json"]))

    def output_shape(self, name: str) -> tuple[int, ...] | None:
        """Shape of the output `name`, batch of one included; None where there is no such output."""
        output = self.document["signature"]["outputs"].get(name)
        if output is None:
            return None
        return tuple(int(side["size"]) for side in output["tensorShape"]["dim"])
