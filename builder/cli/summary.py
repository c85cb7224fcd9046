"""What `build` prints of its result."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from builder.model.metadata_json import (
        Agreement,
        MeasuredMode,
        MeasuredParity,
        PreprocessingRecord,
    )
    from builder.site.report import Files, Report, SiteReport, Transfer


@dataclass(frozen=True)
class Cost:
    """What a build took."""

    seconds: float
    """From the command to the finished folder."""
    memory: int | None
    """The most memory that the process had at once, bytes; None where the system does not report
    it."""

    def as_json(self) -> dict[str, float | int | None]:
        """Return it for scripts."""
        return {"seconds": round(self.seconds, 3), "peakMemory": self.memory}


def summary(output: Path, report: "Report", cost: Cost, *, is_served: bool = False) -> str:
    """Return what a person wants to know of a build: place, model, sizes, parity, next step.

    There is no next step where the site is being served already.
    """
    from builder.site.report import WithdrawnReport

    place = click.format_filename(output)
    if isinstance(report, WithdrawnReport):
        return f"{place} takes the app off visitors' devices: deploy it in the app's place."
    model = report.model_info
    parity = model.parity
    files = report.files
    lines = (
        ("Site", f"{place}, {len(files)} files, {_megabytes(files, '')}"),
        ("Model", f"{model.name}, {model.classes} classes"),
        ("Answers", model.activation_reason),
        ("Scaling", _scaling(model.preprocessing)),
        ("Geometry", _geometry(model.preprocessing)),
        ("Sure", f"from {model.sure_from:.1%} on: {model.calibration.basis}"),
        ("Weights", f"{model.quantization}, {_megabytes(files, 'model/')}"),
        (
            "Parity",
            f"same first answer as Keras on {parity.top1_agreement:.1%} of {_images(parity)},"
            f" {_decided(parity)}; probabilities within {parity.max_probability_difference:.1g},"
            f" divergence {parity.kl_divergence:.1g} nats",
        ),
        ("Visit", _visit(report.transfer)),
        *(("Browser", line) for line in _in_browsers(report)),
        ("Took", _cost(cost)),
        *(() if is_served else (("Next", f"classifier-pwa serve {shlex.quote(place)}"),)),
    )
    summed_up = "\n".join(f"{name + ':':<9} {value}" for name, value in lines)
    candidates = candidates_table(model.candidates, model.quantization)
    return f"{candidates}\n{summed_up}" if candidates else summed_up


def _scaling(preprocessing: "PreprocessingRecord") -> str:
    """Return how values are scaled for the network, and why."""
    known = {"inference": ", inferred", "guess": ", guessed"}
    note = known.get(preprocessing.scaling_origin, "")
    return f"{preprocessing.scaling}{note}: {preprocessing.scaling_reason}"


def _geometry(preprocessing: "PreprocessingRecord") -> str:
    """Return how a photo is brought to the network's size, and why."""
    fit, part = preprocessing.fit, preprocessing.crop_fraction
    if fit == "crop":
        seen = f"the middle {part:.1%} of its shorter side"
    else:
        seen = "the whole photo" if part == 1 else f"the middle {part:.1%} of its sides"
    height, width = preprocessing.crop
    way = ", resized as by a canvas" if preprocessing.resampling == "canvas" else ""
    reason = preprocessing.geometry_reason
    return f"{fit}, {seen}, to {height} by {width} pixels{way}: {reason}"


def _visit(transfer: "Transfer") -> str:
    first, update = transfer.first_visit.brotli, transfer.app_update.brotli
    return (
        f"{first / 1e6:.1f} MB over the wire the first time,"
        f" {update / 1e3:.0f} KB when only the app changes"
    )


def candidates_table(candidates: "Sequence[MeasuredMode]", chosen: str) -> str:
    """Return the quantizations that were measured as a table, with the one taken marked."""
    if not candidates:
        return ""
    head = "  Weights      Brotli    Agree  At least  Difference  Divergence"
    rows = [
        f"{'*' if one.quantization == chosen else ' '} {one.quantization:<8}"
        f" {one.brotli_bytes / 1e6:>7.2f} MB  {one.top1_agreement:>6.1%}"
        f"  {one.agreement_lower_bound:>8.1%}"
        f"  {one.max_probability_difference:>10.2g}  {one.kl_divergence:>10.2g}"
        for one in candidates
    ]
    return "\n".join([head, *rows, ""])


def _cost(cost: Cost) -> str:
    memory = "" if cost.memory is None else f", at most {cost.memory / 1e6:.0f} MB of memory"
    return f"{cost.seconds:.1f} s{memory}"


def _in_browsers(report: "SiteReport") -> list[str]:
    """Return a line for each backend that the site was compared with Keras on."""
    return [
        f"{backend}: same first answer on {figures.top1_agreement:.1%} of {figures.images},"
        f" {_decided(figures)}; probabilities within {figures.max_probability_difference:.1g},"
        f" divergence {figures.kl_divergence:.1g} nats from Keras,"
        f" {figures.divergence_from_files:.1g} from the same files on TensorFlow"
        for backends in report.browsers.values()
        for backend, figures in backends.items()
    ]


def _images(parity: "MeasuredParity") -> str:
    kinds = {"natural": "natural pictures", "photos": "photos", "crops": "crops of your photos"}
    return f"{parity.images} {kinds[parity.images_from]}"


def _decided(figures: "Agreement") -> str:
    """Return the agreement on clear pictures, and its lower bound for other pictures."""
    agreed, decided = figures.decided_agreed, figures.decided_images
    least = figures.agreement_lower_bound
    return f"on {agreed} of the {decided} where its first leads clearly ({least:.1%} at the least)"


def _megabytes(files: "Files", start: str) -> str:
    size = sum(file.size for path, file in files.items() if path.startswith(start))
    return f"{size / 1e6:.1f} MB"
