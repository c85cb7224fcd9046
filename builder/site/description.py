"""The site description: what the page is told at its start, and its superset, site.json."""

from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from builder import __version__
from builder.config import SiteConfig
from builder.site.files import AddressedFolder, SiteFile

FORMAT = 1
GENERATOR = "classifier-pwa"
REPORT = "site.json"
"""The report's name; a folder with one that names the generator is ours to replace."""


def site_description(
    config: SiteConfig, metadata: Mapping[str, Any], folders: Mapping[str, AddressedFolder]
) -> dict[str, Any]:
    """Return what the page needs to know to load the model.

    `folders` has "app", "runtime" and "model"; the files of the last two are listed with size and
    SHA-256, so that the page can check what it loads.
    """
    loaded = folders["runtime"].files + folders["model"].files
    return {
        "format": FORMAT,
        "title": config.title,
        "version": __version__,
        **{name: folder.path for name, folder in folders.items()},
        "topK": min(config.top_k, len(metadata["labels"])),
        "threshold": config.threshold,
        "grayscale": metadata["preprocessing"]["grayscale"],
        "files": describe_files(loaded),
    }


def build_report(
    description: Mapping[str, Any],
    metadata: Mapping[str, Any],
    files: Iterable[SiteFile],
    runtime_version: str,
) -> dict[str, Any]:
    """Return the content of site.json: the description, all files, the model and the tools."""
    return {
        **description,
        "generator": GENERATOR,
        "files": describe_files(files),
        "model_info": {
            **{key: value for key, value in metadata.items() if key != "labels"},
            "classes": len(metadata["labels"]),
        },
        "tools": {
            "classifier-pwa": __version__,
            "@tensorflow/tfjs": runtime_version,
            **_versions("keras", "tensorflow", "tensorflowjs"),
        },
    }


def describe_files(files: Iterable[SiteFile]) -> dict[str, dict[str, Any]]:
    """Return path → size in bytes and SHA-256."""
    return {file.path: {"size": file.size, "sha256": file.sha256} for file in files}


def _versions(*distributions: str) -> dict[str, str]:
    """Return the versions of those distributions that are installed, without importing them."""
    found = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
