"""`python -m benchmarks`: the same weights through classifier-pwa and its peers, in turns."""

import json
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks import measure
from benchmarks.int8 import int8_figures
from benchmarks.report import write_report
from benchmarks.staging import stage
from builder.bench.bench_site import BROWSER_ARGS, machine
from builder.bench.profiles import PROFILES, UNTHROTTLED
from builder.browser.launch import launch_browser

TOLERANCE = 1e-4
"""Greatest difference between two engines' probabilities from the same float32 weights."""


@click.group()
def main() -> None:
    """Measure classifier-pwa against its peers."""


@main.command()
@click.argument("site", type=click.Path(path_type=Path, exists=True))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--weights", type=click.Path(path_type=Path), required=True, help=".h5 or .keras")
@click.option("--alpha", type=float, help="Width multiplier that an .h5 of weights belongs to.")
@click.option("--photos", type=click.Path(path_type=Path), required=True, help="To calibrate int8.")
def convert(site: Path, folder: Path, weights: Path, alpha: float | None, photos: Path) -> None:
    """Write the weights that SITE was built from into FOLDER, in every peer's format."""
    import keras

    from benchmarks.models import make_models, read_photos

    model = (
        keras.models.load_model(weights)
        if alpha is None
        else keras.applications.MobileNet(alpha=alpha, weights=str(weights))
    )
    make_models(model, site, folder, read_photos(photos)[0])


@main.command()
@click.option("--small", nargs=2, type=click.Path(path_type=Path), required=True)
@click.option("--large", nargs=2, type=click.Path(path_type=Path), required=True)
@click.option("--photos", type=click.Path(path_type=Path), required=True, help="With labels.csv.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--count", default=60, show_default=True, help="Answers timed in each round.")
@click.option("--batch", default=1000, show_default=True, help="Photos in a row.")
@click.option("--report", type=click.Path(path_type=Path), default=Path("docs/performance.md"))
@click.option("--figures", type=click.Path(path_type=Path), help="Also write the raw figures here.")
def run(
    small: tuple[Path, Path],
    large: tuple[Path, Path],
    photos: Path,
    *,
    rounds: int,
    count: int,
    batch: int,
    report: Path,
    figures: Path | None,
) -> None:
    """Measure two models, each given as SITE and FOLDER of `convert`, and write the report."""
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as work,
        sync_playwright() as playwright,
        launch_browser(playwright, args=BROWSER_ARGS) as browser,
    ):
        subjects = {}
        for name, (site, models) in (("0.25", small), ("1.0", large)):
            stage(models, Path(work) / name)
            subjects[name] = measure.Subject(name, site, Path(work) / name)
            _require_equal(measure.answers(browser, subjects[name]))
        found: dict[str, Any] = {"machine": machine(browser), "rounds": rounds}
        found |= _rounds(playwright, browser, subjects, rounds, count)
        found["batches"] = [
            asdict(one) for one in measure.batches(browser, subjects["0.25"], batch)
        ]
    found["int8"] = int8_figures(small[1], photos)
    if figures:
        figures.write_text(json.dumps(found, indent=1), encoding="utf-8")
    write_report(found, report)


def _rounds(
    playwright: Any, browser: Any, subjects: Any, rounds: int, count: int
) -> dict[str, Any]:
    latencies: dict[Any, list[Any]] = defaultdict(list)
    visits: dict[Any, list[Any]] = defaultdict(list)
    clicks: dict[Any, list[Any]] = defaultdict(list)
    for number in range(rounds):
        click.echo(f"Round {number + 1} of {rounds} …", err=True)
        for name, subject in subjects.items():
            for engine, threads, times in measure.latencies(browser, subject, 30, count):
                latencies[f"{name}|{engine}|{threads}"].append(times)
            profiles = [UNTHROTTLED] + ([PROFILES["4g"]] if name == "0.25" else [])
            for profile in profiles:
                for engine, visit in measure.visits(playwright, subject, profile):
                    key = f"{name}|{engine}|{visit.profile}"
                    visits[key].append({"answer": visit.answer, "sent": visit.sent})
            times, tensors = measure.clicks(browser, subject, 4)
            clicks[name].append({"times": times, "tensors": tensors})
    return {"latencies": latencies, "visits": visits, "clicks": clicks}


def _require_equal(answers: dict[str, Any]) -> None:
    """Raise ValueError where an engine does not compute what the others do."""
    reference = answers["tfjs"]
    for engine, probabilities in answers.items():
        difference = float(np.abs(probabilities - reference).max())
        if difference > TOLERANCE and "int8" not in engine:
            raise ValueError(f"{engine} differs from TensorFlow.js by {difference}")


if __name__ == "__main__":
    main()
