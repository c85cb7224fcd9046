"""Plots for reports, as SVG that goes straight into a page. Matplotlib without its global state.

Letters stay letters, which the page's own fonts draw: they know scripts and pictures that
Matplotlib's does not. Ink has the colour of the text around, so that it suits light and dark pages.
"""

import io
import re
import warnings
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.evaluation.figures import Bin

_INK, _ACCENT, _SECOND = "#000000", "#3b82f6", "#d97706"
_MOST_NAMED_CLASSES = 40
"""A confusion matrix of more classes is drawn without their names."""
_LETTER = 0.07
"""Inches that a letter of a class's name takes."""
_SETTINGS: Any = {
    "svg.hashsalt": "classifier-pwa",
    "svg.fonttype": "none",
    # A dollar sign in a class's name does not begin a formula.
    "text.parse_math": False,
}


def learning_curves(history: Sequence[dict[str, Any]]) -> str:
    """Draw loss and accuracy over the epochs; a line marks where a phase begins."""
    epochs = [entry["epoch"] for entry in history]
    titles = (("loss", "Loss"), ("top1", "Accuracy (first answer)"))

    def draw(figure: Any) -> None:
        for axes, (name, title) in zip(figure.subplots(1, 2), titles, strict=True):
            for values, color, photos in (
                ([one[name] for one in history], _ACCENT, "training photos"),
                ([one[f"val_{name}"] for one in history], _SECOND, "validation photos"),
            ):
                axes.plot(epochs, values, color=color, label=photos)
            for before, after in pairwise(history):
                if before["phase"] != after["phase"]:
                    axes.axvline(after["epoch"] - 0.5, color=_INK, linestyle=":", linewidth=1)
            axes.set_title(title)
            axes.set_xlabel("epoch")
            axes.xaxis.get_major_locator().set_params(integer=True)
            axes.legend(frameon=False)

    return _svg(9.0, 3.2, draw)


def confusion_matrix(confusion: NDArray[Any], labels: Sequence[str]) -> str:
    """Draw which class was taken for which, each row in parts of its class's photos."""
    count = len(labels)
    is_named = count <= _MOST_NAMED_CLASSES
    letters = max(map(len, labels)) if is_named else 0
    side = min(13.0, 2.6 + 0.24 * count + _LETTER * letters)

    def draw(figure: Any) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        axes = figure.add_subplot()
        rows = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
        # Zero is transparent: the page's own colour.
        colors = LinearSegmentedColormap.from_list("part", [f"{_ACCENT}00", f"{_ACCENT}ff"])
        image = axes.imshow(rows, cmap=colors, vmin=0, vmax=1)
        figure.colorbar(image, ax=axes, shrink=0.7)
        axes.set_xlabel("answer")
        axes.set_ylabel("class of the photo")
        if is_named:
            axes.set_xticks(range(count), labels, rotation=90, fontsize=8)
            axes.set_yticks(range(count), labels, fontsize=8)

    return _svg(side, side, draw)


def reliability_diagram(bins: Sequence[Bin], calibrated: Sequence[Bin] | None = None) -> str:
    """Draw how often answers of each confidence are right; calibrated answers lie on the diagonal.

    The number beside each point of the last series is its number of photos.
    """
    series = [(bins, _ACCENT, "as trained" if calibrated else "measured")]
    if calibrated:
        series.append((calibrated, _SECOND, "with the temperature"))

    def draw(figure: Any) -> None:
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color=_INK, linestyle=":", linewidth=1, label="as promised")
        for members, color, name in series:
            filled = [one for one in members if one.photos]
            places = [(one.confidence, one.accuracy) for one in filled]
            axes.plot(*zip(*places, strict=True), marker="o", color=color, label=name)
        for one, place in zip(filled, places, strict=True):
            below = one.accuracy > 0.5
            axes.annotate(
                str(one.photos),
                place,
                xytext=(0, -5 if below else 5),
                textcoords="offset points",
                ha="center",
                va="top" if below else "bottom",
                fontsize=8,
            )
        axes.set_xlim(0, 1)
        axes.set_ylim(-0.05, 1.05)
        axes.set_xlabel("confidence")
        axes.set_ylabel("part that is right")
        axes.legend(frameon=False)

    return _svg(4.8, 4.4, draw)


def _svg(width: float, height: float, draw: Callable[[Any], None]) -> str:
    """Return a figure, inches, as an `<svg>` element: the same text for the same data."""
    import matplotlib
    from matplotlib.figure import Figure

    target = io.StringIO()
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        # Warnings about Matplotlib's own font, which only measures the text here.
        for about in (r"Glyph \d+ .* missing from font", "Matplotlib currently does not support"):
            warnings.filterwarnings("ignore", message=about)
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    text = target.getvalue()
    # Ids are only unique within one drawing, and a page has several.
    prefix = f"f{zlib.crc32(text.encode()):x}-"
    text = re.sub(r'(id="|url\(#|href="#)', lambda match: match.group(1) + prefix, text)
    return text[text.index("<svg") :].replace(f": {_INK}", ": currentColor")
