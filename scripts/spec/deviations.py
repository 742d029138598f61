"""The overlay's known differences between contract and world, as the contract checks read them.

`make generate` writes them beside the generated client, with the places that each corrects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import join
from scripts.spec.contract_file import decode, read_bytes
from scripts.spec.overlay import OverlayError, apply_overlay, read_overlay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.spec.contract_file import Contract
    from scripts.spec.overlay import Action

SYMPTOMS: Final = frozenset({None, "null", "enum", "status", "body"})
_WORDS: Final = frozenset({"says", "symptom", "evidence", "operations", "statuses"})
_KEYWORDS: Final = frozenset({"$ref", "default", "enum", "title"})
"""What an action removes: the place it corrects is the schema that it removes them from."""


def deviations(contract: Contract, overlay: Path) -> dict[str, Any]:
    """Each known difference by its name, with the JSON pointers of the schemas that it corrects.

    Args:
        contract: the contract without the overlay.
        overlay: the file of the overlay.

    Raises:
        OverlayError: an action names a difference that is not listed; one is listed without
            evidence or with a word that it cannot have.
    """
    document = decode(read_bytes(overlay))
    listed: dict[str, Any] = document.get("x-deviations", {}) if isinstance(document, dict) else {}
    for name, facts in listed.items():
        _check(f"{overlay.name}: x-deviations: {name}", facts)
    places: dict[str, list[str]] = {name: [] for name in listed}
    for action in read_overlay(overlay):
        if action.deviation is not None and action.deviation not in listed:
            raise OverlayError(
                f"{overlay.name}: action {action.number} is made for {action.deviation!r}, "
                "which x-deviations does not list"
            )
        if action.deviation is not None:
            places[action.deviation] += _places(action, contract)
        contract, _ = apply_overlay(contract, [action])
    return {
        name: {**facts, **({"places": list(dict.fromkeys(found))} if found else {})}
        for (name, facts), found in zip(listed.items(), places.values(), strict=True)
    }


def _check(name: str, facts: object) -> None:
    if not isinstance(facts, dict) or not facts.get("says") or not facts.get("evidence"):
        raise OverlayError(f"{name} must have `says` and `evidence`")
    unknown = sorted(facts.keys() - _WORDS)
    if unknown or facts.get("symptom") not in SYMPTOMS:
        raise OverlayError(f"{name} has no place for {unknown or facts['symptom']!r}")


def _places(action: Action, contract: Contract) -> Iterator[str]:
    for node in action.query.find(contract):
        steps = [str(step) for step in node.location or ()]
        yield join("", *(steps[:-1] if steps[-1] in _KEYWORDS else steps))
