"""The package's templates, with the user's in place of single ones, and how they are rendered."""

import re
import traceback
from dataclasses import fields
from pathlib import Path

import jinja2

from builder.errors import TemplateError
from builder.resources import site_templates
from builder.site.context import AppContext, Icons, PageContext, WorkerContext

__all__ = ["AppContext", "Icons", "PageContext", "Templates", "WorkerContext", "inline_module"]

_SUFFIX = ".jinja"
_EXPORT = re.compile(r"export (?=(?:async function|function|class|const)\b)")
_NOT_INLINABLE = re.compile(r"\s*(?:import\b|export\b)")


class Templates:
    """All files under `site_templates/`; a file of the same path in the user's folder wins."""

    def __init__(self, overrides: Path | None = None, package: Path | None = None) -> None:
        """Look at the package's templates, and at the user's folder of overrides if given."""
        self._package = package or site_templates()
        self._overrides = overrides
        folders = [folder for folder in (overrides, self._package) if folder]
        self._environment = jinja2.Environment(
            # "html" too: what a user's template includes may have any name.
            autoescape=jinja2.select_autoescape(enabled_extensions=(f"html{_SUFFIX}", "html")),
            keep_trailing_newline=True,
            loader=jinja2.FileSystemLoader(folders),
            undefined=jinja2.StrictUndefined,
        )
        self._environment.filters["file"] = lambda name: self.read(name).decode()
        self._environment.filters["inline_module"] = self._inline

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the package's templates, sorted, with "/" between segments."""
        return _files_under(self._package)

    @property
    def unknown_overrides(self) -> tuple[str, ...]:
        """Paths in the user's folder that neither replace nor add anything."""
        added = self.additions("messages/", ".json")
        return tuple(name for name in self._own_files if name not in added)

    def additions(self, start: str, end: str) -> tuple[str, ...]:
        """Return new paths of the user's, where a folder may have more files than the package's."""
        return tuple(
            name for name in self._own_files if name.startswith(start) and name.endswith(end)
        )

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
        """Return the path of the file that counts: the user's, or the package's."""
        if self._overrides is not None and (self._overrides / name).is_file():
            return self._overrides / name
        return self._package / name

    def _inline(self, name: str) -> str:
        return inline_module(self.read(name).decode(), str(self.path_of(name)))


def rendered_name(name: str) -> str:
    """Return the name a template's output gets: without `.jinja`."""
    return name.removesuffix(_SUFFIX)


def is_rendered(name: str) -> bool:
    """Return whether a file is a template, rather than copied byte for byte."""
    return name.endswith(_SUFFIX)


def inline_module(source: str, origin: str) -> str:
    """Return an ES module as part of a classic script: `export` is taken off its declarations.

    Only `export function`, `export async function`, `export class` and `export const` at the start
    of a line can be understood that way; an import or any other export is a TemplateError with
    `origin` and the line. JSDoc's `import('./types.js')` lies in comments and stays.
    """
    lines = source.splitlines(keepends=True)
    for index, line in enumerate(lines):
        lines[index] = stripped = _EXPORT.sub("", line, count=1) if _EXPORT.match(line) else line
        if _NOT_INLINABLE.match(stripped):
            raise TemplateError(
                f"{origin}, line {index + 1}: {line.strip()!r} cannot be inlined into sw.js. Its"
                " modules may only export functions, classes and constants where they are declared."
            )
    return "".join(lines)


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
