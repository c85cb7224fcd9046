"""The build: from a configuration to `dist/`, one named stage a line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from builder.config import SiteConfig
from builder.extras import require_package
from builder.inputs import inputs_of
from builder.labels import ClassNames, read_class_names, with_common_names
from builder.model.conversion import ShowLine
from builder.model.pipeline import PreparedModel, prepare_model
from builder.output.ownership import check_output
from builder.output.writer import write_folder
from builder.site.assembly import Site, assemble_site, check_templates
from builder.site.catalogues import read_catalogues
from builder.site.class_names import Translations, class_translations, unseen_languages
from builder.site.previous import with_previous
from builder.site.render import Templates
from builder.site.report import REPORT, Report
from builder.site.runtime import Runtimes, read_runtimes
from builder.site.withdrawal import assemble_withdrawal

PrepareModel = Callable[[SiteConfig, ShowLine, ShowLine], PreparedModel]


@dataclass(frozen=True)
class BuildResult:
    """What a build made."""

    output: Path
    """The folder it wrote."""
    report: Report
    """The content of site.json."""
    warnings: tuple[str, ...]
    """What the person should know, in the order it came up."""


def _silent(_line: str) -> None:
    """Show nothing."""


def build_site(
    config: SiteConfig,
    progress: ShowLine = _silent,
    warn: ShowLine = _silent,
    prepare: PrepareModel = prepare_model,
    *,
    bundles: Callable[[], Runtimes] = read_runtimes,
) -> BuildResult:
    """Build the configured site into its output folder.

    What is cheap to check comes before the slow import of TensorFlow, and nothing is written
    before everything is known: a build that fails leaves the output folder as it was.
    Raises BuilderError.
    """
    warnings: list[str] = []

    def keep_warning(line: str) -> None:
        warnings.append(line)
        warn(line)

    progress("Checking templates and settings")
    check_output(config.output, config.force, inputs_of(config), record=REPORT)
    if config.verify == "browser":
        require_package("playwright", "--verify browser")
    names = read_class_names(config.labels) if config.labels else ClassNames(())
    templates = Templates(config.templates)
    _warn_of_unknown_overrides(templates, config.templates, keep_warning)
    if config.kill_switch:
        site = assemble_withdrawal(config, templates)
        return _written(site, config, progress, keep_warning, warnings)
    runtimes = bundles()
    check_templates(config, templates, runtimes.full)
    _warn_of_unseen_languages(names, config, templates, keep_warning)

    model = prepare(config, progress, keep_warning)
    translations = _translations(names, model, config, templates)

    progress("Rendering the site")
    runtime = runtimes.for_model(model.files["model.json"])
    site = assemble_site(config, templates, runtime, model.files, translations=translations)
    if config.verify == "browser":
        progress("Comparing the site with Keras in a browser")
        from builder.browser.verify import compare_in_browser

        browsers = compare_in_browser(site, config)
        # The same once more, with the figures in the report and on the page.
        site = assemble_site(
            config, templates, runtime, model.files, translations=translations, browsers=browsers
        )
    site = with_previous(site, config.output, config.keep_previous, keep_warning)

    return _written(site, config, progress, keep_warning, warnings)


def _written(
    site: Site, config: SiteConfig, progress: ShowLine, warn: ShowLine, warnings: list[str]
) -> BuildResult:
    progress(f"Writing {config.output}")
    for aside in write_folder(site.files, config.output, config.force, record=REPORT):
        warn(
            f"{config.output} held what classifier-pwa did not write, or not as it was: all that it"
            f" held is now in {aside}."
        )
    return BuildResult(config.output, site.report, tuple(warnings))


def _translations(
    names: ClassNames, model: PreparedModel, config: SiteConfig, templates: Templates
) -> Translations:
    """Return the class names in the interface's languages: the person's own, and the package's."""
    called = with_common_names(names, json.loads(model.metadata)["labels"])
    return class_translations(called, tuple(read_catalogues(templates, config.lang)))


def _warn_of_unseen_languages(
    names: ClassNames, config: SiteConfig, templates: Templates, warn: ShowLine
) -> None:
    for tag in unseen_languages(names, tuple(read_catalogues(templates, "auto"))):
        warn(
            f'The interface does not speak "{tag}", so the class names in it that {config.labels} '
            f"has are left out. Add messages/{tag}.json to your folder of templates."
        )


def _warn_of_unknown_overrides(templates: Templates, folder: Path | None, warn: ShowLine) -> None:
    for name in templates.unknown_overrides:
        nearest = get_close_matches(name, templates.names, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        warn(f"{folder}/{name} replaces no template and is left out.{hint}")
