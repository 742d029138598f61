"""A part of a contract that cannot be generated is refused by its own JSON pointer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scripts.generate import client
from scripts.generate.generator_input import GeneratorInputError, generator_input
from scripts.proofs.planted_contracts import planted
from scripts.spec.contract_file import parse_contract

if TYPE_CHECKING:
    from pathlib import Path

THING = {"$ref": "#/components/schemas/Thing"}
JSON = "application/json"
TEXT = {"type": "string"}
SIZE = "/components/schemas/Thing/properties/size"
ONLY_NULL = "null is its only value, for which there is no type"
ITSELF = "it refers to itself, or to what is no schema"
NO_FUNCTION = "/paths/~1things/get/operationId: is missing, or names no function"


def with_size(schema: dict[str, Any], version: str = "3.0.3") -> dict[str, Any]:
    contract = planted(lambda _: None)
    contract["openapi"] = version
    contract["components"]["schemas"]["Thing"]["properties"]["size"] = schema
    return contract


def with_schemas(**schemas: dict[str, Any]) -> dict[str, Any]:
    return planted(lambda contract: contract["components"]["schemas"].update(schemas))


def with_operation(**changes: Any) -> dict[str, Any]:
    return planted(lambda contract: contract["paths"]["/things"]["get"].update(changes))


def with_parameters(*names: str) -> dict[str, Any]:
    return with_operation(parameters=[{"name": n, "in": "query", "schema": TEXT} for n in names])


def with_path_as_component() -> dict[str, Any]:
    contract = planted(lambda _: None)
    contract["components"]["pathItems"] = {"Things": contract["paths"]["/things"]}
    contract["paths"]["/things"] = {"$ref": "#/components/pathItems/Things"}
    return contract


def with_media_type(name: str) -> Any:
    return json.loads(
        json.dumps(planted(lambda _: None)).replace('"application/json"', json.dumps(name))
    )


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        (with_size({"type": "integer", "default": "x"}), f"{SIZE}/default: is not of the type"),
        (with_size({"type": "null"}, "3.1.0"), f"{SIZE}: {ONLY_NULL}"),
        (with_size({"enum": [None]}), f"{SIZE}: {ONLY_NULL}"),
        (
            with_size({"type": "array", "items": {"type": "null"}}, "3.1.0"),
            f"{SIZE}/items: {ONLY_NULL}",
        ),
        (
            with_size({"allOf": [TEXT, {"type": "integer"}]}),
            f"{SIZE}/allOf: its parts contradict each other",
        ),
        (
            with_size({**THING, "required": ["size"]}, "3.1.0"),
            f"{SIZE}/required: no client is generated for it beside a reference",
        ),
        *(
            (
                with_schemas(**{name: TEXT}),
                f"/components/schemas/{name}: {name!r} cannot name a class",
            )
            for name in ("Response", "response", "Client", "Unset", "ClassVar")
        ),
        (
            with_schemas(Map={"additionalProperties": {"$ref": "#/components/schemas/Map"}}),
            f"/components/schemas/Map: {ITSELF}",
        ),
        (
            with_schemas(
                Map={"additionalProperties": {"$ref": "#/components/schemas/List"}},
                List={"type": "array", "items": {"$ref": "#/components/schemas/Map"}},
            ),
            f"/components/schemas/Map: {ITSELF}",
        ),
        (with_operation(operationId="1list"), NO_FUNCTION),
        (with_operation(operationId="_2fa"), NO_FUNCTION),
        (
            with_operation(operationId="makeThing"),
            (
                "/paths/~1things/post/operationId: 'make_thing' and 'makeThing' of "
                "/paths/~1things/get name one function"
            ),
        ),
        (
            with_parameters("a-b", "a_b"),
            "/paths/~1things/get/parameters/1: another argument has the name 'a_b'",
        ),
    ],
)
def test_cause_is_named_by_its_pointer(contract: dict[str, Any], reason: str) -> None:
    with pytest.raises(GeneratorInputError) as caught:
        generator_input(contract)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    "contract",
    [
        pytest.param(
            with_size({"allOf": [{"type": "integer"}, {"minimum": 0}]}), id="allOf with a limit"
        ),
        pytest.param(with_size({"allOf": [TEXT, {"enum": ["a", "b"]}]}), id="allOf with an enum"),
        pytest.param(with_size({**THING, "description": "A part."}, "3.1.0"), id="described $ref"),
        pytest.param(with_size({"type": "integer", "default": None}), id="default null"),
        pytest.param(with_path_as_component(), id="path in components"),
        pytest.param(
            with_operation(responses={"200": {"description": "", "content": {JSON: {}}}}),
            id="any JSON",
        ),
        pytest.param(with_media_type("application/json; charset=utf-8"), id="charset"),
        pytest.param(with_media_type('Application/JSON;charset="UTF-8"'), id="quoted charset"),
    ],
)
def test_what_can_be_generated_is_complete(
    contract: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(contract))
    assert client.main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 0
    assert "3 of 3 operations, nothing missing" in capsys.readouterr().out


def test_two_spellings_of_json_beside_each_other_are_both_kept() -> None:
    contract = planted(lambda _: None)
    content = contract["paths"]["/things"]["get"]["responses"]["200"]["content"]
    content["application/json; charset=utf-8"] = content["application/json"]
    read = parse_contract(json.dumps(contract).encode(), "contract.json")
    with pytest.raises(GeneratorInputError, match="charset=utf-8: no client is generated for this"):
        generator_input(read)
