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
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pinecone_control.contract.document import operations
from scripts.generate.completeness import missing
from scripts.generate.generator_input import GeneratorInputError, generator_input
from scripts.generate.values import values_module
from scripts.spec.contract_file import (
    ContractFileError,
    read_contract,
    structural_digest,
    without_prose,
)
from scripts.spec.deviations import deviations
from scripts.spec.overlay import OverlayError, apply_overlay, read_overlay, stale_values
from scripts.spec.verify import PIN, read_pin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.spec.contract_file import Contract

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "openapi"
TEMPLATES = OPENAPI / "templates"
GENERATOR_SETTINGS = OPENAPI / "generator.yaml"
PACKAGE = "pinecone_control_api"
COPIED = ("base.py", "helpers.py", "states.py", "wire.py")
"""Modules of the package that are the same for every contract."""


class GenerationError(Exception):
    """The contract was understood, but not all of it became code. Each line names one loss."""


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
        published = read_published(options.spec)
        contract = corrected(published, options.overlay, strict=options.spec is None)
        package = build(contract, Path(workshop))
        add_origin(package, published, options.overlay)
        if options.check:
            return _report_differences(package, options.out)
        _put_in_place(package, options.out)
    count = sum(1 for _ in operations(contract))
    print(f"{options.out / PACKAGE}: {count} of {count} operations, nothing missing.")
    return 0


def effective_contract(spec: str | None, overlay: Path) -> Contract:
    """The contract with the overlay applied: `corrected` after `read_published`."""
    return corrected(read_published(spec), overlay, strict=spec is None)


def read_published(spec: str | None) -> Contract:
    """The contract as it is published.

    Args:
        spec: a path or URL; None: the pinned contract.

    Raises:
        ContractFileError: there is no usable contract.
    """
    contract = read_contract(spec or OPENAPI / read_pin(PIN)["file"])
    if not any(True for _ in operations(contract)):
        raise ContractFileError(f"{spec}: has no operations")
    return contract


def corrected(contract: Contract, overlay: Path, *, strict: bool) -> Contract:
    """The contract with the overlay applied, and in `x-pin` what both are.

    Args:
        contract: the contract as it is published.
        overlay: the file of the overlay.
        strict: whether each action must match; if not, one that does not is a warning.

    Raises:
        OverlayError: there is no usable overlay, or it does not fit the contract.
    """
    pin = read_pin(PIN)
    effective, complaints = apply_overlay(contract, read_overlay(overlay))
    complaints += stale_values(contract, effective)
    if complaints and strict:
        raise OverlayError("\n".join(complaints))
    for complaint in complaints:
        print(f"warning: {complaint}", file=sys.stderr)
    facts = {
        "api_version": str(effective.get("info", {}).get("version")),
        "pinned_structural_digest": structural_digest(contract),
        "effective_structural_digest": structural_digest(effective),
        "generator": f"{pin['generator']['name']} {pin['generator']['version']}",
    }
    return {**effective, "x-pin": facts}


def add_origin(package: Path, published: Contract, overlay: Path) -> None:
    """Lay beside the client what its contract was made of: the published one, the differences.

    Raises:
        OverlayError: the overlay's list of differences is not in order.
    """
    _write_json(package / "pinned.json", without_prose(published))
    _write_json(package / "deviations.json", deviations(published, overlay))


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
    (package / "values.py").write_text(values_module(contract, GENERATOR_SETTINGS), "utf-8")
    _write_json(package / "contract.json", contract)
    try:
        lost = missing(contract, package)
    except RecursionError as error:
        raise GenerationError("Its alternatives refer to each other in a circle.") from error
    if lost:
        raise GenerationError("\n".join(["The generated client is not complete:", *lost]))
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
    except RecursionError as error:
        raise GenerationError("Its alternatives refer to each other in a circle.") from error
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
        raise GenerationError(
            f"The generator failed:\n{done.stderr.strip() or done.stdout.strip()}"
        )


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
