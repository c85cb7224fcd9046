"""What the fuzzers share: how many files they try, and opening one of them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hypothesis import HealthCheck, settings

from builder.config import SiteConfig
from builder.errors import BuilderError
from builder.model.conversion import convert_model
from tests.unit.model.reading.forms import NAMES

Forms = Callable[[str], Path]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""How many files each test tries; 0 for the few of every day."""

LAST = os.environ.get("FUZZ_LAST")
"""Folder that each file is kept in while it is opened: after a crash, the last one lies there."""

FUZZ = settings(
    max_examples=EXAMPLES or 10,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

_MEMORY = 6 << 30
"""What a test may take, in bytes: a swapped number can ask for any amount."""


def load_with(forms: Forms, form: str, inner: str, content: bytes) -> None:
    """Build with a form of the small classifier, or a single file of it, with other content.

    Raises whatever is no sentence.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(LAST or name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        copy, labels = folder / form, folder / "names.txt"
        if inner:
            shutil.copytree(forms(form), copy)
        (copy / inner if inner else copy).write_bytes(content)
        labels.write_text("\n".join(NAMES), encoding="utf-8")
        config = SiteConfig(model=str(copy), labels=labels)
        with suppress(BuilderError), limited_memory():
            convert_model(config, _ignore, _ignore)


@contextmanager
def limited_memory() -> Iterator[None]:
    """Have the system refuse memory beyond what one model should need, where it can."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _ignore(_line: str) -> None:
    """Tell nobody."""
