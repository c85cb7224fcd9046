"""The verb `evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli_options import (
    debug_option,
    json_option,
    print_json,
    progress_printer,
    quiet_option,
    warn,
)

if TYPE_CHECKING:
    from builder.model.evaluate import Evaluation

_WEAKEST = 5


@click.command(short_help="Measure a model, or a built site in a browser, on your photos.")
@click.argument("model")
@click.argument("photos", type=click.Path(path_type=Path))
@click.option("--weights", default="imagenet", show_default=True, help="imagenet, or a file.")
@click.option("--alpha", type=float, help="Width multiplier of the network.")
@click.option("--input-size", type=click.IntRange(16, 1024), help="Side of the input, pixels.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Class names, where the model brings none.",
)
@click.option("--grayscale", is_flag=True, help="Show the model the luminance only.")
@click.option("--report", type=click.Path(path_type=Path), help="Write a report into this folder.")
@json_option
@quiet_option
@debug_option
def evaluate(
    model: str,
    photos: Path,
    *,
    weights: str,
    alpha: float | None,
    input_size: int | None,
    labels: Path | None,
    grayscale: bool,
    report: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Measure MODEL on PHOTOS: accuracy, calibration, latency.

    MODEL is a .keras or .h5 file, a keras.applications name, demo, or a folder that `build` wrote,
    which is then run in a headless browser. PHOTOS holds one folder for each class, or a labels.csv
    with the columns file and class_index (or label).

    \b
    Examples:
      classifier-pwa evaluate trees.keras photos/
      classifier-pwa evaluate dist photos/ --report report
    """
    from builder.config import SiteConfig
    from builder.evaluate_site import evaluate_site
    from builder.model.evaluate import evaluate_model, write_evaluation

    say = progress_printer(quiet)
    if (Path(model) / "site.json").is_file() or model == "dist":
        result = evaluate_site(Path(model), photos, say)
    else:
        config = SiteConfig(
            model=model,
            weights=weights,
            alpha=alpha,
            input_size=input_size,
            labels=labels,
            grayscale=grayscale,
        )
        result = evaluate_model(config, photos, say, warn)
    if report is not None:
        write_evaluation(report, result)
    if as_json:
        print_json(result.as_json())
    else:
        click.echo(summary(result))
        if report is not None:
            click.echo(f"Report:      {report / 'index.html'}")


def summary(result: "Evaluation") -> str:
    """Return the figures as people read them, the classes that fare worst included."""
    figures = result.figures
    known = [one for one in figures.classes if one.recall is not None]
    weakest = sorted(known, key=lambda one: (one.recall or 0.0, one.label))[:_WEAKEST]
    lines = (
        ("Model", f"{result.model} ({result.engine})"),
        ("Photos", f"{figures.photos} of {len(known)} classes"),
        ("Top 1", f"{figures.top1:.1%}"),
        ("Top 5", f"{figures.top5:.1%}"),
        ("Calibration", f"off by {figures.expected_calibration_error:.1%} on average"),
        ("Latency", f"{result.median_latency:.0f} ms from file to answer (median)"),
        ("Weakest", ", ".join(f"{one.label} {one.recall:.0%}" for one in weakest)),
    )
    return "\n".join(f"{name + ':':<12} {value}" for name, value in lines)
