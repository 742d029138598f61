"""A copy of the project in which a new contract is tried, and the way back from it."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.spec.contract_file import ContractFileError, structural_digest
from scripts.spec.verify import read_pin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.spec.contract_file import Contract

ROOT: Final = Path(__file__).parents[2]
WRITTEN: Final = ("openapi", "generated", "facade", "docs")
"""Where an update writes: the contract and its pin, generated and derived code, tables."""

_NOT_COPIED: Final = shutil.ignore_patterns(
    *(".git", ".venv", "build", "dist", "node_modules", "__pycache__", "*.egg-info"),
    *(".*_cache", ".hypothesis", ".schemathesis"),
)
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}")


class ChangedMeanwhileError(Exception):
    """Files that were to be written have been changed by somebody else since they were copied."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project.

    Attributes:
        tree: where it is.
        root: what it is a copy of.
        before: by path, the digests of the files that an update may write, when they were copied.
    """

    tree: Path
    root: Path
    before: dict[Path, str]

    def changed(self) -> list[Path]:
        """The files, relative to the tree, that are not what they were."""
        now = _digests(self.tree)
        both = self.before.keys() | now.keys()
        return sorted(path for path in both if self.before.get(path) != now.get(path))

    def put_in_place(self) -> list[Path]:
        """Bring what was changed into the project, or nothing at all.

        Raises:
            ChangedMeanwhileError: it is no longer what was copied.
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
    """A copy of the project, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(root, tree, ignore=_NOT_COPIED)
        yield Copy(tree, root, _digests(tree))


def pin(tree: Path, contract: Contract, content: bytes, source: str) -> None:
    """Make a contract the pinned one: the file, and what `pin.toml` says of it.

    Args:
        tree: the project.
        contract: the new contract.
        content: the file that it was read from.
        source: the path or URL of that.

    Raises:
        ContractFileError: its version cannot name a file.
    """
    path = tree / "openapi" / "pin.toml"
    before = read_pin(path)
    version = str(contract.get("info", {}).get("version"))
    if not _VERSION.fullmatch(version):
        raise ContractFileError(f"{source}: its version {version!r} cannot name a file")
    name = before["file"].replace(before["api_version"], version)
    (tree / "openapi" / before["file"]).unlink()
    (tree / "openapi" / name).write_bytes(content)
    facts = {
        "file": name,
        "api_version": version,
        "structural_digest": structural_digest(contract),
        "url": _upstream(before, version, source),
        "commit": "unknown",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    text = path.read_text("utf-8")
    for key, value in facts.items():
        text = re.sub(rf'(?m)^{key} = ".*"$', f'{key} = "{value}"', text)
    path.write_text(re.sub(r"(?m)^commit_date = .*\n", "", text), "utf-8")


def _upstream(before: dict[str, Any], version: str, source: str) -> str:
    if source.startswith(("http://", "https://")):
        return source
    url: str = before["upstream"]["url"]
    return url.replace(before["api_version"], version)


def keep_names(tree: Path, renamed: dict[str, str]) -> None:
    """Let the models of renamed schemas have the names that they had."""
    path = tree / "openapi" / "generator.yaml"
    text = path.read_text("utf-8")
    for before, after in renamed.items():
        entry = re.compile(rf"(?m)^  {re.escape(before)}(?P<rest>\w*): (?P<name>{{.*}})$")
        kept = [f"  {after}{m['rest']}: {m['name']}\n" for m in entry.finditer(text)]
        if not any(line.startswith(f"  {after}: ") for line in kept):
            kept.append(f"  {after}: {{ class_name: {before} }}\n")
        text = text.replace("class_overrides:\n", "class_overrides:\n" + "".join(kept), 1)
    path.write_text(text, "utf-8")


def copy_out(tree: Path, out: Path) -> None:
    """Hand the copy over as a project of its own."""
    shutil.copytree(tree, out, ignore=_NOT_COPIED, dirs_exist_ok=True)


def _transfer(source: Path, target: Path) -> None:
    """Make the target what the source is; gone if there is none."""
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
