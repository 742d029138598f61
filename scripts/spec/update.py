"""Update the project to another contract: `make spec-update NEW=...`.

    python -m scripts.spec.update NEW [--sha256 DIGEST] [--out DIR] [--keep DIR] [--dry-run]

Fetches the contract, verifies its digest, compares it with the pinned one, pins it, applies the
corrections, regenerates and derives the clients, writes the tables, checks types and runs all
tests. All of this happens in a copy of the project. If every step succeeds, the changed files are
written into the project, or the whole copy into the folder of `--out`. Exits with 0; with 1 if a
step failed (`--keep` then saves the copy); with 2 if the contract cannot be used. After a failure
nothing else is written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import define, field

from pinecone_control.contract.document import operations
from scripts.generate.server import server_url
from scripts.project import PIN
from scripts.spec import project_copy
from scripts.spec.affected_users import UsageIndex
from scripts.spec.change_report import changes, refuse_another_api
from scripts.spec.contract_file import ContractFileError, parse_contract, read_bytes
from scripts.spec.diff import shown, summary
from scripts.spec.pin import read_pin, write_pin
from scripts.spec.public_names import lost_names
from scripts.spec.renames import renamed_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.spec.change_report import Change
    from scripts.spec.contract_file import Contract

_LAST_LINES: Final = 40
_FAILED: Final = ("FAILED ", "ERROR ")
_PROGRESS: Final = re.compile(r"\[ *(\d+)%\]$")
"""The progress in percent at the end of pytest's lines."""
_SKIPPED: Final = "states what "
"""Part of the skip reason of tests for one API version only; see tests/conftest.py."""


class StepError(Exception):
    """A step failed. The message contains the last lines that it printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="spec-update", description=__doc__.partition("\n")[0])
    parser.add_argument("new", metavar="NEW", help="path or URL of an OpenAPI contract")
    parser.add_argument("--sha256", metavar="DIGEST", help="required digest of the file")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write the updated copy to this folder"
    )
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="save a failed copy to this folder"
    )
    parser.add_argument("--dry-run", action="store_true", help="do everything, write nothing")
    parser.add_argument("--quick", action="store_true", help="no type checks, no tests")
    options = parser.parse_args(arguments)
    try:
        update = _prepare(options)
        if update is None:
            print("It is the pinned contract. Nothing was written.")
            return 0
        with project_copy.copied() as copy:
            try:
                _run_steps(update, copy.tree, quick=options.quick)
            except StepError as error:
                raise StepError(_save_failed_copy(error, copy, options.keep)) from error
            _finish(update, copy, options)
    except ContractFileError as error:
        print(f"spec-update: {error}\nNothing was written.", file=sys.stderr)
        return 2
    except (StepError, project_copy.ChangedMeanwhileError, OSError) as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted. Nothing was written.", file=sys.stderr)
        return 130
    return 0


@define
class _Update:
    """The contracts and findings of one update.

    Attributes:
        source: path or URL of the new contract.
        content: the bytes of its file.
        old: the pinned contract.
        new: the new contract.
        found: the changes between them.
        skipped: pytest's lines on tests that do not apply to the new version.
        uncovered: what the emulator's table lacks, in one line; empty if it lacks nothing.
    """

    source: str
    content: bytes
    old: Contract
    new: Contract
    found: list[Change]
    skipped: list[str] = field(factory=list)
    uncovered: str = ""

    @property
    def renamed(self) -> dict[str, str]:
        return renamed_schemas(self.old, self.new)

    @property
    def new_operations(self) -> list[str]:
        before = {each.operation_id for each in operations(self.old)}
        return [
            each.operation_id for each in operations(self.new) if each.operation_id not in before
        ]


def _prepare(options: argparse.Namespace) -> _Update | None:
    """Fetch the new contract, verify its digest, and compare it with the pinned one.

    Returns:
        The update, or None if the new contract is the pinned file.
    """
    for folder in filter(None, (options.out, options.keep)):
        _refuse_unusable(folder)
    content = read_bytes(options.new)
    digest = hashlib.sha256(content).hexdigest()
    print(f"{options.new}: {len(content):,} bytes, sha256 {digest}")
    if options.sha256 and options.sha256.removeprefix("sha256:").lower() != digest:
        raise ContractFileError(f"{options.new}: its digest is not {options.sha256}")
    pinned = read_bytes(PIN.parent / read_pin(PIN)["file"])
    if content == pinned:
        return None
    old = parse_contract(pinned, read_pin(PIN)["file"])
    new = parse_contract(content, options.new)
    refuse_another_api(old, new, options.new)
    if not server_url(new):
        raise ContractFileError(f"{options.new}: /servers: has no absolute URL for calls to go to")
    update = _Update(options.new, content, old, new, changes(old, new))
    breaking = [change for change in update.found if change.rating == "breaking"]
    print(f"compared with the pinned contract: {summary(update.found)}")
    if breaking:
        print(shown(breaking, "table").rpartition("\n")[0])
    return update


def _refuse_unusable(folder: Path) -> None:
    """Refuse a folder to which nothing can be written, or in which there is something.

    Raises:
        ContractFileError: naming the folder and the reason.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ContractFileError(f"{folder}: is not empty; nothing there is overwritten")
        nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        tempfile.TemporaryDirectory(dir=nearest).cleanup()
    except NotADirectoryError as error:
        raise ContractFileError(f"{folder}: is a file, or inside a file") from error
    except OSError as error:
        raise ContractFileError(f"{folder}: cannot be written: {error.strerror}") from error


