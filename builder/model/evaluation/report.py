"""The report folder: one page that stands alone, and the same figures as JSON."""

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from builder.model.evaluation.figures import Figures, most_confused, worst_mistakes
from builder.model.evaluation.plots import confusion_matrix, learning_curves, reliability_diagram
from builder.model.photos import decode_photo

_MISTAKES = 24
_CONFUSED = 15
_THUMBNAIL = 160


@dataclass(frozen=True)
class ReportContent:
    """All that a report tells."""

    title: str
    subtitle: str
    figures: Figures
    probabilities: NDArray[Any]
    """[N, C], as the app gives them."""
    truth: NDArray[Any]
    """[N], int."""
    labels: tuple[str, ...]
    files: Sequence[Path]
    """The photos, in the order of `truth`."""
    headline: tuple[tuple[str, str], ...] = ()
    """Further figures for the head of the page: name and value."""
    history: Sequence[dict[str, Any]] = ()
    """Epochs of a training; empty for an evaluation."""
    before_temperature: Figures | None = None
    """The figures before the temperature was applied, where one was fitted."""
    temperature: float = 1.0
    skipped: dict[str, str] = field(default_factory=dict)
    """Photos that could not be read, with the reason."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Further members of report.json."""


def write_report(folder: Path, content: ReportContent) -> None:
    """Write `index.html` and `report.json` into `folder`."""
    page, data = report_page(content), report_json(content)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "report.json").write_text(data, encoding="utf-8")


def report_json(content: ReportContent) -> str:
    """Return report.json: sorted, without a clock."""
    value = {
        **content.figures.as_json(),
        "labels": list(content.labels),
        "temperature": content.temperature,
        "history": list(content.history),
        "skippedPhotos": content.skipped,
        **content.extra,
    }
    if content.before_temperature is not None:
        value["beforeTemperature"] = {
            "logLoss": content.before_temperature.log_loss,
            "expectedCalibrationError": content.before_temperature.expected_calibration_error,
        }
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def report_page(content: ReportContent) -> str:
    """Return the page; pictures and styles are inside it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    figures, before = content.figures, content.before_temperature
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html.jinja").render(
        title=content.title,
        subtitle=content.subtitle,
        headline=(
            ("first answer right", f"{figures.top1:.1%}"),
            ("among the first five", f"{figures.top5:.1%}"),
            ("photos", str(figures.photos)),
            *content.headline,
        ),
        curves=Markup(learning_curves(content.history)) if content.history else "",
        confusion=Markup(confusion_matrix(figures.confusion, content.labels)),
        confused=[
            (content.labels[own], content.labels[answer], photos)
            for own, answer, photos in most_confused(figures.confusion, _CONFUSED)
        ],
        calibration_text=_calibration_text(figures, before, content.temperature),
        reliability=Markup(
            reliability_diagram(
                before.bins if before else figures.bins, figures.bins if before else None
            )
        ),
        classes=[
            (one.label, one.photos, _rate(one.precision), _rate(one.recall))
            for one in figures.classes
            if one.photos or one.precision is not None
        ],
        mistakes=[
            {
                "image": thumbnail(content.files[photo]),
                "file": content.files[photo].name,
                "label": content.labels[content.truth[photo]],
                "answer": content.labels[answer],
                "probability": f"{probability:.0%}",
            }
            for photo, answer, probability in worst_mistakes(
                content.probabilities, content.truth, _MISTAKES
            )
        ],
        skipped=sorted(content.skipped.items()),
    )


def thumbnail(path: Path) -> str:
    """Return a small version of a photo as a `data:` URL."""
    from PIL import Image

    image = Image.fromarray(decode_photo(path))
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(target.getvalue()).decode("ascii")


def _calibration_text(figures: Figures, before: Figures | None, temperature: float) -> str:
    error = f"{figures.expected_calibration_error:.1%}"
    if before is None:
        return f"Confidence and accuracy differ by {error} on average."
    return (
        f"Confidence and accuracy differ by {error} on average, with the temperature "
        f"{temperature:.2f} that was fitted on these photos and that the app applies; "
        f"without it by {before.expected_calibration_error:.1%}."
    )


def _rate(value: float | None) -> str:
    return "none" if value is None else f"{value:.0%}"
