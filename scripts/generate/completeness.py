"""Proves that a generated package lacks nothing of its contract.

The generator can drop what it cannot express and still succeed, so its word is not taken: the
package is imported, each of its operations is called on a transport that answers as the contract
says, and each class is compared with its schema. What is missing is named by JSON pointer.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import sys
import types
import typing
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard
from urllib.parse import parse_qsl

import attrs
import httpx
from attrs import frozen

from pinecone_control.contract.document import (
    dereference,
    is_null,
    join,
    operations,
    parts,
    required,
    samples,
)
from scripts.generate.generator_input import VERSION_HEADER
from scripts.spec.contract_file import ContractFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pinecone_control.contract.document import Json, Operation
    from scripts.spec.contract_file import Contract

Hint: TypeAlias = Any

FUNCTIONS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
"""The functions of each operation's module."""

_PACKAGE_NAME = "_package_to_prove"


def missing(contract: Contract, package: Path) -> list[str]:
    """Return a line for each part of the contract that the generated package lacks.

    Args:
        contract: the effective contract.
        package: the folder of the generated package, which is imported and run.
    """
    found: list[str] = []
    with _imported(package) as modules:
        for operation in operations(contract):
            try:
                found += _missing_of_operation(contract, operation, modules)
            except Exception:  # noqa: BLE001 - whatever generated code raises
                found.append(f"{operation.pointer}: the generated code raises an error")
    return list(dict.fromkeys(found))


def _missing_of_operation(
    contract: Contract, operation: Operation, modules: _Modules
) -> Iterator[str]:
    name, pointer = operation.operation_id, operation.pointer
    module = modules.get(_letters(name))
    if module is None:
        yield f"{pointer}: the operation {name!r} has no module that runs"
        return
    absent = [function for function in FUNCTIONS if not callable(getattr(module, function, None))]
    if absent:
        yield f"{pointer}: the operation {name!r} has no {', '.join(absent)}"
        return
    call = _Call(contract, operation, module, inspect.signature(module.sync_detailed))
    lacking = [*call.missing_arguments(), *call.missing_of_body()]
    if lacking:
        yield from lacking
        return
    yield from call.missing_of_requests()
    yield from call.missing_of_responses()


# ------------------------------------------------------------------------------ one operation


class _NoResponseError(Exception):
    """Ends a call of which only the request matters."""


