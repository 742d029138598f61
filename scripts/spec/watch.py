"""Whether the published contract is still the one that was pinned: `make spec-watch`.

    python -m scripts.spec.watch [SOURCE]

Fetches what `openapi/pin.toml` names as upstream, or reads SOURCE, a path or URL. Exits with 0 when
its digest is the recorded one; with 1 when it is another, and prints what changed, rated, as
markdown for an issue; with 2 when it cannot be used.
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
    """Run the command; returns its exit code."""
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
            print(f"{source} is what was pinned: sha256 {digest}")
            return 0
        old, new = read_contract(options.pin.parent / pin["file"]), parse_contract(content, source)
        refuse_another_api(old, new, source)
    except ContractFileError as error:
        print(f"spec-watch: {error}", file=sys.stderr)
        return 2
    found = [change for change in changes(old, new) if change.rating != "prose"]
    print(f"# The published contract {pin['api_version']} changed\n")
    print(f"{source} has the digest `{digest}`; pinned is the edition `{recorded}`.\n")
    if found:
        print(f"{shown(found, 'markdown')}\n\nTo move there: `make spec-update NEW={source}`")
    else:
        print("It demands what the pinned one demands: nothing but words changed.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
