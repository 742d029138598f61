"""The normal form in which contracts are compared: equivalent ways to write something become one.

- References to components other than schemas are replaced by their targets.
- Parameters of a path are moved to each of its operations.
- A reference to a schema that is only a reference leads to the last target.
- An `allOf` whose parts do not contradict each other is merged into one schema, and so is a
  `oneOf` or `anyOf` with a single alternative. `anyOf` is `oneOf`, and null is not an alternative
  but `nullable`.
- Alternatives that are enums of one type are one enum.
- A type or enum that allows null is `nullable`; `const` is an enum of one value.
- `x-extensible-enum` is `x-enum`, and a property is listed as required once.
- Several types are a sorted tuple, which is compared as a whole.
- A limit that is excluded is the next integer, or the number of `exclusiveMinimum` or
  `exclusiveMaximum`, as in OpenAPI 3.1.
- Keywords that have OpenAPI's default value are left out, and so is the style of a parameter that
  is sent the same in each style.
- Servers are plain URLs. Those of a path are moved to its operations. Servers and security that
  repeat the contract's own are left out.
- Security that is absent or empty is a list with the empty requirement.
- The header of the API version is left out, because the client itself sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.document import (
    ENUMS,
    Place,
    dereference,
    is_null,
    operations,
    resolve,
    type_of,
)
from scripts.generate.generator_input import DEFAULT_STYLES, is_version_header
from scripts.generate.server import server_url
from scripts.spec.contract_file import canonical_json, without_prose

if TYPE_CHECKING:
    from scripts.spec.contract_file import Contract

_DEEPEST: Final = 12
"""Limit for the depth of inlined references, which may be recursive."""

_SCHEMA: Final = "#/components/schemas/"
_KEPT_COMPONENTS: Final = frozenset({"schemas", "securitySchemes"})
_NOT_MERGED: Final = frozenset(
    {"allOf", "oneOf", "anyOf", "not", "additionalProperties", "patternProperties", "discriminator"}
)
BESIDE_A_REFERENCE: Final = frozenset(
    {"nullable", "readOnly", "writeOnly", "deprecated", "default"}
)
"""Keywords that change nothing in what a schema says about objects and alternatives."""

_PLAIN_TYPES: Final = frozenset({"boolean", "integer", "number", "string"})
_FALSE_BY_DEFAULT: Final = (
    "nullable readOnly writeOnly deprecated uniqueItems required exclusiveMinimum exclusiveMaximum "
    "allowEmptyValue allowReserved"
)
_DEFAULTS: Final[dict[str, list[Any]]] = {
    **{
        word: [True, {}]
        for word in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")
    },
    "items": [{}],
    **{word: [False] for word in _FALSE_BY_DEFAULT.split()},
    **{word: [0] for word in ("minLength", "minItems", "minProperties")},
}
"""OpenAPI's default values, by keyword."""


def normalized(contract: Contract) -> Contract:
    """Return the contract in normal form, without its prose."""
    bare = _with_plain_servers({"servers": [], "security": [], **without_prose(contract)})
    items = {path: dereference(bare, item) for path, item in bare.get("paths", {}).items()}
    paths = {path: _without(item, "parameters", "servers") for path, item in items.items()}
    for each in operations(bare):
        servers = items[each.path].get("servers", bare["servers"])
        operation = _without_implied(bare, {"servers": servers, **each.definition})
        paths[each.path][each.method.lower()] = operation
    components = bare.get("components", {})
    whole = {
        **bare,
        "paths": paths,
        "components": {word: components[word] for word in components if word in _KEPT_COMPONENTS},
    }
    form: Contract = _normal_form(bare, whole, Place.OBJECT, ())
    return form


def aligned(contract: Contract, other: Contract) -> Contract:
    """Return the contract with each reference inlined where the other contract has no reference."""
    form: Contract = _aligned(contract, contract, other, 0)
    return form


def _with_plain_servers(owner: Contract) -> Contract:
    """Return a contract or an operation with plain URLs as servers, and security as a full list."""
    plain = {**owner}
    if "servers" in owner:
        plain["servers"] = [
            {"url": server_url({"servers": [each]}) or each.get("url")} for each in owner["servers"]
        ]
    if "security" in owner:
        plain["security"] = owner["security"] or [{}]
    return plain


