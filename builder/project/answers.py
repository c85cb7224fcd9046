"""The answers that a new project is made from, checked."""

import os
from dataclasses import dataclass
from pathlib import Path

from builder.config.reading import checked_options
from builder.errors import ConfigError

HOSTS = ("github-pages", "netlify", "cloudflare-pages", "none")
"""Where a new project can deploy to, by the names of `builder.hosting.hosts`; "none" stands for no
host."""


@dataclass(frozen=True)
class Answers:
    """What a new project is made of."""

    model: str
    """A name, or a path relative to the project's folder, with slashes."""
    class_names: tuple[str, ...]
    """In the order of the model's outputs; empty for those that come with the model."""
    host: str
    """One of `HOSTS`."""
    title: str | None
    """Name of the app; None for the default."""


def checked_answers(
    folder: Path, model: str, class_names: str, host: str, title: str | None
) -> Answers:
    """Return checked answers for a project in `folder`.

    `model` is a name or a path from the working directory, `class_names` are separated by commas.
    Raises ConfigError where a model or title cannot be used, or the host would not get the model.
    """
    checked = checked_options({"model": model, "title": title})
    names = tuple(name.strip() for name in class_names.split(",")) if class_names.strip() else ()
    if not all(names):
        raise ConfigError(
            f"option --class-names has an empty name in {class_names!r}: separate names by one"
            " comma."
        )
    return Answers(_from_folder(checked["model"], folder, host), names, host, checked.get("title"))


def _from_folder(model: str, folder: Path, host: str) -> str:
    """Return a model's name as it is, and its path as the project's folder sees it."""
    if not Path(model).exists():
        return model
    relative = Path(os.path.relpath(Path(model).resolve(), folder.resolve()))
    if host != "none" and relative.parts[0] == os.pardir:
        raise ConfigError(
            f"option --model names {model}, which lies outside {folder.resolve()}: the host's build"
            " would not find it. Move it into that folder, or give --host none."
        )
    return f"./{relative.as_posix()}"
