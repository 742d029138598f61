import pytest

from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from tests.support.contracts import frozen_contract


def contract(schema: dict[str, object]) -> Contract:
    return Contract({"paths": {}, "components": {"schemas": {"Thing": schema}}})


def broken(schema: dict[str, object], value: object) -> list[tuple[str, str]]:
    """Pointer and keyword of each violation, for a schema that stands behind a reference."""
    validator = contract(schema).validator({"$ref": "#/components/schemas/Thing"})
    return [(each.pointer, each.keyword) for each in validator.violations(value)]


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
    operations = Contract(frozen_contract()).operations
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
    (parameter,) = Contract({"paths": {"/": {"get": get}}}).operations["op"].parameters
    assert parameter.parse(raw) == value
    assert type(parameter.parse(raw)) is type(value)


def test_a_nullable_schema_takes_null() -> None:
    schema = {"type": "string", "enum": ["a"], "nullable": True}
    assert broken(schema, None) == []
    assert broken(schema, "a") == []
    assert broken(schema, "b") != []


def test_what_stands_beside_a_reference_counts_for_nothing() -> None:
    validator = contract({"type": "string"}).validator(
        {"$ref": "#/components/schemas/Thing", "nullable": True}
    )
    assert [each.keyword for each in validator.violations(None)] == ["type"]


@pytest.mark.parametrize(
    ("schema", "good", "bad", "keyword"),
    [
        ({"type": "integer", "format": "int32"}, 2**31 - 1, 2**31, "maximum"),
        ({"type": "integer", "format": "int64"}, 2**63 - 1, 2**63, "maximum"),
        ({"type": "integer", "format": "int32", "minimum": 1}, 1, 0, "minimum"),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, 0.1, 0, "exclusiveMinimum"),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, 1, 1.1, "maximum"),
        ({"type": "string", "format": "date-time"}, "2025-05-15T21:04:34.2463Z", "now", "format"),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {},
            {"b": 1},
            "additionalProperties",
        ),
    ],
)
def test_openapi_words_mean_what_openapi_says(
    schema: dict[str, object], good: object, bad: object, keyword: str
) -> None:
    assert broken(schema, good) == []
    assert broken(schema, bad) == [("", keyword)]


def test_a_violation_points_at_what_is_wrong() -> None:
    schema = {"type": "object", "properties": {"a/b": {"type": "array", "items": {"minimum": 1}}}}
    assert broken(schema, {"a/b": [1, 0]}) == [("/a~1b/1", "minimum")]


def test_a_value_too_deep_to_follow_is_a_violation() -> None:
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    value: list[object] = []
    for _ in range(499):
        value = [value]
    assert broken(schema, value) == []
    for _ in range(100_000):
        value = [value]
    assert broken(schema, value) == [("", "depth")]
