"""The overlay: what an action does, and that none of them can go unnoticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pinecone_control.contract.document import resolve
from scripts.spec.contract_file import read_contract
from scripts.spec.overlay import OverlayError, apply_overlay, read_overlay, stale_values

OPENAPI = Path(__file__).parents[2] / "openapi"
PINNED = OPENAPI / "db_control_2025-04.oas.yaml"


def written(tmp_path: Path, *actions: dict[str, Any], **document: Any) -> Path:
    path = tmp_path / "overlay.yaml"
    info = {"title": "test", "version": "1"}
    path.write_text(
        yaml.safe_dump({"overlay": "1.0.0", "info": info, "actions": list(actions), **document})
    )
    return path


def applied(tmp_path: Path, contract: dict[str, Any], *actions: dict[str, Any]) -> dict[str, Any]:
    effective, unmatched = apply_overlay(contract, read_overlay(written(tmp_path, *actions)))
    assert unmatched == []
    return effective


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
    assert apply_overlay({"a": 1}, actions)[1] == [
        "overlay action 2 ($.gone) matches nothing in this contract"
    ]


def test_name_in_a_list_that_matches_nothing_is_named(tmp_path: Path) -> None:
    actions = read_overlay(written(tmp_path, {"target": "$['a','gone']", "remove": True}))
    effective, unmatched = apply_overlay({"a": 1}, actions)
    assert unmatched == [
        "overlay action 1 ($['a','gone']) matches nothing in this contract for 'gone'"
    ]
    assert effective == {}


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
def test_invalid_overlay_is_one_clear_line(
    tmp_path: Path, document: dict[str, Any], reason: str
) -> None:
    with pytest.raises(OverlayError) as caught:
        read_overlay(written(tmp_path, **document))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("overlay.yaml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["a: [", "- list", ""])
def test_file_that_is_no_overlay_is_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(content)
    with pytest.raises(OverlayError, match=r"^overlay\.yaml: [^\n]+$"):
        read_overlay(path)


def test_missing_overlay_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OverlayError, match=r"overlay\.yaml: not found"):
        read_overlay(tmp_path / "overlay.yaml")


def test_update_of_a_plain_value_is_refused(tmp_path: Path) -> None:
    actions = read_overlay(written(tmp_path, {"target": "$.a", "update": {"b": 1}}))
    with pytest.raises(OverlayError, match="updates what is no object"):
        apply_overlay({"a": 1}, actions)


def test_open_enum_that_the_contract_has_extended_is_stale() -> None:
    contract = {"status": {"type": "string", "enum": ["Ready", "New"]}}
    effective = {"status": {"type": "string", "x-extensible-enum": ["Ready"]}}
    (line,) = stale_values(contract, effective)
    assert "$['status']['x-extensible-enum']" in line
    assert "'New'" in line


def test_default_that_the_contract_has_changed_is_stale() -> None:
    contract = {"limit": {"type": "integer", "default": 20}}
    effective = {"limit": {"type": "integer", "x-server-default": 10}}
    assert len(stale_values(contract, effective)) == 1


@pytest.fixture(scope="module")
def effective() -> dict[str, Any]:
    actions = read_overlay(OPENAPI / "overlay.yaml")
    effective, unmatched = apply_overlay(read_contract(PINNED), actions)
    assert unmatched == []
    return effective


def test_our_overlay_restates_no_value_that_the_contract_changed(effective: dict[str, Any]) -> None:
    assert stale_values(read_contract(PINNED), effective) == []


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
    contract = read_contract(PINNED)
    job = contract["components"]["schemas"]["RestoreJobModel"]
    job["title"] = "A title"
    job["properties"]["title"] = {"type": "string", "title": "Another"}
    effective, _ = apply_overlay(contract, read_overlay(OPENAPI / "overlay.yaml"))
    corrected = effective["components"]["schemas"]["RestoreJobModel"]
    assert "title" not in corrected
    assert corrected["properties"]["title"] == {"type": "string"}
    assert effective["info"]["title"] == contract["info"]["title"]
