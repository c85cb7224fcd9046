"""Packages that only some verbs use, and the extra of classifier-pwa that brings each."""

from importlib.util import find_spec

from builder.errors import MissingPackageError

EXTRAS = {"cryptography": "https", "matplotlib": "reports", "playwright": "browser"}
"""The extra in pyproject.toml, by the name of the package that it brings."""


def require_package(package: str, user: str) -> None:
    """Raise MissingPackageError unless a package of `EXTRAS` is installed; nothing is imported.

    `user` is what needs it, as the beginning of a sentence.
    """
    if find_spec(package) is None:
        raise MissingPackageError(
            f"{user} needs the package {package}, which is not installed. Run:"
            f" pip install 'classifier-pwa[{EXTRAS[package]}]'"
        )
