"""The package's templates, with the user's in place of single ones, and how they are rendered."""

import re
import traceback
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path, PurePosixPath

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from builder.errors import TemplateError
from builder.resources import site_templates
from builder.site.context import AppContext, Icons, PageContext, WorkerContext

__all__ = ["AppContext", "Icons", "PageContext", "Templates", "WorkerContext"]

_SUFFIX = ".jinja"
_ADDABLE = re.compile(r"messages/[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\.json")
_ELSEWHERE = re.compile(r"[\\:\0]")
"""Leads elsewhere on Windows: a drive, or another separator."""


class Templates:
    """All files under `site_templates/`; a file of the same path in the user's folder wins."""

    def __init__(self, overrides: Path | None = None, package: Path | None = None) -> None:
        """Look at the package's templates, and at the user's folder of overrides if given."""
        self._package = package or site_templates()
        self._overrides = overrides
        # Sandboxed, for folders of templates travel: no way leads from a value to Python's insides.
        self._environment = ImmutableSandboxedEnvironment(
            # "html" too: what a user's template includes may have any name.
            autoescape=jinja2.select_autoescape(enabled_extensions=(f"html{_SUFFIX}", "html")),
            keep_trailing_newline=True,
            loader=jinja2.FunctionLoader(self._load),
            undefined=jinja2.StrictUndefined,
        )
        self._environment.filters["file"] = lambda name: self.read(name).decode()

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the package's templates, sorted, with "/" between segments."""
        return _files_under(self._package)

    @property
    def unknown_overrides(self) -> tuple[str, ...]:
        """Paths in the user's folder that neither replace nor add anything."""
        return tuple(name for name in self._own_files if name not in self.additions)

    @property
    def additions(self) -> tuple[str, ...]:
        """Paths of the user's that the package does not have but accepts: languages."""
        return tuple(name for name in self._own_files if _ADDABLE.fullmatch(name))

    @property
    def _own_files(self) -> tuple[str, ...]:
        """Paths in the user's folder that the package doesn't have."""
        if self._overrides is None:
            return ()
        return tuple(sorted(set(_files_under(self._overrides)) - set(self.names)))

    def read(self, name: str) -> bytes:
        """Return a file as it is. Raises TemplateError if it cannot be read."""
        try:
            return self.path_of(name).read_bytes()
        except OSError as error:
            raise TemplateError(
                f"{self.path_of(name)} cannot be read: {error.strerror}."
            ) from error

    def render(self, name: str, context: AppContext) -> bytes:
        """Return a template rendered with the fields of its context as variables.

        Raises TemplateError with file and line: for bad syntax, for a variable that the context
        lacks, for anything else that goes wrong inside it.
        """
        variables = {field.name: getattr(context, field.name) for field in fields(context)}
        try:
            return self._environment.get_template(name).render(variables).encode()
        except TemplateError:
            raise
        except jinja2.TemplateNotFound as error:
            raise TemplateError(
                f"{self.path_of(name)}: template {error.name} does not exist."
            ) from error
        except jinja2.TemplateSyntaxError as error:
            place = f"{error.filename or self.path_of(name)}, line {error.lineno}"
            raise TemplateError(f"{place}: {error.message}") from error
        except UnicodeDecodeError as error:
            raise TemplateError(f"{self.path_of(name)} is not UTF-8 text.") from error
        except Exception as error:  # a template can raise anything
            place = _place_in_template(error) or str(self.path_of(name))
            names = ", ".join(sorted(variables))
            known = f" Variables: {names}." if isinstance(error, jinja2.UndefinedError) else ""
            raise TemplateError(f"{place}: {error}.{known}") from error

    def path_of(self, name: str) -> Path:
        """Return the path of the file that counts: the user's, or the package's.

        Raises TemplateError for a name that leads out of both folders, through a link too.
        """
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or _ELSEWHERE.search(name):
            raise TemplateError(f"{name!r} is no path in a folder of templates.")
        if self._overrides is not None and (self._overrides / name).is_file():
            return _inside(self._overrides, name)
        return _inside(self._package, name)

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Find a template for Jinja: its source, its file, and a function that returns whether that
        is unchanged."""
        path = self.path_of(name)
        return (path.read_text("utf-8"), str(path), lambda: True) if path.is_file() else None


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise TemplateError(
            f"{path} is a link that leads out of {folder}. Put the file itself in its place."
        )
    return path


def rendered_name(name: str) -> str:
    """Return the name a template's output gets: without `.jinja`."""
    return name.removesuffix(_SUFFIX)


def is_rendered(name: str) -> bool:
    """Return whether a file is a template, rather than copied byte for byte."""
    return name.endswith(_SUFFIX)


def _files_under(folder: Path) -> tuple[str, ...]:
    """Return the files below a folder, sorted, without hidden ones (.DS_Store, .git)."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(
        sorted(
            path.as_posix()
            for path in paths
            if not any(part.startswith(".") for part in path.parts)
        )
    )


def _place_in_template(error: Exception) -> str | None:
    """Return "file, line n" of the innermost traceback frame that lies in a template."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith(_SUFFIX):
            return f"{frame.filename}, line {frame.lineno}"
    return None
