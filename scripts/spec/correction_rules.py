"""Rules that correct a contract: they apply to every response or default, whatever schemas it has.

A rule finds the places to correct by whether they are part of requests or of responses, following
all references. It changes the given contract, and returns the JSON pointers of the places.
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
    """Allow null for optional fields of responses, except in schemas that requests use too."""
    responses, requests = parts_of_responses(contract), parts_of_requests(contract)
    needed = {
        each: _required(contract, each) for each in responses if "properties" in responses[each]
    }
    found = []
    for pointer, schema in responses.items():
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
    """Open the enums of responses, so that a response may have other values.

    If a response refers to an enum, the reference is replaced by an open copy, so that the enum
    stays closed in requests. An inline enum of an object that responses and requests share becomes
    open in both.
    """
    found = []
    for pointer, schema in parts_of_responses(contract).items():
        stated = dereference(contract, schema)
        if pointer in left_out or not stated.keys() & {"const", "enum"} or is_null(stated):
            continue
        if "$ref" not in schema and len(split(pointer)) == _OF_COMPONENT:
            continue  # opened in each response that refers to it
        opened = {key: deepcopy(stated[key]) for key in stated if key not in _OF_REQUESTS}
        opened.setdefault("x-extensible-enum", list(stated.get("enum") or [stated.get("const")]))
        schema.clear()
        schema.update(opened)
        found.append(pointer)
    return found


def defaults_are_the_servers(contract: Contract, left_out: frozenset[str]) -> list[str]:
    """Mark defaults as the server's own (`x-server-default`), so that clients do not send them.

    Defaults in bodies of PATCH are removed: an omitted field is not changed.
    """
    elsewhere = {**parts_of_responses(contract), **parts_of_requests(contract, without="PATCH")}
    of_changes = parts_of_requests(contract).keys() - elsewhere.keys()
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


# --------------------------------------------------------------- parts of responses and requests


def parts_of_responses(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return all objects and schemas that are part of responses, by JSON pointer."""
    found: dict[str, dict[str, Any]] = {}
    for each in operations(contract):
        responses = each.definition.get("responses", {})
        for status, response in responses.items():
            _collect(contract, response, join(each.pointer, "responses", status), found)
    return found


def parts_of_requests(contract: Contract, without: str = "") -> dict[str, dict[str, Any]]:
    """Return all objects and schemas that are part of requests, by JSON pointer.

    Args:
        contract: the contract.
        without: an HTTP method whose requests are left out.
    """
    found: dict[str, dict[str, Any]] = {}
    for each in operations(contract):
        if each.method != without:
            path = dereference(contract, contract["paths"][each.path])
            stated = path[each.method.lower()]
            for pointer, owner in ((join("/paths", each.path), path), (each.pointer, stated)):
                parts = {"parameters": owner.get("parameters", [])}
                _collect(contract, parts, pointer, found)
            _collect(contract, stated.get("requestBody", {}), f"{each.pointer}/requestBody", found)
    return found


def _collect(contract: Contract, node: Any, pointer: str, found: dict[str, dict[str, Any]]) -> None:
    """Add to `found` all objects in a part of a contract and in the targets of its references."""
    for place, each in objects(node, pointer):
        if place not in found:
            found[place] = each
            if isinstance(reference := each.get("$ref"), str):
                target = reference.removeprefix("#")
                _collect(contract, resolve(contract, reference), target, found)


def _schemas_with_default(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in ("paths", "components"):
        for pointer, each in list(objects(contract.get(part, {}), f"/{part}")):
            if "default" in each and split(pointer)[-1] != "responses":
                yield pointer, each


def _required(contract: Contract, pointer: str) -> set[str]:
    """Return the required properties of an object, including those of an `allOf` around it."""
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
