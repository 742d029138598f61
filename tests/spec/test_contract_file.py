"""Reading a contract: what its values are, what its structure is, which operations it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pinecone_control.contract.document import join, operations, resolve, split
from scripts.spec import contract_file
from scripts.spec.contract_file import (
    ContractFileError,
    parse_contract,
    read_contract,
    structural_digest,
    structure,
)

if TYPE_CHECKING:
    from pathlib import Path


def parse(yaml_text: str) -> contract_file.Contract:
    return parse_contract(f"openapi: 3.0.3\n{yaml_text}".encode(), "contract.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2025-02-04T13:00:00Z", "2025-02-04T13:00:00Z"),
        ("2025-02-04", "2025-02-04"),
        ("12:30:45", "12:30:45"),
        ("no", "no"),
        ("On", "On"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-3", -3),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_a_plain_value_reads_as_yaml_1_2_has_it(written: str, value: object) -> None:
    read = parse(f"x-value: {written}")["x-value"]
    assert (read, type(read)) == (value, type(value))


def test_a_name_stays_as_written() -> None:
    assert list(parse("x-names: {200: a, 0x10: b, null: c, yes: d}")["x-names"]) == [
        "200",
        "0x10",
        "null",
        "yes",
    ]


@pytest.mark.parametrize("content", [b"openapi: 3.0.3\na: 1\na: 2", b'{"openapi":"3","a":1,"a":2}'])
def test_a_name_given_twice_is_refused(content: bytes) -> None:
    with pytest.raises(ContractFileError, match="'a'"):
        parse_contract(content, "contract.yaml")


@pytest.mark.parametrize(
    "value", [".inf", "!!binary aGk=", "!!timestamp 2025-02-04", "!!python/name:os.system", "*none"]
)
def test_a_value_that_json_cannot_express_is_refused(value: str) -> None:
    with pytest.raises(ContractFileError, match=r"^contract\.yaml: [^\n]+$"):
        parse(f"x-value: {value}")


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("paths: []", "/paths is not a mapping"),
        ("paths: {/a: {get: []}}", "/paths/~1a/get is not a mapping"),
        ("paths: {/a: {get: {operationId: 3}}}", "/paths/~1a/get/operationId is not a string"),
        ("paths: {/a: {parameters: [a]}}", "/paths/~1a/parameters/0 is not a mapping"),
        (
            "paths: {/a: {get: {responses: {200: a}}}}",
            "/paths/~1a/get/responses/200 is not a mapping",
        ),
        ("components: {schemas: {A: {$ref: 3}}}", "/components/schemas/A/$ref is not a string"),
        ("components: {schemas: {A: {properties: {a: b}}}}", "A/properties/a is not a mapping"),
        ("components: {schemas: {A: {enum: [{}]}}}", "/schemas/A/enum/0 is not a scalar"),
        ("components: {schemas: {A: {required: true}}}", "/schemas/A/required is not a list"),
        ("components: {schemas: {A: {required: [1]}}}", "/schemas/A/required/0 is not a string"),
        ("components: {parameters: {A: {in: query, required: []}}}", "A/required is not a boolean"),
        ("paths: {/a: {put: {requestBody: {required: a}}}}", "/required is not a boolean"),
        ("components: {requestBodies: {A: {required: []}}}", "A/required is not a boolean"),
    ],
)
def test_a_value_of_another_type_than_openapi_has_there_is_refused(
    written: str, wrong: str
) -> None:
    with pytest.raises(ContractFileError, match="is not an OpenAPI document") as caught:
        parse(written)
    assert str(caught.value).endswith(wrong)


BRACES = "has braces that do not enclose the name of a parameter"


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("paths: {'/a/{b': {}}", f"/paths/~1a~1{{b {BRACES}"),
        ("paths: {'/a/b}': {}}", f"/paths/~1a~1b}} {BRACES}"),
        ("paths: {'/a/{}': {}}", f"/paths/~1a~1{{}} {BRACES}"),
        ("paths: {/a: {query: {}}}", "/paths/~1a/query is not a method of OpenAPI 3.0 or 3.1"),
        ("paths: {/a: {GET: {}}}", "/paths/~1a/GET is not a method of OpenAPI 3.0 or 3.1"),
        (
            "components: {pathItems: {A: {fetch: {}}}}",
            "/components/pathItems/A/fetch is not a method of OpenAPI 3.0 or 3.1",
        ),
        (
            "paths: {/a: {get: {}}, /b: {$ref: '#/paths/~1a', put: {}}}",
            "/paths/~1b/put is beside a reference, which takes its place",
        ),
        ("paths: {/a: {get: {responses: {20: {}}}}}", "/responses/20 is not a status code"),
        ("paths: {/a: {get: {responses: {4xx: {}}}}}", "/responses/4xx is not a status code"),
        ("security: [{}, {Key: []}]", "/security/1/Key is not a security scheme"),
        (
            "paths: {/a: {get: {security: [{Key: []}]}}}",
            "/paths/~1a/get/security/0/Key is not a security scheme",
        ),
        ("components: {schemas: {A: {type: []}}}", "A/type names no type of JSON Schema"),
        (
            "components: {schemas: {A: {type: [string, text]}}}",
            "A/type names no type of JSON Schema",
        ),
    ],
)
def test_name_that_openapi_does_not_have_there_is_refused(written: str, wrong: str) -> None:
    with pytest.raises(ContractFileError, match="is not an OpenAPI document") as caught:
        parse(written)
    assert str(caught.value).endswith(wrong)


def test_names_that_openapi_has_there_are_accepted() -> None:
    parse("""
