"""Where the package's own templates and assets lie.

In a wheel they travel inside the package, under `builder/_data/`; in a checkout or an editable
install they are the repository's `site_templates/` and `assets/`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _data(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.exists() else _PACKAGE.parent / name


def site_templates() -> Path:
    """Return the folder of the site's templates."""
    return _data("site_templates")


def apache_licence() -> Path:
    """Return the text of the Apache License 2.0: this package's own licence."""
    return _data("LICENSE")


def assets() -> Path:
    """Return the folder of labels, the demo model and the TensorFlow.js runtime."""
    return _data("assets")