def _without_implied(contract: Contract, operation: Contract) -> Contract:
    """Return an operation without what it repeats of the contract, and the version header."""
    parameters = [each for each in operation["parameters"] if not is_version_header(contract, each)]
    stated = _with_plain_servers({**operation, "parameters": parameters})
    implied = {"servers": contract["servers"], "security": contract["security"], "parameters": []}
    return {key: value for key, value in stated.items() if value != implied.get(key)}


def _normal_form(contract: Contract, node: Any, place: Place, followed: tuple[str, ...]) -> Any:
    """Return a part of the contract in normal form.

    Args:
        contract: the contract.
        node: the part.
        place: the kind of mapping that it is.
        followed: the references that led to it. None is followed twice, so that recursion ends.
    """
    if place is Place.VALUE:
        return node
    if isinstance(node, list):
        return [_normal_form(contract, member, place.member, followed) for member in node]
    if not isinstance(node, dict):
        return node
    if place is Place.NAMES:
        return {
            name: _normal_form(contract, value, place.below(name), followed)
            for name, value in node.items()
        }
    reference = str(node.get("$ref", _SCHEMA))
    if not reference.startswith(_SCHEMA) and reference not in followed:
        target = resolve(contract, reference)
        return _normal_form(contract, target, Place.OBJECT, (*followed, reference))
    node = _without_aliases(contract, node)
    parts = {
        key: _normal_form(contract, value, place.below(key), followed)
        for key, value in _without_defaults(contract, node).items()
    }
    return _with_normal_keywords(contract, parts, followed)


def _without_aliases(contract: Contract, node: Contract) -> Contract:
    """Return an object whose reference does not lead to a schema that is only a reference."""
    for _ in range(_DEEPEST):
        reference = node.get("$ref")
        target = resolve(contract, reference) if isinstance(reference, str) else {}
        if target.keys() != {"$ref"}:
            break
        node = {**node, **target}
    return node


def _without_defaults(contract: Contract, node: Contract) -> Contract:
    """Return an object of the contract without keywords that have OpenAPI's default value."""
    defaults = _DEFAULTS
    if "in" in node and "type" not in node:  # a parameter, not a security scheme
        usual = DEFAULT_STYLES.get(node["in"], "form")
        is_form = node.get("style", usual) == "form"
        defaults = {**defaults, "style": [usual], "explode": [is_form]}
        if type_of(dereference(contract, node.get("schema", {}))) in _PLAIN_TYPES:
            node = _without(node, "explode", *({"style"} if node["in"] != "path" else ()))
    return {
        key: value
        for key, value in node.items()
        if key not in defaults or canonical_json(value) not in map(canonical_json, defaults[key])
    }


def _with_normal_keywords(
    contract: Contract, schema: Contract, followed: tuple[str, ...]
) -> Contract:
    """Return an object of the contract with its keywords in normal form."""
    if "const" in schema:
        schema = {**_without(schema, "const"), "enum": [schema["const"]]}
    if "x-extensible-enum" in schema:
        values = schema["x-extensible-enum"]
        schema = {**_without(schema, "x-extensible-enum"), "x-enum": values}
    if isinstance(needed := schema.get("required"), list):
        schema = {**schema, "required": list(dict.fromkeys(needed))}
    if "properties" in schema:
        schema = {"type": "object", **schema}
    if isinstance(kinds := schema.get("type"), list):
        others = sorted({*kinds} - {"null"})
        schema = {**schema, "type": others[0] if len(others) == 1 else tuple(others)}
        schema |= {"nullable": True} if "null" in kinds else {}
    for word in ENUMS:
        if None in schema.get(word, ()) and not is_null(schema):
            others = [value for value in schema[word] if value is not None]
            schema = {**schema, word: others}
            schema |= {} if "type" in schema else {"nullable": True}
    schema = _with_one_of(_with_plain_limits(schema))
    return _merged(contract, schema, followed) if "allOf" in schema else schema


