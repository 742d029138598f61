"""Generate a client from every contract of a folder, and from planted ones, and print a table.

    python -m scripts.proofs.any_contract [FOLDER]

Each generated client is checked independently of the generator's own proof: it calls a server on
this machine that records the requests. The requests must match the contract, and responses made
from the contract's schemas and examples must be returned complete.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import inspect
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote

import jsonschema_rs
from attrs import define, field, frozen

from pinecone_control._core.header_names import API_VERSION
from scripts.proofs.planted_contracts import GENERATED, REFUSED, planted
from scripts.proofs.replay import Canned, Seen, serving

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

Json: TypeAlias = Any
PACKAGE: Final = "pinecone_control_api"
_SCALARS: Final = {"boolean": False, "integer": 7, "number": 2.5, "null": None}
_FORMATS: Final = {"date-time": "2024-02-29T23:59:59.500000+00:00", "date": "2024-02-29"}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; return 0 if no check failed and planted contracts came out as expected."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.any_contract")
    parser.add_argument("folder", nargs="?", type=Path, help="contracts (*.yaml, *.json)")
    parser.add_argument("--check", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.check:
        return _print_findings(options.check)
    print(f"| {'contract':40} | result\n| {'-' * 40} | {'-' * 40}", flush=True)
    failures = 0
    with tempfile.TemporaryDirectory() as workshop:
        for name, contract, wanted in _contracts(options.folder, Path(workshop)):
            result = _generate_and_check(contract, Path(workshop) / "out")
            is_right = wanted is None or wanted in result
            failures += not is_right or result.startswith("WRONG")
            print(f"| {name:40} | {result}", end="" if is_right else f" (expected: {wanted})\n")
            print(end="\n" if is_right else "", flush=True)
    return 1 if failures else 0


def _contracts(folder: Path | None, workshop: Path) -> Iterator[tuple[str, Path, str | None]]:
    """Yield each contract's name, its file, and the text that its result must contain."""
    for path in sorted(folder.iterdir()) if folder else []:
        if path.suffix in {".yaml", ".yml", ".json"}:
            yield path.name, path, None
    cases = {
        **{name: (plant, "generated") for name, plant in GENERATED.items()},
        **{name: (plant, f"refused: {reason}") for name, (plant, reason) in REFUSED.items()},
    }
    for name, (plant, wanted) in cases.items():
        path = workshop / "contract.json"
        path.write_text(json.dumps(planted(plant)), "utf-8")
        yield name, path, wanted


