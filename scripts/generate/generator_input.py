"""Rewrite the contract so that openapi-python-client can process all of it.

The contract itself is unchanged. This module rewrites schemas that the generator would turn into
`Any`, into unions that cannot be decoded, or into classes with cumbersome names.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Any, Final

from pinecone_control._core.header_names import API_VERSION
from pinecone_control.contract.document import (
    ENUMS,
    Place,
    dereference,
    is_null,
    join,
    known_values,
    objects,
    operations,
    parts,
    split,
    type_of,
)
from pinecone_control.contract.schema_validator import Validator
from scripts.generate.server import server_url
from scripts.spec.contract_file import PROSE, structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control.contract.document import Operation
    from scripts.spec.contract_file import Contract

VERSION_HEADER = API_VERSION.lower()
"""The client itself sends this header, so it is not an argument of any function."""

_RESERVED = frozenset(
    {"additional_properties", "from_dict", "from_json", "from_response", "replace", "to_dict"}
    | {"to_json", "attrs", "base", "bool", "datetime", "dict", "float", "int", "list"}
    | {"self", "str"}
)
"""Names that a field cannot have: methods of models, names in annotations, and `self`."""

_RESERVED_IN_MODULES = frozenset(
    {"Any", "AuthenticatedClient", "ClassVar", "Client", "Literal", "Response", "TypeAlias"}
    | {"UUID", "Unset"}
)
LEADS_TO_ITSELF: Final = "it refers to itself, or to what is no schema"
_OF_COMPONENT: Final = 3
"""The number of names in the pointer of a component."""

_COMPOSED: Final = frozenset(
    {"allOf", "oneOf", "anyOf", "not", "properties", "additionalProperties", "items"}
)
_BESIDE_A_REFERENCE: Final = PROSE | {"$ref", "deprecated", "readOnly", "writeOnly", "default"}
"""Keywords that change no value of the schema that a reference names."""

_NAME: Final = re.compile(r"\A(?=.*[^\W_]).{1,100}\Z")
"""A name that a module can have: not too long, and with a letter or digit."""

DEFAULT_STYLES: Final = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
"""The style of a parameter that states none, by its place."""

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class GeneratorInputError(Exception):
    """The contract has something that cannot be generated. The message names its JSON pointer."""


def generator_input(contract: Contract) -> Contract:
    """Return a copy of the contract for the generator.

    - A `oneOf` or `anyOf` of objects becomes one object with the properties of all; a property is
      required if every alternative requires it. (The generator's unions cannot be decoded.)
    - An object inside another schema gets a title made from its place, which names its class.
    - An optional property is not nullable: the field is None in both cases.
    - The header parameter of the API version is removed.
    - A property whose name cannot be that of a field is renamed; `x-wire-names` has its name.
    - Paths that are references are replaced by their targets, and texts beside references removed.
    - An `allOf` of plain values is one value. JSON of a response without a schema is any JSON.

    Raises:
        GeneratorInputError: something would be lost, or alternatives contradict each other.
    """
    refuse_what_would_be_lost(contract)
    paths = {path: dereference(contract, item) for path, item in contract["paths"].items()}
    contract = {**contract, "paths": paths}
    rewritten: Contract = _rewritten(contract, contract, "", Place.OBJECT)
    return rewritten


def refuse_what_would_be_lost(contract: Contract) -> None:
    """Raise an error for the first part of a contract that the generator would ignore.

    Raises:
        GeneratorInputError: naming the part.
    """
    for lost in _losses(contract):
        raise GeneratorInputError(lost)


def _losses(contract: Contract) -> Iterator[str]:
    if not isinstance(contract.get("info", {}).get("version"), str):
        yield "/info/version: is missing, or is not a string"
    for name in contract.get("webhooks", {}):
        yield f"{join('/webhooks', name)}: no client is generated for webhooks"
    for name, schema in contract.get("components", {}).get("schemas", {}).items():
        pointer = join("/components/schemas", name)
        if name[:1].upper() + name[1:] in _RESERVED_IN_MODULES:
            yield f"{pointer}: {name!r} cannot name a class"
        if _is_inside(contract, f"#{pointer}", schema):
            yield f"{pointer}: {LEADS_TO_ITSELF}"
    for pointer, each in objects(contract):
        yield from _losses_of_object(contract, each, pointer)
    seen: dict[str, Operation] = {}
    for operation in operations(contract):
        name, pointer = operation.operation_id, operation.pointer
        first = seen.setdefault(_letters(name), operation)
        if first is not operation and first.operation_id == name:
            yield f"{pointer}/operationId: {name!r} is also that of {first.pointer}"
        elif first is not operation:
            both = f"{name!r} and {first.operation_id!r} of {first.pointer}"
            yield f"{pointer}/operationId: {both} name one function"
        yield from _losses_of_operation(operation)
        yield from _losses_of_servers(contract, operation)
        yield from _losses_of_parameters(contract, operation)
        yield from _losses_of_media_types(contract, operation)


def _letters(name: str) -> str:
    """Return a name without its style: names that differ in nothing else are one in Python."""
    return re.sub(r"[\W_]", "", name.lower())


def _is_inside(
    contract: Contract, reference: str, schema: Contract, followed: frozenset[str] = frozenset()
) -> bool:
    """Return whether a list or map holds a reference with no class of its own between them."""
    if "properties" in schema:
        return False
    if "$ref" in schema:
        stated = schema["$ref"]
        target = {} if stated in followed else dereference(contract, schema)
        return stated == reference or _is_inside(contract, reference, target, followed | {stated})
    inside = (schema.get(word) for word in ("items", "additionalProperties"))
    return any(
        _is_inside(contract, reference, each, followed) for each in inside if isinstance(each, dict)
    )


def _losses_of_object(contract: Contract, each: Contract, pointer: str) -> Iterator[str]:
    steps = split(pointer)
    is_choice = len(steps) == _OF_COMPONENT or steps[-2:-1] in (["oneOf"], ["anyOf"])
    if is_null(each) and not is_choice:
        yield f"{pointer}: null is its only value, for which there is no type"
    default = each.get("default", each.get("x-server-default"))
    kinds: Contract = {key: each[key] for key in ("type", "nullable") if key in each}
    if default is not None and "type" in each and not Validator(kinds, {}).is_valid(default):
        yield f"{pointer}/default: is not of the type {each['type']!r}"
    if "$ref" in each and not contract["openapi"].startswith("3.0"):
        target = dereference(contract, each)
        for key in each.keys() - _BESIDE_A_REFERENCE:
            if not key.startswith("x-") and each[key] != target.get(key):
                yield f"{join(pointer, key)}: no client is generated for it beside a reference"


def _losses_of_operation(operation: Operation) -> Iterator[str]:
    pointer = operation.pointer
    if not operation.path.startswith("/"):
        yield f"{join('/paths', operation.path)}: a path begins with '/'"
    if not _NAME.search(operation.operation_id) or _letters(operation.operation_id)[0].isdigit():
        yield f"{pointer}/operationId: is missing, or names no function"
    for tag in operation.definition.get("tags", [])[:1]:
        if not _NAME.search(tag):
            yield f"{pointer}/tags/0: names no folder of functions"
    if not operation.definition.get("responses"):
        yield f"{pointer}/responses: names no response"
    for callback in operation.definition.get("callbacks", {}):
        yield f"{join(pointer, 'callbacks', callback)}: no client is generated for callbacks"


def _losses_of_servers(contract: Contract, operation: Operation) -> Iterator[str]:
    path = dereference(contract, contract["paths"][operation.path])
    for pointer, owner in (
        (join("/paths", operation.path), path),
        (operation.pointer, operation.definition),
    ):
        if "servers" in owner and server_url(owner) != server_url(contract):
            yield f"{pointer}/servers: one client sends everything to one server"


def _losses_of_parameters(contract: Contract, operation: Operation) -> Iterator[str]:
    taken = {"client", "body"} if "requestBody" in operation.definition else {"client"}
    for index, parameter in enumerate(operation.definition["parameters"]):
        pointer = join(operation.pointer, "parameters", str(index))
        if "schema" not in parameter:
            yield f"{pointer}: has no schema"
        if (name := _letters(str(parameter.get("name")))) in taken:
            yield f"{pointer}: another argument has the name {parameter['name'].lower()!r}"
        taken.add(name)
        style = parameter.get("style", DEFAULT_STYLES.get(parameter.get("in"), "form"))
        schema = dereference(contract, parameter.get("schema", {}))
        holds_many = type_of(schema) in {"array", "object"}
        if not holds_many:
            continue
        if parameter.get("in") != "query" or style != "form" or not parameter.get("explode", True):
            yield f"{pointer}: lists and objects can only be sent as repeated query parameters"


def _losses_of_media_types(contract: Contract, operation: Operation) -> Iterator[str]:
    body = dereference(contract, operation.definition.get("requestBody", {}))
    holders = {"requestBody": body, **operation.definition.get("responses", {})}
    for name, written in holders.items():
        steps = [name] if name == "requestBody" else ["responses", name]
        pointer = join(operation.pointer, *steps, "content")
        content = dereference(contract, written).get("content", {})
        allowed = {_JSON, _FORM} if name == "requestBody" else {_JSON}
        foreign = [media_type for media_type in content if media_type not in allowed]
        for media_type in foreign:
            yield f"{join(pointer, media_type)}: no client is generated for this media type"
        if len(content) > 1:
            yield f"{pointer}: no client is generated for a choice of media types"


def _rewritten(
    contract: Contract, node: Any, pointer: str, place: Place, merged: frozenset[str] = frozenset()
) -> Any:
    """Return a node in the form for the generator.

    Args:
        contract: the contract.
        node: a part of it.
        pointer: the JSON pointer of the part.
        place: what the keys of the part mean.
        merged: the references of the alternatives that are merged around it.
    """
    if place is Place.VALUE:
        return node
    if isinstance(node, list):
        return [
            _rewritten(contract, member, join(pointer, str(index)), place.member, merged)
            for index, member in enumerate(node)
            if not is_version_header(contract, member)
        ]
    if not isinstance(node, dict):
        return node
    if place is Place.OBJECT:
        node = _in_full(contract, node, pointer)
        node, merged = _without_alternatives(contract, node, pointer, merged)
    rewritten = {
        key: _rewritten(contract, value, join(pointer, key), place.below(key), merged)
        for key, value in node.items()
    }
    if place is Place.OBJECT and isinstance(rewritten.get("properties"), dict):
        rewritten["properties"] = _fields(rewritten, join(pointer, "properties"))
        rewritten["required"] = [field_name(name) for name in rewritten.get("required", [])]
    if place is Place.OBJECT and rewritten.get("format") == "binary":
        del rewritten["format"]  # in JSON it is a string, not a file
    if place is Place.OBJECT and rewritten.get("type") == "object":
        rewritten.update(_title(pointer))
    if place is Place.OBJECT and (others := _wire_names(contract, node, pointer)):
        rewritten["x-wire-names"] = others
    return rewritten


def _in_full(contract: Contract, node: Contract, pointer: str) -> Contract:
    """Return an object in a form that the generator understands."""
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    steps = split(pointer)
    if steps[-2:-1] == ["content"] and steps[-4:-3] == ["responses"]:
        return {"schema": {}, **node}  # without a schema, it is any JSON
    return _without_plain_parts(contract, node, pointer)


def _wire_names(contract: Contract, schema: Contract, pointer: str) -> dict[str, str]:
    """Return the JSON names of fields that have another name, including those of an `allOf`."""
    if not {"properties", "allOf"} & schema.keys():
        return {}
    of_parts = (part.get("properties", {}) for _, part in parts(contract, schema, pointer))
    names = {name for properties in of_parts for name in properties}
    return {field_name(name): name for name in sorted(names) if field_name(name) != name}


def _title(pointer: str) -> dict[str, str]:
    """Return the title of an object inside another schema, such as `IndexModelSpec`."""
    start, _, place = pointer.partition("/components/schemas/")
    steps = split("/" + place)
    if start or len(steps) == 1:
        return {}
    return {"title": "".join(s[:1].upper() + s[1:] for s in steps if s != "properties")}


def is_version_header(contract: Contract, node: object) -> bool:
    """Return whether a node is the header parameter of the API version."""
    if not isinstance(node, dict):
        return False
    parameter = dereference(contract, node)
    return parameter.get("in") == "header" and (
        str(parameter.get("name")).lower() == VERSION_HEADER
    )


def _without_plain_parts(contract: Contract, schema: Contract, pointer: str) -> Contract:
    """Return an `allOf` of several plain values, such as a string and its limit, as one value.

    Raises:
        GeneratorInputError: the parts contradict each other.
    """
    rest = {key: schema[key] for key in schema if key != "allOf"}
    parts = [*(dereference(contract, each) for each in schema.get("allOf", [])), rest]
    is_plain = all(each.keys().isdisjoint(_COMPOSED) for each in parts)
    whole = {key: value for part in parts for key, value in part.items()}
    if len(parts) < 3 or not is_plain or whole.get("type", "object") == "object":
        return schema
    for word in {"type", "format", "const", *ENUMS} & whole.keys():
        if any(part.get(word, whole[word]) != whole[word] for part in parts):
            raise GeneratorInputError(f"{pointer}/allOf: its parts contradict each other")
    return whole


def _without_alternatives(
    contract: Contract, schema: Contract, pointer: str, merged: frozenset[str]
) -> tuple[Contract, frozenset[str]]:
    """Return the schema as one object if possible, and the references merged so far."""
    alternatives = _alternatives(contract, schema, pointer)
    whole = _one_object(contract, schema, pointer)
    if whole is not schema:
        if alternatives & merged:
            raise GeneratorInputError(f"{pointer}: its alternatives contain it again")
        merged |= alternatives
    return _without_null_alternative(whole), merged


def _alternatives(
    contract: Contract, schema: Contract, pointer: str, above: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Return the references among a schema's alternatives, at any depth."""
    found: frozenset[str] = frozenset()
    for each in (*schema.get("oneOf", []), *schema.get("anyOf", [])):
        reference = frozenset({each["$ref"]} if "$ref" in each else ())
        if reference & above:
            raise GeneratorInputError(f"{pointer}: its alternatives contain it again")
        below = _alternatives(contract, dereference(contract, each), pointer, above | reference)
        found |= reference | below
    return found


def _one_object(contract: Contract, schema: Contract, pointer: str) -> Contract:
    """Return the schema with its alternatives merged into it, if all of them are objects."""
    for word in ("oneOf", "anyOf"):
        written = schema.get(word, [])
        alternatives = [_one_object(contract, dereference(contract, a), pointer) for a in written]
        if not alternatives or not all(map(_is_object, alternatives)):
            continue
        properties = dict(schema.get("properties", {}))
        for alternative in alternatives:
            for name, value in alternative.get("properties", {}).items():
                first = properties.setdefault(name, value)
                properties[name] = _merged_property(first, value, pointer, name)
        required = set.intersection(*(set(a.get("required", [])) for a in alternatives))
        schema = {
            **{key: schema[key] for key in schema if key not in {word, "discriminator"}},
            "type": "object",
            "properties": properties,
            "required": [*schema.get("required", []), *sorted(required)],
        }
    return schema


def _is_object(schema: Contract) -> bool:
    if is_null(schema) or schema.get("allOf"):
        return False
    return schema.get("type", "object" if "required" in schema else None) == "object"


def _merged_property(first: Contract, second: Contract, pointer: str, name: str) -> Contract:
    """Return one schema for a property of two alternatives.

    Raises:
        GeneratorInputError: the two are neither equal nor both enums of strings.
    """
    if structure(first) == structure(second):
        return first
    sets = [_known_texts(first), _known_texts(second)]
    if not all(sets):
        raise GeneratorInputError(f"{pointer}: its alternatives disagree about {name!r}")
    is_open = any("enum" not in schema and "const" not in schema for schema in (first, second))
    rest = {key: first[key] for key in first if key not in {"const", *ENUMS}}
    word = "x-extensible-enum" if is_open else "enum"
    return {**rest, "type": "string", word: list(dict.fromkeys([*sets[0], *sets[1]]))}


def _known_texts(schema: Contract) -> list[str]:
    values = known_values(schema) or [schema.get("const")]
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(values) else []


def _without_null_alternative(schema: Contract) -> Contract:
    """Return a choice between one schema and null as that schema, nullable."""
    for word in ("oneOf", "anyOf"):
        others = [member for member in schema.get(word, []) if not is_null(member)]
        if len(others) == 1 and len(schema[word]) > 1:
            rest = {key: schema[key] for key in schema if key != word}
            # The generator makes no type from an `allOf` of a plain value.
            is_plain = others[0].get("type", "object") != "object" and not known_values(others[0])
            stated = others[0] if is_plain and "const" not in others[0] else {"allOf": others}
            return {**stated, **rest, "nullable": True}
    return schema


def _fields(schema: Contract, pointer: str) -> Contract:
    """Return the properties by the names of their fields; optional ones are not nullable."""
    required = schema.get("required", [])
    fields: Contract = {}
    for name, value in schema["properties"].items():
        field = field_name(name)
        if field in fields or (field != name and field in schema["properties"]):
            raise GeneratorInputError(
                f"{join(pointer, name)}: another field has the name {field!r}"
            )
        may_be_none = name not in required and isinstance(value, dict)
        fields[field] = (
            {key: value[key] for key in value if key != "nullable"} if may_be_none else value
        )
    return fields


def field_name(name: str) -> str:
    """Return the name of a property's field: its own, or a similar one that is allowed."""
    field = re.sub(r"\W", "_", name, flags=re.ASCII).lstrip("_") or "field"
    if field[0].isdigit():
        field = f"field_{field}"
    return f"{field}_" if keyword.iskeyword(field) or field in _RESERVED else field
