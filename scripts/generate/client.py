"""Writes the low-level client from a contract and the overlay, and proves that it lacks nothing.

    python -m scripts.generate.client                           the pinned contract into generated/
    python -m scripts.generate.client --check                   is generated/ what that would write?
    python -m scripts.generate.client --spec FILE --out DIR     any contract into DIR

With any failure the package that was there before stays as it was.
"""

from __future__ import annotations

import argparse
import filecmp
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from pinecone_control.contract.document import operations, references
from scripts.generate.completeness import missing
from scripts.generate.generator_input import GeneratorInputError, generator_input
from scripts.generate.generator_messages import misunderstood, objection
from scripts.generate.known_values import known_values_module
from scripts.generate.server import server_module
from scripts.project import OPENAPI, PIN, ROOT
from scripts.spec.contract_file import (
    ContractFileError,
    read_contract,
    structural_digest,
    without_prose,
)
from scripts.spec.overlay import OverlayError, apply_overlay, read_overlay, restated_values
from scripts.spec.pin import read_pin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.spec.contract_file import Contract

TEMPLATES = OPENAPI / "templates"
GENERATOR_SETTINGS = OPENAPI / "generator.yaml"
PACKAGE = "pinecone_control_api"
COPIED = ("base.py", "model_properties.py", "notebook.py", "resource_states.py", "wire.py")
"""Modules of the package that are the same for every contract."""
_COMPONENT = re.compile(r"#/components/\w+/[^/]+")


class GenerationError(Exception):
    """Not all of the contract becomes code. One line that names the place and the reason."""


