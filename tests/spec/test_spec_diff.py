"""`make spec-diff`: each change is found, rated for our users, and mapped to what it touches."""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.spec.changes import Change, changes
from tests.spec import changed
from tests.spec.changed import Contract, Plant, planted_in, properties, schemas

ROOT = Path(__file__).parents[2]


def of(plant: Plant) -> list[Change]:
    new = changed.pinned()
    plant(new)
    return changes(changed.pinned(), new)


def spec_diff(new: object, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "scripts.spec.diff", str(new), *options]
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
            "the schema RestoreJobModel is called RestoreJob",
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
        (
            changed.version_header,
            "compatible",
            "a header parameter 'X-Pinecone-Api-Version'",
            "list_indexes",
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
    assert method in {name for change in meant for name in change.reached.methods}


def test_titles_that_collide_are_prose() -> None:
    found = of(changed.title_collision)
    assert {change.rating for change in found} == {"prose"}
    assert "several schemas have the title Job" in [change.what for change in found]


def test_a_renamed_schema_is_one_change() -> None:
    found = of(partial(changed.renamed_schema, before="RestoreJobModel", after="RestoreJob"))
    assert len([change for change in found if change.rating != "prose"]) == 1


def test_nothing_is_found_in_the_same_contract() -> None:
    assert changes(changed.pinned(), changed.pinned()) == []


def test_order_and_words_are_no_structure() -> None:
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
def test_what_a_request_may_say_no_more_breaks_and_what_an_answer_may_say_anew_does_not(
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


def test_a_change_names_the_models_it_touches() -> None:
    (change,) = of(without("RestoreJobModel", "completed_at"))
    assert change.models == ("RestoreJob",)
    assert change.reached.methods == ["describe_restore_job", "list_restore_jobs"]


def test_a_change_of_another_version_is_all_found() -> None:
    found = {change.what: change.rating for change in of(changed.next_version)}
    assert found[f"API version {changed.NEXT_VERSION}"] == "compatible"
    assert found["a new schema"] == "compatible"
    (breaking,) = [what for what, rating in found.items() if rating == "breaking"]
    assert breaking.startswith("written as alternatives: ")


# ---------------------------------------------------------------------------------- the command


def test_the_table_shows_what_why_where_and_whom(tmp_path: Path) -> None:
    new = planted_in(tmp_path, changed.required_property_in_a_request)
    done = spec_diff(new)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:4] == [
        "BREAKING",
        '  "owner" is required now: requests that leave it out are refused',
        "    at /components/schemas/CreateCollectionRequest/required",
        "    touches create_collection()",
    ]
    assert done.stdout.endswith("1 breaking, 1 compatible, 0 prose\n")


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
def test_a_file_that_cannot_be_used_is_one_clear_line(
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