def _run_steps(update: _Update, tree: Path, *, quick: bool) -> None:
    """Run all steps in the copy.

    Raises:
        StepError: a step failed.
    """
    project_copy.make_environment(tree)
    write_pin(tree / "openapi", update.new, update.content, update.source)
    project_copy.keep_names(tree, update.renamed)
    _run_step(tree, "apply the overlay, generate, prove complete", "-m", "scripts.generate.client")
    _check_names(tree)
    _run_step(tree, "derive the synchronous client", "-m", "scripts.generate.derive_sync")
    if not update.new_operations:
        _run_step(tree, "write the table of operations", "-m", "scripts.docs.operations_table")
    try:
        _run_step(tree, "write the emulator's table", "-m", "scripts.docs.emulator_coverage")
    except StepError as error:
        update.uncovered = " ".join(str(error).rpartition("\n")[0].split())
    if quick:
        return
    _run_step(tree, "check types", "-m", "mypy")
    options = ("-q", "-p", "no:cacheprovider", "-n", "2", "--tb=short")
    output = _run_step(tree, "run all tests", "-m", "pytest", *options)
    update.skipped = [line for line in output.splitlines() if _SKIPPED in line]


def _run_step(tree: Path, name: str, *command: str) -> str:
    begun = time.monotonic()
    print(f"{name} ...", end=" ", flush=True)
    own = tree / ".venv" / "bin"
    # Tools such as ruff are in this program's environment, which need not be on PATH.
    path = [str(own), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.pathsep.join(path),
    }
    lines: list[str] = []
    shown = 0
    with subprocess.Popen(
        [str(own / "python"), *command],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as step:
        try:
            for line in step.stdout or ():
                lines.append(line.rstrip())
                reached = _PROGRESS.search(lines[-1])
                if reached and int(reached[1]) >= shown + 10:
                    shown = int(reached[1])
                    print(f"{shown} %", end=" ", flush=True)
        except KeyboardInterrupt:
            step.kill()
            raise
    if step.returncode != 0:
        print("failed")
        told = [line for line in lines if line.startswith(_FAILED)] or lines[-_LAST_LINES:]
        raise StepError("\n".join([*told, f"spec-update: could not {name}."]))
    print(f"done in {time.monotonic() - begun:.0f} s")
    return "\n".join(lines)


def _check_names(tree: Path) -> None:
    lost = lost_names(tree)
    if lost:
        raise StepError("\n".join([*lost, "spec-update: the facade needs these names."]))
    print("the facade finds all names that it uses, public ones among them")


def _save_failed_copy(error: StepError, copy: project_copy.Copy, keep: Path | None) -> str:
    if keep is None:
        return f"{error} KEEP=dir leaves the tree there to work on."
    project_copy.copy_out(copy.tree, keep)
    return f"{error} The tree as it is now is in {keep}."


def _finish(update: _Update, copy: project_copy.Copy, options: argparse.Namespace) -> None:
    facade = [path for path in copy.changed() if path.parts[0] == "facade"]
    by_hand = [path for path in facade if "_sync" not in path.parts]
    print(f"hand-written files of the facade that had to change: {len(by_hand)}")
    decisions = list(_decisions(update))
    if decisions:
        print("A person must still decide:")
        print(*(f"  - {line}" for line in decisions), sep="\n")
    if options.dry_run:
        print("Nothing was written: a dry run.")
    elif options.out is not None:
        project_copy.copy_out(copy.tree, options.out)
        print(f"{options.out}: a whole tree for API version {_version(update.new)}")
    else:
        changed = copy.put_in_place()
        print(f"{len(changed)} files changed. Look at `git diff`.")


def _decisions(update: _Update) -> Iterator[str]:
    """Yield what a person must still decide."""
    breaking = sum(change.rating == "breaking" for change in update.found)
    if breaking:
        count = "a breaking change" if breaking == 1 else f"{breaking} breaking changes"
        yield f"what to tell users of {count} (`make spec-diff`)"
    for name in update.new_operations:
        yield f"a method for the new operation {name}, then `make derive tables`"
    if update.uncovered:
        yield f"what the emulator does: {update.uncovered}"
    for before, after in update.renamed.items():
        yield f"whether {after} is {before} renamed, as openapi/generator.yaml takes it now"
    required = _newly_required(update)
    if required:
        yield f"what the emulator answers for {', '.join(required)}: it makes values up"
    if update.skipped:
        skipped = [line.removeprefix("SKIPPED ") for line in update.skipped]
        said = "what to say of the new version in place of these tests, which it skips:"
        yield "\n      ".join([said, *skipped])
    if _version(update.new) < _version(update.old):
        yield f"whether to go back to {_version(update.new)}, before {_version(update.old)}"
    yield "which commit upstream published it with: `commit` in openapi/pin.toml"
    if _version(update.new) != _version(update.old):
        yield f"texts that speak of {_version(update.old)}: README.md, docs/"


def _newly_required(update: _Update) -> list[str]:
    """Return the required properties of responses that the old contract does not have at all."""
    usage = UsageIndex(update.new)
    before = update.old.get("components", {}).get("schemas", {})
    known = {name for schema in before.values() for name in schema.get("properties", {})}
    found: set[str] = set()
    for name, schema in update.new.get("components", {}).get("schemas", {}).items():
        if "response" in usage.of(f"/components/schemas/{name}").sides:
            found.update(each for each in schema.get("required", []) if each not in known)
    return sorted(found)


def _version(contract: Contract) -> str:
    return str(contract.get("info", {}).get("version"))


if __name__ == "__main__":
    sys.exit(main())
