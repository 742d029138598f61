"""Read and write `openapi/pin.toml`, which names the pinned contract."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

import tomlkit

from scripts.spec.contract_file import ContractFileError, read_bytes, structural_digest

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.spec.contract_file import Contract

_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}")


def read_pin(path: Path) -> dict[str, Any]:
    """Return the contents of a `pin.toml`.

    Raises:
        ContractFileError: it is missing, is not TOML, or lacks a required key.
    """
    try:
        pin = tomllib.loads(read_bytes(path).decode())
        _ = pin["file"], pin["structural_digest"], pin["upstream"]["sha256"]
    except KeyError as error:
        raise ContractFileError(f"{path}: has no {error}") from error
    except ValueError as error:
        raise ContractFileError(f"{path}: is not TOML: {error}") from error
    return pin


def write_pin(openapi: Path, contract: Contract, content: bytes, source: str) -> None:
    """Pin a contract: replace the contract file, and update `pin.toml`.

    Args:
        openapi: the folder that contains both.
        contract: the new contract.
        content: the bytes of its file.
        source: the path or URL of its file.

    Raises:
        ContractFileError: its version cannot name a file.
    """
    pin = read_pin(openapi / "pin.toml")
    document = tomlkit.parse((openapi / "pin.toml").read_text("utf-8"))
    before, version = pin["api_version"], str(contract.get("info", {}).get("version"))
    if not _VERSION.fullmatch(version):
        raise ContractFileError(f"{source}: its version {version!r} cannot name a file")
    (openapi / pin["file"]).unlink()
    document["file"] = pin["file"].replace(before, version)
    document["api_version"] = version
    document["structural_digest"] = structural_digest(contract)
    is_url = source.startswith(("http://", "https://"))
    upstream: Any = document["upstream"]
    upstream["url"] = source if is_url else pin["upstream"]["url"].replace(before, version)
    upstream["sha256"] = hashlib.sha256(content).hexdigest()
    upstream["commit"] = "unknown"
    upstream.pop("commit_date", None)
    (openapi / str(document["file"])).write_bytes(content)
    (openapi / "pin.toml").write_text(tomlkit.dumps(document), "utf-8")
