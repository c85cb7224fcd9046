"""What `build` tells a person of its result."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click


@dataclass(frozen=True)
class Cost:
    """What a build took."""

    seconds: float
    """From the command to the finished folder."""
    memory: int | None
    """The most memory that the process had at once, bytes; None where the system does not tell."""

    def as_json(self) -> dict[str, float | int | None]:
        """Return it for scripts."""
        return {"seconds": round(self.seconds, 3), "peakMemory": self.memory}


def summary(output: Path, report: dict[str, Any], cost: Cost, *, is_served: bool = False) -> str:
    """Return what a person wants to know of a build: place, model, sizes, parity, next step.

    There is no next step where the site is being served already.
    """
    from builder.site.description import WITHDRAWN

    place = click.format_filename(output)
    if report.get(WITHDRAWN):
        return f"{place} takes the app off visitors' devices: deploy it in the app's place."
    model = report["model_info"]
    parity = model["parity"]
    files = report["files"]
    lines = (
        ("Site", f"{place}, {len(files)} files, {_megabytes(files, '')}"),
        ("Model", f"{model['name']}, {model['classes']} classes"),
        (
            "Scaling",
            f"{model['preprocessing']['scaling']}: {model['preprocessing']['scalingReason']}",
        ),
        ("Weights", f"{model['quantization']}, {_megabytes(files, 'model/')}"),
        (
            "Parity",
            f"same first answer as Keras on {parity['top1Agreement']:.1%} of {_images(parity)},"
            f" probabilities within {parity['maxProbabilityDifference']:.1g},"
            f" divergence {parity['klDivergence']:.1g} nats",
        ),
        ("Visit", _visit(report["transfer"])),
        *(("Browser", line) for line in _in_browsers(report)),
        ("Took", _told(cost)),
        *(() if is_served else (("Next", f"classifier-pwa serve {shlex.quote(place)}"),)),
    )
    summed_up = "\n".join(f"{name + ':':<9} {value}" for name, value in lines)
    candidates = candidates_table(model["candidates"], model["quantization"])
    return f"{candidates}\n{summed_up}" if candidates else summed_up


def _visit(transfer: Mapping[str, Any]) -> str:
    first, update = transfer["firstVisit"]["brotli"], transfer["appUpdate"]["brotli"]
    return (
        f"{first / 1e6:.1f} MB over the wire the first time,"
        f" {update / 1e3:.0f} KB when only the app changes"
    )


def candidates_table(candidates: Sequence[Mapping[str, Any]], chosen: str) -> str:
    """Return the quantizations that were measured as a table, with the one taken marked."""
    if not candidates:
        return ""
    head = "  Weights      Brotli    Agree  Difference  Divergence"
    rows = [
        f"{'*' if one['quantization'] == chosen else ' '} {one['quantization']:<8}"
        f" {one['brotliBytes'] / 1e6:>7.2f} MB  {one['top1Agreement']:>6.1%}"
        f"  {one['maxProbabilityDifference']:>10.2g}  {one['klDivergence']:>10.2g}"
        for one in candidates
    ]
    return "\n".join([head, *rows, ""])


def _told(cost: Cost) -> str:
    memory = "" if cost.memory is None else f", at most {cost.memory / 1e6:.0f} MB of memory"
    return f"{cost.seconds:.1f} s{memory}"


def _in_browsers(report: Mapping[str, Any]) -> list[str]:
    """Return a line for each backend that the site was compared with Keras on."""
    return [
        f"{backend}: same first answer on {figures['top1Agreement']:.1%} of {figures['images']},"
        f" probabilities within {figures['maxProbabilityDifference']:.1g}"
        for backends in report.get("browsers", {}).values()
        for backend, figures in backends.items()
    ]


def _images(parity: Mapping[str, Any]) -> str:
    kind = "photos" if parity["imagesFrom"] == "photos" else "generated images"
    return f"{parity['images']} {kind}"


def _megabytes(files: dict[str, Any], start: str) -> str:
    size = sum(file["size"] for path, file in files.items() if path.startswith(start))
    return f"{size / 1e6:.1f} MB"
