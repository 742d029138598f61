"""`make spec-diff`: each change is found, rated for our users, and mapped to what it touches."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.spec.change_report import Change, changes
from tests.spec import changed
from tests.spec.changed import Contract, Plant, planted_in, properties, schemas
from tests.support.contracts import FROZEN_PIN, frozen_contract

ROOT = Path(__file__).parents[2]


def of(plant: Plant) -> list[Change]:
    new = frozen_contract()
    plant(new)
    return changes(frozen_contract(), new)


def spec_diff(new: object, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "scripts.spec.diff",
        str(new),
        "--pin",
        str(FROZEN_PIN),
        *options,
    ]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


# ------------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("plant", "rating", "what", "method"),
    [
        (
            changed.required_property_in_a_request,
            "breaking",
            '"owner" is required now',
            "create_collection",
        ),
        (changed.removed_enum_value, "breaking", 'the value "enabled" is gone', "create_index"),
        (
            changed.removed_enum_value_of_an_answer,
            "compatible",
            'the value "Terminating" is gone',
            "list_collections",
        ),
        (
            partial(changed.renamed_schema, before="RestoreJobModel", after="RestoreJob"),
            "compatible",
            "the schema RestoreJobModel is now called RestoreJob",
            "describe_restore_job",
        ),
        (changed.new_operation, "compatible", "a new operation purge_backups", "purge_backups"),
        (
            changed.removed_operation,
            "breaking",
            "the operation describe_restore_job (GET /restore-jobs/{job_id}) is gone",
            "describe_restore_job",
        ),
        (
            changed.moved_operation,
            "compatible",
            "describe_restore_job moved from GET /restore-jobs/{job_id} to GET /jobs/{job_id}",
            "describe_restore_job",
        ),
        (changed.refusal_added, "compatible", "a new status 429", "list_restore_jobs"),
        (changed.success_added, "breaking", "a new status 206", "list_restore_jobs"),
        (
            changed.inline_one_of,
            "compatible",
            "written as alternatives: serverless, pod, byoc",
            "create_index",
        ),
        (changed.open_enums, "compatible", "the enum is open now", "create_index"),
    ],
)
def test_a_planted_change_has_its_verdict(
    plant: Plant, rating: str, what: str, method: str
) -> None:
    found = of(plant)
    meant = [change for change in found if what in change.what]
    assert meant, [change.what for change in found]
    assert {change.rating for change in meant} == {rating}
    assert method in {name for change in meant for name in change.usage.methods}


def test_titles_that_collide_are_prose() -> None:
    found = of(changed.title_collision)
    assert {change.rating for change in found} == {"prose"}
    assert "several schemas have the title Job" in [change.what for change in found]


def test_a_renamed_schema_is_one_change() -> None:
    found = of(partial(changed.renamed_schema, before="RestoreJobModel", after="RestoreJob"))
    assert len([change for change in found if change.rating != "prose"]) == 1


def test_a_contract_has_no_changes_from_itself() -> None:
    assert changes(frozen_contract(), frozen_contract()) == []


def test_order_and_texts_are_not_structure() -> None:
    def reword(contract: Contract) -> None:
        named = schemas(contract)
        contract["components"]["schemas"] = dict(reversed(named.items()))
        named["IndexModel"]["description"] = "Something else."
        named["IndexModel"]["required"].reverse()

    assert [(change.rating, change.pointer) for change in of(reword)] == [
        ("prose", "/components/schemas/IndexModel/description")
    ]


def setting(schema: str, name: str, **words: Any) -> Plant:
    def plant(contract: Contract) -> None:
        properties(contract, schema)[name] |= words

    return plant


def without(schema: str, name: str) -> Plant:
    return lambda contract: properties(contract, schema).pop(name)


def optional(schema: str, name: str) -> Plant:
    return lambda contract: schemas(contract)[schema]["required"].remove(name)


@pytest.mark.parametrize(
    ("plant", "rating"),
    [
        (setting("CreateIndexRequest", "dimension", maximum=10_000), "breaking"),
        (setting("CreateIndexRequest", "dimension", maximum=40_000), "compatible"),
        (setting("CreateIndexRequest", "dimension", minimum=2), "breaking"),
        (setting("CreateIndexRequest", "name", pattern="^a"), "breaking"),
        (setting("CreateIndexRequest", "vector_type", default="sparse"), "breaking"),
        (setting("RestoreJobModel", "percent_complete", maximum=50), "compatible"),
        (setting("RestoreJobModel", "status", nullable=True), "breaking"),
        (setting("RestoreJobModel", "status", type="integer"), "breaking"),
        (setting("BackupModel", "created_at", format="date-time"), "breaking"),
        (without("RestoreJobModel", "completed_at"), "breaking"),
        (without("CreateBackupRequest", "description"), "breaking"),
        (setting("RestoreJobModel", "duration", type="number"), "compatible"),
        (setting("CreateBackupRequest", "labels", type="object"), "compatible"),
        (optional("CreateCollectionRequest", "source"), "compatible"),
        (optional("RestoreJobModel", "status"), "breaking"),
    ],
)
def test_a_restricted_request_breaks_and_an_extended_response_does_not(
    plant: Callable[[Any], Any], rating: str
) -> None:
    def adding(contract: Contract) -> None:
        for schema in ("RestoreJobModel", "CreateBackupRequest"):
            named = properties(contract, schema)
            for name in ("duration", "labels"):
                named.setdefault(name, {})
        plant(contract)
        for schema in ("RestoreJobModel", "CreateBackupRequest"):
            named = properties(contract, schema)
            for name in [name for name, stated in named.items() if not stated]:
                del named[name]

    (change,) = of(adding)
    assert change.rating == rating, change


def test_a_multiple_of_a_divisor_is_a_looser_limit() -> None:
    multiples_of_8 = setting("CreateIndexRequest", "dimension", multipleOf=8)
    (looser,), (tighter,) = both_ways(
        setting("CreateIndexRequest", "dimension", multipleOf=4), multiples_of_8
    )
    assert (looser.rating, tighter.rating) == ("compatible", "breaking")


def test_a_change_names_the_models_it_touches() -> None:
    (change,) = of(without("RestoreJobModel", "completed_at"))
    assert change.models == ("RestoreJob",)
    assert change.usage.methods == ["describe_restore_job", "list_restore_jobs"]


def test_all_changes_of_another_version_are_found() -> None:
    found = {change.what: change.rating for change in of(changed.next_version)}
    assert found[f"API version {changed.NEXT_VERSION}"] == "compatible"
    assert found["a new schema"] == "compatible"
    (breaking,) = [what for what, rating in found.items() if rating == "breaking"]
    assert breaking.startswith("written as alternatives: ")


# --------------------------------------------------------------- each rating, in both directions

Edit = Callable[[Contract], object]


def both_ways(edit: Edit, prepared: Edit = lambda _: None) -> tuple[list[Change], list[Change]]:
    """Return the changes for an edit, and those for its reverse."""
    before, after = frozen_contract(), frozen_contract()
    for contract in (before, after):
        prepared(contract)
    edit(after)
    found, back = changes(before, after), changes(after, before)
    return [c for c in found if c.rating != "prose"], [c for c in back if c.rating != "prose"]


def listing(contract: Contract) -> Contract:
    """The operation that lists restore jobs."""
    stated: Contract = contract["paths"]["/restore-jobs"]["get"]
    return stated


def answer_200(contract: Contract) -> Contract:
    stated: Contract = listing(contract)["responses"]["200"]
    return stated


def deletion(contract: Contract) -> Contract:
    stated: Contract = contract["paths"]["/indexes/{index_name}"]["delete"]
    return stated


def body(contract: Contract, *, required: bool) -> Contract:
    schema = schemas(contract)["CreateBackupRequest"]
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def required_in_the_index(contract: Contract, name: str) -> None:
    properties(contract, "ServerlessSpec")[name] = {"type": "string"}
    schemas(contract)["ServerlessSpec"]["required"].append(name)


HERE = [{"url": "https://elsewhere.example"}]


@pytest.mark.parametrize(
    ("edit", "rating", "rating_back"),
    [
        pytest.param(
            lambda c: c["servers"].__setitem__(0, HERE[0]), "breaking", "breaking", id="servers"
        ),
        pytest.param(
            lambda c: listing(c).update(servers=HERE),
            "breaking",
            "breaking",
            id="servers of an operation",
        ),
        pytest.param(
            lambda c: c["paths"]["/restore-jobs"].update(servers=HERE),
            "breaking",
            "breaking",
            id="servers of a path",
        ),
        pytest.param(
            setting("CreateBackupRequest", "description", readOnly=True),
            "breaking",
            "compatible",
            id="readOnly in a request",
        ),
        pytest.param(
            setting("CreateIndexRequest", "name", default="index"),
            "compatible",
            "breaking",
            id="default of a request, which the client never sends",
        ),
        *(
            pytest.param(
                setting(schema, name, **{word: value}), rating, "compatible", id=f"{word}, {schema}"
            )
            for schema, name, rating in (
                ("CreateBackupRequest", "description", "breaking"),
                ("RestoreJobModel", "status", "compatible"),
            )
            for word, value in (
                ("contentEncoding", "base64"),
                ("minContains", 2),
                ("unevaluatedProperties", False),
                ("if", {"maxLength": 3}),
            )
        ),
        pytest.param(
            setting("CreateBackupRequest", "description", xml={"name": "text"}),
            "compatible",
            "compatible",
            id="xml",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", readOnly=True),
            "compatible",
            "compatible",
            id="readOnly in an answer",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", writeOnly=True),
            "breaking",
            "compatible",
            id="writeOnly in an answer",
        ),
        pytest.param(
            setting("CreateBackupRequest", "description", writeOnly=True),
            "compatible",
            "compatible",
            id="writeOnly in a request",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", enum=["Pending", "Completed"]),
            "compatible",
            "compatible",
            id="an enum of an answer, which the client opens",
        ),
        pytest.param(
            setting("CreateIndexRequest", "vector_type", enum=["dense"]),
            "breaking",
            "compatible",
            id="an enum of a request",
        ),
        pytest.param(
            changed.required_property_in_a_request,
            "breaking",
            "breaking",
            id="a new required property of a request",
        ),
        pytest.param(
            setting("CreateIndexRequest", "dimension", format="int64"),
            "compatible",
            "compatible",
            id="a format of numbers",
        ),
        pytest.param(
            lambda c: answer_200(c).update(headers={"X-Total": {"schema": {"type": "integer"}}}),
            "compatible",
            "compatible",
            id="a header of an answer",
        ),
        pytest.param(
            lambda c: answer_200(c)["content"].update({"application/x-ndjson": {"schema": {}}}),
            "compatible",
            "compatible",
            id="a media type more",
        ),
        pytest.param(
            lambda c: c["servers"].append(HERE[0]), "compatible", "compatible", id="a second server"
        ),
        pytest.param(
            setting("CreateBackupRequest", "name", const="nightly"),
            "breaking",
            "compatible",
            id="a const in a request",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", const="Completed"),
            "compatible",
            "compatible",
            id="a const in an answer, which the client opens",
        ),
        pytest.param(
            setting("CreateIndexRequest", "dimension", type="number"),
            "compatible",
            "breaking",
            id="a wider type of a request",
        ),
        pytest.param(
            setting("CreateIndexRequest", "dimension", exclusiveMaximum=True),
            "breaking",
            "compatible",
            id="an exclusive limit of a request",
        ),
        pytest.param(
            lambda c: deletion(c).update(requestBody=body(c, required=False)),
            "compatible",
            "breaking",
            id="an optional body",
        ),
        pytest.param(
            lambda c: deletion(c).update(requestBody=body(c, required=True)),
            "breaking",
            "breaking",
            id="a required body",
        ),
        pytest.param(
            setting("CreateBackupRequest", "name", type=["string", "integer"]),
            "compatible",
            "breaking",
            id="one more type in a request",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", type=["string", "integer"]),
            "breaking",
            "compatible",
            id="one more type in an answer",
        ),
        pytest.param(
            lambda c: properties(c, "RestoreJobList").update(data={"type": "string"}),
            "breaking",
            "breaking",
            id="another type, and with it all else",
        ),
        pytest.param(
            lambda c: properties(c, "IndexModel").update(
                tags={"allOf": [properties(c, "IndexModel")["tags"]], "nullable": True}
            ),
            "compatible",
            "compatible",
            id="null beside a reference to an optional field",
        ),
        pytest.param(
            setting("CreateBackupRequest", "name", **{"not": {"enum": ["all"]}}),
            "breaking",
            "compatible",
            id="a value excluded from a request",
        ),
        pytest.param(
            lambda c: schemas(c)["RestoreJobModel"].update(patternProperties={"^x-": {}}),
            "compatible",
            "compatible",
            id="a limit of an answer",
        ),
        pytest.param(
            lambda c: listing(c).update({"x-stability": "beta"}),
            "compatible",
            "compatible",
            id="an extension of an operation",
        ),
        pytest.param(
            setting("CreateBackupRequest", "name", format="hostname"),
            "breaking",
            "compatible",
            id="a format of strings in a request",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", format="hostname"),
            "compatible",
            "compatible",
            id="a format of strings in an answer",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", format="date-time"),
            "breaking",
            "breaking",
            id="a format for which models have a type",
        ),
        pytest.param(
            setting("RestoreJobModel", "status", nullable=True),
            "breaking",
            "compatible",
            id="null in a required field of an answer",
        ),
        pytest.param(
            setting("RestoreJobModel", "completed_at", nullable=True),
            "compatible",
            "compatible",
            id="null in an optional field of an answer, which may be None anyway",
        ),
        pytest.param(
            lambda c: schemas(c)["IndexTags"].update(additionalProperties=True),
            "breaking",
            "breaking",
            id="values of any type in a map that is sent and read",
        ),
        pytest.param(
            lambda c: c["security"].append({"Bearer": []}),
            "compatible",
            "breaking",
            id="an alternative requirement of security",
        ),
        pytest.param(
            lambda c: c["security"][0].update({"Bearer": []}),
            "breaking",
            "breaking",
            id="a further requirement of security",
        ),
        pytest.param(
            lambda c: c["components"]["securitySchemes"].update(Bearer={"type": "http"}),
            "compatible",
            "compatible",
            id="a security scheme that nothing requires",
        ),
        pytest.param(
            lambda c: c.update(webhooks={"ready": {"post": {"operationId": "ready"}}}),
            "compatible",
            "compatible",
            id="webhooks",
        ),
        pytest.param(
            lambda c: required_in_the_index(c, "owner"),
            "breaking",
            "breaking",
            id="a new required property of requests and answers",
        ),
        pytest.param(
            lambda c: (
                properties(c, "RestoreJobModel").update(owner={"type": "string"}),
                schemas(c)["RestoreJobModel"]["required"].append("owner"),
            ),
            "compatible",
            "breaking",
            id="a new required property of answers",
        ),
        pytest.param(
            setting("BackupModel", "record_count", type="number"),
            "breaking",
            "compatible",
            id="a wider type of an answer",
        ),
        pytest.param(
            lambda c: answer_200(c).update(links={"job": {"operationId": "describe_restore_job"}}),
            "compatible",
            "compatible",
            id="links of an answer",
        ),
    ],
)
def test_a_change_and_its_reverse_have_their_ratings(
    edit: Edit, rating: str, rating_back: str
) -> None:
    found, back = both_ways(edit)
    assert [change.rating for change in found] == [rating], found
    assert [change.rating for change in back] == [rating_back], back


def test_closing_an_open_enum_of_an_answer_breaks_nothing_and_of_a_request_does() -> None:
    def close(contract: Contract) -> None:
        for schema, name in (("IndexModel", "metric"), ("CreateIndexRequest", "metric")):
            stated = properties(contract, schema)[name]
            stated["enum"] = stated.pop("x-enum")

    closing, opening = both_ways(close, changed.open_enums)
    assert {c.pointer.split("/")[3]: c.rating for c in closing} == {
        "IndexModel": "compatible",
        "CreateIndexRequest": "breaking",
    }
    assert {change.rating for change in opening} == {"compatible"}


def component_parameter(contract: Contract) -> None:
    parameters = listing(contract)["parameters"]
    contract["components"].setdefault("parameters", {})["Limit"] = parameters[0]
    parameters[0] = {"$ref": "#/components/parameters/Limit"}


def component_response(contract: Contract) -> None:
    responses = listing(contract)["responses"]
    contract["components"]["responses"] = {"Jobs": responses["200"]}
    responses["200"] = {"$ref": "#/components/responses/Jobs"}


def parameters_of_the_path(contract: Contract) -> None:
    item = contract["paths"]["/restore-jobs/{job_id}"]
    item["parameters"] = item["get"].pop("parameters")


def all_of_one(contract: Contract) -> None:
    stated = properties(contract, "IndexModel")
    stated["tags"] = {"allOf": [stated["tags"]]}


def all_of_parts(contract: Contract) -> None:
    backup = schemas(contract)["BackupModel"]
    names = [*backup["properties"]]
    half = {name: backup["properties"].pop(name) for name in names[:4]}
    required = {name for name in backup["required"] if name in half}
    backup["required"] = [name for name in backup["required"] if name not in required]
    schemas(contract)["BackupBase"] = {
        "type": "object",
        "properties": half,
        "required": sorted(required),
    }
    schemas(contract)["BackupModel"] = {
        "allOf": [{"$ref": "#/components/schemas/BackupBase"}, backup]
    }


def schema_in_place(contract: Contract) -> None:
    properties(contract, "RestoreJobList")["pagination"] = schemas(contract)["PaginationResponse"]


def name_that_may_be_null(contract: Contract) -> None:
    properties(contract, "BackupModel")["name"] = {"type": "string", "nullable": True}


def null_as_a_type(contract: Contract) -> None:
    properties(contract, "BackupModel")["name"] = {"type": ["string", "null"]}


def null_as_an_alternative(contract: Contract) -> None:
    properties(contract, "BackupModel")["name"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def one_alternative(contract: Contract) -> None:
    stated = properties(contract, "IndexModel")
    stated["tags"] = {"oneOf": [stated["tags"]]}


def all_of_a_type_and_its_limits(contract: Contract) -> None:
    stated = properties(contract, "CreateIndexRequest")
    dimension = dict(stated["dimension"])
    stated["dimension"] = {"allOf": [{"type": dimension.pop("type")}, dimension]}


def what_holds_anyway(contract: Contract) -> None:
    listing(contract).update(
        deprecated=False, servers=contract["servers"], security=contract["security"]
    )
    schemas(contract)["CreateBackupRequest"]["additionalProperties"] = True
    properties(contract, "BackupModel")["status"].update(nullable=False, readOnly=False)
    del schemas(contract)["BackupModel"]["type"]


def server_with_a_variable(contract: Contract) -> None:
    (server,) = contract["servers"]
    scheme, _, rest = server["url"].partition("://")
    server.update(url=f"{{scheme}}://{rest}/", variables={"scheme": {"default": scheme}})


def tags_in_an_all_of(contract: Contract) -> None:
    stated = properties(contract, "IndexModel")
    stated["tags"] = {"allOf": [stated["tags"]], "nullable": True}


def tags_or_null(contract: Contract) -> None:
    (reference,) = properties(contract, "IndexModel")["tags"]["allOf"]
    properties(contract, "IndexModel")["tags"] = {"oneOf": [reference, {"type": "null"}]}


def reference_to_a_reference(contract: Contract) -> None:
    page = properties(contract, "RestoreJobList")
    schemas(contract)["Page"] = page["pagination"]
    page["pagination"] = {"$ref": "#/components/schemas/Page"}


def page_schema(contract: Contract) -> None:
    schemas(contract)["Page"] = properties(contract, "RestoreJobList")["pagination"]


def status_of_two_types(contract: Contract) -> None:
    properties(contract, "RestoreJobModel")["status"] = {"type": ["string", "integer"]}


def any_of_types(contract: Contract) -> None:
    stated: Contract = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    properties(contract, "RestoreJobModel")["status"] = stated


def status_of_a_choice(contract: Contract) -> None:
    choice = [{"type": "string", "maxLength": 9}, {"type": "integer"}]
    properties(contract, "RestoreJobModel")["status"] = {"oneOf": choice}


def any_of_a_choice(contract: Contract) -> None:
    stated = properties(contract, "RestoreJobModel")["status"]
    stated["anyOf"] = stated.pop("oneOf")


def parts_of_a_base(contract: Contract) -> None:
    base = {"type": "object", "properties": {"note": {"type": "string", "nullable": True}}}
    schemas(contract)["Base"] = base
    part = {"type": "object", "properties": {"code": {"type": "integer"}}}
    properties(contract, "RestoreJobModel")["more"] = {
        "allOf": [{"$ref": "#/components/schemas/Base"}, part]
    }


def type_list_in_the_base(contract: Contract) -> None:
    stated: Contract = {"note": {"type": ["null", "string"]}, "code": {"type": "integer"}}
    schemas(contract)["Base"]["properties"]["note"] = {"type": ["string", "null"]}
    properties(contract, "RestoreJobModel")["more"] = {"type": "object", "properties": stated}


def defaults_that_are_written_out(contract: Contract) -> None:
    listing(contract)["parameters"][0].update(
        style="form", explode=True, allowReserved=False, allowEmptyValue=False
    )
    schemas(contract)["CreateBackupRequest"]["additionalProperties"] = {}
    properties(contract, "CreateBackupRequest")["name"]["minLength"] = 0
    properties(contract, "CreateIndexRequest")["dimension"]["exclusiveMaximum"] = False


def open_states(contract: Contract) -> None:
    properties(contract, "RestoreJobModel")["status"]["x-enum"] = ["Pending"]


def extensible_states(contract: Contract) -> None:
    stated = properties(contract, "RestoreJobModel")["status"]
    stated["x-extensible-enum"] = stated.pop("x-enum")


def required_twice(contract: Contract) -> None:
    schemas(contract)["CreateCollectionRequest"]["required"].append("name")


def servers_of_a_path(contract: Contract) -> None:
    contract["paths"]["/restore-jobs"]["servers"] = HERE


def servers_of_its_operation(contract: Contract) -> None:
    del contract["paths"]["/restore-jobs"]["servers"]
    listing(contract)["servers"] = HERE


def no_security(contract: Contract) -> None:
    del contract["security"]


def empty_security(contract: Contract) -> None:
    contract["security"] = []


def status_that_may_be_null(contract: Contract) -> None:
    properties(contract, "RestoreJobModel")["status"].update(enum=["Pending"], nullable=True)


def null_as_a_value(contract: Contract) -> None:
    stated = properties(contract, "RestoreJobModel")["status"]
    stated.update(enum=["Pending", None], type=["string", "null"])
    del stated["nullable"]


def default_of_the_version_header(contract: Contract) -> None:
    for operation in changed.definitions(contract):
        for parameter in operation["parameters"]:
            if parameter["name"] == "X-Pinecone-Api-Version":
                parameter["schema"]["default"] = "2099-01"


@pytest.mark.parametrize(
    ("edit", "prepared"),
    [
        (changed.version_header, lambda _: None),
        (default_of_the_version_header, changed.version_header),
        (component_parameter, lambda _: None),
        (component_response, lambda _: None),
        (parameters_of_the_path, lambda _: None),
        (all_of_one, lambda _: None),
        (schema_in_place, lambda _: None),
        (null_as_a_type, name_that_may_be_null),
        (null_as_an_alternative, name_that_may_be_null),
        (one_alternative, lambda _: None),
        (all_of_a_type_and_its_limits, lambda _: None),
        (what_holds_anyway, lambda _: None),
        (server_with_a_variable, lambda _: None),
        (defaults_that_are_written_out, lambda _: None),
        (extensible_states, open_states),
        (required_twice, lambda _: None),
        (servers_of_its_operation, servers_of_a_path),
        (empty_security, no_security),
        (null_as_a_value, status_that_may_be_null),
        (tags_or_null, tags_in_an_all_of),
        (reference_to_a_reference, page_schema),
        (any_of_types, status_of_two_types),
        (any_of_a_choice, status_of_a_choice),
        (type_list_in_the_base, parts_of_a_base),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_an_equivalent_spelling_is_not_a_change(edit: Edit, prepared: Edit) -> None:
    found, back = both_ways(edit, prepared)
    assert found == back == []


def test_an_object_split_into_parts_changes_only_the_list_of_schemas() -> None:
    def flat(contract: Contract) -> None:
        backup = schemas(contract)["BackupModel"]
        backup.pop("additionalProperties", None)

    found, back = both_ways(all_of_parts, flat)
    assert [(change.what, change.rating) for change in found] == [("a new schema", "compatible")]
    assert [(change.what, change.rating) for change in back] == [
        ("the schema BackupBase is gone", "compatible")
    ]


def test_a_nullable_field_that_becomes_optional_may_be_none_as_before() -> None:
    def optional_status(contract: Contract) -> None:
        schemas(contract)["RestoreJobModel"]["required"].remove("status")

    found, back = both_ways(optional_status, setting("RestoreJobModel", "status", nullable=True))
    assert [change.rating for change in (*found, *back)] == ["compatible", "compatible"]


def test_a_property_that_goes_with_the_list_of_required_ones_is_listed_once() -> None:
    def require_status(contract: Contract) -> None:
        schemas(contract)["RestoreJobModel"]["required"] = ["status"]

    def without_status(contract: Contract) -> None:
        del properties(contract, "RestoreJobModel")["status"]
        del schemas(contract)["RestoreJobModel"]["required"]

    found, back = both_ways(without_status, require_status)
    assert [change.what for change in found] == ["the property status is gone"]
    assert [change.what for change in back] == ["a new property status"]


def test_alternatives_that_all_require_something_new_break_requests() -> None:
    def choose(contract: Contract) -> None:
        stated = schemas(contract)["CreateBackupRequest"]
        fields = {**stated.pop("properties"), "owner": {"type": "string"}}
        del stated["type"]
        stated["oneOf"] = [
            {"type": "object", "properties": fields, "required": ["owner", name]}
            for name in ("name", "description")
        ]

    found, back = both_ways(choose)
    assert [(change.rating, change.because) for change in found] == [
        ("breaking", "owner is required now")
    ]
    assert [change.rating for change in back] == ["breaking"]


def test_types_of_a_list_are_compared_as_a_whole() -> None:
    found, back = both_ways(
        setting("CreateBackupRequest", "name", type=["boolean", "integer", "string"]),
        setting("CreateBackupRequest", "name", type=["string", "integer"]),
    )
    assert [change.rating for change in (*found, *back)] == ["compatible", "breaking"]


def test_another_discriminator_is_compatible() -> None:
    def choose(contract: Contract) -> None:
        properties(contract, "RestoreJobModel")["spec"] = {
            "oneOf": [
                {"$ref": f"#/components/schemas/{name}"} for name in ("PodSpec", "IndexTags")
            ],
            "discriminator": {"propertyName": "kind"},
        }

    def rename(contract: Contract) -> None:
        discriminator = properties(contract, "RestoreJobModel")["spec"]["discriminator"]
        discriminator["propertyName"] = "type"

    for found in both_ways(rename, choose):
        assert [change.rating for change in found] == ["compatible"]


def test_a_schema_written_in_place_breaks_only_if_its_model_is_gone() -> None:
    def as_component(contract: Contract) -> None:
        stated = properties(contract, "RestoreJobModel")
        schemas(contract)["JobStatus"] = stated["status"]
        stated["status"] = {"$ref": "#/components/schemas/JobStatus"}

    found, back = both_ways(as_component)
    assert [change.what for change in found] == ["a new schema"]
    assert [(change.what, change.rating) for change in back] == [
        ("the schema JobStatus is gone", "compatible")
    ]


def renamed(contract: Contract, name: str, other: str) -> None:
    text = json.dumps(contract).replace(
        f'"#/components/schemas/{name}"', f'"#/components/schemas/{other}"'
    )
    contract.update(json.loads(text))
    schemas(contract)[other] = schemas(contract).pop(name)


def test_a_change_in_a_renamed_schema_names_its_model() -> None:
    def rename(contract: Contract) -> None:
        renamed(contract, "BackupModel", "StoredBackup")
        properties(contract, "StoredBackup")["note"] = {"type": "string"}

    found, back = both_ways(rename)
    assert [change.models for change in (*found, *back)] == [("Backup",)] * 4


def test_equal_schemas_that_were_renamed_are_told_apart_by_their_references() -> None:
    def two(contract: Contract) -> None:
        for name in ("Left", "Right"):
            schemas(contract)[name] = {"type": "object", "properties": {"x": {"type": "string"}}}
            properties(contract, "RestoreJobModel")[name] = {"$ref": f"#/components/schemas/{name}"}

    def rename(contract: Contract) -> None:
        renamed(contract, "Right", "A")
        renamed(contract, "Left", "B")

    for found in both_ways(rename, two):
        assert {change.rating for change in found} == {"compatible"}, found
        assert len(found) == 2


TEXT = {"type": "string"}
NOTE = {"type": "object", "properties": {"text": TEXT}}
A_OR_B = {"type": "string", "enum": ["a", "b"]}


def with_property(schema: str, stated: Contract) -> Edit:
    return lambda contract: properties(contract, schema).update(extra=stated)


def with_query(schema: Contract, **more: object) -> Edit:
    parameter = {"name": "extra", "in": "query", "schema": schema, **more}
    return lambda contract: listing(contract)["parameters"].append(parameter)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            A_OR_B,
            {"oneOf": [{"type": "string", "const": each} for each in "ab"]},
            id="alternatives that are constants",
        ),
        pytest.param(
            A_OR_B,
            {"type": "string", "anyOf": [{"const": each, "title": each} for each in "ab"]},
            id="constants whose type is stated once",
        ),
        pytest.param(
            {"type": "integer", "minimum": 1},
            {"type": "integer", "exclusiveMinimum": 0},
            id="the integer before the least one",
        ),
        pytest.param(
            {"type": "number", "maximum": 1, "exclusiveMaximum": True},
            {"type": "number", "exclusiveMaximum": 1},
            id="an excluded limit of OpenAPI 3.1",
        ),
    ],
)
def test_schema_that_allows_the_same_values_is_not_a_change(one: Contract, other: Contract) -> None:
    for schema in ("CreateCollectionRequest", "CollectionModel"):
        found, back = both_ways(with_property(schema, other), with_property(schema, one))
        assert found == back == []


@pytest.mark.parametrize(
    ("edit", "prepared", "rating", "rating_back"),
    [
        *(
            pytest.param(
                with_property(schema, {"oneOf": [TEXT, NOTE]}),
                with_property(schema, one),
                *ratings,
                id=f"{kind} or something else in {schema}",
            )
            for kind, one in (("text", TEXT), ("object", NOTE), ("short", {**TEXT, "maxLength": 9}))
            for schema, ratings in (
                ("CreateCollectionRequest", ("compatible", "breaking")),
                ("CollectionModel", ("breaking", "compatible")),
            )
        ),
        pytest.param(
            with_property("CreateCollectionRequest", {"oneOf": [NOTE, {"type": "boolean"}]}),
            with_property("CreateCollectionRequest", TEXT),
            "breaking",
            "breaking",
            id="other alternatives",
        ),
        pytest.param(
            with_property("CreateCollectionRequest", {"type": "number", "exclusiveMinimum": 1}),
            with_property("CreateCollectionRequest", {"type": "number", "minimum": 1}),
            "breaking",
            "compatible",
            id="the limit itself is excluded",
        ),
        pytest.param(
            with_property("CreateCollectionRequest", {"type": "number", "exclusiveMaximum": 2}),
            with_property("CreateCollectionRequest", {"type": "number", "maximum": 1}),
            "compatible",
            "breaking",
            id="a larger limit that is excluded",
        ),
        pytest.param(
            with_query({"type": "array", "items": TEXT}, explode=False),
            with_query({"type": "array", "items": TEXT}),
            "breaking",
            "breaking",
            id="a list in one parameter",
        ),
        pytest.param(
            with_query(TEXT, allowReserved=True),
            with_query(TEXT),
            "compatible",
            "compatible",
            id="reserved characters",
        ),
    ],
)
def test_one_change_is_listed_once(
    edit: Edit, prepared: Edit, rating: str, rating_back: str
) -> None:
    found, back = both_ways(edit, prepared)
    assert [change.rating for change in found] == [rating], found
    assert [change.rating for change in back] == [rating_back], back


def test_an_empty_all_of_where_openapi_has_none_is_not_a_change() -> None:
    found, _ = both_ways(lambda contract: listing(contract)["parameters"][0].update(allOf=[]))
    assert found == []


def test_style_of_a_plain_parameter_is_not_a_change() -> None:
    edit = with_query(TEXT, style="spaceDelimited", explode=False)
    found, back = both_ways(edit, with_query(TEXT))
    assert found == back == []


def test_renamed_security_scheme_is_one_compatible_change() -> None:
    def rename(contract: Contract) -> None:
        schemes = contract["components"]["securitySchemes"]
        schemes["Key"] = schemes.pop("ApiKeyAuth")
        contract["security"] = [{"Key": []}]

    (found,), (back,) = both_ways(rename)
    assert found.what == "the security scheme ApiKeyAuth is now called Key"
    assert found.rating == back.rating == "compatible"
    assert "create_index" in found.usage.methods


def test_only_what_affects_calls_touches_them() -> None:
    found, _ = both_ways(lambda c: c.update(tags=[{"name": "a"}], webhooks={"ready": {}}))
    assert {tuple(change.usage.methods) for change in found} == {()}
    (signing,), _ = both_ways(
        lambda c: next(iter(c["components"]["securitySchemes"].values())).update(name="Other")
    )
    assert "create_index" in signing.usage.methods


def moved(contract: Contract) -> None:
    contract["paths"]["/jobs"] = contract["paths"].pop("/restore-jobs")


def moved_with_another_parameter(contract: Contract) -> None:
    moved(contract)
    contract["paths"]["/jobs"]["get"]["parameters"].append(
        {"name": "owner", "in": "query", "required": True, "schema": {"type": "string"}}
    )


def path_parameter_renamed(contract: Contract) -> None:
    item = contract["paths"].pop("/restore-jobs/{job_id}")
    contract["paths"]["/restore-jobs/{id}"] = item
    (parameter,) = [each for each in item["get"]["parameters"] if each["name"] == "job_id"]
    parameter["name"] = "id"


@pytest.mark.parametrize("edit", [moved, path_parameter_renamed])
def test_a_move_alone_is_one_compatible_change(edit: Edit) -> None:
    for found in both_ways(edit):
        assert [change.rating for change in found] == ["compatible"]
        assert " moved from GET " in found[0].what


def test_what_else_changed_in_an_operation_that_moved_is_listed() -> None:
    found, back = both_ways(moved_with_another_parameter)
    assert [change.what for change in found] == [
        "a required query parameter 'owner'",
        "list_restore_jobs moved from GET /restore-jobs to GET /jobs",
    ]
    assert [change.rating for change in back] == ["breaking", "compatible"]


def test_a_new_required_property_of_a_request_is_listed_once() -> None:
    (change,) = of(changed.required_property_in_a_request)
    assert change.what == '"owner" is required now'


# ---------------------------------------------------------------------------------- the command


def test_the_table_shows_change_reason_place_and_usage(tmp_path: Path) -> None:
    new = planted_in(tmp_path, changed.required_property_in_a_request)
    done = spec_diff(new)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:4] == [
        "BREAKING",
        '  "owner" is required now: requests that leave it out are refused',
        "    at /components/schemas/CreateCollectionRequest/required",
        "    touches create_collection()",
    ]
    assert done.stdout.endswith("1 breaking, 0 compatible, 0 prose\n")


def test_json_has_every_change(tmp_path: Path) -> None:
    new = planted_in(tmp_path, changed.removed_operation)
    report = json.loads(spec_diff(new, "--format", "json").stdout)
    assert report["counts"]["breaking"] == 1
    assert report["changes"][0]["methods"] == ["describe_restore_job"]


def test_markdown_is_a_table(tmp_path: Path) -> None:
    new = planted_in(tmp_path, changed.refusal_added)
    lines = spec_diff(new, "--format", "markdown").stdout.splitlines()
    assert lines[0] == "| rating | change | why | where | touches |"
    assert lines[2].startswith("| compatible | a new status 429 |")


@pytest.mark.parametrize(
    ("plant", "least", "code"),
    [
        (changed.removed_operation, "breaking", 1),
        (changed.refusal_added, "breaking", 0),
        (changed.refusal_added, "compatible", 1),
        (changed.title_collision, "compatible", 0),
        (changed.title_collision, "prose", 1),
    ],
)
def test_a_rating_can_fail_the_command(tmp_path: Path, plant: Plant, least: str, code: int) -> None:
    assert spec_diff(planted_in(tmp_path, plant), "--fail-on", least).returncode == code


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", "is neither YAML nor JSON"),
        ("swagger: '2.0'\npaths: {}", "is not an OpenAPI 3 document"),
        ("openapi: 3.0.3\npaths: {/a: {$ref: '#/nowhere'}}", "leads nowhere"),
        ("openapi: 3.0.3\npaths: {/a: {$ref: 'http://elsewhere/x'}}", "is remote"),
        ("x" * 21_000_000, "larger than 20 MB"),
    ],
    ids=["no YAML", "OpenAPI 2", "dangling", "remote", "too large"],
)
def test_an_unusable_file_is_refused_in_one_line(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content)
    done = spec_diff(path)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert message in line


def test_another_api_is_refused(tmp_path: Path) -> None:
    done = spec_diff(planted_in(tmp_path, changed.another_api))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "describes another API ('Trees')" in line
