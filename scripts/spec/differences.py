"""Find the structural differences between two contracts, whatever their order and spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from pinecone_control.contract.document import Place, join, split
from scripts.spec.contract_file import Contract, canonical_json, is_unordered, without_prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHOWN_CHARACTERS: Final = 100
ABSENT: Final = object()
"""The value of a difference on the side that has none."""


@frozen
class Difference:
    """One place where two contracts differ.

    Attributes:
        pointer: JSON pointer into the pinned contract, or into upstream if only that has the place.
        text: the values on both sides, in words.
        pinned: the value in the pinned contract; `ABSENT` if there is none.
        upstream: the value in upstream's contract; `ABSENT` if there is none.
    """

    pointer: str
    text: str
    pinned: Any = ABSENT
    upstream: Any = ABSENT


def differences(pinned: Contract, upstream: Contract) -> Iterator[Difference]:
    """Yield all differences in structure, in the order of the pinned contract."""
    return compare(without_prose(pinned), without_prose(upstream))


def compare(pinned: Contract, upstream: Contract) -> Iterator[Difference]:
    """Yield all differences, including those of prose."""
    return _compare(pinned, upstream, "", Place.OBJECT)


def _compare(pinned: Any, upstream: Any, pointer: str, place: Place) -> Iterator[Difference]:
    if isinstance(pinned, dict) and isinstance(upstream, dict):
        yield from _compare_mappings(pinned, upstream, pointer, place)
    elif isinstance(pinned, list) and isinstance(upstream, list):
        yield from _compare_lists(pinned, upstream, pointer, place)
    elif canonical_json(pinned) != canonical_json(upstream):
        text = f"pinned {_show(pinned)}, upstream {_show(upstream)}"
        yield Difference(pointer, text, pinned, upstream)


def _compare_mappings(
    pinned: Contract, upstream: Contract, pointer: str, place: Place
) -> Iterator[Difference]:
    for key in [*pinned, *(key for key in upstream if key not in pinned)]:
        below = join(pointer, key)
        if key not in upstream:
            yield _only("pinned", below, pinned[key])
        elif key not in pinned:
            yield _only("upstream", below, upstream[key])
        else:
            both_lists = isinstance(pinned[key], list) and isinstance(upstream[key], list)
            compare = _compare_sets if both_lists and is_unordered(key, place) else _compare
            yield from compare(pinned[key], upstream[key], below, place.below(key))


def _compare_lists(
    pinned: list[Any], upstream: list[Any], pointer: str, place: Place
) -> Iterator[Difference]:
    for index in range(max(len(pinned), len(upstream))):
        below = join(pointer, str(index))
        if index >= len(upstream):
            yield _only("pinned", below, pinned[index])
        elif index >= len(pinned):
            yield _only("upstream", below, upstream[index])
        else:
            yield from _compare(pinned[index], upstream[index], below, place.member)


def _compare_sets(
    pinned: list[Any], upstream: list[Any], pointer: str, place: Place
) -> Iterator[Difference]:
    pairs = _pairs(pinned, upstream)
    for here, there in sorted(pairs.items()):
        member = pinned[here]
        whose = f" ({_identity(member)})" if _identity(member) else ""
        below = join(pointer, str(here))
        for found in _compare(member, upstream[there], below, place.member):
            yield evolve(found, text=found.text + whose)
    for side, members, paired in (
        ("pinned", pinned, pairs.keys()),
        ("upstream", upstream, set(pairs.values())),
    ):
        for index, member in enumerate(members):
            if index not in paired:
                below = join(pointer, str(index)) if isinstance(member, dict) else pointer
                found = _only(side, below, member)
                yield evolve(found, text=f"{_noun(pointer, member)} only in {side}")


def _only(side: str, pointer: str, value: Any) -> Difference:
    text = f"only in {side}: {_show(value)}"
    if side == "pinned":
        return Difference(pointer, text, pinned=value)
    return Difference(pointer, text, upstream=value)


def _pairs(pinned: list[Any], upstream: list[Any]) -> dict[int, int]:
    """Pair the members of two unordered lists; return upstream's index by pinned index.

    Equal members are paired first, then members with the same identity. Of the remaining objects
    without an identity, the first is paired with the first.
    """
    pairs: dict[int, int] = {}
    labels: tuple[Callable[[Any], str], ...] = (canonical_json, _identity, _nameless)
    for label in labels:
        waiting = {
            index: label(member)
            for index, member in enumerate(upstream)
            if index not in pairs.values()
        }
        for index, member in enumerate(pinned):
            if index not in pairs and (mine := label(member)):
                match = next((other for other, theirs in waiting.items() if theirs == mine), None)
                if match is not None:
                    pairs[index] = match
                    del waiting[match]
    return pairs


def _identity(member: object) -> str:
    """Return what identifies a parameter, a reference or a tag; empty for anything else."""
    if not isinstance(member, dict):
        return ""
    name, position = member.get("name"), member.get("in")
    if name and position:
        return f'{position} parameter "{name}"'
    return str(member.get("$ref") or name or "")


def _nameless(member: object) -> str:
    return "nameless" if isinstance(member, dict) and not _identity(member) else ""


def _noun(pointer: str, member: object) -> str:
    nouns = {"enum": "enum value ", "required": "required property ", "tags": "tag "}
    return nouns.get(split(pointer)[-1], "") + (_identity(member) or _show(member))


def _show(value: object) -> str:
    text = canonical_json(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
