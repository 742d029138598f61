"""Finds which properties of a schema occur in values, and which the schema does not define."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from pinecone_control.contract.document import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.contract.document import Schema

_SCHEMAS: Final = "/components/schemas/"
_ALTERNATIVE: Final = re.compile(r"(/(allOf|oneOf|anyOf)/[0-9]+)+$")

_MOST_NOTED: Final = 1000
"""Combinations of property names that a shape remembers; the limit bounds its memory."""


@define(eq=False)
class Shape:
    """The properties of a schema, with those of all its parts and alternatives.

    Attributes:
        properties: by name, the label of each property, and the shape of its value if it has one.
        values: the shape of the values of a free-form object, and of the items of an array.
        is_free: whether properties of other names are allowed.
    """

    properties: dict[str, tuple[str, Shape | None]] = field(factory=dict)
    values: Shape | None = None
    is_free: bool = False
    _noted: dict[tuple[str, ...], list[tuple[str, Shape]]] = field(factory=dict)

    def labels(self) -> set[str]:
        """Return the labels of all properties that a value can have, at any depth."""
        found: set[str] = set()
        pending, seen = [self], {id(self)}
        while pending:
            shape = pending.pop()
            found.update(label for label, _ in shape.properties.values())
            inside = [below for _, below in shape.properties.values()]
            new = [s for s in (*inside, shape.values) if s is not None and id(s) not in seen]
            pending += new
            seen.update(map(id, new))
        return found

    def note(self, value: object, known: set[str], unknown: set[str]) -> None:
        """Add the labels of a value's properties to `known`, and of undefined ones to `unknown`.

        Objects whose combination of properties was noted before may be skipped.
        """
        if type(value) is list:
            below = self.values or self
            if not below.knows_all(value):
                for item in value:
                    below.note(item, known, unknown)
        elif type(value) is dict:
            names = tuple(value)
            inside = self._noted.get(names)
            if inside is None:
                inside = self._note_own(names, known, unknown)
            for name, below in inside:
                below.note(value[name], known, unknown)

    def knows_all(self, items: list[Any]) -> bool:
        """Return whether all items are flat objects of combinations that were noted before."""
        if not items or type(items[0]) is not dict:
            return False
        try:
            combinations: set[tuple[str, ...]] = set(map(tuple, items))
        except TypeError:  # an item is not an object
            return False
        return not any(self._noted.get(names, True) for names in combinations)

    def _note_own(
        self, names: tuple[str, ...], known: set[str], unknown: set[str]
    ) -> list[tuple[str, Shape]]:
        """Note an object's own properties, and return those whose values have a shape."""
        inside = []
        for name in names:
            label, below = self.properties.get(name, ("", self.values))
            if label:
                known.add(label)
            elif self.properties and not self.is_free:
                unknown.add(f"{_owner(self.properties)}/{name}")
            if below is not None:
                inside.append((name, below))
        if len(self._noted) < _MOST_NOTED:
            self._noted[names] = inside
        return inside


def _owner(properties: Mapping[str, tuple[str, Shape | None]]) -> str:
    label, _ = next(iter(properties.values()))
    return label.rpartition("/")[0]


class Shapes:
    """The shapes of a document's schemas, each built once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._shapes: dict[str, Shape | None] = {}

    def of(self, schema: Schema, label: str) -> Shape | None:
        """Return the shape of a schema; None for one whose values have no properties.

        Args:
            schema: the schema, or a reference to it.
            label: prefix of its properties' labels, unless it is a reference.
        """
        reference = schema.get("$ref")
        if reference in self._shapes:
            return self._shapes[reference]
        shape = Shape()
        if reference is not None:
            self._shapes[reference] = shape  # before it is filled: a schema may contain itself
        for pointer, part in parts(self._document, schema, label):
            self._add(shape, part, _ALTERNATIVE.sub("", pointer).removeprefix(_SCHEMAS))
        filled = shape if shape.properties or shape.values else None
        if reference is not None:
            self._shapes[reference] = filled
        return filled

    def _add(self, shape: Shape, part: Schema, label: str) -> None:
        for name, below in part.get("properties", {}).items():
            labelled = f"{label}/{name}"
            shape.properties[name] = (labelled, self.of(below, labelled))
        inside = part.get("items") or part.get("additionalProperties")
        if isinstance(inside, dict):
            shape.values = shape.values or self.of(inside, f"{label}/*")
            shape.is_free = True
