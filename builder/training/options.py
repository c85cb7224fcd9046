"""What a training run was asked for. Plain values, no Keras."""

from dataclasses import dataclass
from pathlib import Path

from builder.config.site_config import NetworkSettings
from builder.training.distributed import Cluster

AUGMENTATIONS = ("none", "light", "medium", "strong")


@dataclass(frozen=True)
class TrainOptions(NetworkSettings):
    """Every choice of one training run; None where the base network decides."""

    photos: Path
    """Folder with one folder a class, or with `train/` and `val/` of such folders."""
    output: Path
    """The `.keras` file to write."""
    base: str = "auto"
    """A `keras.applications` name, "efficientnet-lite0", "demo", "none" (from scratch), or the path
    of a model. "auto" is MobileNet with its ImageNet weights where they are available, else
    EfficientNet-Lite0 where it is installed, else the demo model."""
    progressive: bool = False
    """From scratch: begin with smaller photos and end at `input_size`."""
    epochs: int | None = None
    """Passes over the photos: of fine-tuning, or of the one phase from scratch. None: as many as
    suit the number of photos, and no fine-tuning where it cannot help."""
    batch_size: int | None = None
    """Photos a step, over all processes."""
    learning_rate: float | None = None
    """Highest rate of the last phase."""
    augmentation: str = "medium"
    """How much training photos are varied: one of `AUGMENTATIONS`."""
    label_smoothing: float = 0.1
    """Part of the target that is spread over all classes, 0 ≤ part < 1."""
    teacher: Path | None = None
    """A `.keras` classifier of the same classes whose answers are learnt as well."""
    teacher_weight: float = 0.8
    """Part of the target that is the teacher's answer, 0…1."""
    teacher_views: int = 0
    """Crops of each photo that the teacher classifies; 0: the whole photo, once."""
    validation_fraction: float = 0.2
    """Part of each class that is held back where the folder has no `val/`."""
    patience: int | None = None
    """Epochs without a better validation loss before a phase ends early."""
    seed: int = 0
    """Fixes the split, the first weights and the order of the photos."""
    cache: bool = False
    """Keep the decoded photos in memory."""
    distributed: str | None = None
    """HOST:PORT of process 0, where several processes train together."""
    processes: int | None = None
    """How many there are."""
    process_id: int | None = None
    """Which of them this is, from 0."""
    resume: bool = False
    """Go on where an earlier run with the same output stopped."""
    force: bool = False
    """Replace an output that exists."""
    report: Path | None = None
    """Folder of the report; beside the output by default."""

    @property
    def cluster(self) -> Cluster | None:
        """The processes that train together; None where there is one."""
        if self.distributed is None or self.processes is None or self.process_id is None:
            return None
        return Cluster(self.distributed, self.processes, self.process_id)

    @property
    def work_folder(self) -> Path:
        """Where checkpoints lie until the run has ended."""
        return self.output.with_name(f"{self.output.stem}.training")

    @property
    def report_folder(self) -> Path:
        """Where the report goes."""
        return self.report or self.output.with_name(f"{self.output.stem}-report")
