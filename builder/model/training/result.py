"""What a training run brings."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrainResult:
    """A trained network on disk, and how good it is."""

    output: Path
    report: Path
    photos: int
    """Validation photos that the figures are of."""
    top1: float
    top5: float
    calibration_error: float
    temperature: float
    best_epoch: int
    epochs: int
    interrupted: bool
    """Whether Ctrl-C ended it; `--resume` goes on."""
