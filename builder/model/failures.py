"""Turns whatever goes wrong with an untrusted model into a sentence; the cause stays attached."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from builder.errors import ModelError


@contextmanager
def as_model_error(path: Path | None, doing: str, remedy: str) -> Iterator[None]:
    """Turn unforeseen exceptions into a `ModelError` about the file at `path`.

    `doing` says what was being done with it and `remedy` what helps. Sentences about a model that
    do not name its file get that before them; all other sentences pass unchanged, and so does
    everything where `path` is None: the model is then one of ours.
    """
    try:
        yield
    except ModelError as error:
        if path is None or path.name in error.message:
            raise
        raise type(error)(f"{path}: {error.message}") from error
    except click.ClickException:
        raise
    except MemoryError as error:
        if path is None:
            raise
        raise ModelError(
            f"{path} needs more memory than there is while {doing}. Build it on a larger machine, "
            "or use a smaller model."
        ) from error
    except Exception as error:
        if path is None:
            raise
        # An error's text may be long, and quote the file at length.
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        cause = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
        raise ModelError(
            f"{path} cannot be used: something unforeseen happened while {doing} "
            f"({cause[:200].rstrip('. ')}). {remedy}"
        ) from error


def alike_error() -> ModelError:
    """Return the error for a network whose output does not depend on its input."""
    return ModelError(
        "The model answers every photo alike: nothing of the photo reaches its output. Export"
        " it anew, and check that it takes photos of this size."
    )
