"""Generate the low-level client from a contract and the overlay, and check that it is complete.

    python -m scripts.generate.client                           the pinned contract into generated/
    python -m scripts.generate.client --check                   is generated/ what that would write?
    python -m scripts.generate.client --spec FILE --out DIR     any contract into DIR

After a failure, an existing package is unchanged.
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
from scripts.generate.generator_messages import generator_error, validation_error
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
"""Modules of the package that do not depend on the contract."""
_COMPONENT = re.compile(r"#/components/\w+/[^/]+")


class GenerationError(Exception):
    """Part of the contract cannot become code. The message is one line with place and reason."""


class UsageError(Exception):
    """The request cannot be carried out. The message is one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 if something is lost or differs, or 2 for invalid input."""
    parser = argparse.ArgumentParser(prog="python -m scripts.generate.client", description=__doc__)
    parser.add_argument("--spec", metavar="PATH_OR_URL", help="default: the pinned contract")
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
    with tempfile.TemporaryDirectory(prefix="pinecone-control-") as folder:
        source = read_source(options.spec, options.overlay)
        package = build(source.contract, Path(folder))
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
    """The source of a client.

    Attributes:
        published: the contract as published.
        contract: the effective contract: the overlay is applied, and `x-pin` has the digests.
        deviations: the known deviations of the service from the contract, with the schemas that the
            overlay corrects for each.
    """

    published: Contract
    contract: Contract
    deviations: dict[str, dict[str, Any]]


def read_source(spec: str | None = None, overlay: Path = OPENAPI / "overlay.yaml") -> Source:
    """Read a contract and apply the overlay.

    Args:
        spec: a path or URL, or None for the pinned contract. An action of the overlay that matches
            nothing is an error for the pinned contract, and a warning for others.
        overlay: the overlay's file.

    Raises:
        ContractFileError: the contract cannot be used.
        GenerationError: a reference has a target outside the contract's components.
        OverlayError: the overlay cannot be used, or does not fit the contract.
    """
    pin = read_pin(PIN)
    published = read_contract(spec or OPENAPI / pin["file"])
    if not any(True for _ in operations(published)):
        raise ContractFileError(f"{spec}: has no operations")
    for pointer, reference in references(published):
        if not _COMPONENT.fullmatch(reference):
            raise GenerationError(f"{pointer}/$ref: is not a component: {reference!r}")
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


def build(contract: Contract, folder: Path) -> Path:
    """Generate the package in a temporary folder, and check that it is complete; return its path.

    Raises:
        GenerationError: part of the contract is missing in the package; the message names it.
        UsageError: the installed generator is not the pinned one.
    """
    package = folder / PACKAGE
    _run_generator(contract, folder, package)
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


def _run_generator(contract: Contract, folder: Path, package: Path) -> None:
    name, _, pinned = contract["x-pin"]["generator"].partition(" ")
    installed = importlib.metadata.version(name)
    if installed != pinned:
        raise UsageError(f"{name} {installed} is installed, but openapi/pin.toml pins {pinned}")
    try:
        simplified = generator_input(contract)
    except GeneratorInputError as error:
        raise GenerationError(str(error)) from error
    if wrong := validation_error(simplified):
        raise GenerationError(wrong)
    source = folder / "contract.json"
    source.write_text(json.dumps(simplified), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source)),
        *("--meta", "none", "--output-path", str(package), "--fail-on-warning"),
        *("--config", str(GENERATOR_SETTINGS)),
        *("--custom-template-path", str(TEMPLATES)),
    ]
    # The generator runs ruff from PATH, which has it only if the environment is activated.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(  # noqa: PLW1510 - a failure is reported with its output
        command, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise GenerationError(generator_error(done.stderr or done.stdout))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _put_in_place(package: Path, out: Path) -> None:
    """Replace the package in `out`; if that fails or is interrupted, restore the old one."""
    final, new, old = out / PACKAGE, out / f".{PACKAGE}.new", out / f".{PACKAGE}.old"
    if final.exists() and not (final / "contract.json").exists() and any(final.iterdir()):
        raise UsageError(f"{final} was not generated; nothing there is overwritten")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; OUT must be a directory")
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
