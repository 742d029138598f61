"""Small contracts, each with one feature that a generator can lose, and the expected result."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, TypeAlias

Contract: TypeAlias = dict[str, Any]

_THING: Final = {"$ref": "#/components/schemas/Thing"}
_JSON: Final = "application/json"
_TEXT: Final = {"type": "string"}


def _answer(schema: Contract, status: str = "200", media_type: str = _JSON) -> Contract:
    return {status: {"description": "An answer.", "content": {media_type: {"schema": schema}}}}


_ID: Final = {"name": "thing_id", "in": "path", "required": True, "schema": _TEXT}
_PLAIN: Final[Contract] = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "list_things",
                "tags": ["Things"],
                "parameters": [],
                "responses": _answer(_THING),
            },
            "post": {
                "operationId": "make_thing",
                "tags": ["Things"],
                "requestBody": {"required": True, "content": {_JSON: {"schema": _THING}}},
                "responses": _answer(_THING, "201"),
            },
        },
        "/things/{thing_id}": {
            "get": {
                "operationId": "describe_thing",
                "tags": ["Things"],
                "parameters": [_ID],
                "responses": _answer(_THING),
            }
        },
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": _TEXT, "size": {"type": "integer"}},
            }
        }
    },
}

_Plant: TypeAlias = Callable[[Contract], object]


def _operation(method: str, **changes: Any) -> _Plant:
    return lambda contract: contract["paths"]["/things"][method].update(changes)


def _query(schema: Contract, **more: Any) -> _Plant:
    parameter = {"name": "filter", "in": "query", "schema": schema, **more}
    return _operation("get", parameters=[parameter])


def _body(schema: Contract, media_type: str = _JSON) -> _Plant:
    return _operation("post", requestBody={"content": {media_type: {"schema": schema}}})


def _property(
    name: str, schema: Contract, *, required: bool = False, version: str = "3.0.3"
) -> _Plant:
    def plant(contract: Contract) -> None:
        thing = contract["components"]["schemas"]["Thing"]
        thing["properties"][name] = schema
        thing["required"] += [name] * required
        contract["openapi"] = version

    return plant


def _schema(name: str, schema: Contract, **properties: Contract) -> _Plant:
    def plant(contract: Contract) -> None:
        contract["components"]["schemas"][name] = schema
        contract["components"]["schemas"]["Thing"].get("properties", {}).update(properties)

    return plant


def _deletion(contract: Contract) -> None:
    gone = {"204": {"description": "Gone."}}
    contract["paths"]["/things/{thing_id}"]["delete"] = {
        "operationId": "delete_thing",
        "tags": ["Things"],
        "parameters": [_ID],
        "responses": gone,
    }


def _node(contract: Contract) -> None:
    node = {"$ref": "#/components/schemas/Node"}
    stated = {"type": "object", "properties": {"name": _TEXT, "inner": node}}
    contract["components"]["schemas"]["Node"] = stated
    _operation("get", responses=_answer(node))(contract)


def _beside(contract: Contract) -> None:
    content = contract["paths"]["/things"]["get"]["responses"]["200"]["content"]
    content["application/x-ndjson"] = {"schema": _THING}


def _limit(contract: Contract) -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}}
    contract["components"]["parameters"] = {"Limit": limit}
    reference = {"$ref": "#/components/parameters/Limit"}
    contract["paths"]["/things"]["get"]["parameters"] = [reference]


def _also(status: str, schema: Contract) -> _Plant:
    def plant(contract: Contract) -> None:
        contract["paths"]["/things"]["get"]["responses"] |= _answer(schema, status)

    return plant


def _default_beside(*ranges: str) -> _Plant:
    def plant(contract: Contract) -> None:
        for status in ranges:
            _also(status, _ERROR)(contract)
        _also("default", {"type": "array", "items": _TEXT})(contract)

    return plant


def _tagged(kind: str) -> Contract:
    properties = {"kind": {"type": "string", "enum": [kind]}, kind: _TEXT}
    return {"type": "object", "required": ["kind"], "properties": properties}


_ERROR: Final = {"type": "object", "properties": {"error": _TEXT}}
_WEBHOOK: Final = {"post": {"operationId": "changed", "responses": {"200": {"description": "d"}}}}

GENERATED: Final[dict[str, _Plant]] = {
    "nothing planted": lambda _: None,
    "default answer": _also("default", _ERROR),
    "4XX answer": _also("4XX", _ERROR),
    "default answer of text or object": _also("default", {"oneOf": [_TEXT, _THING]}),
    "default answer beside 4XX": _default_beside("4XX"),
    "default answer beside 4XX and 5XX": _default_beside("4XX", "5XX"),
    "limit in components": _limit,
    "one-value discriminator tags": _schema("Thing", {"oneOf": [_tagged("a"), _tagged("b")]}),
    "boolean query": _query({"type": "boolean"}),
    "array query": _query({"type": "array", "items": _TEXT}),
    "date-time query": _query({"type": "string", "format": "date-time"}),
    "object query": _query({"type": "object", "properties": {"a": _TEXT}}),
    "204 alone": _deletion,
    "array answer": _operation("get", responses=_answer({"type": "array", "items": _THING})),
    "free-form answer": _operation("get", responses=_answer({"type": "object"})),
    "map answer": _operation(
        "get", responses=_answer({"type": "object", "additionalProperties": _THING})
    ),
    "text answer in JSON": _operation("get", responses=_answer(_TEXT)),
    "array body": _body({"type": "array", "items": _THING}),
    "free-form body": _body({"type": "object"}),
    "form body": _body(_THING, "application/x-www-form-urlencoded"),
    "nullable enum that lists null": _property(
        "mode", {"type": "string", "nullable": True, "enum": ["a", None]}
    ),
    "schema that refers to itself": _property("parts", {"type": "array", "items": _THING}),
    "schemas that refer to each other": _schema(
        "Owner",
        {"type": "object", "properties": {"things": {"type": "array", "items": _THING}}},
        owner={"$ref": "#/components/schemas/Owner"},
    ),
    "schema of an answer that contains itself": _node,
    "property _id": _property("_id", _TEXT, required=True),
    "property x-kind": _property("x-kind", _TEXT, required=True),
    "property class": _property("class", _TEXT),
    "property self": _property("self", _TEXT, required=True),
    "property list": _property("list", {"type": "array", "items": _TEXT}),
    "property to_dict": _property("to_dict", _TEXT),
    "schema Model": _schema("Model", _ERROR, model={"$ref": "#/components/schemas/Model"}),
    "3.1 type list": _property("note", {"type": ["string", "null"]}, version="3.1.0"),
    "3.1 type list of an object": _property(
        "note", {"type": ["object", "null"], "properties": {"a": _TEXT}}, version="3.1.0"
    ),
    "3.1 text or null": _property(
        "note", {"anyOf": [{**_TEXT, "maxLength": 9}, {"type": "null"}]}, version="3.1.0"
    ),
    "text or number": _property("value", {"oneOf": [_TEXT, {"type": "integer"}]}),
}
"""Contracts for which a complete client is generated."""

REFUSED: Final[dict[str, tuple[_Plant, str]]] = {
    "webhook": (
        lambda contract: contract.update(openapi="3.1.0", webhooks={"changed": _WEBHOOK}),
        "/webhooks/changed: no client is generated for webhooks",
    ),
    "callback": (
        _operation("post", callbacks={"done": {"{$request.body#/url}": _WEBHOOK}}),
        "/paths/~1things/post/callbacks/done: no client is generated for callbacks",
    ),
    "second media type": (
        _beside,
        (
            "/paths/~1things/get/responses/200/content/application~1x-ndjson: no client is "
            "generated for this media type"
        ),
    ),
    "answer of bytes": (
        _operation("get", responses=_answer(_TEXT, "200", "application/octet-stream")),
        (
            "/paths/~1things/get/responses/200/content/application~1octet-stream: no client is "
            "generated for this media type"
        ),
    ),
    "multipart body": (
        _body(_THING, "multipart/form-data"),
        (
            "/paths/~1things/post/requestBody/content/multipart~1form-data: no client is generated "
            "for this media type"
        ),
    ),
    "parameter with the name of another argument": (
        _query(_TEXT, name="client"),
        "/paths/~1things/get/parameters/0: another argument has the name 'client'",
    ),
    "parameter of two types": (
        _query({"oneOf": [_TEXT, {"type": "integer"}]}),
        "/paths/~1things/get/parameters/0: a value that the contract allows cannot be given",
    ),
    "constant number in an answer": (
        _operation(
            "get", responses=_answer({"type": "object", "properties": {"version": {"const": 3}}})
        ),
        (
            "/paths/~1things/get/responses/200: sync_detailed cannot read a response that the "
            "contract allows"
        ),
    ),
    "list in a header": (
        _operation(
            "get",
            parameters=[
                {"name": "X-A", "in": "header", "schema": {"type": "array", "items": _TEXT}}
            ],
        ),
        (
            "/paths/~1things/get/parameters/0: lists and objects can only be sent as "
            "repeated query parameters"
        ),
    ),
    "server of an operation": (
        _operation("get", servers=[{"url": "https://elsewhere.example"}]),
        "/paths/~1things/get/servers: one client sends everything to one server",
    ),
    "server of a path": (
        lambda contract: contract["paths"]["/things"].update(servers=[{"url": "https://a.b"}]),
        "/paths/~1things/servers: one client sends everything to one server",
    ),
    "duplicate operationId": (
        _operation("post", operationId="list_things"),
        "/paths/~1things/post/operationId: 'list_things' is also that of /paths/~1things/get",
    ),
    "no operationId": (
        _operation("post", operationId=""),
        "/paths/~1things/post/operationId: is missing, or names no function",
    ),
    "no info.version": (
        lambda contract: contract["info"].pop("version"),
        "/info/version: is missing, or is not a string",
    ),
    "fields of one name": (
        lambda contract: [_property(name, _TEXT)(contract) for name in ("x-a", "x_a")],
        "/components/schemas/Thing/properties/x-a: another field has the name 'x_a'",
    ),
    "path without a slash": (
        lambda contract: contract["paths"].update(things=contract["paths"].pop("/things")),
        "/paths/things: a path begins with '/'",
    ),
    "path parameter that the path does not name": (
        _operation("get", parameters=[_ID]),
        "/paths/~1things/get: its path does not name each path parameter once",
    ),
    "no responses": (
        _operation("get", responses={}),
        "/paths/~1things/get/responses: names no response",
    ),
    "enum of texts and numbers": (
        _query({"enum": ["a", 1]}),
        "/paths/~1things/get: the values of an enum are of several types",
    ),
    "body without a schema": (
        _operation("post", requestBody={"content": {_JSON: {}}}),
        "/paths/~1things/post: its body has no schema",
    ),
    "response without a description": (
        _operation("get", responses={"200": {}}),
        "/paths/~1things/get/responses/200: has no 'description'",
    ),
    "example that is a list of texts": (
        lambda contract: contract["components"].update(examples={"one": ["a", "b"]}),
        "/components/examples/one: is not what OpenAPI allows there",
    ),
    "array of nothing in particular": (
        _property("list", {"type": "array"}),
        "/components/schemas/Thing: an array does not say what its items are",
    ),
    "alternatives that contain themselves": (
        _property("part", {"oneOf": [_THING, _ERROR]}),
        "/components/schemas/Thing/properties/part/properties/part: its alternatives contain it",
    ),
    "reference to a part of a schema": (
        _property("size", {"$ref": "#/components/schemas/Thing/properties/name"}),
        "/components/schemas/Thing/properties/size/$ref: is not a component",
    ),
    "list of itself": (
        _schema("Nest", {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}),
        "/components/schemas/Nest: it refers to itself, or to what is no schema",
    ),
    "schema called Any": (_schema("Any", _ERROR), "/components/schemas/Any: 'Any' cannot name"),
}
"""Contracts that are refused, with the line that states place and reason."""


def planted(plant: Callable[[Contract], object]) -> Contract:
    """Return the plain contract with one feature planted in it."""
    contract = copy.deepcopy(_PLAIN)
    plant(contract)
    return contract
