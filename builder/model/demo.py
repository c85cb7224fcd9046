"""The demo model that ships with the package."""

from builder.errors import ModelError
from builder.model.source import SourceModel
from builder.resources import assets


def has_demo() -> bool:
    """Tell whether this installation brings the demo model."""
    return (assets() / "demo").is_dir()


def load_demo() -> SourceModel:
    """Load the demo model; raises `ModelError` where it is missing."""
    raise ModelError("This installation has no demo model. Install classifier-pwa again.")
