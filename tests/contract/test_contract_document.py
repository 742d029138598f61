"""The document module: references, operations, merged schemas, sample values."""

import subprocess
import sys
from typing import Any

import pytest

from pinecone_control.contract.document import (
    Document,
    DocumentError,
    allows_null,
    completed,
    dereference,
    join,
    known_values,
    operations,
    parts,
    references,
    resolve,
    sample,
    samples,
    split,
    variant_of,
    variants,
)
from pinecone_control.contract.shipped_contracts import effective_contract
from tests.support.contracts import frozen_contract

CAPACITY: dict[str, Any] = {
    "oneOf": [
        {"$ref": "#/components/schemas/OnDemand"},
        {"$ref": "#/components/schemas/Dedicated"},
    ],
    "discriminator": {
        "propertyName": "mode",
        "mapping": {
            "OnDemand": "#/components/schemas/OnDemand",
            "Dedicated": "#/components/schemas/Dedicated",
        },
    },
}
MODE = {"mode": {"type": "string"}}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things/{name}": {
            "parameters": [{"$ref": "#/components/parameters/Name"}],
            "get": {"operationId": "describe_thing", "responses": {"200": {}, "default": {}}},
        }
    },
    "components": {
        "parameters": {"Name": {"in": "path", "name": "name", "required": True}},
        "schemas": {
            "OnDemand": {"properties": MODE, "required": ["mode"]},
            "Dedicated": {
                "properties": {**MODE, "nodes": {"type": "integer"}, "note": {"type": "string"}},
                "required": ["mode", "nodes"],
            },
            "Capacity": CAPACITY,
            "Tree": {
                "properties": {
                    "label": {"type": "string"},
                    "left": {"$ref": "#/components/schemas/Tree"},
                }
            },
            "Loop": {"$ref": "#/components/schemas/Loop"},
        },
    },
}


def schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_module_loads_neither_the_generated_client_nor_a_validator_nor_httpx() -> None:
    code = (
        "import sys, pinecone_control.contract.document\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'pinecone_control_api', 'jsonschema_rs', 'httpx', 'msgspec'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("names", [[], ["a"], ["paths", "/a/{b}", "get"], ["~", "~1", ""]])
def test_a_pointer_is_split_as_it_was_joined(names: list[str]) -> None:
    assert split(join("", *names)) == names


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("other.yaml#/a", "remote"),
        ("#/components/schemas/None", "leads nowhere"),
        ("#/components/schemas/Loop", "back to itself"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told(reference: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        dereference(DOCUMENT, {"$ref": reference})


def test_references_are_found_with_their_places_and_not_in_values() -> None:
    node = {"schema": {"$ref": "#/a"}, "default": {"$ref": "#/b"}, "properties": {"$ref": {}}}
    assert list(references(node)) == [("/schema", "#/a")]
    assert resolve({"a": [{"b": 1}]}, "#/a/0/b") == 1


def test_an_operation_has_the_parameters_of_its_path_and_its_numbered_statuses() -> None:
    (operation,) = operations(DOCUMENT)
    assert [(each.name, each.location) for each in operation.parameters] == [("name", "path")]
    assert list(operation.responses) == [200]
    assert operation.pointer == "/paths/~1things~1{name}/get"


def test_the_effective_contract_has_18_operations() -> None:
    assert len(effective_contract().operations) == 18


@pytest.mark.parametrize(
    ("method", "path", "operation", "parameters"),
    [
        ("GET", "/indexes", "list_indexes", {}),
        ("get", "/indexes/movies", "describe_index", {"index_name": "movies"}),
        ("GET", "/indexes/a%2Fb", "describe_index", {"index_name": "a/b"}),
        ("GET", "/indexes/%C3%A4", "describe_index", {"index_name": "ä"}),
        ("POST", "/indexes/create-for-model", "create_index_for_model", {}),
        ("GET", "/indexes/create-for-model", "describe_index", {"index_name": "create-for-model"}),
        ("GET", "/indexes/m/backups", "list_index_backups", {"index_name": "m"}),
    ],
)
def test_a_request_is_matched_to_its_operation(
    method: str, path: str, operation: str, parameters: dict[str, str]
) -> None:
    match = effective_contract().match(method, path)
    assert match is not None
    assert match.operation.operation_id == operation
    assert match.path_parameters == parameters


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/indexes"), ("GET", "/"), ("GET", "/indexes/"), ("GET", "indexes")],
)
def test_a_request_outside_the_contract_matches_nothing(method: str, path: str) -> None:
    assert effective_contract().match(method, path) is None


def test_the_methods_of_a_path_are_known() -> None:
    assert effective_contract().methods("/indexes/movies") == ["DELETE", "GET", "PATCH"]
    assert effective_contract().methods("/nothing") == []


def test_an_operation_knows_its_parameters_bodies_and_answers() -> None:
    operations = Document(frozen_contract()).operations
    operation = operations["list_restore_jobs"]
    assert [(p.name, p.location, p.required) for p in operation.parameters] == [
        ("limit", "query", False),
        ("paginationToken", "query", False),
    ]
    assert operation.body is None
    assert sorted(operation.responses) == [200, 401, 500]
    assert operations["delete_backup"].responses[202] is None
    assert operations["create_index"].body_required


@pytest.mark.parametrize(
    ("schema", "raw", "value"),
    [
        ({"type": "integer"}, "10", 10),
        ({"type": "integer"}, "ten", "ten"),
        ({"type": "integer"}, "1_0", "1_0"),
        ({"type": "integer"}, "٣", "٣"),
        ({"type": "number"}, "1.5", 1.5),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "yes", "yes"),
        ({"type": "string"}, "10", "10"),
    ],
)
def test_a_parameters_text_becomes_what_its_schema_asks_for(
    schema: dict[str, object], raw: str, value: object
) -> None:
    parameters = [{"in": "query", "name": "p", "schema": schema}]
    get = {"operationId": "op", "parameters": parameters, "responses": {}}
    (parameter,) = Document({"paths": {"/": {"get": get}}}).operations["op"].parameters
    assert parameter.parse(raw) == value
    assert type(parameter.parse(raw)) is type(value)


def test_a_schema_has_a_variant_for_each_alternative_tagged_by_its_discriminator() -> None:
    assert [
        (each["properties"]["mode"]["enum"], each["required"])
        for each in variants(DOCUMENT, schema("Capacity"))
    ] == [(["OnDemand"], ["mode"]), (["Dedicated"], ["mode", "nodes"])]


def test_all_parts_of_a_schema_are_merged_into_its_variants() -> None:
    whole = {
        "allOf": [schema("OnDemand"), {"properties": {"size": {"type": "integer"}}}],
        "required": ["size"],
    }
    (merged,) = variants(DOCUMENT, whole)
    assert sorted(merged["properties"]) == ["mode", "size"]
    assert sorted(merged["required"]) == ["mode", "size"]


def test_alternatives_that_only_require_properties_exclude_each_others() -> None:
    spec = {
        "properties": {"pod": {}, "serverless": {}, "tags": {}},
        "oneOf": [{"required": ["pod"]}, {"required": ["serverless"]}],
    }
    assert [sorted(each["properties"]) for each in variants(DOCUMENT, spec)] == [
        ["pod", "tags"],
        ["serverless", "tags"],
    ]


def test_null_as_an_alternative_makes_no_variant() -> None:
    nullable = {"anyOf": [schema("OnDemand"), {"type": "null"}]}
    assert len(variants(DOCUMENT, nullable)) == 1
    assert allows_null(DOCUMENT, nullable)
    assert allows_null(DOCUMENT, {"type": ["string", "null"]})
    assert not allows_null(DOCUMENT, schema("OnDemand"))


@pytest.mark.parametrize(
    ("value", "variant"),
    [({"mode": "OnDemand"}, 0), ({"mode": "Dedicated"}, 1), ({"nodes": 2}, 1)],
)
def test_an_object_is_told_apart_by_its_tag_then_by_its_names(
    value: dict[str, object], variant: int
) -> None:
    expected = variants(DOCUMENT, CAPACITY)[variant]
    assert variant_of(DOCUMENT, CAPACITY, value) == expected


def test_samples_show_every_property_and_every_alternative() -> None:
    assert samples(DOCUMENT, schema("Capacity")) == [
        {"mode": "OnDemand"},
        {"mode": "Dedicated", "nodes": 1, "note": "text"},
    ]


def test_a_sample_can_be_the_least_and_can_hold_known_values() -> None:
    (_, dedicated) = CAPACITY["oneOf"]
    assert sample(DOCUMENT, dedicated, required_only=True) == {"mode": "text", "nodes": 1}
    assert sample(DOCUMENT, dedicated, {"note": "mine"})["note"] == "mine"


def test_a_known_value_of_another_type_is_passed_over() -> None:
    (_, dedicated) = CAPACITY["oneOf"]
    assert sample(DOCUMENT, dedicated, {"nodes": "mine"})["nodes"] == 1


def test_a_schema_that_contains_itself_is_sampled_to_a_bounded_depth() -> None:
    (tree,) = samples(DOCUMENT, schema("Tree"))
    assert tree["left"]["left"]["label"] == "text"


def test_a_value_is_completed_by_what_its_own_alternative_requires() -> None:
    values = [{"mode": "Dedicated", "new": 1}, {"mode": "OnDemand"}]
    assert completed(DOCUMENT, {"items": schema("Capacity")}, values, {"nodes": 7}) == [
        {"mode": "Dedicated", "new": 1, "nodes": 7},
        {"mode": "OnDemand"},
    ]


@pytest.mark.parametrize("word", ["enum", "x-enum", "x-extensible-enum"])
def test_values_that_a_schema_names_are_known_be_its_enum_open_or_closed(word: str) -> None:
    assert known_values({"type": "string", word: ["a", "b"]}) == ["a", "b"]
    assert known_values({"type": "string"}) == []


def test_the_parts_of_a_schema_are_named_by_where_they_stand() -> None:
    assert [pointer for pointer, _ in parts(DOCUMENT, schema("Capacity"))] == [
        "/components/schemas/Capacity",
        "/components/schemas/OnDemand",
        "/components/schemas/Dedicated",
    ]


def test_each_answer_of_the_contract_has_samples_that_fit_it() -> None:
    contract = effective_contract()
    for operation in contract.operations.values():
        for body in filter(None, operation.responses.values()):
            for value in samples(contract.document, body):
                assert list(contract.validator(body).violations(value)) == []
