"""The files and folders that a build reads."""

from pathlib import Path

from builder.config import SiteConfig
from builder.model.reading.content import content_files, path_of


def inputs_of(config: SiteConfig) -> tuple[Path, ...]:
    """Return the files and folders outside of the package that the settings are from, or name."""
    models = (path_of(config.model), path_of(config.weights))
    given = (
        *(file for path in models if path for file in _files_of(path)),
        *(config.labels, config.templates, config.parity_images, config.calibration),
        config.config_file,
        *config.screenshots,
    )
    return tuple(path for path in given if path is not None)


def _files_of(model: Path) -> list[Path]:
    """Return a model's folder, or its file with what is read beside it."""
    return [model] if model.is_dir() else content_files(model) or [model]
