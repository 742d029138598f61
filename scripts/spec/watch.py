"""Check whether the published contract is still the pinned one: `make spec-watch`.

    python -m scripts.spec.watch [SOURCE]

Reads SOURCE, a path or URL; by default the upstream URL in `openapi/pin.toml`. Exits with 0 if its
digest is the recorded one; with 1 if not, after printing the rated changes as Markdown for an
issue; with 2 if it cannot be used.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.project import PIN
from scripts.spec.change_report import changes, refuse_another_api
from scripts.spec.contract_file import ContractFileError, parse_contract, read_bytes, read_contract
from scripts.spec.diff import shown
from scripts.spec.pin import read_pin

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="spec-watch", description=__doc__.partition("\n")[0])
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="default: upstream of the pin")
    parser.add_argument("--pin", type=Path, default=PIN, help="default: openapi/pin.toml")
    options = parser.parse_args(arguments)
    try:
        pin = read_pin(options.pin)
        source = options.source or pin["upstream"]["url"]
        content = read_bytes(source)
        digest, recorded = hashlib.sha256(content).hexdigest(), pin["upstream"]["sha256"]
        if digest == recorded:
            print(f"{source} is the pinned contract: sha256 {digest}")
            return 0
        old, new = read_contract(options.pin.parent / pin["file"]), parse_contract(content, source)
        refuse_another_api(old, new, source)
    except ContractFileError as error:
        print(f"spec-watch: {error}", file=sys.stderr)
        return 2
    found = [change for change in changes(old, new) if change.rating != "prose"]
    print(f"# The published contract {pin['api_version']} changed\n")
    print(f"{source} has the digest `{digest}`; the digest of the pinned file is `{recorded}`.\n")
    if found:
        print(f"{shown(found, 'markdown')}\n\nTo update: `make spec-update NEW={source}`")
    else:
        print("Its structure is that of the pinned contract: only texts changed.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
