"""The report folder: one page that stands alone, and the same figures as JSON."""

import base64
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from builder.evaluation.chance import rate_in_words
from builder.evaluation.figures import Figures, most_confused, worst_mistakes
from builder.evaluation.plots import confusion_matrix, learning_curves, reliability_diagram
from builder.extras import require_package
from builder.model.images.photos import decode_photo
from builder.output.ownership import check_output
from builder.output.records import record_of
from builder.output.writer import NewFile, write_folder

RECORD = "report.json"
"""The file of a report that lists all others."""
_PAGE = "index.html"
_MISTAKES = 24
_CONFUSED = 15
_THUMBNAIL = 160


@dataclass(frozen=True)
class ReportContent:
    """The content of a report."""

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
    advice: Sequence[str] = ()
    """What would make the classifier better, a sentence each."""
    history: Sequence[dict[str, Any]] = ()
    """Epochs of a training; empty for an evaluation."""
    before_temperature: Figures | None = None
    """The figures before the temperature was applied, where one was fitted."""
    temperature: float = 1.0
    skipped: dict[str, str] = field(default_factory=dict)
    """Photos that could not be read, with the reason."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Further members of report.json."""


def check_report(folder: Path, force: bool, inputs: Iterable[Path] = ()) -> None:
    """Raise OutputError unless a report may be written as a folder; `inputs` are what is read.

    It may lie in a folder of photos, but not hold it. Raises MissingPackageError where nothing can
    draw its figures.
    """
    require_package("matplotlib", "A report")
    held = [path for path in inputs if path.resolve().is_relative_to(folder.resolve())]
    check_output(folder, force, held, record=RECORD, option="--report")


def write_report(
    folder: Path,
    content: ReportContent,
    force: bool = False,
    tell: Callable[[str], object] = lambda _line: None,
) -> None:
    """Write `index.html` and `report.json` as the folder `folder`, in place of an earlier report.

    `force` and the treatment of other content are those of `check_output`; `tell` gets a line on
    where such content was moved.
    """
    page = report_page(content).encode()
    record = record_of({_PAGE: page})
    complete = replace(content, extra={**content.extra, **record})
    files = [NewFile(_PAGE, page), NewFile(RECORD, report_json(complete).encode())]
    for aside in write_folder(files, folder, force, record=RECORD):
        tell(f"What {folder} held is now in {aside}: classifier-pwa did not write it, or not so.")


def report_json(content: ReportContent) -> str:
    """Return report.json: keys sorted, without the time."""
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
        headline=(*_rates(figures), *((name, value, "") for name, value in content.headline)),
        advice=content.advice,
        curves=Markup(learning_curves(content.history)) if len(content.history) > 1 else "",
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
            (
                one.label,
                one.photos,
                _rate(one.precision),
                _rate(one.recall),
                rate_in_words(int(figures.confusion[index, index]), one.photos).split(" with")[0],
            )
            for index, one in enumerate(figures.classes)
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


def _rates(figures: Figures) -> list[tuple[str, str, str]]:
    """Return the figures for the head of the page: name, value, and interval."""
    count = figures.photos
    rates = [("first answer right", figures.top1, figures.right)]
    if figures.tells_top5:
        rates.append(("among the first five", figures.top5, round(figures.top5 * count)))
    return [(name, f"{rate:.1%}", rate_in_words(right, count)) for name, rate, right in rates]


def _rate(value: float | None) -> str:
    return "none" if value is None else f"{value:.0%}"