def _with_plain_limits(schema: Contract) -> Contract:
    """Return a schema whose excluded limits are integers that are allowed, or numbers."""
    for word, limit, step in (
        ("exclusiveMinimum", "minimum", 1),
        ("exclusiveMaximum", "maximum", -1),
    ):
        if schema.get(word) is True:
            rest = _without(schema, word, limit)
            schema = {**rest, word: schema[limit]} if limit in schema else rest
        bound = schema.get(word)
        if schema.get("type") == "integer" and isinstance(bound, int) and limit not in schema:
            schema = {**_without(schema, word), limit: bound + step}
    return schema


def _with_one_of(schema: Contract) -> Contract:
    """Return a schema with at most `oneOf`, and only for a choice that nothing else can express."""
    for word in ("anyOf", "oneOf"):
        members = schema.get(word, [])
        others = [each for each in members if not is_null(each)]
        if not others:
            continue
        schema = _without(schema, word)
        schema |= {"nullable": True} if len(others) < len(members) else {}
        if len(others) == 1:
            parts = [*schema.get("allOf", []), *others]
            schema = {**_without(schema, "discriminator"), "allOf": parts}
        elif "type" not in schema and all(_is_plain_type(each) for each in others):
            schema["type"] = tuple(sorted(each["type"] for each in others))
        elif _are_values_of_one_type(schema, others):
            values = [value for each in others for value in each["enum"]]
            schema = {**_without(others[0], "enum"), **schema, "enum": values}
        else:
            schema["oneOf" if "oneOf" not in schema else word] = others
    return schema


def _are_values_of_one_type(schema: Contract, alternatives: list[Contract]) -> bool:
    return "enum" not in schema and all(
        "enum" in each and _without(each, "enum") == _without(alternatives[0], "enum")
        for each in alternatives
    )


def _is_plain_type(schema: Contract) -> bool:
    return schema.keys() == {"type"} and isinstance(schema["type"], str)


def _merged(contract: Contract, schema: Contract, followed: tuple[str, ...]) -> Contract:
    """Return a schema with its `allOf` merged, or unchanged if the parts contradict each other."""
    members, rest = schema["allOf"], _without(schema, "allOf")
    if len(members) == 1 and rest.keys() <= BESIDE_A_REFERENCE:
        return {**members[0], **rest}
    whole: Contract = {}
    for part in [_merged_part(contract, member, followed) for member in (*members, rest)]:
        if part is None:
            return schema
        for word, value in part.items():
            if word == "required" and isinstance(value, list):
                whole[word] = sorted({*whole.get(word, ()), *value})
            elif word == "properties":
                properties = whole[word] = {**value, **whole.get(word, {})}
                if any(
                    canonical_json(properties[name]) != canonical_json(value[name])
                    for name in value
                ):
                    return schema
            elif canonical_json(whole.setdefault(word, value)) != canonical_json(value):
                return schema
    return {"type": "object", **whole} if "properties" in whole else whole


def _merged_part(
    contract: Contract, schema: Contract, followed: tuple[str, ...]
) -> Contract | None:
    """Return a part of an `allOf` with references resolved, or None if it cannot be merged."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in followed or len(followed) > _DEEPEST:
            return None
        followed = (*followed, reference)
        target = _normal_form(contract, resolve(contract, reference), Place.OBJECT, followed)
        return _merged_part(contract, {**target, **_without(schema, "$ref")}, followed)
    return None if schema.keys() & _NOT_MERGED else schema


def _aligned(contract: Contract, node: Any, other: Any, depth: int) -> Any:
    if isinstance(node, list) and isinstance(other, list) and len(node) == len(other):
        pairs = zip(node, other, strict=True)
        return [_aligned(contract, mine, theirs, depth) for mine, theirs in pairs]
    if not isinstance(node, dict) or not isinstance(other, dict):
        return node
    if "$ref" in node and "$ref" not in other and depth < _DEEPEST:
        target = {**dereference(contract, node), **_without(node, "$ref")}
        return _aligned(contract, target, other, depth + 1)
    return {
        key: _aligned(contract, value, other[key], depth) if key in other else value
        for key, value in node.items()
    }


def _without(mapping: Contract, *names: str) -> Contract:
    return {key: value for key, value in mapping.items() if key not in names}
