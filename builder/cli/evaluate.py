"""The verb `evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.options import (
    debug_option,
    json_option,
    print_json,
    progress_printer,
    quiet_option,
    tell,
    warn,
)
from builder.config import SiteConfig, checked_options
from builder.config.options import shared_options

if TYPE_CHECKING:
    from builder.evaluation.evaluate import Evaluation
    from builder.model.calibration.certainty import CertaintyFigures

_WEAKEST = 5


@click.command(short_help="Measure a model, or a built site in a browser, on your photos.")
@click.argument("model")
@click.argument("photos", type=click.Path(path_type=Path))
@shared_options("evaluate")
@click.option("--report", type=click.Path(path_type=Path), help="Write a report into this folder.")
@click.option(
    "--force",
    is_flag=True,
    help="Write the report's folder even if it holds other things: it is moved aside first.",
)
@click.option(
    "--write-calibrated",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a copy of the model, as a new .keras file, whose certainty is calibrated "
    "on PHOTOS.",
)
@click.option(
    "--foreign",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Photos of things that the model does not know: reports how many it notices.",
)
@json_option
@quiet_option
@debug_option
def evaluate(
    model: str,
    photos: Path,
    *,
    report: Path | None,
    force: bool,
    write_calibrated: Path | None,
    foreign: Path | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Measure MODEL on PHOTOS: accuracy, calibration, latency.

    MODEL is anything that `build --model` takes, or a folder that `build` wrote, which is then run
    in a headless browser as it is. PHOTOS holds one folder for each class, or a labels.csv
    with the columns file and class_index (or label).

    \b
    Examples:
      classifier-pwa evaluate trees.keras photos/
      classifier-pwa evaluate dist photos/ --report report
    """
    from builder.browser.evaluate import evaluate_site
    from builder.evaluation.calibrated_copy import require_new_file
    from builder.evaluation.evaluate import evaluate_model, write_evaluation
    from builder.evaluation.report import check_report

    say = progress_printer(quiet)
    if report is not None:
        check_report(report, force, (photos, Path(model)))
    if (Path(model) / "site.json").is_file() or model == "dist":
        _require_no_options(model, {**options, "write_calibrated": write_calibrated})
        result = evaluate_site(Path(model), photos, say, foreign)
    else:
        given = {"model": model, **options}
        config = SiteConfig(**checked_options(given, "evaluate", {"model": "MODEL"}))
        if write_calibrated is not None:
            require_new_file(write_calibrated)
        result = evaluate_model(
            config, photos, say, warn, calibrated=write_calibrated, foreign=foreign
        )
    if report is not None:
        write_evaluation(report, result, force, warn)
    if as_json:
        print_json(result.as_json())
    else:
        tell(summary(result))
        if report is not None:
            tell(f"Report:      {report / 'index.html'}")


def _require_no_options(site: str, options: dict[str, Any]) -> None:
    """Raise a usage error for options of a model where a built site is measured."""
    given = sorted(f"--{name}" for name, value in options.items() if value is not None)
    if given:
        raise click.UsageError(
            f"{site} is a built site, whose model is built in: leave "
            f"{', '.join(given).replace('_', '-')} out."
        )


def _sure(certainty: "CertaintyFigures") -> str:
    right = "" if certainty.sure == 0 else f", {certainty.sure_right:.1%} of these right"
    return f"{certainty.sure:.1%} of the answers are shown as sure{right}"


def _foreign(certainty: "CertaintyFigures") -> list[str]:
    lines = []
    if certainty.false_alarms is not None:
        lines.append(f"{certainty.false_alarms:.1%} of these photos are taken for foreign")
    if certainty.foreign_sure is not None:
        noticed = "" if certainty.noticed is None else f"{certainty.noticed:.1%} are noticed, "
        lines.append(
            f"of {certainty.foreign_photos} photos of other things {noticed}"
            f"{certainty.foreign_sure:.1%} get an answer that is shown as sure"
        )
    return lines


def summary(result: "Evaluation") -> str:
    """Return the figures as people read them, the classes that fare worst included."""
    from builder.evaluation.chance import rate_in_words

    figures = result.figures
    known = [one for one in figures.classes if one.recall is not None]
    wrong = [one for one in known if one.recall != 1]
    weakest = ", ".join(
        f"{one.label} {one.recall:.0%}"
        for one in sorted(wrong, key=lambda one: (one.recall or 0.0, one.label))[:_WEAKEST]
    )
    lines = (
        ("Model", f"{result.model} ({result.engine})"),
        ("Answers", result.answers),
        ("Photos", f"{figures.photos} of {len(known)} classes"),
        ("Top 1", f"{figures.top1:.1%}, {rate_in_words(figures.right, figures.photos)}"),
        *((("Top 5", f"{figures.top5:.1%}"),) if figures.tells_top5 else ()),
        ("Calibration", f"off by {figures.expected_calibration_error:.1%} on average"),
        ("Sure", _sure(result.certainty)),
        *(("Foreign", line) for line in _foreign(result.certainty)),
        ("Latency", f"{result.median_latency:.0f} ms from file to answer (median)"),
        *((("Weakest", weakest),) if weakest else ()),
    )
    return "\n".join(f"{name + ':':<12} {value}" for name, value in lines)
