"""List the changes between the pinned contract and another one: `make spec-diff NEW=...`.

    python -m scripts.spec.diff NEW [--format table|json|markdown] [--prose] [--fail-on RATING]

The structures of the contracts are compared, not their text. Each change has a rating (breaking,
compatible or prose) and names the methods and models that it affects. Exits with 0; with 1 if a
change has the rating of `--fail-on` or a worse one; with 2 if a file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.project import PIN
from scripts.spec.change_report import Change, changes, refuse_another_api
from scripts.spec.contract_file import ContractFileError, parse_contract, read_bytes, read_contract
from scripts.spec.pin import read_pin
from scripts.spec.rating import RATINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.spec.contract_file import Contract

FORMATS: Final = ("table", "json", "markdown")
_MANY: Final = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="spec-diff", description=__doc__.partition("\n")[0])
    parser.add_argument("new", metavar="NEW", help="path or URL of an OpenAPI contract")
    parser.add_argument("--format", choices=FORMATS, default="table")
    parser.add_argument("--prose", action="store_true", help="also list changes of texts")
    parser.add_argument(
        "--fail-on", choices=RATINGS, help="exit with 1 if a change has this rating or a worse one"
    )
    parser.add_argument("--pin", type=Path, default=PIN, help="default: openapi/pin.toml")
    options = parser.parse_args(arguments)
    try:
        old, new = read_both(options.pin, options.new)
    except ContractFileError as error:
        print(f"spec-diff: {error}", file=sys.stderr)
        return 2
    found = changes(old, new)
    print(shown(found, options.format, prose=options.prose))
    worst = RATINGS[: RATINGS.index(options.fail_on) + 1] if options.fail_on else ()
    return 1 if any(change.rating in worst for change in found) else 0


def read_both(pin: Path, source: str) -> tuple[Contract, Contract]:
    """Return the pinned contract, and one of the same API from a path or URL.

    Raises:
        ContractFileError: one of them cannot be used, or they describe different APIs.
    """
    old = read_contract(pin.parent / read_pin(pin)["file"])
    new = parse_contract(read_bytes(source), source)
    refuse_another_api(old, new, source)
    return old, new


def shown(found: list[Change], form: str, *, prose: bool = False) -> str:
    """Return the changes as text in one of `FORMATS`.

    Args:
        found: the changes.
        form: the format.
        prose: whether to list changes of texts, which are otherwise only counted.
    """
    listed = [change for change in found if prose or change.rating != "prose"]
    if form == "json":
        counts = {rating: _count(found)[rating] for rating in RATINGS}
        return json.dumps({"counts": counts, "changes": [c.to_dict() for c in listed]}, indent=2)
    lines = _markdown(listed) if form == "markdown" else _table(listed)
    return "\n".join([*lines, summary(found)])


def summary(found: list[Change]) -> str:
    """Return the number of changes of each rating, as one line."""
    if not found:
        return "no changes"
    return ", ".join(f"{_count(found)[rating]} {rating}" for rating in RATINGS)


def _count(found: list[Change]) -> Counter[str]:
    return Counter(change.rating for change in found)


def _table(found: list[Change]) -> Iterator[str]:
    for rating in RATINGS:
        of_rating = [change for change in found if change.rating == rating]
        if of_rating:
            yield rating.upper()
        for (what, because), alike in _alike(of_rating).items():
            yield f"  {what}: {because}"
            yield from (f"    {line}" for line in _places(alike))
        if of_rating:
            yield ""


def _markdown(found: list[Change]) -> Iterator[str]:
    yield "| rating | change | why | where | touches |"
    yield "|---|---|---|---|---|"
    for rating in RATINGS:
        of_rating = [change for change in found if change.rating == rating]
        for (what, because), alike in _alike(of_rating).items():
            where, touches = _shortened([f"`{c.pointer}`" for c in alike], most=2), _touched(alike)
            cells = [rating, what, because, where, touches]
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _alike(found: list[Change]) -> dict[tuple[str, str], list[Change]]:
    """Group the changes that have the same description and reason."""
    grouped: dict[tuple[str, str], list[Change]] = {}
    for change in found:
        grouped.setdefault((change.what, change.because), []).append(change)
    return grouped


def _places(alike: list[Change]) -> Iterator[str]:
    yield f"at {_shortened([change.pointer for change in alike], most=2)}"
    if touched := _touched(alike):
        yield f"touches {touched}"


def _touched(alike: list[Change]) -> str:
    methods = sorted({name for change in alike for name in change.usage.methods})
    models = sorted({name for change in alike for name in change.models})
    return "; ".join(filter(None, (_shortened([f"{m}()" for m in methods]), _shortened(models))))


def _shortened(names: list[str], most: int = _MANY) -> str:
    more = len(names) - most
    return ", ".join([*names[:most], f"{more} more"] if more > 1 else names)


if __name__ == "__main__":
    sys.exit(main())
