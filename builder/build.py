"""The build: from a configuration to `dist/`, one named stage a line."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from builder.config import SiteConfig
from builder.inputs import inputs_of
from builder.labels import ClassNames, read_class_names
from builder.model.pipeline import PreparedModel, Tell, prepare_model
from builder.site.assembly import Site, assemble_site, rehearse_site
from builder.site.catalogues import read_catalogues
from builder.site.class_names import Translations, class_translations, unseen_languages
from builder.site.ownership import check_output
from builder.site.previous import with_previous
from builder.site.render import Templates
from builder.site.runtime import read_runtimes
from builder.site.withdrawal import assemble_withdrawal
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
    check_output(config.output, config.force, inputs_of(config))
    names = read_class_names(config.labels) if config.labels else ClassNames(())
    templates = Templates(config.templates)
    _warn_of_unknown_overrides(templates, heard)
    if config.kill_switch:
        site = assemble_withdrawal(config, templates)
        return _written(site, config, progress, warnings)
    runtimes = read_runtimes()
    rehearse_site(config, templates, runtimes.full)
    translations = _translations(names, config, templates, heard)

    model = prepare(config, progress, heard)

    progress("Rendering the site")
    runtime = runtimes.for_model(model.files["model.json"])
    site = assemble_site(config, templates, runtime, model.files, translations=translations)
    if config.verify == "browser":
        progress("Comparing the site with Keras in a browser")
        from builder.verify import compare_in_browser

        browsers = compare_in_browser(site, config)
        # The same once more, with the figures in the report and on the page.
        site = assemble_site(
            config, templates, runtime, model.files, translations=translations, browsers=browsers
        )
    site = with_previous(site, config.output, config.keep_previous, heard)

    return _written(site, config, progress, warnings)


def _written(site: Site, config: SiteConfig, progress: Tell, warnings: list[str]) -> BuildResult:
    progress(f"Writing {config.output}")
    write_site(site.files, config.output, config.force)
    return BuildResult(config.output, site.report, tuple(warnings))


def _translations(
    names: ClassNames, config: SiteConfig, templates: Templates, warn: Tell
) -> Translations:
    """Return the class names in the interface's languages; warn of those that nobody would see."""
    for tag in unseen_languages(names, tuple(read_catalogues(templates, "auto"))):
        warn(
            f'The interface does not speak "{tag}", so the class names in it that {config.labels} '
            f"has are left out. Add messages/{tag}.json to your folder of templates."
        )
    return class_translations(names, tuple(read_catalogues(templates, config.lang)))


def _warn_of_unknown_overrides(templates: Templates, warn: Tell) -> None:
    for name in templates.unknown_overrides:
        nearest = get_close_matches(name, templates.names, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        warn(f"{templates.path_of(name)} replaces no template and is left out.{hint}")
