"""A value is validated by a schema of the contract, with OpenAPI's words in JSON Schema's."""

import pytest

from pinecone_control.contract.shipped_contracts import Contract


def contract(schema: dict[str, object]) -> Contract:
    return Contract({"paths": {}, "components": {"schemas": {"Thing": schema}}})


def broken(schema: dict[str, object], value: object) -> list[tuple[str, str]]:
    """Pointer and keyword of each violation, for a schema that stands behind a reference."""
    validator = contract(schema).validator({"$ref": "#/components/schemas/Thing"})
    return [(each.pointer, each.keyword) for each in validator.violations(value)]


def test_a_nullable_schema_takes_null() -> None:
    schema = {"type": "string", "enum": ["a"], "nullable": True}
    assert broken(schema, None) == []
    assert broken(schema, "a") == []
    assert broken(schema, "b") != []


def test_keywords_beside_a_reference_are_ignored() -> None:
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
def test_openapi_keywords_have_their_openapi_meaning(
    schema: dict[str, object], good: object, bad: object, keyword: str
) -> None:
    assert broken(schema, good) == []
    assert broken(schema, bad) == [("", keyword)]


def test_a_violation_points_at_what_is_wrong() -> None:
    schema = {"type": "object", "properties": {"a/b": {"type": "array", "items": {"minimum": 1}}}}
    assert broken(schema, {"a/b": [1, 0]}) == [("/a~1b/1", "minimum")]


def test_a_value_nested_too_deeply_is_a_violation() -> None:
    schema = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
    value: list[object] = []
    for _ in range(499):
        value = [value]
    assert broken(schema, value) == []
    for _ in range(100_000):
        value = [value]
    assert broken(schema, value) == [("", "depth")]
