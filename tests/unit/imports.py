"""Which modules a source file imports, read from its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BUILDER = Path(__file__).resolve().parents[2] / "builder"


@dataclass(frozen=True)
class Import:
    """One imported module, as written in one file."""

    importer: str
    """Dotted name of the importing module."""
    imported: str
    """Dotted name of what is imported; for `from a import b`: "a.b"."""
    lazy: bool
    """Whether it happens only when a function is called, or only for the type checker."""


def builder_imports() -> list[Import]:
    """Return every import statement of the package."""
    return imports_in(BUILDER)


def imports_in(folder: Path) -> list[Import]:
    """Return every import statement of a package that lies beside `builder`, or of it."""
    return [found for path in sorted(folder.rglob("*.py")) for found in _imports_of(path)]


def _imports_of(path: Path) -> Iterator[Import]:
    parts = path.relative_to(BUILDER.parent).with_suffix("").parts
    importer = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    for node, lazy in _nodes(ast.parse(path.read_text("utf-8")), False):
        for imported in _imported_names(node):
            yield Import(importer, imported, lazy)


def _nodes(parent: ast.AST, lazy: bool) -> Iterator[tuple[ast.AST, bool]]:
    for node in ast.iter_child_nodes(parent):
        yield node, lazy
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        )
        yield from _nodes(node, lazy or later)


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute, so that this test can read them"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
