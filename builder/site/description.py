"""The site description: what the page is told at its start, and its superset, site.json."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from builder import __version__
from builder.config import SiteConfig
from builder.site.context import AppContext
from builder.site.excluded import excluded_classes
from builder.site.files import AddressedFolder, SiteFile
from builder.site.json_text import canonical_json

FORMAT = 1
GENERATOR = "classifier-pwa"
REPORT = "site.json"
"""The report's name; a folder with one that names the generator is ours to replace."""
WITHDRAWN = "withdrawn"
"""Member of the report: true where the site takes the app off devices (`--kill-switch`)."""
PREVIOUS = "previous"
"""Member of the report: earlier versions whose folders are kept, newest first."""


def site_description(
    config: SiteConfig,
    context: AppContext,
    metadata: Mapping[str, Any],
    folders: Mapping[str, AddressedFolder],
    class_names: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what the page needs to know to load the model.

    `folders` has "app", "runtime" and "model"; the files of the last two are listed with size and
    SHA-256, so that the page can check what it loads. `class_names` has the languages in which
    classes have other names than the model's own.
    """
    excluded = excluded_classes(metadata["labels"], config.allow, config.deny)
    loaded = folders["runtime"].files + folders["model"].files
    return {
        "format": FORMAT,
        "title": context.title,
        "lang": context.lang,
        "languages": dict(context.languages),
        **({"classNames": sorted(class_names)} if class_names else {}),
        "version": __version__,
        **{name: folder.path for name, folder in folders.items()},
        "topK": min(config.top_k, len(metadata["labels"]) - len(excluded)),
        "excluded": excluded,
        "threshold": config.threshold,
        "grayscale": metadata["preprocessing"]["grayscale"],
        "files": describe_files(loaded),
    }


def build_report(
    description: Mapping[str, Any],
    metadata: Mapping[str, Any],
    files: Iterable[SiteFile],
    runtime_version: str,
    transfer: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the content of site.json: the description, all files, the model and the tools.

    `transfer` is what visits cost over the wire, of `transfer_costs`.
    """
    return {
        **description,
        "transfer": transfer,
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


def report_file(report: Mapping[str, Any]) -> SiteFile:
    """Return site.json."""
    return SiteFile(REPORT, f"{canonical_json(report, indent=2)}\n".encode())


def read_report(folder: Path) -> dict[str, Any] | None:
    """Return the report of an earlier build in a folder; None where there is none of ours."""
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return None
    ours = isinstance(report, dict) and report.get("generator") == GENERATOR
    return report if ours else None


def versions_of(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a report tells of its own version and of those that it keeps, newest first."""
    kept = report.get(PREVIOUS)
    return [report, *(item for item in kept or () if isinstance(item, dict))]


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
