"""Apply our corrections to a contract: the actions of an OpenAPI Overlay 1.0, and rules.

A correction that matches nothing looks as if it were in force. Therefore each action must match,
and so must each name in a bracketed list (`['name', 'tags']`). An action with
`x-may-match-nothing: true` need not match; one with `x-matches-from` must match from that API
version on. Rules (`x-rules`, see correction_rules.py) find the places to correct themselves.
Actions and rules name in `x-deviation` the known deviation of the service from the contract that
they correct; `x-deviations` lists all of these.
"""

from __future__ import annotations

import copy
import itertools
import json
from typing import TYPE_CHECKING, Any, Final, cast

import jsonpath_rfc9535 as jsonpath
from attrs import define, field, frozen

from pinecone_control.contract.document import join
from scripts.spec.contract_file import ContractFileError, decode, read_bytes
from scripts.spec.correction_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.spec.contract_file import Contract

_DOCUMENT_FIELDS: Final = frozenset({"overlay", "info", "extends", "actions"})
_ACTION_FIELDS: Final = frozenset({"target", "description", "update", "remove"})
_RULE_FIELDS: Final = frozenset(
    {"rule", "description", "x-deviation", "x-deviation-at", "except", "evidence"}
)
_DEVIATION_FIELDS: Final = frozenset({"says", "symptom", "evidence", "operations", "statuses"})
_SYMPTOMS: Final = frozenset({None, "null", "enum", "status", "body"})
_KEYWORDS: Final = frozenset({"$ref", "default", "enum", "title"})
"""Keywords that actions remove; the corrected place is then the schema that had the keyword."""


class OverlayError(Exception):
    """The overlay cannot be used. The message is one line that names the file and the action."""


@frozen
class Action:
    """One action of the overlay.

    Attributes:
        number: its position in the overlay, from 1.
        target: the JSONPath (RFC 9535) of the places to correct.
        query: the compiled `target`.
        update: the value to merge into each match; None for a removal.
        remove: whether to remove each match.
        matches_from: the API version from which on the action must match; empty for any version,
            None if it need never match.
        deviation: the name of the deviation that it corrects, if it has one.
    """

    number: int
    target: str
    query: jsonpath.JSONPathQuery
    update: Any
    remove: bool
    matches_from: str | None
    deviation: str | None


@frozen
class Rule:
    """One rule of the overlay.

    Attributes:
        name: its name in `RULES`.
        deviation: the name of the deviation that it corrects.
        deviation_at: names of other deviations, by the JSONPath of the places that have them.
        left_out: JSONPaths of places that it does not correct.
    """

    name: str
    deviation: str
    deviation_at: dict[str, str]
    left_out: list[str]


@frozen
class Overlay:
    """The corrections: actions, and rules that are applied after them."""

    actions: list[Action]
    rules: list[Rule]
    deviations: dict[str, dict[str, Any]]


@define
class Corrected:
    """A contract with the overlay applied.

    Attributes:
        contract: the effective contract.
        unmatched: a line for each action, or name in its target, that matches nothing.
        places: JSON pointers of the corrected schemas, by the name of the deviation.
    """

    contract: Contract
    unmatched: list[str] = field(factory=list)
    places: dict[str, list[str]] = field(factory=dict)

    def note(self, deviation: str | None, places: list[str]) -> None:
        if deviation is not None:
            known = self.places.setdefault(deviation, [])
            known += [place for place in places if place not in known]


def read_overlay(path: Path) -> Overlay:
    """Return the overlay in a file.

    Raises:
        OverlayError: it cannot be read, is not a valid OpenAPI Overlay 1.0, or has invalid rules or
            deviations.
    """
    try:
        document: Any = decode(read_bytes(path))
        actions = [_action(number, each) for number, each in enumerate(_actions(document), 1)]
        rules = [_rule(each) for each in document.get("x-rules", [])]
        return Overlay(actions, rules, _deviations(document, actions, rules))
    except (OverlayError, ContractFileError) as error:
        raise OverlayError(f"{path.name}: {str(error).removeprefix(f'{path}: ')}") from error


def apply_overlay(contract: Contract, overlay: Overlay) -> Corrected:
    """Return a corrected copy of the contract.

    Raises:
        OverlayError: an action would remove the whole contract, or update a value that is neither
            an object nor a list.
    """
    corrected = Corrected(json.loads(json.dumps(contract)))  # a copy without shared objects
    version = str(contract.get("info", {}).get("version"))
    for action in overlay.actions:
        if action.matches_from is not None and version >= action.matches_from:
            corrected.unmatched += _unmatched(action, corrected.contract)
        locations = [node.location or () for node in action.query.find(corrected.contract)]
        corrected.note(action.deviation, [_place(location) for location in locations])
        # In reverse, so that removing a member of a list does not move those still to come.
        for location in reversed(locations):
            _apply_action(action, corrected.contract, location)
    for rule in overlay.rules:
        _apply_rule(rule, corrected)
    return corrected


def _apply_rule(rule: Rule, corrected: Corrected) -> None:
    others = {
        pointer: name
        for path, name in rule.deviation_at.items()
        for pointer in _pointers(path, corrected.contract)
    }
    left_out = {each for path in rule.left_out for each in _pointers(path, corrected.contract)}
    for pointer in RULES[rule.name](corrected.contract, frozenset(left_out)):
        corrected.note(others.get(pointer, rule.deviation), [pointer])


