"""A stand-in for the model rooms, so that a site builds in no time and without TensorFlow."""

import json
from typing import Any

from builder.config import SiteConfig
from builder.model.pipeline import PreparedModel, Tell


def metadata(**changes: Any) -> dict[str, Any]:
    """Return a metadata.json of a model of three trees."""
    return {
        "format": 1,
        "name": "Trees 0.25, 96 px",
        "labels": ["oak", "</script><b>elm & 'ash'</b>", "fir"],
        "source": {"architecture": "custom", "substitution": None},
        "preprocessing": {"grayscale": False, "scaling": "0-1", "scalingReason": "it says so"},
        "quantization": "float16",
        "parity": {
            "maxProbabilityDifference": 0.0012,
            "top1Agreement": 1.0,
            "klDivergence": 0.00034,
            "images": 16,
            "imagesFrom": "generated",
        },
        "candidates": [],
        **changes,
    }


def prepare_trees(_config: SiteConfig, progress: Tell, _warn: Tell) -> PreparedModel:
    """Return a graph model that nothing can run, in the shape of a real one."""
    progress("Preparing a stand-in")
    return PreparedModel(
        {
            "model.json": b'{"weightsManifest":[]}',
            "group1-shard1of1.bin": bytes(1000),
            "metadata.json": json.dumps(metadata()).encode(),
        }
    )
