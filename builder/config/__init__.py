"""Settings: declared once in `site_config.py`, read from a TOML file and from the command line."""

from builder.config.reading import CONFIG_NAME, checked_options, read_config
from builder.config.site_config import SiteConfig

__all__ = ["CONFIG_NAME", "SiteConfig", "checked_options", "read_config"]
