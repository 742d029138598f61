"""A copy of the project in which an update is tried before it is applied to the project."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from scripts.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN: Final = ("openapi", "generated", "facade", "docs")
"""Folders that an update writes: the contract and its pin, generated and derived code, tables."""

_NOT_COPIED: Final = shutil.ignore_patterns(
    *(".git", ".venv", "build", "dist", "node_modules", "__pycache__", "*.egg-info"),
    *(".*_cache", ".hypothesis", ".schemathesis"),
)


class ChangedMeanwhileError(Exception):
    """Files that an update would write have changed in the project since they were copied."""


@frozen
class Copy:
    """A copy of the project.

    Attributes:
        tree: the folder of the copy.
        root: the folder of the project.
        before: digests of the copied files that an update may write, by path.
    """

    tree: Path
    root: Path
    before: dict[Path, str]

    def changed(self) -> list[Path]:
        """Return the files that have changed in the copy, as paths relative to it."""
        now = _digests(self.tree)
        both = self.before.keys() | now.keys()
        return sorted(path for path in both if self.before.get(path) != now.get(path))

    def put_in_place(self) -> list[Path]:
        """Write all changed files into the project, or none; return their paths.

        Raises:
            ChangedMeanwhileError: one of these files has changed in the project meanwhile.
        """
        changed, there = self.changed(), _digests(self.root)
        others = [str(path) for path in changed if self.before.get(path) != there.get(path)]
        if others:
            raise ChangedMeanwhileError(f"changed by somebody else meanwhile: {', '.join(others)}")
        with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
            backup = Path(folder)
            for path in changed:
                _transfer(self.root / path, backup / path)
            try:
                for path in changed:
                    _transfer(self.tree / path, self.root / path)
            except BaseException:
                for path in changed:
                    _transfer(backup / path, self.root / path)
                raise
        return changed


@contextmanager
def copied(root: Path = ROOT) -> Iterator[Copy]:
    """Copy the project; the copy is removed after the block."""
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(root, tree, ignore=_NOT_COPIED)
        yield Copy(tree, root, _digests(tree))


def keep_names(tree: Path, renamed: dict[str, str]) -> None:
    """Keep the class names of renamed schemas, by the generator's settings.

    Args:
        tree: the folder of the project.
        renamed: the schemas' new names, by old name.
    """
    path = tree / "openapi" / "generator.yaml"
    text = path.read_text("utf-8")
    for before, after in renamed.items():
        entry = re.compile(rf"(?m)^  {re.escape(before)}(?P<rest>\w*): (?P<name>{{.*}})$")
        kept = [f"  {after}{m['rest']}: {m['name']}\n" for m in entry.finditer(text)]
        if not any(line.startswith(f"  {after}: ") for line in kept):
            kept.append(f"  {after}: {{ class_name: {before} }}\n")
        text = text.replace("class_overrides:\n", "class_overrides:\n" + "".join(kept), 1)
    path.write_text(text, "utf-8")


def make_environment(tree: Path) -> Path:
    """Create a virtual environment in the tree: its own code, and this environment's packages.

    Returns:
        The path of its interpreter.
    """
    home = tree / ".venv"
    venv.create(home, symlinks=True)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    (site,) = home.glob("lib/python*/site-packages")
    lines = map(str, (tree / "facade", tree / "generated", tree, *packages))
    (site / "tree.pth").write_text("\n".join(lines), "utf-8")
    command = home / "bin" / "pinecone-control"
    start = "import sys\nfrom pinecone_control.cli import main\nsys.exit(main())\n"
    command.write_text(f"#!{home}/bin/python\n{start}", "utf-8")
    command.chmod(0o755)
    # The generator runs the ruff beside its interpreter.
    (home / "bin" / "ruff").symlink_to(Path(sys.executable).with_name("ruff"))
    return home / "bin" / "python"


def copy_out(tree: Path, out: Path) -> None:
    """Write the copy to an empty folder, as a project of its own; if that fails, remove it."""
    try:
        shutil.copytree(tree, out, ignore=_NOT_COPIED, dirs_exist_ok=True)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


def _transfer(source: Path, target: Path) -> None:
    """Copy a file, or delete the target if there is no source."""
    if not source.exists():
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _digests(tree: Path) -> dict[Path, str]:
    files = (path for folder in WRITTEN for path in (tree / folder).rglob("*"))
    return {
        path.relative_to(tree): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }
