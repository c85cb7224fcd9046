"""Plots for reports, as SVG that goes straight into a page. Matplotlib without its global state."""

import io
import re
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.model.evaluation.figures import Bin

_INK, _ACCENT, _SECOND = "#374151", "#2563eb", "#d97706"
_MOST_NAMED_CLASSES = 40
"""A confusion matrix of more classes is drawn without their names."""


def learning_curves(history: Sequence[dict[str, Any]]) -> str:
    """Draw loss and accuracy over the epochs; a line marks where a phase begins."""
    figure = _figure(9.0, 3.2)
    epochs = [entry["epoch"] for entry in history]
    for axes, name, title in zip(
        figure.subplots(1, 2), ("loss", "top1"), ("Loss", "Accuracy (first answer)"), strict=True
    ):
        axes.plot(epochs, [e[name] for e in history], color=_ACCENT, label="training photos")
        axes.plot(
            epochs, [e[f"val_{name}"] for e in history], color=_SECOND, label="validation photos"
        )
        for before, after in pairwise(history):
            if before["phase"] != after["phase"]:
                axes.axvline(after["epoch"] - 0.5, color=_INK, linestyle=":", linewidth=1)
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.legend(frameon=False)
    return _svg(figure)


def confusion_matrix(confusion: NDArray[Any], labels: Sequence[str]) -> str:
    """Draw which class was taken for which, each row in parts of its class's photos."""
    count = len(labels)
    side = min(11.0, 2.6 + 0.24 * count)
    figure = _figure(side, side)
    axes = figure.add_subplot()
    rows = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(rows, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, ax=axes, shrink=0.7)
    axes.set_xlabel("answer")
    axes.set_ylabel("class of the photo")
    if count <= _MOST_NAMED_CLASSES:
        axes.set_xticks(range(count), labels, rotation=90, fontsize=8)
        axes.set_yticks(range(count), labels, fontsize=8)
    return _svg(figure)


def reliability_diagram(bins: Sequence[Bin], calibrated: Sequence[Bin] | None = None) -> str:
    """Draw how often answers of each confidence are right; the diagonal is what they promise."""
    figure = _figure(4.4, 4.0)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=_INK, linestyle=":", linewidth=1, label="as promised")
    series = [(bins, _ACCENT, "as trained" if calibrated else "measured")]
    if calibrated:
        series.append((calibrated, _SECOND, "with the temperature"))
    for members, color, name in series:
        filled = [one for one in members if one.photos]
        axes.plot(
            [one.confidence for one in filled],
            [one.accuracy for one in filled],
            marker="o",
            color=color,
            label=name,
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("part that is right")
    axes.legend(frameon=False)
    return _svg(figure)


def _figure(width: float, height: float) -> Any:
    """Return an empty figure, inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _svg(figure: Any) -> str:
    """Return a figure as an `<svg>` element: the same text for the same data."""
    import matplotlib

    target = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "classifier-pwa"}):
        figure.savefig(target, format="svg", metadata={"Date": None})
    text = target.getvalue()
    # Ids are only unique within one drawing, and a page has several.
    prefix = f"f{zlib.crc32(text.encode()):x}-"
    text = re.sub(r'(id="|url\(#|href="#)', lambda match: match.group(1) + prefix, text)
    return text[text.index("<svg") :]