def _generate_and_check(contract: Path, out: Path) -> str:
    command = [sys.executable, "-m", "scripts.generate.client", "--spec", f"{contract}"]
    command += ["--out", f"{out}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
        return f"refused: {' '.join(lines).removesuffix(' Nothing was written.')}"
    command = [sys.executable, "-m", "scripts.proofs.any_contract", "--check", f"{out}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"WRONG: the check failed: {done.stderr.strip()[-200:]}"


# ------------------------------------------------------------------------- the independent check


@define
class _Exchange:
    """The last request that arrived, and the response that the next one gets."""

    received: Seen | None = None
    response: Canned = field(factory=Canned)

    def answer(self, received: Seen) -> Canned:
        self.received = received
        return self.response


def _print_findings(out: Path) -> int:
    sys.path.insert(0, str(out))
    contract = json.loads((out / PACKAGE / "contract.json").read_text("utf-8"))
    exchange = _Exchange()
    with serving(exchange.answer) as url:
        check = _Check(contract, exchange, url)
        findings = list(check.findings())
    told = f"generated: {check.operations} operations, {check.calls} calls as the contract says"
    print(f"WRONG: {'; '.join(findings[:3])}" if findings else told)
    return 1 if findings else 0


@frozen
class _Operation:
    name: str
    method: str
    path: str
    module: Any
    parameters: list[Json]


class _Check:
    """Calls of every operation of a generated package."""

    def __init__(self, contract: Json, exchange: _Exchange, url: str) -> None:
        self.contract = contract
        self.exchange = exchange
        self.operations = self.calls = 0
        self.base = importlib.import_module(f"{PACKAGE}.base")
        self.models = importlib.import_module(f"{PACKAGE}.models")
        self.client = importlib.import_module(PACKAGE).AuthenticatedClient(url, "key")

    def findings(self) -> Iterator[str]:
        modules = {
            path.stem.replace("_", ""): path
            for path in Path(str(self.base.__file__)).parent.glob("api/*/*.py")
        }
        for path, item in self.contract["paths"].items():
            for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
                operation = item[method]
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                name = operation["operationId"]
                source = modules["".join(filter(str.isalnum, name.lower()))]
                module = importlib.import_module(
                    f"{PACKAGE}.api.{source.parent.name}.{source.stem}"
                )
                self.operations += 1
                called = _Operation(
                    name, method.upper(), path, module, [*map(self._resolved, parameters)]
                )
                yield from self._calls(called, operation)

    def _calls(self, called: _Operation, operation: Json) -> Iterator[str]:
        bodies = [(None, None)]
        if "requestBody" in operation:
            content = self._resolved(operation["requestBody"])["content"]
            ((media_type, holder),) = content.items()
            bodies = [(media_type, value) for value in self._values(holder)]
        answers = [
            (_status(status, operation["responses"]), value)
            for status, written in operation["responses"].items()
            for value in self._values(
                self._resolved(written).get("content", {}).get("application/json", {})
            )
        ]
        for index in range(max(len(bodies), len(answers))):
            body = bodies[min(index, len(bodies) - 1)]
            status, answer = answers[min(index, len(answers) - 1)]
            try:
                yield from self._call(called, body, status, answer)
            except Exception as error:  # noqa: BLE001 - whatever generated code raises is a finding
                yield f"{called.name}: {error!r}"

    def _call(
        self, called: _Operation, body: tuple[str | None, Json], status: int, answer: Json
    ) -> Iterator[str]:
        content = b"" if answer is _NOTHING else json.dumps(answer).encode()
        # Each call of the asynchronous client has a loop, and so a connection, of its own.
        self.exchange.response = Canned(status, content, {"connection": "close"})
        name, module = called.name, called.module
        signature = inspect.signature(module.sync_detailed)
        arguments = {}
        expected: list[tuple[str, str]] = []
        path = called.path
        for parameter in called.parameters:
            if parameter["name"].lower() == API_VERSION.lower():
                continue
            value = self._value(parameter["schema"])
            key = next(
                each
                for each in signature.parameters
                if each.replace("_", "") == "".join(filter(str.isalnum, parameter["name"].lower()))
            )
            arguments[key] = self._argument(module, key, value)
            path = path.replace(f"{{{parameter['name']}}}", quote(_written(value), safe=""))
            if parameter["in"] == "query":
                expected += _query(parameter["name"], value)
        if body[0]:
            arguments["body"] = self._argument(module, "body", body[1])
        for function in (module.sync_detailed, module.asyncio_detailed):
            response = function(client=self.client, **arguments)
            parsed = (asyncio.run(response) if inspect.iscoroutine(response) else response).parsed
            self.calls += 1
            yield from self._compared(name, (called.method, path), expected, body)
            if answer is not _NOTHING and self.base.wire_form(parsed) != answer:
                yield f"{name}: {answer} came back as {parsed!r}"

    def _compared(
        self, name: str, to: tuple[str, str], query: list[Json], body: tuple[str | None, Json]
    ) -> Iterator[str]:
        seen = self.exchange.received
        if seen is None or (seen.method, seen.path) != to:
            yield f"{name}: requests {seen and f'{seen.method} {seen.path}'}"
            return
        if sorted(parse_qsl(seen.raw_query)) != sorted(query):
            yield f"{name}: sends the query {seen.raw_query}, not {query}"
        if body[0] == "application/json" and json.loads(seen.body) != body[1]:
            yield f"{name}: sends the body {seen.body!r}"
        if body[0] and seen.headers["content-type"] != body[0]:
            yield f"{name}: sends a body of {seen.headers['content-type']}"

    def _argument(self, module: Any, name: str, value: Json) -> Any:
        """Return a value in the type that the operation is annotated with."""
        written = inspect.signature(module.sync_detailed).parameters[name].annotation
        kinds = {each: getattr(self.models, each) for each in self.models.__all__}
        unset = {"Unset": type(None), "datetime": importlib.import_module("datetime")}
        hint = eval(written, {**vars(module), **unset}, kinds)  # noqa: S307 - of our own package
        return self.base.read_json(json.dumps(value).encode(), hint)

    # ---------------------------------------------------------------- values of schemas

    def _values(self, holder: Json) -> list[Json]:
        """Return the examples that fit the schema, and one value made from it."""
        if "schema" not in holder:
            return [_NOTHING]
        document = {**holder["schema"], "components": self.contract["components"]}
        validator = jsonschema_rs.validator_for(_as_json_schema(document))
        shown = [each.get("value") for each in holder.get("examples", {}).values()]
        made = self._value(holder["schema"])
        return [*filter(validator.is_valid, shown), made]

    def _value(self, schema: Json, depth: int = 0) -> Json:
        schema = self._resolved(schema)
        for part in schema.get("allOf", []):
            resolved = self._resolved(part)
            together = {**resolved.get("properties", {}), **schema.get("properties", {})}
            schema = {**resolved, **schema, **({"properties": together} if together else {})}
        for word in ("oneOf", "anyOf"):
            if schema.get(word) and not schema.get("properties"):
                return self._value(schema[word][-1 if depth % 2 else 0], depth + 1)
        for word in ("x-extensible-enum", "x-enum", "enum"):
            if word in schema:
                return schema[word][-1]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "array":
            return [self._value(schema["items"], depth + 1)] if depth < _DEEPEST else []
        if kind != "object":
            return _SCALARS.get(kind, _FORMATS.get(schema.get("format", ""), "naïve /text?"))
        needed = schema.get("required", [])
        value = {
            name: self._value(below, depth + 1)
            for name, below in schema.get("properties", {}).items()
            if name in needed or depth < _DEEPEST
        }
        inside = schema.get("additionalProperties")
        others = {"a key": self._value(inside, depth + 1)} if isinstance(inside, dict) else {}
        return value or others

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found = self.contract
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node


_NOTHING: Final = object()
_DEEPEST: Final = 4


def _status(written: str, responses: Container[str]) -> int:
    """Return a status that a contract means by `404`, `4XX` or `default`."""
    if written == "default":
        written = next(each for each in ("4XX", "5XX", "3XX") if each not in responses)
    return int(written.replace("XX", "18"))


def _written(value: Json) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _query(name: str, value: Json) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(key, _written(each)) for key, each in value.items()]
    return [(name, _written(each)) for each in (value if isinstance(value, list) else [value])]


def _as_json_schema(node: Json) -> Json:
    """Return an OpenAPI 3.0 schema with `nullable` expressed in JSON Schema."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _as_json_schema(value) for key, value in node.items()}
    if schema.pop("nullable", False) is True:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


if __name__ == "__main__":
    sys.exit(main())
