"""Answers in the form of another contract than the one the emulator was written for.

The emulator knows what API version 2025-04 answers. A later contract may require more: such
properties are made up from their schemas, so that its clients can be tried before the emulator has
learned what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.emulator.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pinecone_control.contract.schema import Contract, Operation, Schema

WRITTEN_FOR: Final = "2025-04"
_DEEPEST: Final = 20
_ENUMS: Final = ("enum", "x-enum", "x-extensible-enum")
_TEXTS: Final = {"date-time": "2025-05-15T13:59:51Z", "date": "2025-05-15"}
_STATE: Final = "Ready"


def completed(contract: Contract, operation: Operation, answer: Answer) -> Answer:
    """The answer with everything that its schema requires; as it is for the emulator's own API."""
    schema = operation.responses.get(answer.status)
    if contract.version == WRITTEN_FOR or schema is None or answer.body is None:
        return answer
    return Answer(answer.status, _Completion(contract).value(schema, answer.body))


class _Completion:
    def __init__(self, contract: Contract) -> None:
        self._schemas = contract.document.get("components", {}).get("schemas", {})

    def value(self, schema: Schema, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """The value with all that the schema requires of it, at any depth."""
        schema = self._resolved(schema)
        if isinstance(value, list):
            return [self.value(schema.get("items", {}), item) for item in value]
        if not isinstance(value, dict):
            return value
        properties, required = self._members(schema, value)
        given = {name: self.value(properties.get(name, {}), each) for name, each in value.items()}
        lacking = [name for name in required if name not in value]
        return given | {name: self._made_up(properties.get(name, {}), name) for name in lacking}

    def _members(
        self, schema: Schema, value: Mapping[str, Any]
    ) -> tuple[dict[str, Schema], list[str]]:
        """The properties and the required names of a schema and of its fitting alternatives."""
        properties = dict(schema.get("properties", {}))
        required = list(schema.get("required", ()))
        for part in self._parts(schema, value):
            below, needed = self._members(part, value)
            properties, required = {**below, **properties}, [*required, *needed]
        return properties, required

    def _parts(self, schema: Schema, value: Mapping[str, Any]) -> Iterator[Schema]:
        yield from map(self._resolved, schema.get("allOf", ()))
        named = schema.get("discriminator", {})
        chosen = named.get("mapping", {}).get(value.get(named.get("propertyName")))
        for word in ("oneOf", "anyOf"):
            parts = [self._resolved(part) for part in schema.get(word, ())]
            if chosen is not None:
                yield self._resolved({"$ref": chosen})
            elif parts:
                yield max(parts, key=lambda part: len(part.get("properties", {}).keys() & value))

    def _made_up(self, schema: Schema, name: str, depth: int = 0) -> Any:  # noqa: ANN401
        """A value that the schema allows."""
        schema = self._resolved(schema)
        known = next((schema[word] for word in _ENUMS if schema.get(word)), None)
        if known is not None or depth > _DEEPEST:
            return known[0] if known else None
        if "default" in schema or "x-server-default" in schema:
            return schema.get("default", schema.get("x-server-default"))
        match schema.get("type"):
            case "string":
                text = _STATE if name in {"state", "status"} else name
                return _TEXTS.get(schema.get("format", ""), text)
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "boolean":
                return True
            case "array":
                return []
        return self._object(schema, depth)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        named = schema.get("discriminator", {})
        kind = next(iter(named.get("mapping", {})), None)
        start = {} if kind is None else {named["propertyName"]: kind}
        properties, required = self._members(schema, start)
        return start | {
            name: self._made_up(properties.get(name, {}), name, depth + 1)
            for name in required
            if name not in start
        }

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(_DEEPEST):
            if "$ref" not in schema:
                break
            schema = self._schemas.get(str(schema["$ref"]).rpartition("/")[2], {})
        return schema
