"""What `from builder import …` promises."""

import subprocess
import sys

import builder
from builder.api_docs import PAGE, api_page
from builder.build import BuildResult, build_site
from builder.config import SiteConfig, read_config
from builder.errors import BuilderError


def test_the_page_is_what_the_docstrings_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == api_page(), "Run: python -m builder.api_docs"


def test_the_public_names_are_those_of_the_rooms() -> None:
    assert builder.build_site is build_site
    assert builder.SiteConfig is SiteConfig
    assert builder.read_config is read_config
    assert builder.BuildResult is BuildResult
    assert builder.BuilderError is BuilderError
    assert set(builder.HOMES) == set(builder.__all__)
    assert not hasattr(builder, "nonsense")


def test_the_package_alone_imports_nothing() -> None:
    code = (
        "import sys; import builder; builder.__version__\n"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith('builder.')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
