"""Applies an OpenAPI Overlay 1.0 to a contract, and says which of its actions match nothing.

A correction that no longer finds what it corrects is worse than none: it looks as if it were in
force. So each action must match, and each name in a bracketed list (`['name', 'tags']`) by itself,
unless the action says `x-may-match-nothing: true`, or names there the API version from which on it
may match nothing. An action may name in `x-deviation` the known difference it is made for; the
overlay lists those in `x-deviations`.
"""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonpath_rfc9535 as jsonpath

from scripts.spec.contract_file import ContractFileError, decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.spec.contract_file import Contract

_DOCUMENT_FIELDS = {"overlay", "info", "extends", "actions"}
_ACTION_FIELDS = {"target", "description", "update", "remove"}


class OverlayError(Exception):
    """The overlay cannot be used. The message is one line that names the file and the action."""


@dataclass(frozen=True, slots=True)
class Action:
    """One correction.

    Attributes:
        number: its place in the overlay, from 1.
        target: the JSONPath (RFC 9535) of what it corrects.
        query: the same, compiled.
        update: what to merge into each match; `None` for a removal.
        remove: whether each match is removed.
        may_match_nothing: the API version from which on a contract without any match is in order;
            `""` for any version, `None` for none.
        deviation: the name of the known difference that it is made for, if it says so.
    """

    number: int
    target: str
    query: jsonpath.JSONPathQuery
    update: Any
    remove: bool
    may_match_nothing: str | None
    deviation: str | None

    def must_match(self, version: str) -> bool:
        """Whether a contract of this API version has to have what it corrects."""
        return self.may_match_nothing is None or version < self.may_match_nothing


def read_overlay(path: Path) -> list[Action]:
    """The actions of the overlay in this file, in their order.

    Raises:
        OverlayError: it cannot be read or is no valid OpenAPI Overlay 1.0.
    """
    try:
        document = decode(read_bytes(path))
        return [_action(number, written) for number, written in enumerate(_actions(document), 1)]
    except (OverlayError, ContractFileError) as error:
        raise OverlayError(f"{path.name}: {str(error).removeprefix(f'{path}: ')}") from error


def apply_overlay(contract: Contract, actions: list[Action]) -> tuple[Contract, list[str]]:
    """A corrected copy of the contract, and a line for each target that matches nothing in it.

    Raises:
        OverlayError: an action would remove the whole contract or update what is no object or list.
    """
    effective = copy.deepcopy(contract)
    unmatched = []
    for action in actions:
        if action.must_match(str(contract.get("info", {}).get("version"))):
            unmatched += _complaints(action, effective)
        # In reverse, so that removing a list's member leaves the positions before it valid.
        for location in reversed([node.location for node in action.query.find(effective)]):
            _perform(action, effective, location)
    return effective, unmatched


_REPLACED = {"x-extensible-enum": ("enum", "x-enum"), "x-server-default": ("default",)}


def stale_values(contract: Contract, effective: Contract) -> list[str]:
    """A line for each value that the overlay restates in words of ours, and the contract changed.

    An overlay cannot move a value, only state it again: an enum of the contract that gets a new
    member would keep its old members in the effective contract.
    """
    return [
        f"overlay: {new} at {node.path()} is {node.value!r}, but the contract says {written!r}"
        for new, olds in _REPLACED.items()
        for node in jsonpath.find(f"$..['{new}']", effective)
        for old in olds
        if (written := _at(contract, (*(node.location or ())[:-1], old))) is not None
        if _set(written) != _set(node.value)
    ]


def _at(node: Any, location: tuple[int | str, ...]) -> Any:
    try:
        for key in location:
            node = node[key]
    except (KeyError, IndexError, TypeError):
        return None
    return node


def _set(value: object) -> object:
    return set(value) if isinstance(value, list) else value


def _actions(document: object) -> list[Any]:
    if not isinstance(document, dict) or not str(document.get("overlay")).startswith("1.0."):
        raise OverlayError("is not an OpenAPI Overlay 1.0 document")
    _refuse_unknown(document, _DOCUMENT_FIELDS, "the overlay")
    actions = document.get("actions")
    if not isinstance(actions, list) or not actions:
        raise OverlayError("has no actions")
    return actions


def _action(number: int, written: object) -> Action:
    name = f"action {number}"
    if not isinstance(written, dict) or not isinstance(written.get("target"), str):
        raise OverlayError(f"{name} has no target")
    _refuse_unknown(written, _ACTION_FIELDS, name)
    target, remove = written["target"], written.get("remove", False)
    if not isinstance(remove, bool) or remove == ("update" in written):
        raise OverlayError(f"{name} ({target}) must have either an `update` or `remove: true`")
    try:
        query = jsonpath.compile(target)
    except jsonpath.JSONPathError as error:
        reason = str(error).splitlines()[0]
        raise OverlayError(f"{name} ({target}) has no valid JSONPath: {reason}") from error
    return Action(
        number=number,
        target=target,
        query=query,
        update=written.get("update"),
        remove=remove,
        may_match_nothing=_version_without_match(written, name),
        deviation=written.get("x-deviation"),
    )


def _version_without_match(written: dict[str, Any], name: str) -> str | None:
    stated = written.get("x-may-match-nothing", False)
    if isinstance(stated, bool):
        return "" if stated else None
    if not isinstance(stated, str):
        raise OverlayError(f"{name}: x-may-match-nothing is neither true nor an API version")
    return stated


def _refuse_unknown(written: dict[str, Any], known: set[str], name: str) -> None:
    unknown = [key for key in written if key not in known and not key.startswith("x-")]
    if unknown:
        raise OverlayError(f"{name} has an unknown field {unknown[0]!r}")


def _complaints(action: Action, contract: Contract) -> list[str]:
    queries = dict(_queries_by_name(action.query))
    unmatched = [names for names, query in queries.items() if query.find_one(contract) is None]
    complaint = f"overlay action {action.number} ({action.target}) matches nothing in this contract"
    if len(unmatched) == len(queries):
        return [complaint]
    return [f"{complaint} for {names}" for names in unmatched]


def _queries_by_name(query: jsonpath.JSONPathQuery) -> Iterator[tuple[str, jsonpath.JSONPathQuery]]:
    """A query for each name of its bracketed lists: `$['a','b'].c` as `$['a'].c`, `$['b'].c`."""
    for selectors in itertools.product(*(segment.selectors for segment in query.segments)):
        chosen = list(zip(query.segments, selectors, strict=True))
        names = [str(selector) for segment, selector in chosen if len(segment.selectors) > 1]
        segments = tuple(
            type(segment)(env=segment.env, token=segment.token, selectors=(selector,))
            for segment, selector in chosen
        )
        yield ", ".join(names), jsonpath.JSONPathQuery(env=query.env, segments=segments)


def _perform(action: Action, document: Contract, location: tuple[int | str, ...]) -> None:
    if not location and action.remove:
        raise OverlayError(f"action {action.number} would remove the whole contract")
    node: Any = document
    parent: Any = None
    for key in location:
        parent, node = node, node[key]
    if action.remove:
        del parent[location[-1]]
    elif isinstance(node, list):
        node.append(copy.deepcopy(action.update))
    elif isinstance(node, dict) and isinstance(action.update, dict):
        _merge(node, action.update)
    else:
        raise OverlayError(f"action {action.number} ({action.target}) updates what is no object")


def _merge(node: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        old = node.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            old.extend(copy.deepcopy(value))
        else:
            node[key] = copy.deepcopy(value)
