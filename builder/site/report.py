"""The site description and site.json as values: one writer, one reader.

The page gets the description at its start; site.json, the build report, has more. What is read
of a built site may have been changed since, or come from elsewhere: its form is checked here.
"""

# ruff: noqa: RUF009 (`optional` returns what `dataclasses.field` returns)

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self

from builder.model.metadata import Activation
from builder.model.metadata_json import Agreement, Metadata, ModelDescription
from builder.output.records import Recorded, RecordError, read_record
from builder.site.files import SiteFile
from builder.site.headers import ADDRESSED_FOLDERS
from builder.site.json_text import canonical_json
from builder.typed_json import TypedJsonError, from_json, optional, to_json

FORMAT = 1
REPORT = "site.json"
"""The report's name; a folder with one that names the generator is ours to replace."""
WITHDRAWN = "withdrawn"
"""Member of the report: true where the site takes the app off devices (`--kill-switch`)."""

Files = Mapping[str, Recorded]
"""Size and SHA-256 by path, relative to the site's root."""


@dataclass(frozen=True, kw_only=True)
class SiteDescription:
    """What the page needs to know to load the model."""

    format: int
    version: str
    """Of classifier-pwa."""
    title: str
    lang: str
    """Tag of the interface's first language."""
    languages: Mapping[str, str]
    """Each language's name for itself, by tag."""
    class_names: tuple[str, ...] = optional(tuple)
    """Tags of languages in which classes have other names than the model's own."""
    app: str
    """Folder of the page's modules and styles, with a slash at the end."""
    runtime: str
    """Folder of the TensorFlow.js runtime."""
    model: str
    """Folder of the graph model."""
    top_k: int
    """Number of predictions shown."""
    excluded: tuple[int, ...]
    """Indices of classes that are never shown."""
    threshold: float
    """Probability below which a prediction is not shown."""
    sure_from: float
    """Probability from which on an answer is shown as sure."""
    classes: int
    activation: Activation
    grayscale: bool
    files: Files
    """Those that the page loads; in site.json: all of the site."""
    worker_modules: Files
    """Modules of the classifier's worker."""

    def __post_init__(self) -> None:
        """Raise TypedJsonError where a folder is not one that a build makes."""
        for name in ADDRESSED_FOLDERS:
            if not re.fullmatch(rf"{name}/[0-9a-f]{{16}}/", getattr(self, name)):
                raise TypedJsonError(f"has no folder in {name}")


@dataclass(frozen=True, kw_only=True)
class TransferCost:
    """What fetching files costs."""

    files: int
    bytes: int
    """Their size in the folder."""
    brotli: int
    """Bytes over the wire, from a host that compresses."""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """What visits cost."""

    first_visit: TransferCost
    app_update: TransferCost
    """A visit after an update that changed the app alone."""


@dataclass(frozen=True, kw_only=True)
class BrowserAgreement(Agreement):
    """How a backend's answers in a browser agree with Keras's."""

    divergence_from_files: float
    """How they diverge from TensorFlow's answers from the same files, nats."""
    images: int


@dataclass(frozen=True, kw_only=True)
class ModelInfo(ModelDescription):
    """What site.json says of the model: metadata.json without what it has for each class."""

    classes: int

    @classmethod
    def of(cls, metadata: Metadata) -> Self:
        """Return what site.json says of a model with this metadata."""
        shared = {field.name: getattr(metadata, field.name) for field in fields(ModelDescription)}
        return cls(**shared, classes=len(metadata.labels))


@dataclass(frozen=True, kw_only=True)
class KeptVersion:
    """Folders of an earlier version that are kept beside the new ones."""

    app: str
    model: str
    runtime: str
    files: Files


Browsers = Mapping[str, Mapping[str, BrowserAgreement]]
"""By browser and backend."""


@dataclass(frozen=True, kw_only=True)
class SiteReport(SiteDescription):
    """The content of site.json."""

    generator: str
    transfer: Transfer
    model_info: ModelInfo
    tools: Mapping[str, str]
    """Versions of what made the site, by name."""
    browsers: Browsers = optional(dict)
    """Where the site was compared with Keras in a browser."""
    previous: tuple[KeptVersion, ...] = optional(tuple)
    """Newest first."""


@dataclass(frozen=True, kw_only=True)
class WithdrawnReport:
    """The content of site.json where the site takes the app off devices."""

    format: int
    version: str
    title: str
    generator: str
    files: Files
    withdrawn: Literal[True] = True


Report = SiteReport | WithdrawnReport


def report_file(report: Report) -> SiteFile:
    """Return site.json."""
    return SiteFile(REPORT, f"{canonical_json(to_json(report), indent=2)}\n".encode())


def read_report(folder: Path) -> Report:
    """Return site.json of a built site.

    Raises RecordError where it is not ours or malformed, OSError where it cannot be read.
    """
    return report_of(read_record(folder / REPORT))


def report_of(record: Mapping[str, Any]) -> Report:
    """Return the report that a record is; raises RecordError where it is not in form."""
    try:
        if record.get(WITHDRAWN):
            return from_json(WithdrawnReport, record)
        return from_json(SiteReport, record)
    except TypedJsonError as error:
        raise RecordError(str(error)) from error
