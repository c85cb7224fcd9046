import json
from collections.abc import Callable
from dataclasses import replace

from builder.labels import imagenet_labels
from builder.model.describe import describe
from builder.model.graph.graph_model import GraphModel
from builder.model.metadata_json import read_metadata, write_metadata
from builder.model.parity import Parity
from builder.model.source import SourceModel
from tests.models import CLASSES


def test_everything_the_app_needs_is_in_it(
    converted: Callable[[str], GraphModel], trees_source: SourceModel
) -> None:
    content = write_metadata(
        describe(
            trees_source, converted("float16"), Parity(0.0012345, 0.987654, 0.0023456, 24, 16, 15)
        )
    )
    assert write_metadata(read_metadata(content)) == content
    metadata = json.loads(content)
    assert metadata["format"] == 1
    assert metadata["name"] == "trees"
    assert metadata["labels"] == list(CLASSES)
    assert "wordNetIds" not in metadata
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
        "fit": "crop",
        "resampling": "antialias",
        "grayscale": False,
        "rescaleFactor": 1 / 127.5,
        "imageMean": [1.0, 1.0, 1.0],
        "imageStd": [1.0, 1.0, 1.0],
        "channelOrder": "rgb",
        "insideGraph": True,
        "scaling": "mobilenet",
        "scalingOrigin": "inference",
        "scalingReason": "that of MobileNet v1, after which 'mobilenet_0.25_96' is called; nothing"
        " in the graph shows it",
        "geometryReason": "the default",
    }
    assert metadata["activation"] == "softmax"
    assert metadata["temperature"] == 1.0
    assert metadata["sureFrom"] == 0.5
    assert metadata["calibration"] == {"photos": 0, "basis": "not measured for this model"}
    assert metadata["familiarity"] is None
    assert metadata["quantization"] == "float16"
    assert metadata["parity"] == {
        "maxProbabilityDifference": 0.00123,
        "top1Agreement": 0.988,
        "klDivergence": 0.00235,
        "images": 24,
        "imagesFrom": "natural",
        "decidedImages": 16,
        "decidedAgreed": 15,
        "agreementLowerBound": 0.717,
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
    content = write_metadata(describe(german, converted("none"), Parity(0.0, 1.0, 0.0, 24, 16, 16)))
    assert "Bäume" in content.decode()
    metadata = json.loads(content)
    keys = list(metadata)
    assert keys == sorted(keys)


def test_classes_of_imagenet_have_their_wordnet_ids_in_it(
    converted: Callable[[str], GraphModel], trees_source: SourceModel
) -> None:
    source = replace(trees_source, labels=imagenet_labels())
    content = write_metadata(
        describe(source, converted("float16"), Parity(0.001, 1.0, 0.001, 24, 16, 16))
    )
    assert json.loads(content)["wordNetIds"][:2] == ["n01440764", "n01443537"]