@frozen
class _Call:
    """Calls one operation with all parameters, and compares requests and results."""

    contract: Contract
    operation: Operation
    module: types.ModuleType
    signature: inspect.Signature

    def missing_arguments(self) -> Iterator[str]:
        for parameter, pointer in self._parameters():
            if self._argument(parameter["name"]) is None:
                yield f"{pointer}: the parameter {parameter['name']!r} is not an argument"
                continue
            try:
                self._given(parameter)
            except Exception:  # noqa: BLE001 - whatever generated code raises
                yield f"{pointer}: a value that the contract allows cannot be given"

    def missing_of_body(self) -> Iterator[str]:
        schema, pointer = self._body()
        if schema is not None:
            yield from _missing_of_type(self.contract, schema, self._hint_of_body(), pointer)

    def missing_of_requests(self) -> Iterator[str]:
        schema, pointer = self._body()
        pointer = pointer if schema is not None else self.operation.pointer
        what = "call" if schema is None else "body"
        for body in [None] if schema is None else samples(self.contract, schema):
            try:
                request = self._request(body)
            except Exception:  # noqa: BLE001 - whatever generated code raises
                yield f"{pointer}: a {what} that the contract allows cannot be sent"
                return
            if body is not None and not self._is_sent(body, request):
                yield f"{pointer}: the body is not sent as given"
            yield from self._missing_of_request(request)

    def missing_of_responses(self) -> Iterator[str]:
        for status, schema, pointer in self._answers():
            for sample in [None] if schema is None else samples(self.contract, schema):
                yield from self._missing_of_response(status, schema, sample, pointer)

    def _missing_of_response(
        self, status: int, schema: Contract | None, sample: Json, pointer: str
    ) -> Iterator[str]:
        body = self._body()[0]
        given = None if body is None else samples(self.contract, body)[0]
        for function in ("sync_detailed", "asyncio_detailed"):
            try:
                parsed = self._parsed(function, status, sample, given)
            except Exception:  # noqa: BLE001 - whatever generated code raises
                yield f"{pointer}: {function} cannot read a response that the contract allows"
                return
            if schema is None:
                continue
            if isinstance(parsed, list | dict) or _is_model(type(parsed)):
                hint = _type_of_value(parsed)
                yield from _missing_of_type(self.contract, schema, hint, pointer)
            if _base().wire_form(parsed) != sample:
                yield f"{pointer}: the decoded response differs from the response"

    def _parameters(self) -> Iterator[tuple[Contract, str]]:
        for index, parameter in enumerate(self.operation.definition["parameters"]):
            if (parameter["in"], parameter["name"].lower()) != ("header", VERSION_HEADER):
                yield parameter, join(self.operation.pointer, "parameters", str(index))

    def _argument(self, parameter: str) -> str | None:
        names = (
            name for name in self.signature.parameters if _letters(name) == _letters(parameter)
        )
        return next(names, None)

    def _value(self, parameter: Contract) -> Json:
        return samples(self.contract, parameter.get("schema", {}))[0]

    def _body(self) -> tuple[Contract | None, str]:
        written = dereference(self.contract, self.operation.definition.get("requestBody", {}))
        schemas = [each.get("schema") for each in written.get("content", {}).values()]
        return next(iter(schemas), None), join(self.operation.pointer, "requestBody")

    def _is_sent(self, body: Json, request: httpx.Request) -> bool:
        if request.headers["content-type"] == "application/json":
            return bool(json.loads(request.content or b"null") == body)
        return sorted(parse_qsl(request.content.decode())) == sorted(_pairs("", body))

    def _hint_of_body(self) -> Hint:
        return _hints(self.module).get("body")

    def _answers(self) -> Iterator[tuple[int, Contract | None, str]]:
        responses = self.operation.definition.get("responses", {})
        undocumented = [each.value for each in HTTPStatus if str(each.value) not in responses]
        # A range (`4XX`) has priority over `default`.
        of_default = next((digit for digit in "4532" if f"{digit}XX" not in responses), "1")
        for status, written in responses.items():
            # A range or `default` is tested with one status that is not documented itself.
            first = of_default if status == "default" else status[:1]
            code = next((each for each in undocumented if str(each).startswith(first)), 418)
            schema = _json_schema(dereference(self.contract, written))
            pointer = join(self.operation.pointer, "responses", status)
            yield int(status) if status.isdecimal() else code, schema, pointer

    def _request(self, body: Json) -> httpx.Request:
        """Return the request that is sent, whatever would be made of a response."""
        requests: list[httpx.Request] = []

        def respond(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            raise _NoResponseError

        with suppress(_NoResponseError):
            self._call("sync_detailed", respond, body)
        return requests[0]

    def _parsed(self, function: str, status: int, answer: Json, body: Json) -> Any:
        content = b"" if answer is None else json.dumps(answer).encode()
        return self._call(function, lambda _: httpx.Response(status, content=content), body).parsed

    def _call(
        self, function: str, respond: Callable[[httpx.Request], httpx.Response], body: Json
    ) -> Any:
        client = sys.modules[_PACKAGE_NAME].AuthenticatedClient(
            base_url="http://contract.invalid",
            token="key",  # noqa: S106 - sent to no one
            httpx_args={"transport": httpx.MockTransport(respond)},
            raise_on_unexpected_status=True,
        )
        arguments = {
            str(self._argument(parameter["name"])): self._given(parameter)
            for parameter, _ in self._parameters()
        }
        if body is not None:
            arguments["body"] = _as(self._hint_of_body(), body)
        response = getattr(self.module, function)(client=client, **arguments)
        if inspect.iscoroutine(response):
            response = asyncio.run(response)
        return response

    def _given(self, parameter: Contract) -> Json:
        """Return the value of a parameter in the type of its argument, such as a datetime."""
        hint = _hints(self.module).get(str(self._argument(parameter["name"])))
        return _as(hint, self._value(parameter))

    def _missing_of_request(self, request: httpx.Request) -> Iterator[str]:
        path = self.operation.path
        sent = {
            "query": parse_qsl(request.url.query.decode()),
            "header": request.headers.multi_items(),
            "cookie": parse_qsl(request.headers.get("cookie", "")),
        }
        for parameter, pointer in self._parameters():
            place, name, value = parameter["in"], parameter["name"], self._value(parameter)
            if place == "path":
                path = path.replace(f"{{{name}}}", _text(value))
            elif not set(_pairs(name.lower() if place == "header" else name, value)) <= set(
                sent[place]
            ):
                yield f"{pointer}: the parameter {name!r} is not sent as given"
        if (request.method, request.url.path) != (self.operation.method, path):
            yield f"{self.operation.pointer}: requests {request.method} {request.url.path}"


def _pairs(name: str, value: Json) -> list[tuple[str, str]]:
    """Return a parameter as the pairs that are sent: one for each item of a list, or field."""
    if isinstance(value, dict):
        return [(key, _text(member)) for key, member in value.items()]
    return [(name, _text(each)) for each in (value if isinstance(value, list) else [value])]


def _text(value: Json) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _base() -> types.ModuleType:
    return importlib.import_module(f"{_PACKAGE_NAME}.base")


def _as(hint: Hint, value: Json) -> Any:
    return _base().read_json(json.dumps(value).encode(), _without_none(hint))


def _type_of_value(value: object) -> Hint:
    if isinstance(value, list):
        return list[_type_of_value(value[0])] if value else list  # type: ignore[misc]
    if isinstance(value, dict) and value:
        return dict[str, _type_of_value(next(iter(value.values())))]  # type: ignore[misc]
    return type(value)


def _json_schema(body: Contract) -> Contract | None:
    content: Contract | None = body.get("content", {}).get("application/json")
    return None if content is None else content.get("schema", {})


# ---------------------------------------------------------------------- a schema and its class


@frozen
class _Shape:
    """An object's properties, each with its JSON pointer, and the names of the required ones."""

    properties: dict[str, tuple[Contract, str]]
    required: set[str]


def _missing_of_type(
    contract: Contract, schema: Contract, hint: Hint, pointer: str, visited: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield a line for each part of a schema that a Python type lacks."""
    hint = _without_none(hint)
    if "$ref" in schema:
        pointer = schema["$ref"].removeprefix("#")
        schema = dereference(contract, schema)
    if pointer in visited:
        return
    inside: list[tuple[str, Contract]] = []
    if _objects_beside_others(contract, schema):
        yield from _missing_of_mixture(contract, schema, hint, pointer, visited)
        return
    visited = (*visited, pointer)
    shape = _shape(contract, schema, pointer)
    if shape.properties and _is_model(hint):
        yield from _missing_of_class(contract, shape, hint, visited)
    elif shape.properties:
        yield f"{pointer}: no class has its properties"
    elif "enum" in schema:
        known = (None, *typing.get_args(hint))
        absent = [value for value in schema["enum"] if value not in known]
        yield from (
            f"{pointer}/enum: {value!r} is not among the values of the type" for value in absent
        )
    elif "items" in schema:
        inside = [("items", schema["items"])]
    elif isinstance(schema.get("additionalProperties"), dict):
        inside = [("additionalProperties", schema["additionalProperties"])]
    for word, member in inside:
        of_member = (typing.get_args(hint) or (Any,))[-1]
        yield from _missing_of_type(contract, member, of_member, f"{pointer}/{word}", visited)


def _objects_beside_others(contract: Contract, schema: Contract) -> list[Contract]:
    """Return the objects among alternatives that are not all objects; each has its own class."""
    members = [*schema.get("oneOf", []), *schema.get("anyOf", [])]
    others = [each for each in members if not is_null(dereference(contract, each))]
    objects = [each for each in others if _shape(contract, each, "").properties]
    return objects if len(objects) < len(others) else []


def _missing_of_mixture(
    contract: Contract, schema: Contract, hint: Hint, pointer: str, visited: tuple[str, ...]
) -> Iterator[str]:
    objects = _objects_beside_others(contract, schema)
    classes = [part for part in (hint, *typing.get_args(hint)) if _is_model(part)]
    if not classes:
        yield f"{pointer}: no class has the properties of its objects"
    if len(objects) == len(classes) == 1:
        yield from _missing_of_type(contract, objects[0], classes[0], pointer, visited)


def _missing_of_class(
    contract: Contract, shape: _Shape, cls: type[attrs.AttrsInstance], visited: tuple[str, ...]
) -> Iterator[str]:
    hints = typing.get_type_hints(cls)
    fields = {_base().wire_names(cls)[field.name]: field for field in attrs.fields(cls)}
    for name, (schema, pointer) in shape.properties.items():
        if name not in fields:
            yield f"{pointer}: {cls.__name__} has no field {name!r}"
            continue
        if (fields[name].default is attrs.NOTHING) != (name in shape.required):
            is_but = "optional" if name in shape.required else "required"
            yield f"{pointer}: {cls.__name__}.{name} is {is_but}, against the contract"
        yield from _missing_of_type(contract, schema, hints[fields[name].name], pointer, visited)


def _shape(contract: Contract, schema: Contract, pointer: str) -> _Shape:
    """Return all properties of an object: its own, and those of each part and each alternative."""
    shape = _Shape({}, required(contract, schema))
    for place, part in parts(contract, schema, pointer):
        for name, value in part.get("properties", {}).items():
            shape.properties.setdefault(name, (value, join(place, "properties", name)))
    return shape


def _is_model(hint: Hint) -> TypeGuard[type[attrs.AttrsInstance]]:
    return isinstance(hint, type) and attrs.has(hint)


def _without_none(hint: Hint) -> Hint:
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return hint
    members = [m for m in typing.get_args(hint) if m.__name__ not in {"NoneType", "Unset"}]
    return members[0] if len(members) == 1 else hint


# -------------------------------------------------------------------------- the package to prove

_Modules: TypeAlias = dict[str, types.ModuleType | None]


@contextmanager
def _imported(package: Path) -> Iterator[_Modules]:
    """Import the package under a unique name; yield the modules of its operations."""
    location = importlib.util.spec_from_file_location(
        _PACKAGE_NAME, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if location is None or location.loader is None:
        raise ContractFileError(f"{package} is not a package")
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module = sys.modules[_PACKAGE_NAME] = importlib.util.module_from_spec(location)
        location.loader.exec_module(module)
        paths = sorted((package / "api").glob("*/*.py"))
        yield {_letters(path.stem): _import(path) for path in paths}
    finally:
        sys.dont_write_bytecode = writes_bytecode
        for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE_NAME]:
            del sys.modules[name]


def _import(path: Path) -> types.ModuleType | None:
    try:
        module = importlib.import_module(f"{_PACKAGE_NAME}.api.{path.parent.name}.{path.stem}")
        _hints(module)
    except Exception:  # noqa: BLE001 - whatever importing generated code raises
        return None
    return module


class _Models(dict[str, object]):
    """The models of the package, by name. Operations import them when they are first needed."""

    def __missing__(self, name: str) -> object:
        models = importlib.import_module(f"{_PACKAGE_NAME}.models")
        if name not in models.__all__:
            raise KeyError(name)
        return getattr(models, name)


def _hints(module: types.ModuleType) -> dict[str, Hint]:
    """Return the types of an operation's arguments and of its result."""
    function = getattr(module, "sync_detailed", None)
    return typing.get_type_hints(function, localns=_Models()) if function else {}


def _letters(name: str) -> str:
    """Return a name without its style: `jobid` for `jobId`, `job_id` and `Job-Id`."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
