"""The result of a training run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrainResult:
    """A trained network on disk, and how good it is."""

    output: Path
    report: Path
    photos: int
    """Number of validation photos that the figures were measured on."""
    top1: float
    top5: float
    calibration_error: float
    temperature: float
    best_epoch: int
    epochs: int
    interrupted: bool
    """Whether Ctrl-C ended it; `--resume` goes on."""
