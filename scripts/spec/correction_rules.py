"""Corrections by rule: what holds for every answer and every default, whatever schemas are called.

A rule finds its places in a contract by what they are part of, requests or answers, over all
references. It changes the contract it is given, and returns the JSON pointers of these places.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import (
    dereference,
    is_null,
    join,
    objects,
    operations,
    resolve,
    split,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.spec.contract_file import Contract

_NULL: Final = {"type": "object", "nullable": True, "enum": [None]}


def optional_fields_may_be_null(contract: Contract, left_out: frozenset[str]) -> list[str]:
    """Let optional fields of answers be null, but for schemas that requests share."""
    answers, requests = answers_of(contract), requests_of(contract)
    needed = {each: _required(contract, each) for each in answers if "properties" in answers[each]}
    found = []
    for pointer, schema in answers.items():
        fields = schema.get("properties", {})
        if pointer in requests:
            continue
        for name in [name for name in fields if name not in needed[pointer]]:
            place = join(pointer, "properties", name)
            if place not in left_out:
                fields[name] = _nullable(fields[name])
                found.append(place)
    return found


def enums_are_open(contract: Contract, left_out: frozenset[str]) -> list[str]:
    """Let answers hold values that their enums do not have.

    An enum that an answer refers to is stated anew in the answer, so that it stays closed in
    requests. One that is written into an object that answers and requests share is open in both.
    """
    found = []
    for pointer, schema in answers_of(contract).items():
        stated = dereference(contract, schema)
        if pointer in left_out or not stated.keys() & {"const", "enum"} or is_null(stated):
            continue
        if "$ref" not in schema and len(split(pointer)) == _OF_COMPONENT:
            continue  # opened where answers refer to it
        opened = {key: deepcopy(stated[key]) for key in stated if key not in _OF_REQUESTS}
        opened.setdefault("x-extensible-enum", list(stated.get("enum") or [stated.get("const")]))
        schema.clear()
        schema.update(opened)
        found.append(pointer)
    return found


def defaults_are_the_servers(contract: Contract, left_out: frozenset[str]) -> list[str]:
    """State defaults as what a server takes when a client sends nothing. A change has none."""
    elsewhere = {**answers_of(contract), **requests_of(contract, without="PATCH")}
    of_changes = requests_of(contract).keys() - elsewhere.keys()
    found = []
    for pointer, schema in _schemas_with_default(contract):
        if pointer not in left_out:
            value = schema.pop("default")
            if pointer not in of_changes:
                schema["x-server-default"] = value
            found.append(pointer)
    return found


RULES: Final[dict[str, Callable[[Contract, frozenset[str]], list[str]]]] = {
    "optional-fields-may-be-null": optional_fields_may_be_null,
    "enums-are-open": enums_are_open,
    "defaults-are-the-servers": defaults_are_the_servers,
}
_OF_REQUESTS: Final = frozenset({"const", "enum", "default", "x-server-default"})
_OF_COMPONENT: Final = 3
"""The number of names in the pointer of a component, such as `/components/schemas/Index`."""


# ------------------------------------------------------------------------- what is part of what


def answers_of(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return the objects and schemas that answers are made of, by JSON pointer."""
    found: dict[str, dict[str, Any]] = {}
    for each in operations(contract):
        responses = each.definition.get("responses", {})
        for status, response in responses.items():
            _reach(contract, response, join(each.pointer, "responses", status), found)
    return found


def requests_of(contract: Contract, without: str = "") -> dict[str, dict[str, Any]]:
    """Return the objects and schemas that requests are made of, by JSON pointer.

    Args:
        contract: the contract.
        without: a method to leave out.
    """
    found: dict[str, dict[str, Any]] = {}
    for each in operations(contract):
        if each.method != without:
            path = dereference(contract, contract["paths"][each.path])
            stated = path[each.method.lower()]
            for pointer, owner in ((join("/paths", each.path), path), (each.pointer, stated)):
                parts = {"parameters": owner.get("parameters", [])}
                _reach(contract, parts, pointer, found)
            _reach(contract, stated.get("requestBody", {}), f"{each.pointer}/requestBody", found)
    return found


def _reach(contract: Contract, node: Any, pointer: str, found: dict[str, dict[str, Any]]) -> None:
    """Find all objects in a part of a contract, and in what it refers to."""
    for place, each in objects(node, pointer):
        if place not in found:
            found[place] = each
            if isinstance(reference := each.get("$ref"), str):
                target = reference.removeprefix("#")
                _reach(contract, resolve(contract, reference), target, found)


def _schemas_with_default(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in ("paths", "components"):
        for pointer, each in list(objects(contract.get(part, {}), f"/{part}")):
            if "default" in each and split(pointer)[-1] != "responses":
                yield pointer, each


def _required(contract: Contract, pointer: str) -> set[str]:
    """Return what an object must have, be it as part of another one (`allOf`)."""
    names: set[str] = set()
    while True:
        schema = resolve(contract, f"#{pointer}")
        for each in (schema, *schema.get("allOf", ())):
            names |= set(dereference(contract, each).get("required", ()))
        pointer, is_part, _ = pointer.rpartition("/allOf/")
        if not is_part:
            return names


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "nullable": True}
    if isinstance(schema.get("type"), list):
        return {**schema, "type": list(dict.fromkeys([*schema["type"], "null"]))}
    return {"anyOf": [schema, dict(_NULL)]}
