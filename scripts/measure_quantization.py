"""Measures what each way to store weights costs and keeps, and writes it into docs/quantization.md.

    python -m scripts.measure_quantization ../shared

The folder has the weights of MobileNet 0.25, labelled photos, and the demo model's data set
(CLASSIFIER_PWA_SHARED in CONTRIBUTING.md). Photos that weights are rounded on are never those that
figures are measured on.
"""

import argparse
import json
import re
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import numpy as np
from numpy.typing import NDArray

from builder.config import SiteConfig
from builder.model.convert import ConvertedGraph, convert_graph
from builder.model.emitted import EmittedModel
from builder.model.graph.graph_model import GraphModel
from builder.model.images.labelled_photos import LabelledPhotos, read_labelled_photos
from builder.model.images.natural_pictures import calibration_pictures
from builder.model.images.photos import decode_photo, prepare
from builder.model.loading.load import load_source
from builder.model.network.inference import inference_model
from builder.model.parity import Parity, compare, keras_probabilities
from builder.model.quantize.forms import ChannelScaled, Stored
from builder.model.quantize.layers import dense_layers
from builder.model.quantize.mixed import channel_scales
from builder.model.quantize.modes import MODES
from builder.model.quantize.plain import as_float16
from builder.model.quantize.rounding import to_integers
from builder.model.quantize.shards import encode_weights
from builder.model.quantize.side_by_side import with_kept_means
from builder.model.source import SourceModel
from builder.training.demo_pack import PLAIN_NAMES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "quantization.md"
CALIBRATION = 128
MEASURED = 1000


@dataclass(frozen=True)
class Case:
    """A model, the photos it is measured on, and others to round weights on."""

    key: str
    source: SourceModel
    photos: LabelledPhotos
    calibration: list[Path]


def main() -> None:
    """Measure the models and rewrite their tables in the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--only", help="mobilenet, lite0 or demo; all by default")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    for case in cases(arguments.shared):
        if arguments.only not in (None, case.key):
            continue
        table = "\n".join(rows(case))
        pattern = rf"(<!-- table: {case.key} -->\n).*?(\n<!-- end -->)"
        text = re.sub(pattern, lambda found, t=table: found[1] + t + found[2], text, flags=re.S)
        PAGE.write_text(text, encoding="utf-8")


def cases(shared: Path) -> Iterator[Case]:
    """Yield the real MobileNet, EfficientNet-Lite0 and the demo model."""
    weights = shared / "weights" / "mobilenet_2_5_224_tf.h5"
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(shared / "datasets" / "tiny-imagenet-100.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        training = sorted(Path(folder).rglob("train/*/*.JPEG"))
        calibration = training[:: len(training) // CALIBRATION][:CALIBRATION]
        source = load_source(SiteConfig(model="mobilenet", weights=str(weights)), print)
        photos = read_labelled_photos(shared / "images" / "imagenet-samples", source.labels)
        yield Case("mobilenet", source, photos, calibration)
        lite0 = load_source(SiteConfig(model="efficientnet-lite0"), print)
        yield Case("lite0", lite0, photos, calibration)
        demo = load_source(SiteConfig(model="demo"), print)
        folders = {label: name for name, label in PLAIN_NAMES.items()}
        names = [folders.get(label, label) for label in demo.labels]
        labelled = read_labelled_photos(Path(folder), names)
        step = max(1, len(labelled.files) // MEASURED)
        chosen = LabelledPhotos(labelled.files[::step], labelled.truth[::step])
        yield Case("demo", demo, chosen, calibration)


def rows(case: Case) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    images = prepared(case.source, map(decode_photo, case.photos.files))
    expected = keras_probabilities(case.source, images)
    converted = convert_graph(inference_model(case.source))
    photos = prepared(case.source, map(decode_photo, case.calibration))
    pictures = prepared(case.source, calibration_pictures())
    half: int | None = None
    yield "| weights | brotli | of halves | top 1 | top 5 | agreement | difference | divergence |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, graph in variants(converted, pictures, photos):
        size = sum(
            len(brotli.compress(content))
            for file, content in graph.files.items()
            if file.endswith(".bin")
        )
        half = half or size
        answers = EmittedModel(graph.files).predict(images)
        parity = compare(answers, expected)
        yield row(
            f"| {name} | {size / 1000:,.0f} KB | {size / half:.3f}",
            answers,
            case.photos.truth,
            parity,
        )


def variants(
    converted: ConvertedGraph, pictures: NDArray[Any], photos: NDArray[Any]
) -> Iterator[tuple[str, GraphModel]]:
    """Yield every way to store the weights; the first is what the others are compared with."""
    graph = converted.canonical
    half = as_float16(graph.weights, graph.scaling)
    bytes_each = nearest(converted)
    yield "every weight in half precision", emitted(converted, half)
    for mode in MODES:
        yield f"`{mode.name}`", converted.emit(mode.name, pictures)
    yield f"`mixed`, rounded on {len(photos)} photos", converted.emit("mixed", photos)
    yield "one scale a channel, each weight to the nearest", emitted(converted, bytes_each)
    kept = with_kept_means(graph, bytes_each, pictures)
    yield "the same, with each layer's mean kept", emitted(converted, kept)


def nearest(converted: ConvertedGraph) -> Mapping[str, Stored]:
    """Return bytes for every kernel that "mixed" might choose, and nothing corrected."""
    weights = converted.canonical.weights
    stored = as_float16(weights, converted.canonical.scaling)
    for layer in dense_layers(converted.canonical):
        kernel = weights[layer.kernel]
        scales = channel_scales(kernel.reshape(-1, kernel.shape[-1]), is_classifier=False)
        values = to_integers(kernel, scales.astype(np.float64))
        stored[layer.kernel] = ChannelScaled(values, scales)
    return stored


def emitted(converted: ConvertedGraph, stored: Mapping[str, Stored]) -> GraphModel:
    """Return a graph model with weights stored in a way that no option has."""
    plain = converted.emit("none", np.empty(0))
    manifest, shards = encode_weights(stored)
    document = {**plain.document, "weightsManifest": manifest}
    return GraphModel({"model.json": json.dumps(document).encode(), **shards}, "nearest")


def prepared(source: SourceModel, photos: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """Return decoded photos as the network sees them."""
    return np.stack([prepare(photo, source.preprocessing) for photo in photos])


def row(start: str, answers: NDArray[Any], truth: NDArray[Any], parity: Parity) -> str:
    """Return one line of the table, which begins with what is known without the photos."""
    best = np.argsort(-answers, axis=-1, kind="stable")
    top1 = np.mean(best[:, 0] == truth)
    top5 = np.mean(np.any(best[:, :5] == truth[:, np.newaxis], axis=-1))
    return (
        f"{start} | {top1:.1%} | {top5:.1%}"
        f" | {parity.top1_agreement:.1%} | {parity.max_probability_difference:.2g}"
        f" | {parity.kl_divergence:.2g} |"
    )


if __name__ == "__main__":
    main()
