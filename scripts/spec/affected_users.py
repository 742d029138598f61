"""Find the operations, facade methods and public models that use a part of the contract."""

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

    from pinecone_control.contract.document import Operation
    from scripts.spec.contract_file import Contract

Side = Literal["request", "response"]

GENERATOR: Final = ROOT / "openapi" / "generator.yaml"


@frozen
class Usage:
    """The operations that use a part of the contract, and on which side.

    Attributes:
        operations: ids of the operations.
        sides: whether their requests, their responses or both contain the part.
    """

    operations: frozenset[str]
    sides: frozenset[Side]

    @property
    def methods(self) -> list[str]:
        """The methods of `Pinecone` and `AsyncPinecone` that call these operations."""
        return sorted({METHOD_OF.get(name, name) for name in self.operations})

    def __or__(self, other: Usage) -> Usage:
        return Usage(self.operations | other.operations, self.sides | other.sides)


UNUSED: Final = Usage(frozenset(), frozenset())


class UsageIndex:
    """Looks up what uses a part of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def of(self, pointer: str) -> Usage:
        """Return the usage of the part at a JSON pointer."""
        match split(pointer):
            case ["paths", path, method, *rest] if method in METHODS:
                return self._of_operation(join("/paths", path, method), rest)
            case ["paths", path, *rest]:
                return self._of_path(path, rest)
            case ["components", "securitySchemes", name, *_]:
                return self._of_security_scheme(name)
            case ["components", kind, name, *_]:
                return self._by_component.get(f"#/components/{kind}/{name}", UNUSED)
            case ["info", "version"] | ["servers" | "security", *_]:
                return Usage(frozenset(each.operation_id for each in self._operations), frozenset())
        return UNUSED

    def models(self, pointer: str) -> list[str]:
        """Return the public model of the innermost schema around a JSON pointer, if it has one."""
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
    def _operations(self) -> list[Operation]:
        return list(operations(self._contract))

    def _of_operation(self, pointer: str, rest: list[str]) -> Usage:
        names = {each.operation_id for each in self._operations if each.pointer == pointer}
        return Usage(frozenset(names), _sides(rest))

    def _of_path(self, path: str, rest: list[str]) -> Usage:
        names = {each.operation_id for each in self._operations if each.path == path}
        return Usage(frozenset(names), _sides(rest))

    def _of_security_scheme(self, scheme: str) -> Usage:
        of_all: list[Contract] = self._contract.get("security", [])
        names = {
            each.operation_id
            for each in self._operations
            for requirement in each.definition.get("security", of_all)
            if scheme in requirement
        }
        return Usage(frozenset(names), frozenset())

    @cached_property
    def _by_component(self) -> dict[str, Usage]:
        found: dict[str, Usage] = {}
        for operation in self._operations:
            parts: tuple[tuple[Side, Any], ...] = (
                ("request", operation.definition.get("parameters", [])),
                ("request", operation.definition.get("requestBody", {})),
                ("response", operation.definition.get("responses", {})),
            )
            for side, part in parts:
                usage = Usage(frozenset({operation.operation_id}), frozenset({side}))
                for reference in self._references(part, set()):
                    found[reference] = found.get(reference, UNUSED) | usage
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
    """Return the class names that the generator's settings give to schemas, by schema."""
    overrides = yaml.safe_load(GENERATOR.read_text("utf-8"))["class_overrides"]
    return {place: each["class_name"] for place, each in overrides.items()}
