"""An OpenAPI document as data: pointers, references, operations, merged schemas, sample values.

All code that traverses a contract (checks, emulator, generation, spec workflow, tests) uses these
functions. A document is decoded JSON of OpenAPI 3.0 or 3.1. This module reads no file, and imports
only the standard library and attrs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import unquote, unquote_to_bytes

from attrs import field, frozen

Json: TypeAlias = Any
"""Any decoded JSON value."""

Schema: TypeAlias = Mapping[str, Any]
"""A schema object as the document states it."""

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The keys of a path item that hold operations."""

ENUMS: Final = ("x-extensible-enum", "x-enum", "enum")
"""Keywords that list the values of an open or closed enum; the first one present counts."""

MAX_DEPTH: Final = 12
"""Levels to which a recursive schema is sampled."""

BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
"""A percent sign without the two hexadecimal digits that must follow."""

_COMBINED: Final = ("allOf", "oneOf", "anyOf")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?")


class DocumentError(ValueError):
    """A reference of the document cannot be followed."""


# --------------------------------------------------------------------------------------- pointers


def join(pointer: str, *names: str | int) -> str:
    """Return a JSON pointer (RFC 6901) extended by these names."""
    return pointer + "".join(
        "/" + str(name).replace("~", "~0").replace("/", "~1") for name in names
    )


def split(pointer: str) -> list[str]:
    """Return the names in a JSON pointer, decoded: `/paths/~1a` is `["paths", "/a"]`."""
    return [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]


# ------------------------------------------------------------------------------------- references


def resolve(document: Mapping[str, Any], reference: str) -> Json:
    """Return what a `#/...` reference points at.

    Raises:
        DocumentError: the reference is remote, no JSON pointer, or leads nowhere.
    """
    if not reference.startswith("#"):
        raise DocumentError(f"the reference {reference!r} is remote; only `#/...` is followed")
    try:
        return value_at(document, split(unquote(reference[1:])))
    except LookupError:
        raise DocumentError(f"the reference {reference!r} leads nowhere") from None


def value_at(document: Json, names: Iterable[str]) -> Json:
    """Return what is in a document under these names of a JSON pointer.

    Raises:
        LookupError: there is nothing.
    """
    node = document
    for name in names:
        if isinstance(node, Mapping) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
        else:
            raise LookupError(name)
    return node


