"""Describes a site that is being made: for its page, and for site.json."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from builder import __version__
from builder.config import SiteConfig
from builder.model.metadata_json import Metadata
from builder.output.records import GENERATOR, Recorded
from builder.site.app_files import WORKER_ENTRY
from builder.site.context import AppContext
from builder.site.excluded import excluded_classes
from builder.site.files import AddressedFolder, SiteFile
from builder.site.merged import AppModules
from builder.site.report import FORMAT, ModelInfo, SiteDescription, SiteReport, Transfer


def site_description(
    config: SiteConfig,
    context: AppContext,
    metadata: Metadata,
    folders: Mapping[str, AddressedFolder],
    *,
    modules: AppModules,
    class_names: Sequence[str] = (),
) -> SiteDescription:
    """Return what the page needs to know to load the model.

    `folders` has "app", "runtime" and "model"; the files of the last two, and the worker's modules
    in the first, are listed with size and SHA-256, so that the page can check what it loads.
    `class_names` has the languages in which classes have other names than the model's own.
    """
    excluded = excluded_classes(metadata.labels, config.allow, config.deny)
    app = {file.path.removeprefix(folders["app"].path): file for file in folders["app"].files}
    loaded = folders["runtime"].files + folders["model"].files
    return SiteDescription(
        format=FORMAT,
        version=__version__,
        title=context.title,
        lang=context.lang,
        languages=dict(context.languages),
        class_names=tuple(sorted(class_names)),
        app=folders["app"].path,
        runtime=folders["runtime"].path,
        model=folders["model"].path,
        top_k=min(config.top_k, len(metadata.labels) - len(excluded)),
        excluded=tuple(excluded),
        threshold=config.threshold,
        sure_from=metadata.sure_from,
        classes=len(metadata.labels),
        activation=metadata.activation,
        grayscale=metadata.preprocessing.grayscale,
        files=describe_files(loaded),
        worker_modules=describe_files(app[path] for path in modules.graph(WORKER_ENTRY)),
    )


def build_report(
    description: SiteDescription,
    metadata: Metadata,
    files: Iterable[SiteFile],
    runtime_version: str,
    transfer: Transfer,
) -> SiteReport:
    """Return the content of site.json: the description, all files, the model and the tools.

    `transfer` is what visits cost over the wire, of `transfer_costs`.
    """
    return SiteReport(
        **{**vars(description), "files": describe_files(files)},
        generator=GENERATOR,
        transfer=transfer,
        model_info=ModelInfo.of(metadata),
        tools={
            "classifier-pwa": __version__,
            "@tensorflow/tfjs": runtime_version,
            **_versions("keras", "tensorflow", "tensorflowjs"),
        },
    )


def describe_files(files: Iterable[SiteFile]) -> dict[str, Recorded]:
    """Return size and SHA-256 by path."""
    return {file.path: Recorded(file.size, file.sha256) for file in files}


def _versions(*distributions: str) -> dict[str, str]:
    """Return the versions of those distributions that are installed, without importing them."""
    found = {}
    for name in distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
