"""Who is reached by a place in the contract: operations, methods of the facade, models."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml
from attrs import frozen

from pinecone_control.contract.document import (
    METHODS,
    dereference,
    join,
    operations,
    references,
    split,
)
from scripts.project import ROOT
from scripts.spec.public_names import METHOD_OF, public_models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.spec.contract_file import Contract

Side = Literal["request", "response"]

GENERATOR: Final = ROOT / "openapi" / "generator.yaml"


@frozen
class Reached:
    """What a place in the contract is part of.

    Attributes:
        operations: operation ids.
        sides: whether requests, responses or both.
    """

    operations: frozenset[str]
    sides: frozenset[Side]

    @property
    def methods(self) -> list[str]:
        """The methods of `Pinecone` and `AsyncPinecone` that call these operations."""
        return sorted({METHOD_OF.get(name, name) for name in self.operations})

    def __or__(self, other: Reached) -> Reached:
        return Reached(self.operations | other.operations, self.sides | other.sides)


NOBODY: Final = Reached(frozenset(), frozenset())


class Reach:
    """Answers for one contract who is reached by what."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def of(self, pointer: str) -> Reached:
        """Who is reached by the place that a JSON pointer names."""
        match split(pointer):
            case ["paths", path, method, *rest] if method in METHODS:
                return self._of_operation(join("/paths", path, method), rest)
            case ["paths", path, *rest]:
                return self._of_path(path, rest)
            case ["components", kind, name, *_]:
                return self._by_component.get(f"#/components/{kind}/{name}", NOBODY)
        return Reached(frozenset(each.operation_id for each in self._operations), frozenset())

    def classes(self, pointer: str) -> list[str]:
        """The model of the schema that the place is in, if it is one that applications name."""
        match split(pointer):
            case ["components", "schemas", schema, *rest]:
                names = [step for step in rest if step != "properties"]
            case _:
                return []
        named = _class_names()
        for depth in range(len(names), -1, -1):
            place = schema + "".join(name[:1].upper() + name[1:] for name in names[:depth])
            name = named.get(place, place)
            if name in public_models(ROOT):
                return [name]
        return []

    @cached_property
    def _operations(self) -> list[Any]:
        return list(operations(self._contract))

    def _of_operation(self, pointer: str, rest: list[str]) -> Reached:
        names = {each.operation_id for each in self._operations if each.pointer == pointer}
        return Reached(frozenset(names), _sides(rest))

    def _of_path(self, path: str, rest: list[str]) -> Reached:
        names = {each.operation_id for each in self._operations if each.path == path}
        return Reached(frozenset(names), _sides(rest))

    @cached_property
    def _by_component(self) -> dict[str, Reached]:
        found: dict[str, Reached] = {}
        for operation in self._operations:
            parts: tuple[tuple[Side, Any], ...] = (
                ("request", operation.definition.get("parameters", [])),
                ("request", operation.definition.get("requestBody", {})),
                ("response", operation.definition.get("responses", {})),
            )
            for side, part in parts:
                reached = Reached(frozenset({operation.operation_id}), frozenset({side}))
                for reference in self._references(part, set()):
                    found[reference] = found.get(reference, NOBODY) | reached
        return found

    def _references(self, node: Any, followed: set[str]) -> Iterator[str]:
        for _, reference in references(node):
            if reference not in followed:
                followed.add(reference)
                yield reference
                target = dereference(self._contract, {"$ref": reference})
                yield from self._references(target, followed)


def _sides(rest: list[str]) -> frozenset[Side]:
    match rest:
        case ["parameters" | "requestBody", *_]:
            return frozenset({"request"})
        case ["responses", *_]:
            return frozenset({"response"})
    return frozenset()


def _class_names() -> dict[str, str]:
    """The name of the class that the generator makes of a place in the contract."""
    overrides = yaml.safe_load(GENERATOR.read_text("utf-8"))["class_overrides"]
    return {place: each["class_name"] for place, each in overrides.items()}