class UsageError(Exception):
    """Nothing was generated: what was asked for cannot be done. One line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0: done, 1: something would be lost or differs, 2: bad input."""
    parser = argparse.ArgumentParser(prog="python -m scripts.generate.client", description=__doc__)
    parser.add_argument("--spec", metavar="PATH_OR_URL", help="the contract; default: the pinned")
    parser.add_argument("--out", metavar="DIR", type=Path, default=ROOT / "generated")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--overlay", type=Path, default=OPENAPI / "overlay.yaml")
    options = parser.parse_args(argv)
    if options.spec and options.out.resolve() == ROOT / "generated":
        parser.error("--spec needs --out: generated/ holds the pinned contract's client")
    try:
        return _run(options)
    except GenerationError as error:
        print(f"{error}\nNothing was written.", file=sys.stderr)
        return 1
    except (ContractFileError, OverlayError, UsageError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as workshop:
        source = read_source(options.spec, options.overlay)
        package = build(source.contract, Path(workshop))
        _write_json(package / "pinned.json", without_prose(source.published))
        _write_json(package / "deviations.json", source.deviations)
        if options.check:
            return _report_differences(package, options.out)
        _put_in_place(package, options.out)
    count = sum(1 for _ in operations(source.contract))
    print(f"{options.out / PACKAGE}: {count} of {count} operations, nothing missing.")
    return 0


@frozen
class Source:
    """What a client is made from.

    Attributes:
        published: the contract as it is published.
        contract: the same with the overlay applied, and in `x-pin` what both are.
        deviations: the known differences between contract and world, with the schemas they correct.
    """

    published: Contract
    contract: Contract
    deviations: dict[str, dict[str, Any]]


def read_source(spec: str | None = None, overlay: Path = OPENAPI / "overlay.yaml") -> Source:
    """Read a contract and correct it.

    Args:
        spec: a path or URL; an action of the overlay that matches nothing in it is a warning.
            None: the pinned contract, in which each action must match.
        overlay: the file of the overlay.

    Raises:
        ContractFileError: there is no usable contract.
        GenerationError: it has a reference to something that gets no code of its own.
        OverlayError: there is no usable overlay, or it does not fit the contract.
    """
    pin = read_pin(PIN)
    published = read_contract(spec or OPENAPI / pin["file"])
    if not any(True for _ in operations(published)):
        raise ContractFileError(f"{spec}: has no operations")
    for pointer, reference in references(published):
        if not _COMPONENT.fullmatch(reference):
            raise GenerationError(f"{pointer}/$ref: leads to no component: {reference!r}")
    corrections = read_overlay(overlay)
    corrected = apply_overlay(published, corrections)
    effective = corrected.contract
    complaints = [*corrected.unmatched, *restated_values(published, effective)]
    if complaints and spec is None:
        raise OverlayError("\n".join(complaints))
    for complaint in complaints:
        print(f"warning: {complaint}", file=sys.stderr)
    facts = {
        "api_version": str(effective.get("info", {}).get("version")),
        "pinned_structural_digest": structural_digest(published),
        "effective_structural_digest": structural_digest(effective),
        "generator": f"{pin['generator']['name']} {pin['generator']['version']}",
    }
    deviations = {
        name: {**stated, **({"places": places} if (places := corrected.places.get(name)) else {})}
        for name, stated in corrections.deviations.items()
    }
    return Source(published, {**effective, "x-pin": facts}, deviations)


def build(contract: Contract, workshop: Path) -> Path:
    """Generate the package in the directory `workshop`, and prove that it lacks nothing.

    Raises:
        GenerationError: something of the contract is missing; the message says what.
        UsageError: the installed generator is not the pinned one.
    """
    package = workshop / PACKAGE
    _run_generator(contract, workshop, package)
    for name in COPIED:
        shutil.copyfile(TEMPLATES / name, package / name)
    (package / "py.typed").touch()
    (package / "server.py").write_text(server_module(contract), "utf-8")
    values = known_values_module(contract, GENERATOR_SETTINGS)
    (package / "known_values.py").write_text(values, "utf-8")
    _write_json(package / "contract.json", contract)
    if lost := missing(contract, package):
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise GenerationError(f"{lost[0]}{more}")
    return package


def _run_generator(contract: Contract, workshop: Path, package: Path) -> None:
    name, _, pinned = contract["x-pin"]["generator"].partition(" ")
    installed = importlib.metadata.version(name)
    if installed != pinned:
        raise UsageError(f"{name} {installed} is installed, but openapi/pin.toml pins {pinned}")
    try:
        simplified = generator_input(contract)
    except GeneratorInputError as error:
        raise GenerationError(str(error)) from error
    if wrong := misunderstood(simplified):
        raise GenerationError(wrong)
    source = workshop / "contract.json"
    source.write_text(json.dumps(simplified), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source)),
        *("--meta", "none", "--output-path", str(package), "--fail-on-warning"),
        *("--config", str(GENERATOR_SETTINGS)),
        *("--custom-template-path", str(TEMPLATES)),
    ]
    # The generator looks for ruff on PATH, where it is only in an activated environment.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(  # noqa: PLW1510 - a failure is told with its output
        command, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise GenerationError(objection(done.stderr or done.stdout))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _put_in_place(package: Path, out: Path) -> None:
    """Replace the package in `out`; the old one is back if that fails or is interrupted."""
    final, new, old = out / PACKAGE, out / f".{PACKAGE}.new", out / f".{PACKAGE}.old"
    if final.exists() and not (final / "contract.json").exists() and any(final.iterdir()):
        raise UsageError(f"{final} was not generated; nothing there is overwritten")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; OUT names a directory")
    out.mkdir(parents=True, exist_ok=True)
    if old.exists() and not final.exists():
        old.rename(final)  # an earlier run was killed between its two renames
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(package, new)
    try:
        if final.exists():
            final.rename(old)
        new.rename(final)
    finally:
        if old.exists() and not final.exists():
            old.rename(final)
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _report_differences(package: Path, out: Path) -> int:
    written, present = _tree(package.parent / PACKAGE), _tree(out)
    written = {Path(PACKAGE, path): file for path, file in written.items()}
    differences = [
        *(f"missing: {path}" for path in sorted(written.keys() - present.keys())),
        *(f"not generated: {path}" for path in sorted(present.keys() - written.keys())),
        *(
            f"differs: {path}"
            for path in sorted(written.keys() & present.keys())
            if not filecmp.cmp(written[path], present[path], shallow=False)
        ),
    ]
    print(*differences, sep="\n", file=sys.stderr, end="\n" if differences else "")
    print(f"{out}: {'run `make generate`' if differences else 'is what `make generate` writes'}.")
    return 1 if differences else 0


def _tree(directory: Path) -> dict[Path, Path]:
    return {
        path.relative_to(directory): path
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


if __name__ == "__main__":
    sys.exit(main())