def _pointers(path: str, contract: Contract) -> list[str]:
    return [join("", *(node.location or ())) for node in jsonpath.find(path, contract)]


def _place(location: tuple[int | str, ...]) -> str:
    return join("", *(location[:-1] if location[-1:] and location[-1] in _KEYWORDS else location))


def restated_values(contract: Contract, effective: Contract) -> list[str]:
    """Return a line for each enum whose values in the overlay are not those of the contract.

    An action cannot move values but only repeat them: if the contract's enum gets a new value, the
    effective contract would still have only the old ones.
    """
    return [
        f"overlay: x-extensible-enum at {node.path()} is {node.value!r}, but the contract says "
        f"{written!r}"
        for node in jsonpath.find("$..['x-extensible-enum']", effective)
        for word in ("enum", "x-enum")
        if (written := _at(contract, (*(node.location or ())[:-1], word))) is not None
        if set(written) != set(cast("list[str]", node.value))
    ]


def _at(node: Any, location: tuple[int | str, ...]) -> Any:
    try:
        for key in location:
            node = node[key]
    except (KeyError, IndexError, TypeError):
        return None
    return node


# ------------------------------------------------------------------------------------ reading


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
        matches_from=_matches_from(written, name),
        deviation=written.get("x-deviation"),
    )


def _matches_from(written: dict[str, Any], name: str) -> str | None:
    if written.get("x-may-match-nothing") is True:
        return None
    stated = written.get("x-matches-from", "")
    if "x-may-match-nothing" in written or not isinstance(stated, str):
        raise OverlayError(f"{name}: x-may-match-nothing is true, x-matches-from an API version")
    return stated


def _rule(written: Any) -> Rule:
    name = written.get("rule") if isinstance(written, dict) else None
    if name not in RULES:
        raise OverlayError(f"x-rules: {name!r} is not a rule; the rules are {', '.join(RULES)}")
    _refuse_unknown(written, _RULE_FIELDS, f"the rule {name}")
    left_out = written.get("except", [])
    if any(not each.get("evidence") for each in left_out):
        raise OverlayError(f"the rule {name}: an exception has no evidence")
    paths = [each["target"] for each in left_out]
    return Rule(name, written["x-deviation"], written.get("x-deviation-at", {}), paths)


def _deviations(
    document: Any, actions: list[Action], rules: list[Rule]
) -> dict[str, dict[str, Any]]:
    listed: dict[str, dict[str, Any]] = document.get("x-deviations", {})
    for name, facts in listed.items():
        where = f"x-deviations: {name}"
        if not isinstance(facts, dict) or not facts.get("says") or not facts.get("evidence"):
            raise OverlayError(f"{where} must have `says` and `evidence`")
        unknown = sorted(facts.keys() - _DEVIATION_FIELDS)
        if unknown or facts.get("symptom") not in _SYMPTOMS:
            raise OverlayError(f"{where} must not have {unknown or facts['symptom']!r}")
    used = {f"action {each.number}": each.deviation for each in actions}
    for rule in rules:
        used[f"the rule {rule.name}"] = rule.deviation
        used |= {f"the rule {rule.name} at {at}": of for at, of in rule.deviation_at.items()}
    for user, deviation in used.items():
        if deviation is not None and deviation not in listed:
            raise OverlayError(f"{user} corrects {deviation!r}, which x-deviations does not list")
    return listed


def _refuse_unknown(written: dict[str, Any], known: frozenset[str], name: str) -> None:
    unknown = [key for key in written if key not in known and not key.startswith("x-")]
    if unknown:
        raise OverlayError(f"{name} has an unknown field {unknown[0]!r}")


# ----------------------------------------------------------------------------------- applying


def _unmatched(action: Action, contract: Contract) -> list[str]:
    queries = dict(_queries_by_name(action.query))
    unmatched = [names for names, query in queries.items() if query.find_one(contract) is None]
    complaint = f"overlay action {action.number} ({action.target}) matches nothing in this contract"
    if len(unmatched) == len(queries):
        return [complaint]
    return [f"{complaint} for {names}" for names in unmatched]


def _queries_by_name(query: jsonpath.JSONPathQuery) -> Iterator[tuple[str, jsonpath.JSONPathQuery]]:
    """Yield a query for each name in bracketed lists: `$['a','b'].c` as `$['a'].c`, `$['b'].c`."""
    for selectors in itertools.product(*(segment.selectors for segment in query.segments)):
        chosen = list(zip(query.segments, selectors, strict=True))
        names = [str(selector) for segment, selector in chosen if len(segment.selectors) > 1]
        segments = tuple(
            type(segment)(env=segment.env, token=segment.token, selectors=(selector,))
            for segment, selector in chosen
        )
        yield ", ".join(names), jsonpath.JSONPathQuery(env=query.env, segments=segments)


def _apply_action(action: Action, document: Contract, location: tuple[int | str, ...]) -> None:
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
        raise OverlayError(
            f"action {action.number} ({action.target}) updates a value that is not an object"
        )


def _merge(node: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        old = node.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            old.extend(copy.deepcopy(value))
        else:
            node[key] = copy.deepcopy(value)
