"""A converted model from the configuration: from the cache, or made in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from builder.config import SiteConfig
from builder.model.cache.key import conversion_key
from builder.model.cache.store import ConversionCache
from builder.model.conversion import Conversion, ShowLine
from builder.model.isolated.parent import convert_apart
from builder.model.metadata_json import METADATA


@dataclass(frozen=True)
class PreparedModel:
    """A converted model, ready to be put into a site."""

    files: dict[str, bytes]
    """Contents by file name: model.json, its weight shards, and metadata.json."""

    @property
    def metadata(self) -> bytes:
        """The content of metadata.json."""
        return self.files[METADATA]


Convert = Callable[[SiteConfig, ShowLine, ShowLine], Conversion]


def prepare_model(
    config: SiteConfig,
    progress: ShowLine,
    warn: ShowLine,
    cache: ConversionCache | None = None,
    convert: Convert = convert_apart,
) -> PreparedModel:
    """Convert the configured model, or take it from the cache.

    It is converted in a process of its own, with a ceiling of memory and time. A model from the
    cache comes with the warnings that its conversion gave.
    Raises what `convert_apart` does.
    """
    if not config.cache:
        return PreparedModel(dict(convert(config, progress, warn).entry.files))
    cache = cache or ConversionCache()
    key = conversion_key(config)
    entry = cache.find(key)
    if entry is None:
        made = convert(config, progress, warn)
        # Unless a file was replaced meanwhile: the key would stand for what was not read.
        if made.is_repeatable and conversion_key(config) == key:
            cache.keep(key, made.entry)
        return PreparedModel(dict(made.entry.files))
    progress("Taking the converted model from the cache")
    for line in entry.warnings:
        warn(line)
    return PreparedModel(dict(entry.files))
