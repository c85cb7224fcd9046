import json
from collections.abc import Callable
from dataclasses import replace

from builder.model.convert import GraphModel
from builder.model.metadata_json import metadata_json
from builder.model.parity import Parity
from builder.model.source import SourceModel
from tests.models import CLASSES


def test_everything_the_app_needs_is_in_it(
    converted: Callable[[str], GraphModel], trees_source: SourceModel
) -> None:
    content = metadata_json(
        trees_source, converted("float16"), Parity(0.0012345, 0.987654, 0.0023456, 24)
    )
    metadata = json.loads(content)
    assert metadata["format"] == 1
    assert metadata["name"] == "trees"
    assert metadata["labels"] == list(CLASSES)
    assert metadata["inputSize"] == [96, 96]
    assert metadata["outputs"] == {
        "probabilities": 10,
        "embedding": 256,
        "classActivation": [3, 3],
    }
    assert metadata["preprocessing"] == {
        "resize": [110, 110],
        "crop": [96, 96],
        "cropFraction": 0.875,
        "grayscale": False,
        "rescaleFactor": 1 / 127.5,
        "imageMean": [1.0, 1.0, 1.0],
        "imageStd": [1.0, 1.0, 1.0],
        "channelOrder": "rgb",
        "insideGraph": True,
        "scaling": "mobilenet",
        "scalingReason": "that of MobileNet v1, which it is built on",
    }
    assert metadata["activation"] == "softmax"
    assert metadata["temperature"] == 1.0
    assert metadata["quantization"] == "float16"
    assert metadata["parity"] == {
        "maxProbabilityDifference": 0.00123,
        "top1Agreement": 0.988,
        "klDivergence": 0.00235,
        "images": 24,
        "imagesFrom": "generated",
    }
    assert metadata["candidates"] == []
    source = metadata["source"]
    assert source["architecture"] == "custom"
    assert source["weights"] == "trees.keras"
    assert len(source["weightsSha256"]) == 64
    assert source["substitution"] is None


def test_it_is_canonical_and_unicode(
    converted: Callable[[str], GraphModel], trees_source: SourceModel
) -> None:
    german = replace(trees_source, labels=("Bäume", *CLASSES[1:]))
    content = metadata_json(german, converted("none"), Parity(0.0, 1.0, 0.0, 24))
    assert "Bäume" in content.decode()
    metadata = json.loads(content)
    keys = list(metadata)
    assert keys == sorted(keys)
