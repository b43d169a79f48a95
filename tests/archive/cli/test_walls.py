"""A command asks `archive.query`; it knows no table and no SQL (docs/architecture.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import archive.cli

FORBIDDEN = ("sqlalchemy", "archive.models")


def imported(tree: ast.AST) -> set[str]:
    """What a module imports when it runs (imports for type checkers apart)."""
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        return set()
    found = {alias.name for alias in tree.names} if isinstance(tree, ast.Import) else set()
    if isinstance(tree, ast.ImportFrom) and tree.module:
        found = {tree.module, *(f"{tree.module}.{alias.name}" for alias in tree.names)}
    return found.union(*(imported(child) for child in ast.iter_child_nodes(tree)))


def test_no_command_knows_a_table() -> None:
    for path in Path(archive.cli.__path__[0]).rglob("*.py"):
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        assert not [name for name in names if name.startswith(FORBIDDEN)], path
