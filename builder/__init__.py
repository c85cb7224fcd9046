"""Turns a Keras image classifier into an app that classifies in the browser, offline.

```python
from builder import SiteConfig, build_site

result = build_site(SiteConfig(model="trees.keras", title="Which tree is it?"), progress=print)
print(result.report.model_info.parity)
```

`import builder` alone imports nothing else: TensorFlow starts when a model is converted.
"""

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builder.build import BuildResult, build_site
    from builder.config import SiteConfig, read_config
    from builder.errors import BuilderError

__all__ = ["BuildResult", "BuilderError", "SiteConfig", "build_site", "read_config"]

HOMES = {
    "build_site": "builder.build",
    "SiteConfig": "builder.config",
    "read_config": "builder.config",
    "BuildResult": "builder.build",
    "BuilderError": "builder.errors",
}
"""Public names, in the order in which docs/api.md explains them, and where they are defined."""

try:
    __version__ = version("classifier-pwa")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for (PEP 562)."""
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module 'builder' has no attribute {name!r}")
