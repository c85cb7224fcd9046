"""The files and folders that a build reads."""

from pathlib import Path

from builder.config import SiteConfig
from builder.model.content import path_of


def inputs_of(config: SiteConfig) -> tuple[Path, ...]:
    """Return the files and folders outside of the package that the settings name."""
    given = (
        path_of(config.model),
        path_of(config.weights),
        *(config.labels, config.templates, config.parity_images),
        *config.screenshots,
    )
    return tuple(path for path in given if path is not None)
