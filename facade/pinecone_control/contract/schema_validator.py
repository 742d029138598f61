"""Validation of decoded JSON against a schema of a contract, with JSON Schema 2020-12."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
from attrs import field, frozen

from pinecone_control.contract.document import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pinecone_control.contract.document import Schema

DEEPEST: Final = 500
"""Levels of nesting that are validated; the contract's own schemas have fewer than ten."""

_INTEGER_RANGES: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


@frozen
class SchemaViolation:
    """One way in which a value breaks its schema.

    Attributes:
        pointer: JSON pointer to the offending part of the value; empty for the whole.
        keyword: the schema keyword that is broken, such as ``type`` or ``maximum``.
        message: what is wrong, in words.
        value: the offending part of the value.
        facts: the keyword's parameters, such as ``{"limit": 100}``.
        schema_path: path to the broken keyword in the converted document.
        evaluation_path: path by which the validator reached it, with each ``$ref`` it followed.
    """

    pointer: str
    keyword: str
    message: str
    value: object = None
    facts: Mapping[str, Any] = field(factory=dict)
    schema_path: tuple[str | int, ...] = ()
    evaluation_path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}" if self.pointer else self.message


class Validator:
    """Checks decoded JSON against one schema of a contract.

    Args:
        schema: the schema, as the contract states it.
        components: the components that its references point to, as JSON Schema.

    Attributes:
        schema: the same schema.
    """

    def __init__(self, schema: Schema, components: Mapping[str, Any]) -> None:
        self.schema = schema
        root = {**as_json_schema(schema), "components": components}
        self._compiled = jsonschema_rs.Draft202012Validator(root, validate_formats=True)

    def violations(self, value: object) -> Iterator[SchemaViolation]:
        """Yield every violation, in the order in which the schema states its rules.

        A value of more than `DEEPEST` levels is one violation with the keyword ``depth``.
        """
        # The validator recurses on the machine's stack: too deep a value would end the process.
        if is_deeper_than(DEEPEST, value):
            yield SchemaViolation("", "depth", f"nested deeper than {DEEPEST} levels")
            return
        for error in self._compiled.iter_errors(value):
            yield _violation(error)

    def is_valid(self, value: object, *, is_shallow: bool = False) -> bool:
        """Return whether there is no violation; faster than `violations` for a valid value.

        Args:
            value: decoded JSON.
            is_shallow: whether it is known to have no more than `DEEPEST` levels.
        """
        shallow = is_shallow or not is_deeper_than(DEEPEST, value)
        return shallow and self._compiled.is_valid(value)

    def innermost(self, value: object) -> Iterator[SchemaViolation]:
        """Yield every violation; where all alternatives fail, those of the best-fitting one."""
        if is_deeper_than(DEEPEST, value):
            yield SchemaViolation("", "depth", f"nested deeper than {DEEPEST} levels", value)
            return
        for error in self._compiled.iter_errors(value):
            yield from map(_violation, _innermost(error))


def _violation(error: jsonschema_rs.ValidationError) -> SchemaViolation:
    return SchemaViolation(
        pointer=join("", *error.instance_path),
        keyword=error.kind.name,
        message=error.message,
        value=error.instance,
        facts=error.kind.as_dict(),
        schema_path=tuple(error.schema_path),
        evaluation_path=tuple(error.evaluation_path),
    )


def _innermost(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """Return the errors of the best-fitting alternative, or the error itself if none fits best."""
    branches = [branch for branch in _branches(error) if not any(map(_requires_null, branch))]
    depth = len(error.instance_path)

    def at_value(branch: list[jsonschema_rs.ValidationError]) -> set[str]:
        return {each.kind.name for each in branch if len(each.instance_path) == depth}

    choices = (
        [branch for branch in branches if not at_value(branch)],
        [branch for branch in branches if "type" not in at_value(branch)],
        branches,
    )
    chosen = next((each for each in choices if len(each) == 1), None)
    return [error] if chosen is None else [leaf for each in chosen[0] for leaf in _innermost(each)]


def _requires_null(error: jsonschema_rs.ValidationError) -> bool:
    facts = error.kind.as_dict()
    if facts.get("types") == ["null"] or facts.get("options") == [None]:
        return True
    branches = _branches(error)
    return bool(branches) and all(any(map(_requires_null, branch)) for branch in branches)


def _branches(error: jsonschema_rs.ValidationError) -> list[list[jsonschema_rs.ValidationError]]:
    """Return the errors of each alternative, where the error is that all of them fail."""
    branches = getattr(error.kind, "context", [])
    return list(branches) if all(branches) else []  # without errors, too many alternatives match


def is_deeper_than(levels: int, value: object) -> bool:
    """Return whether decoded JSON nests arrays and objects more than `levels` deep."""
    level = [value] if type(value) is dict or type(value) is list else []
    for _ in range(levels):
        level = [
            item
            for each in level
            for item in (each.values() if type(each) is dict else each)
            if type(item) is dict or type(item) is list  # a third of the time of isinstance
        ]
        if not level:
            return False
    return bool(level)


def as_json_schema(schema: Schema) -> dict[str, Any]:
    """Return an OpenAPI 3.0 schema object as JSON Schema 2020-12."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # OpenAPI 3.0 ignores keywords beside a reference
    converted = {
        keyword: _converted_keyword(keyword, value)
        for keyword, value in schema.items()
        if not keyword.startswith("x-") and keyword not in _ANNOTATIONS
    }
    _state_integer_range(converted)
    _state_exclusive_bounds(converted)
    if schema.get("nullable"):
        return {"anyOf": [converted, {"type": "null"}]}
    return converted


_ANNOTATIONS = frozenset(
    {
        "nullable",
        "example",
        "default",
        "description",
        "title",
        "deprecated",
        "discriminator",
        "xml",
        "externalDocs",
        "readOnly",
        "writeOnly",
    }
)


def _converted_keyword(keyword: str, value: Any) -> Any:
    if keyword == "properties":
        return {name: as_json_schema(schema) for name, schema in value.items()}
    if keyword in {"allOf", "anyOf", "oneOf"}:
        return [as_json_schema(schema) for schema in value]
    if keyword in {"items", "not", "additionalProperties"} and isinstance(value, dict):
        return as_json_schema(value)
    return value


def _state_integer_range(schema: dict[str, Any]) -> None:
    if schema.get("type") == "integer" and schema.get("format") in _INTEGER_RANGES:
        low, high = _INTEGER_RANGES[schema.pop("format")]
        schema["minimum"] = max(low, schema.get("minimum", low))
        schema["maximum"] = min(high, schema.get("maximum", high))


def _state_exclusive_bounds(schema: dict[str, Any]) -> None:
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and bound in schema:
            schema[exclusive] = schema.pop(bound)
