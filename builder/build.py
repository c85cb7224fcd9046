"""The build: from a configuration to `dist/`, one named stage a line."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from builder.config import SiteConfig
from builder.labels import read_labels
from builder.model.pipeline import PreparedModel, Tell, prepare_model
from builder.site.assembly import assemble_site, rehearse_site
from builder.site.ownership import check_output
from builder.site.render import Templates
from builder.site.runtime import read_runtime
from builder.site.writer import write_site

PrepareModel = Callable[[SiteConfig, Tell, Tell], PreparedModel]


@dataclass(frozen=True)
class BuildResult:
    """What a build made."""

    output: Path
    """The folder it wrote."""
    report: dict[str, Any]
    """The content of site.json."""
    warnings: tuple[str, ...]
    """What the person should know, in the order it came up."""


def _silent(_line: str) -> None:
    """Tell nobody."""


def build_site(
    config: SiteConfig,
    progress: Tell = _silent,
    warn: Tell = _silent,
    prepare: PrepareModel = prepare_model,
) -> BuildResult:
    """Build the configured site into its output folder.

    What is cheap to check comes before the slow import of TensorFlow, and nothing is written
    before everything is known: a build that fails leaves the output folder as it was.
    Raises BuilderError.
    """
    warnings: list[str] = []

    def heard(line: str) -> None:
        warnings.append(line)
        warn(line)

    progress("Checking templates and settings")
    check_output(config.output, config.force, _inputs(config))
    _check_labels_file(config.labels)
    templates = Templates(config.templates)
    _warn_of_unknown_overrides(templates, heard)
    runtime = read_runtime()
    rehearse_site(config, templates, runtime)

    model = prepare(config, progress, heard)

    progress("Rendering the site")
    site = assemble_site(config, templates, runtime, model.files)

    progress(f"Writing {config.output}")
    write_site(site.files, config.output, config.force)
    return BuildResult(config.output, site.report, tuple(warnings))


def _inputs(config: SiteConfig) -> list[Path]:
    """Return the paths that the build reads, which the output must not cover.

    A model's name is none, even where an earlier build left its site in a folder of that name.
    """
    named = [Path(name) for name in (config.model, config.weights) if Path(name).is_file()]
    return named + [path for path in (config.labels, config.templates) if path is not None]


def _check_labels_file(path: Path | None) -> None:
    """Raise LabelsError if a labels file cannot be read; their number is checked with the model."""
    if path is not None:
        read_labels(path)


def _warn_of_unknown_overrides(templates: Templates, warn: Tell) -> None:
    for name in templates.unknown_overrides:
        nearest = get_close_matches(name, templates.names, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        warn(f"{templates.path_of(name)} replaces no template and is left out.{hint}")