security: [{Key: []}]
components:
  securitySchemes: {Key: {type: apiKey, name: Api-Key, in: header}}
  responses: {NotFound: {description: Not found.}}
paths:
  /a/{b}-{c}:
    x-owner: team
    parameters: []
    get: {responses: {200: {}, 4XX: {}, default: {}}}
""")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\n<!DOCTYPE html><html></html>", "is HTML or XML, neither YAML nor JSON"),
        (b"swagger: '2.0'", "is not an OpenAPI 3 document: it says `swagger: 2.0`"),
        (b"openapi: 3.0.3\n\tinfo: 1", "found a tab character that violates indentation in line 2"),
    ],
)
def test_file_that_is_something_else_is_named_as_such(content: bytes, reason: str) -> None:
    with pytest.raises(ContractFileError, match=r"^contract\.yaml: [^\n]+$") as caught:
        parse_contract(content, "contract.yaml")
    assert str(caught.value).endswith(reason)


def test_a_property_may_be_named_like_a_word_of_openapi() -> None:
    parse("components: {schemas: {A: {properties: {required: {type: string}, enum: {}}}}}")


def test_aliases_that_multiply_are_refused() -> None:
    levels = [f"x-{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(ContractFileError, match="too many values"):
        parse("\n".join(["x-0: &l0 [lol]", *levels]))


def test_a_file_above_the_size_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(contract_file.MAX_BYTES + 1)
    with pytest.raises(ContractFileError, match=r"large\.yaml: larger than 20 MB"):
        read_contract(path)


def test_a_reference_inside_an_example_value_is_only_a_value() -> None:
    parse("components: {schemas: {A: {example: {$ref: 'not one'}, default: {$ref: 'nor this'}}}}")


def test_a_reference_to_something_that_is_no_object_is_refused() -> None:
    with pytest.raises(ContractFileError, match="'#/openapi' leads to no object"):
        parse("components: {schemas: {A: {$ref: '#/openapi'}}}")


def test_a_property_named_like_a_reference_is_a_property() -> None:
    parse("components: {schemas: {A: {properties: {$ref: {type: string}}}}}")


@pytest.mark.parametrize("word", ["title", "summary", "description", "example", "examples"])
def test_prose_is_dropped_from_a_schema_but_kept_as_a_property(word: str) -> None:
    schema = f"{{{word}: words, properties: {{{word}: {{type: string}}}}}}"
    contract = parse(f"components: {{schemas: {{A: {schema}}}}}")
    kept = {"properties": {word: {"type": "string"}}}
    assert structure(contract)["components"]["schemas"]["A"] == kept


def test_prose_words_inside_a_default_are_kept() -> None:
    contract = parse("components: {schemas: {A: {default: {title: x, description: y}}}}")
    schema = structure(contract)["components"]["schemas"]["A"]
    assert schema == {"default": {"title": "x", "description": "y"}}


def test_external_documentation_keeps_its_url_alone() -> None:
    contract = parse("externalDocs: {description: words, url: https://example.com}")
    assert structure(contract)["externalDocs"] == {"url": "https://example.com"}


def test_the_order_of_servers_is_structure() -> None:
    one = parse("servers: [{url: https://a.example}, {url: https://b.example}]")
    other = parse("servers: [{url: https://b.example}, {url: https://a.example}]")
    assert structural_digest(one) != structural_digest(other)


def test_the_order_of_a_default_is_structure() -> None:
    one = parse("components: {schemas: {A: {default: {enum: [1, 2]}}}}")
    other = parse("components: {schemas: {A: {default: {enum: [2, 1]}}}}")
    assert structural_digest(one) != structural_digest(other)


def test_the_order_of_an_enum_is_not_structure() -> None:
    one = parse("components: {schemas: {A: {enum: [a, b]}}}")
    other = parse("components: {schemas: {A: {enum: [b, a]}}}")
    assert structural_digest(one) == structural_digest(other)


def test_an_operation_has_the_parameters_of_its_path_unless_it_overrides_them() -> None:
    contract = parse("""
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer}}
paths:
  /backups/{backup_id}:
    parameters:
    - {name: backup_id, in: path, required: true}
    - {name: limit, in: query}
    get:
      operationId: describe_backup
      parameters:
      - $ref: '#/components/parameters/Limit'
""")
    (operation,) = operations(contract)
    assert (operation.method, operation.path) == ("GET", "/backups/{backup_id}")
    assert operation.operation_id == "describe_backup"
    assert operation.pointer == "/paths/~1backups~1{backup_id}/get"
    assert operation.definition["parameters"] == [
        {"name": "backup_id", "in": "path", "required": True},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
    ]


def test_a_reference_names_its_target_by_an_escaped_pointer() -> None:
    contract = parse("paths: {'/a~b/{id}': {get: {operationId: x}}}")
    pointer = join("", "paths", "/a~b/{id}", "get")
    assert pointer == "/paths/~1a~0b~1{id}/get"
    assert split(pointer) == ["paths", "/a~b/{id}", "get"]
    assert resolve(contract, f"#{pointer}") == {"operationId": "x"}
    assert resolve(contract, "#/paths/~1a~0b~1%7Bid%7D/get") == {"operationId": "x"}
