"""The overlay: what actions and rules do, and that one without effect is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pinecone_control.contract.document import resolve
from scripts.project import OPENAPI, PINNED_CONTRACT
from scripts.spec.contract_file import read_contract
from scripts.spec.overlay import OverlayError, apply_overlay, read_overlay, restated_values
from tests.support.contracts import frozen_contract

if TYPE_CHECKING:
    from pathlib import Path


def written(tmp_path: Path, *actions: dict[str, Any], **document: Any) -> Path:
    path = tmp_path / "overlay.yaml"
    info = {"title": "test", "version": "1"}
    path.write_text(
        yaml.safe_dump({"overlay": "1.0.0", "info": info, "actions": list(actions), **document})
    )
    return path


def applied(tmp_path: Path, contract: dict[str, Any], *actions: dict[str, Any]) -> dict[str, Any]:
    corrected = apply_overlay(contract, read_overlay(written(tmp_path, *actions)))
    assert corrected.unmatched == []
    return corrected.contract


def test_update_merges_objects_and_replaces_values(tmp_path: Path) -> None:
    contract = {"a": {"b": {"kept": 1, "old": 2}}}
    action = {"target": "$.a", "update": {"b": {"old": 3, "new": 4}}}
    assert applied(tmp_path, contract, action) == {"a": {"b": {"kept": 1, "old": 3, "new": 4}}}


def test_update_appends_to_lists(tmp_path: Path) -> None:
    merged = applied(tmp_path, {"a": {"list": [1]}}, {"target": "$.a", "update": {"list": [2]}})
    assert merged == {"a": {"list": [1, 2]}}
    targeted = applied(tmp_path, {"list": [1]}, {"target": "$.list", "update": 2})
    assert targeted == {"list": [1, 2]}


def test_remove_takes_every_match_away(tmp_path: Path) -> None:
    contract = {"list": [{"x": 1}, {"y": 1}, {"x": 2}], "other": {"x": 3}}
    action = {"target": "$.list[?@.x]", "remove": True}
    assert applied(tmp_path, contract, action) == {"list": [{"y": 1}], "other": {"x": 3}}


def test_actions_see_what_those_before_them_did(tmp_path: Path) -> None:
    first = {"target": "$", "update": {"a": {"b": 1}}}
    second = {"target": "$.a.b", "remove": True}
    assert applied(tmp_path, {}, first, second) == {"a": {}}


def test_the_contract_itself_is_left_as_it_was(tmp_path: Path) -> None:
    contract = {"a": {"b": [1]}}
    applied(tmp_path, contract, {"target": "$.a", "update": {"b": [2]}})
    assert contract == {"a": {"b": [1]}}


def test_action_that_matches_nothing_is_named(tmp_path: Path) -> None:
    actions = read_overlay(
        written(
            tmp_path,
            {"target": "$.a", "remove": True},
            {"target": "$.gone", "remove": True},
        )
    )
    assert apply_overlay({"a": 1}, actions).unmatched == [
        "overlay action 2 ($.gone) matches nothing in this contract"
    ]


def test_name_in_a_list_that_matches_nothing_is_named(tmp_path: Path) -> None:
    actions = read_overlay(written(tmp_path, {"target": "$['a','gone']", "remove": True}))
    corrected = apply_overlay({"a": 1}, actions)
    assert corrected.unmatched == [
        "overlay action 1 ($['a','gone']) matches nothing in this contract for 'gone'"
    ]
    assert corrected.contract == {}


def test_action_may_say_that_it_matches_nothing(tmp_path: Path) -> None:
    optional = {"target": "$.gone", "remove": True, "x-may-match-nothing": True}
    assert applied(tmp_path, {"a": 1}, optional) == {"a": 1}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"overlay": "2.0.0"}, "is not an OpenAPI Overlay 1.0 document"),
        ({"actions": []}, "has no actions"),
        ({"actions": [{"remove": True}]}, "action 1 has no target"),
        ({"actions": [{"target": "$.a"}]}, "must have either an `update` or `remove: true`"),
        (
            {"actions": [{"target": "$.a", "remove": True, "update": {}}]},
            "must have either an `update` or `remove: true`",
        ),
        ({"actions": [{"target": "$.[", "remove": True}]}, "has no valid JSONPath"),
        ({"actions": [{"target": "$.a", "removes": True}]}, "has an unknown field 'removes'"),
    ],
)
def test_an_invalid_overlay_is_refused_in_one_line(
    tmp_path: Path, document: dict[str, Any], reason: str
) -> None:
    with pytest.raises(OverlayError) as caught:
        read_overlay(written(tmp_path, **document))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("overlay.yaml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["a: [", "- list", ""])
def test_a_file_that_is_not_an_overlay_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(content)
    with pytest.raises(OverlayError, match=r"^overlay\.yaml: [^\n]+$"):
        read_overlay(path)


def test_a_missing_overlay_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(OverlayError, match=r"overlay\.yaml: not found"):
        read_overlay(tmp_path / "overlay.yaml")


def test_update_of_a_plain_value_is_refused(tmp_path: Path) -> None:
    actions = read_overlay(written(tmp_path, {"target": "$.a", "update": {"b": 1}}))
    with pytest.raises(OverlayError, match="updates a value that is not an object"):
        apply_overlay({"a": 1}, actions)


def test_open_enum_that_the_contract_states_otherwise_is_named() -> None:
    contract = {"status": {"type": "string", "enum": ["Ready", "New"]}}
    effective = {"status": {"type": "string", "x-extensible-enum": ["Ready"]}}
    (line,) = restated_values(contract, effective)
    assert "$['status']['x-extensible-enum']" in line
    assert "'New'" in line


def test_an_action_must_match_from_its_version_on(tmp_path: Path) -> None:
    action = {"target": "$.gone", "remove": True, "x-matches-from": "2025-04"}
    overlay = read_overlay(written(tmp_path, action))
    unmatched = {
        version: len(apply_overlay({"info": {"version": version}}, overlay).unmatched)
        for version in ("2024-10", "2025-04", "2026-04")
    }
    assert unmatched == {"2024-10": 0, "2025-04": 1, "2026-04": 1}


# ------------------------------------------------------------------------------ rules


def ruled(tmp_path: Path, contract: dict[str, Any], rule: str, **more: Any) -> dict[str, Any]:
    """The schemas of the contract after a rule of the overlay."""
    deviation = {"difference": {"says": "So.", "evidence": {"assumed": "Yes."}}}
    stated = {"rule": rule, "x-deviation": "difference", **more}
    nothing = {"target": "$.none", "remove": True, "x-may-match-nothing": True}
    overlay = written(tmp_path, nothing, **{"x-rules": [stated], "x-deviations": deviation})
    corrected = apply_overlay(contract, read_overlay(overlay))
    schemas: dict[str, Any] = corrected.contract["components"]["schemas"]
    return schemas


def with_schemas(request: object = None, method: str = "post", **schemas: Any) -> dict[str, Any]:
    """A contract of one operation that answers with the schema `Answer`."""
    stated: dict[str, Any] = {"responses": {"200": body("#/components/schemas/Answer")}}
    if request is not None:
        stated["requestBody"] = body("#/components/schemas/Request")
        schemas["Request"] = request
    return {"paths": {"/things": {method: stated}}, "components": {"schemas": schemas}}


def body(reference: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": reference}}}}


def an_object(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


COLOUR = {"type": "string", "enum": ["red", "blue"]}
OPEN_COLOUR = {"type": "string", "x-extensible-enum": ["red", "blue"]}
TO_COLOUR = {"$ref": "#/components/schemas/Colour"}


def test_enums_of_answers_are_opened_at_any_depth(tmp_path: Path) -> None:
    answer = an_object(items={"type": "array", "items": an_object(colour=COLOUR)})
    schemas = ruled(tmp_path, with_schemas(Answer=answer), "enums-are-open")
    items = schemas["Answer"]["properties"]["items"]["items"]
    assert items["properties"]["colour"] == OPEN_COLOUR


def test_an_enum_that_requests_share_is_opened_for_answers_alone(tmp_path: Path) -> None:
    contract = with_schemas(
        an_object(colour=TO_COLOUR), Answer=an_object(colour=TO_COLOUR), Colour=COLOUR
    )
    schemas = ruled(tmp_path, contract, "enums-are-open")
    assert schemas["Answer"]["properties"]["colour"] == OPEN_COLOUR
    assert schemas["Request"]["properties"]["colour"] == TO_COLOUR
    assert schemas["Colour"] == COLOUR


def test_optional_fields_of_answers_may_be_null_and_required_ones_may_not(tmp_path: Path) -> None:
    answer = an_object("id", id={"type": "string"}, size={"type": "integer"}, tags=TO_COLOUR)
    contract = with_schemas(Answer=answer, Colour=an_object())
    fields = ruled(tmp_path, contract, "optional-fields-may-be-null")["Answer"]["properties"]
    assert fields == {
        "id": {"type": "string"},
        "size": {"type": "integer", "nullable": True},
        "tags": {"anyOf": [TO_COLOUR, {"type": "object", "nullable": True, "enum": [None]}]},
    }


def test_fields_of_objects_that_requests_share_stay_as_they_are(tmp_path: Path) -> None:
    shared = an_object(size={"type": "integer"})
    contract = with_schemas({"$ref": "#/components/schemas/Answer"}, Answer=shared)
    assert ruled(tmp_path, contract, "optional-fields-may-be-null")["Answer"] == shared


def test_what_a_part_of_an_object_requires_is_not_optional_in_another(tmp_path: Path) -> None:
    answer = {"allOf": [an_object(id={"type": "string"}), {"required": ["id"]}]}
    contract = with_schemas(Answer=answer)
    assert ruled(tmp_path, contract, "optional-fields-may-be-null")["Answer"] == answer


@pytest.mark.parametrize(
    ("method", "left"), [("post", {"x-server-default": 1}), ("patch", {})], ids=["create", "change"]
)
def test_defaults_are_the_servers_and_a_change_has_none(
    tmp_path: Path, method: str, left: dict[str, Any]
) -> None:
    size = {"type": "integer", "default": 1}
    contract = with_schemas(an_object(size=size), method, Answer=an_object())
    fields = ruled(tmp_path, contract, "defaults-are-the-servers")["Request"]["properties"]
    assert fields["size"] == {"type": "integer", **left}


def test_a_default_of_a_shared_parameter_is_the_servers(tmp_path: Path) -> None:
    contract = with_schemas(Answer=an_object())
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 10}}
    contract["components"]["parameters"] = {"Limit": limit}
    contract["paths"]["/things"]["parameters"] = [{"$ref": "#/components/parameters/Limit"}]
    rule = {"rule": "defaults-are-the-servers", "x-deviation": "d"}
    deviations = {"d": {"says": "So.", "evidence": {"assumed": "Yes."}}}
    nothing = {"target": "$.none", "remove": True, "x-may-match-nothing": True}
    path = written(tmp_path, nothing, **{"x-rules": [rule], "x-deviations": deviations})
    corrected = apply_overlay(contract, read_overlay(path))
    assert corrected.places == {"d": ["/components/parameters/Limit/schema"]}
    (parameter,) = corrected.contract["components"]["parameters"].values()
    assert parameter["schema"] == {"type": "integer", "x-server-default": 10}


def test_a_place_can_be_left_out_of_a_rule_with_evidence(tmp_path: Path) -> None:
    contract = with_schemas(Answer=an_object(colour=COLOUR, other=COLOUR))
    target = "$.components.schemas.Answer.properties.colour"
    fields = ruled(
        tmp_path,
        contract,
        "enums-are-open",
        **{"except": [{"target": target, "evidence": {"contract": "Says so."}}]},
    )["Answer"]["properties"]
    assert fields == {"colour": COLOUR, "other": OPEN_COLOUR}
    with pytest.raises(OverlayError, match="an exception has no evidence"):
        ruled(tmp_path, contract, "enums-are-open", **{"except": [{"target": target}]})


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"rule": "enums-are-shut", "x-deviation": "d"}, "'enums-are-shut' is not a rule"),
        ({"rule": "enums-are-open", "x-deviation": "d"}, "corrects 'd', which x-deviations does"),
    ],
)
def test_an_invalid_rule_is_refused_in_one_line(
    tmp_path: Path, rule: dict[str, Any], reason: str
) -> None:
    path = written(tmp_path, {"target": "$.a", "remove": True}, **{"x-rules": [rule]})
    with pytest.raises(OverlayError, match=r"^overlay\.yaml: [^\n]+$") as caught:
        read_overlay(path)
    assert reason in str(caught.value)


# --------------------------------------------------------------------------- our overlay


@pytest.fixture(scope="module")
def effective() -> dict[str, Any]:
    corrected = apply_overlay(frozen_contract(), read_overlay(OPENAPI / "overlay.yaml"))
    assert corrected.unmatched == []
    return corrected.contract


def test_our_overlay_fits_the_pinned_contract_and_restates_nothing_it_changed() -> None:
    pinned = read_contract(PINNED_CONTRACT)
    corrected = apply_overlay(pinned, read_overlay(OPENAPI / "overlay.yaml"))
    assert corrected.unmatched == []
    assert restated_values(pinned, corrected.contract) == []


def test_our_overlay_names_every_place_that_it_corrects() -> None:
    places = apply_overlay(frozen_contract(), read_overlay(OPENAPI / "overlay.yaml")).places
    assert {name: len(found) for name, found in places.items()} == {
        "named-states": 2,
        "timestamps": 1,
        "unique-names": 0,
        "open-enums": 8,
        "null-pagination": 2,
        "null-fields": 32,
        "server-defaults": 10,
        "page-size-default": 3,
    }


def test_each_action_of_our_overlay_says_what_it_is_for() -> None:
    overlay = yaml.safe_load((OPENAPI / "overlay.yaml").read_text())
    assert [a["target"] for a in overlay["actions"] if not a.get("description")] == []


@pytest.mark.parametrize("listing", ["RestoreJobList", "BackupList"])
def test_our_overlay_allows_pagination_to_be_null(effective: dict[str, Any], listing: str) -> None:
    pagination = resolve(effective, f"#/components/schemas/{listing}/properties/pagination")
    assert {"type": "object", "nullable": True, "enum": [None]} in pagination["anyOf"]


@pytest.mark.parametrize(
    "schema", ["RestoreJobModel", "BackupModel", "CollectionModel", "IndexModel"]
)
def test_our_overlay_allows_optional_fields_of_answers_to_be_null(
    effective: dict[str, Any], schema: str
) -> None:
    definition = effective["components"]["schemas"][schema]
    strict = [
        name
        for name, value in definition["properties"].items()
        if name not in definition["required"] and not (value.get("nullable") or "anyOf" in value)
    ]
    assert strict == []


def test_our_overlay_opens_the_enums_of_answers(effective: dict[str, Any]) -> None:
    schemas = effective["components"]["schemas"]
    answers = ["IndexModel", "BackupModel", "CollectionModel", "RestoreJobModel"]
    answers += ["ModelIndexEmbed", "ServerlessSpec", "ErrorResponse"]
    closed = [name for name in answers if "'enum': ['" in str(schemas[name])]
    assert closed == []


def test_our_overlay_keeps_the_enums_of_requests_closed(effective: dict[str, Any]) -> None:
    metric = resolve(effective, "#/components/schemas/CreateIndexRequest/properties/metric")
    assert metric["enum"] == ["cosine", "euclidean", "dotproduct"]
    protection = resolve(effective, "#/components/schemas/DeletionProtection")
    assert protection["enum"] == ["disabled", "enabled"]


def test_our_overlay_leaves_no_default_to_the_client(effective: dict[str, Any]) -> None:
    assert "'default': " not in str(effective)


def test_our_overlay_takes_titles_of_schemas_away_and_leaves_properties_of_that_name() -> None:
    contract = frozen_contract()
    contract["info"]["title"] = "A title"
    job = contract["components"]["schemas"]["RestoreJobModel"]
    job["title"] = "A title"
    job["properties"]["title"] = {"type": "string", "title": "Another"}
    effective = apply_overlay(contract, read_overlay(OPENAPI / "overlay.yaml")).contract
    corrected = effective["components"]["schemas"]["RestoreJobModel"]
    assert "title" not in corrected
    assert corrected["properties"]["title"] == {"type": "string", "nullable": True}
    assert effective["info"]["title"] == "A title"
