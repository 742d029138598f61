"""Find the names that the facade imports from the generated client, and those that it now lacks.

The source files are parsed, not imported, so that this works even if an import would fail.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE: Final = "pinecone_control_api"
METHOD_OF: Final = {
    "list_index_backups": "list_backups",
    "list_project_backups": "list_backups",
    "create_index_from_backup_operation": "create_index_from_backup",
}
"""The methods of `Pinecone` whose names differ from the operation that they call."""


def lost_names(tree: Path) -> list[str]:
    """Return a line for each name that the facade imports and the generated client lacks."""
    facade = tree / "facade" / "pinecone_control"
    lost: dict[str, list[str]] = {}
    for source in sorted(facade.rglob("*.py")):
        for module, name in _imports(source):
            if not _has(tree / "generated", module, name):
                lost.setdefault(f"{module}.{name}", []).append(str(source.relative_to(facade)))
    return [_line(tree, name, users) for name, users in lost.items()]


def _line(tree: Path, name: str, users: list[str]) -> str:
    short = name.rpartition(".")[2]
    public = short in public_models(tree)
    kind = "the public name" if public else "the name"
    return f"{kind} {short} cannot be kept: {name} is gone, used by {', '.join(users)}"


def _imports(source: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                yield str(node.module), alias.name


def _has(generated: Path, module: str, name: str) -> bool:
    """Return whether a module defines a name, or is a package with a module of that name."""
    path = generated.joinpath(*module.split("."))
    if path.is_dir():
        inside = (path / f"{name}.py", path / name / "__init__.py")
        return any(each.exists() for each in inside) or name in _bound(path / "__init__.py")
    return name in _bound(path.with_suffix(".py"))


def _bound(source: Path) -> set[str]:
    if not source.exists():
        return set()
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias(name=name, asname=known_as):
                names.add(known_as or name)
    return names


def public_models(tree: Path) -> set[str]:
    """Return the names of the models that applications import."""
    models = tree / "facade" / "pinecone_control" / "models.py"
    for node in ast.walk(ast.parse(models.read_text("utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()