def dereference(document: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object that `node` refers to, through any number of references, or `node`.

    Raises:
        DocumentError: as `resolve`, or the references form a cycle or do not end at an object.
    """
    followed: list[str] = []
    while isinstance(node, Mapping) and isinstance(reference := node.get("$ref"), str):
        if reference in followed:
            raise DocumentError(f"the reference {reference!r} leads back to itself")
        followed.append(reference)
        node = resolve(document, reference)
        if not isinstance(node, Mapping | bool):  # OpenAPI 3.1 has boolean schemas
            raise DocumentError(f"the reference {reference!r} leads to no object")
    return cast("dict[str, Any]", node)


class Place(Enum):
    """What the keys of a mapping in the document mean."""

    OBJECT = "keys are keywords of OpenAPI or JSON Schema"
    NAMES = "keys are names the contract gives: properties, paths, status codes, components"
    VALUE = "a value such as a default: nothing in it is a keyword"

    def below(self, key: str) -> Place:
        """Return the place of the value under `key`."""
        if self is Place.OBJECT and (key in _VALUES or key.startswith("x-")):
            return Place.VALUE
        if self is Place.OBJECT and key in _NAME_MAPS:
            return Place.NAMES
        return Place.VALUE if self is Place.VALUE else Place.OBJECT

    @property
    def member(self) -> Place:
        """The place of a list's members."""
        return Place.VALUE if self is Place.VALUE else Place.OBJECT


_VALUES: Final = frozenset(
    {"const", "default", "dependentRequired", "enum", "example", "mapping", "scopes"}
    | {"security", "value"}
)
_NAME_MAPS: Final = frozenset(
    {"$defs", "callbacks", "content", "dependentSchemas", "encoding", "examples", "headers"}
    | {"links", "parameters", "pathItems", "paths", "patternProperties", "properties"}
    | {"requestBodies", "responses", "schemas", "securitySchemes", "variables", "webhooks"}
)


def objects(
    node: Json, pointer: str = "", place: Place = Place.OBJECT
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each OpenAPI object and schema in a part of a document, with its JSON pointer.

    Maps of names are descended into, values such as defaults are left out.
    """
    if place is Place.VALUE:
        return
    if isinstance(node, dict):
        if place is Place.OBJECT:
            yield pointer, node
        for key, value in node.items():
            yield from objects(value, join(pointer, key), place.below(key))
    elif isinstance(node, list):
        for index, member in enumerate(node):
            yield from objects(member, join(pointer, index), place.member)


def references(node: Json) -> Iterator[tuple[str, str]]:
    """Yield each reference in a part of a document: the pointer of its object, and its target."""
    for pointer, each in objects(node):
        if isinstance(each.get("$ref"), str):
            yield pointer, each["$ref"]


# ------------------------------------------------------------------------------------- operations


@frozen
class Parameter:
    """One parameter of an operation."""

    name: str
    location: Literal["path", "query", "header", "cookie"]
    required: bool
    schema: Schema

    def parse(self, raw: str) -> Json:
        """Return the text of a parameter as its schema's type, or unchanged if it does not fit."""
        kind = type_of(self.schema)
        if kind == "boolean":
            return {"true": True, "false": False}.get(raw, raw)
        if kind == "integer" and _INTEGER.fullmatch(raw):
            return int(raw)
        if kind == "number" and _NUMBER.fullmatch(raw):
            return float(raw)
        return raw


@frozen
class Operation:
    """One operation of the contract.

    Attributes:
        operation_id: the `operationId`; empty when the contract gives none.
        method: upper case.
        path: the template, such as ``/indexes/{index_name}``.
        pointer: JSON pointer to it, such as ``/paths/~1indexes/get``.
        definition: the operation object, with its parameters and those of its path resolved.
        parameters: the same parameters, as records.
        body: schema of the JSON request body; None when the operation takes none.
        body_required: whether a request without a body breaks the contract.
        responses: schemas of the documented statuses' JSON bodies; None means no body.
    """

    operation_id: str
    method: str
    path: str
    pointer: str
    definition: dict[str, Any] = field(repr=False)
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    responses: Mapping[int, Schema | None]


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield every operation, in the order of the document."""
    for path, written in document.get("paths", {}).items():
        item = dereference(document, written)
        for method in METHODS:
            if method in item:
                yield _operation(document, path, item, method)


def _operation(
    document: Mapping[str, Any], path: str, item: Mapping[str, Any], method: str
) -> Operation:
    stated = item[method]
    # An operation's own parameter overrides the path's with the same name and location.
    parameters = {
        (parameter.get("in"), parameter.get("name")): parameter
        for parameter in (
            dereference(document, each)
            for each in (*item.get("parameters", ()), *stated.get("parameters", ()))
        )
    }
    request = dereference(document, stated.get("requestBody", {}))
    return Operation(
        operation_id=stated.get("operationId", ""),
        method=method.upper(),
        path=path,
        pointer=join("/paths", path, method),
        definition={**stated, "parameters": list(parameters.values())},
        parameters=tuple(
            Parameter(
                each.get("name", ""),
                each.get("in", "query"),
                each.get("required", False),
                each.get("schema", {}),
            )
            for each in parameters.values()
        ),
        body=_json_schema(request),
        body_required=request.get("required", False),
        responses={
            int(status): _json_schema(dereference(document, response))
            for status, response in stated.get("responses", {}).items()
            if status.isdecimal()
        },
    )


def _json_schema(holder: Mapping[str, Any]) -> Schema | None:
    content = holder.get("content", {}).get("application/json")
    return None if content is None else content.get("schema", {})


@frozen
class Match:
    """An operation found for a request, with its path parameters, percent-decoded."""

    operation: Operation
    path_parameters: Mapping[str, str]


class Document:
    """A document with lookup of operations by request.

    Attributes:
        document: the document as it was given.
        operations: by operation id, or by method and path where there is no id.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.operations: Mapping[str, Operation] = {
            each.operation_id or f"{each.method} {each.path}": each for each in operations(document)
        }

    @property
    def version(self) -> str:
        """The API version that the document describes; empty where it states none."""
        return str(self.document.get("info", {}).get("version", ""))

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The schemas of the components, by name."""
        return cast("Mapping[str, Schema]", self.document.get("components", {}).get("schemas", {}))

    def match(self, method: str, path: str) -> Match | None:
        """Return the operation that matches a request, or None.

        Args:
            method: the HTTP method, in any case.
            path: the path as on the request line, still percent-encoded, without the query.

        A literal path wins over a template, as OpenAPI requires. Segments are split before they are
        decoded, so that ``%2F`` is part of a name.

        Raises:
            UnicodeDecodeError: a segment is percent-encoded, but not UTF-8.
        """
        found = self._matches(path, method.upper())
        return min(found, key=lambda match: len(match.path_parameters), default=None)

    def methods(self, path: str) -> list[str]:
        """Return the methods that the contract defines for a path; empty for an unknown path."""
        known = (method.upper() for method in METHODS)
        try:
            return sorted(method for method in known if any(self._matches(path, method)))
        except UnicodeDecodeError:
            return []

    @cached_property
    def _templates(self) -> dict[tuple[str, int], list[tuple[Operation, list[str]]]]:
        """The operations with their path segments, by method and number of segments."""
        found: dict[tuple[str, int], list[tuple[Operation, list[str]]]] = {}
        for operation in self.operations.values():
            template = operation.path.split("/")
            found.setdefault((operation.method, len(template)), []).append((operation, template))
        return found

    def _matches(self, path: str, method: str) -> Iterator[Match]:
        segments = path.split("/")
        for operation, template in self._templates.get((method, len(segments)), ()):
            values = {}
            for expected, raw in zip(template, segments, strict=True):
                if expected.startswith("{") and raw:
                    values[expected[1:-1]] = unquote_to_bytes(raw).decode()
                elif expected != raw:
                    break
            else:
                yield Match(operation, values)


# ---------------------------------------------------------------------------------------- schemas


def type_of(schema: Schema) -> str | None:
    """Return a schema's type other than null; None if it states none and has no properties."""
    stated = schema.get("type", "object" if "properties" in schema else None)
    names = stated if isinstance(stated, list) else [stated]
    return next((name for name in names if name != "null"), None)


def known_values(schema: Schema) -> list[Json]:
    """Return the values of a schema's open or closed enum; empty if it has none."""
    return next((schema[word] for word in ENUMS if schema.get(word)), [])


def is_null(schema: Schema) -> bool:
    """Return whether null is the only value of the schema."""
    return schema.get("enum") == [None] or schema.get("type") == "null"


def allows_null(document: Mapping[str, Any], schema: Schema) -> bool:
    """Return whether the schema allows null, itself or as an alternative."""
    schema = dereference(document, schema)
    stated = schema.get("type")
    return (
        bool(schema.get("nullable"))
        or is_null(schema)
        or (isinstance(stated, list) and "null" in stated)
        or any(
            allows_null(document, each) for word in _COMBINED[1:] for each in schema.get(word, ())
        )
    )


def parts(
    document: Mapping[str, Any], schema: Schema, pointer: str = ""
) -> Iterator[tuple[str, Schema]]:
    """Yield a schema, and each part and alternative of it at any depth, with its JSON pointer.

    Args:
        document: the document that references lead into.
        schema: the schema, or a reference to it.
        pointer: JSON pointer to the schema, unless it is a reference.
    """
    queue, followed = [(pointer, schema)], set[str]()
    while queue:
        pointer, schema = queue.pop(0)
        if isinstance(reference := schema.get("$ref"), str):
            pointer = reference.removeprefix("#")
            if pointer in followed:
                continue
            followed.add(pointer)
            schema = dereference(document, schema)
        yield pointer, schema
        queue += [
            (join(pointer, word, index), each)
            for word in _COMBINED
            for index, each in enumerate(schema.get(word, ()))
            if not is_null(each)
        ]


def required(document: Mapping[str, Any], schema: Schema) -> set[str]:
    """Return the properties that every alternative of a schema requires."""
    return set.intersection(*(set(each.get("required", ())) for each in variants(document, schema)))


def variants(
    document: Mapping[str, Any], schema: Schema, followed: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """Return the schema merged with each of its alternatives, except null.

    The results have no `allOf`, `oneOf`, `anyOf` and `$ref` of their own. Where a discriminator
    names the alternatives, the property that it reads has the alternative's name as its only value.
    """
    if isinstance(reference := schema.get("$ref"), str):
        if reference in followed:
            return []
        followed |= {reference}
    schema = dereference(document, schema)
    found = [{key: value for key, value in schema.items() if key not in _COMBINED}]
    for part in schema.get("allOf", ()):
        inner = variants(document, part, followed)
        found = [_merged(one, other) for one in found for other in inner]
    for word in _COMBINED[1:]:
        alternatives = [
            _tagged(variant, each, schema.get("discriminator", {}))
            for each in schema.get(word, ())
            if not is_null(dereference(document, each))
            for variant in variants(document, each, followed)
        ]
        if alternatives:
            found = [
                _merged(_without_others(one, other, alternatives), other)
                for one in found
                for other in alternatives
            ]
    return found


def _merged(first: Schema, second: Schema) -> dict[str, Any]:
    merged = {**first, **second}
    if properties := {**first.get("properties", {}), **second.get("properties", {})}:
        merged["properties"] = properties
    if needed := dict.fromkeys((*first.get("required", ()), *second.get("required", ()))):
        merged["required"] = list(needed)
    return merged


def _without_others(schema: Schema, one: Schema, alternatives: Iterable[Schema]) -> Schema:
    # Where alternatives only require a property, each excludes the properties of the others.
    others = {name for each in alternatives for name in each.get("required", ())}
    excluded = others - {*one.get("required", ()), *schema.get("required", ())}
    properties = schema.get("properties", {})
    kept = {name: value for name, value in properties.items() if name not in excluded}
    return {**schema, "properties": kept} if properties else schema


def _tagged(
    variant: dict[str, Any], alternative: Schema, discriminator: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the variant with the names of its alternative as the discriminator's only values."""
    target = alternative.get("$ref", "").rpartition("/")[2]
    mapping = discriminator.get("mapping", {})
    names = [name for name, to in mapping.items() if to.rpartition("/")[2] == target]
    if not names:
        return variant
    tag = {discriminator["propertyName"]: {"type": "string", "enum": names}}
    return {**variant, "properties": {**variant.get("properties", {}), **tag}}


def variant_of(document: Mapping[str, Any], schema: Schema, value: Mapping[str, Any]) -> Schema:
    """Return the variant that fits an object best: by its enums, then by shared properties."""

    def score(variant: Schema) -> tuple[bool, int]:
        properties = variant.get("properties", {})
        closed = {name: properties[name].get("enum") for name in properties.keys() & value.keys()}
        fits = all(known is None or value[name] in known for name, known in closed.items())
        return fits, len(closed)

    return max(variants(document, schema), key=score, default={})


# ---------------------------------------------------------------------------------- sample values

_SCALARS: Final[dict[str | None, Json]] = {"boolean": True, "integer": 1, "number": 42.5}
_TYPES: Final[dict[str | None, type]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "number": float,
    "object": dict,
    "string": str,
}
_STRINGS: Final[dict[str | None, str]] = {
    "date": "2025-05-15",
    "date-time": "2025-05-15T13:59:51.439479+00:00",
    "uuid": "06b08366-a0a9-404d-96c2-e791c71743e5",
}


def samples(document: Mapping[str, Any], schema: Schema) -> list[Json]:
    """Return values that together have every property of a schema and take every alternative.

    They have the right types, shapes and enum values; lengths, ranges and patterns are ignored.
    Schemas nested deeper than `MAX_DEPTH` are left out.
    """
    return _Samples(document).of(schema, 0)


def sample(
    document: Mapping[str, Any],
    schema: Schema,
    known: Mapping[str, Json] | None = None,
    *,
    required_only: bool = False,
) -> Json:
    """Return one value of a schema, of its first alternative.

    Args:
        document: the document that references lead into.
        schema: the schema, or a reference to it.
        known: values to use for properties of these names, at any depth, where their types fit.
        required_only: leave out optional properties.
    """
    return next(iter(_Samples(document, known or {}, required_only).of(schema, 0)), None)


def completed(
    document: Mapping[str, Any],
    schema: Schema,
    value: Json,
    known: Mapping[str, Json] | None = None,
) -> Json:
    """Return the value with all properties that its schema requires, at any depth.

    Args:
        document: the document that references lead into.
        schema: the schema, or a reference to it.
        value: decoded JSON; its own properties are kept.
        known: values for the missing properties, as in `sample`.
    """
    if isinstance(value, list):
        items = dereference(document, schema).get("items", {})
        return [completed(document, items, item, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    variant = variant_of(document, schema, value)
    properties = variant.get("properties", {})
    given = {
        name: completed(document, properties.get(name, {}), each, known)
        for name, each in value.items()
    }
    lacking = [name for name in variant.get("required", ()) if name not in value]
    if lacking:
        stated = {name: properties.get(name, {}) for name in lacking}
        missing = {"properties": stated, "required": lacking}
        given |= sample(document, missing, known, required_only=True)
    return given


@frozen
class _Samples:
    document: Mapping[str, Any]
    known: Mapping[str, Json] = field(factory=dict)
    required_only: bool = False

    def of(self, schema: Schema, depth: int) -> list[Json]:
        if depth > MAX_DEPTH:
            return []
        found = []
        for each in variants(self.document, schema):
            if each.get("properties"):
                found += self._objects(each, depth)
            else:
                found.append(self._simple(each, depth))
        return found

    def _objects(self, schema: Schema, depth: int) -> list[Json]:
        needed = schema.get("required", ())
        choices = {
            name: [self.known[name]] if self._knows(name, below) else self.of(below, depth + 1)
            for name, below in schema["properties"].items()
            if name in needed or not self.required_only
        }
        return [
            {name: values[min(row, len(values) - 1)] for name, values in choices.items() if values}
            for row in range(max(map(len, choices.values()), default=1))
        ]

    def _knows(self, name: str, schema: Schema) -> bool:
        """Return whether there is a known value, of a type that the property can have."""
        if name not in self.known:
            return False
        kinds = map(type_of, variants(self.document, schema))
        return any(isinstance(self.known[name], _TYPES.get(kind, object)) for kind in kinds)

    def _simple(self, schema: Schema, depth: int) -> Json:
        if known := known_values(schema):
            return known[0]
        for word in ("const", "default", "x-server-default"):
            if schema.get(word) is not None:
                return schema[word]
        kind = type_of(schema)
        if kind == "array":
            return [] if self.required_only else self.of(schema.get("items", {}), depth + 1)
        if kind == "object":
            return {} if self.required_only else self._free_form(schema, depth)
        if kind in {"integer", "number"}:
            return schema.get("minimum", _SCALARS[kind])
        return _SCALARS.get(kind) or _STRINGS.get(schema.get("format"), "text")

    def _free_form(self, schema: Schema, depth: int) -> Json:
        inside = schema.get("additionalProperties")
        values = self.of(inside, depth + 1) if isinstance(inside, Mapping) else ["text"]
        return {f"key{number}": value for number, value in enumerate(values, 1)}
