"""What cannot be right is refused before anything is sent: named, and what is allowed said."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pinecone_control import PineconeValueError, PodSpec, ServerlessSpec
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

CLOSED_SETS = pytest.mark.api_version("2025-04")
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
Use = Callable[[Any], Any]


def refused(
    driver: Driver, use: Use, message: str, error: type[Exception] = PineconeValueError
) -> None:
    with replay(Canned(500)) as server, pytest.raises(error, match=message):
        driver.call(use, api_key="k", host=server.url)
    assert server.seen == []


BY_ID: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("describe_index", lambda pc, given: pc.describe_index(given)),
    ("has_index", lambda pc, given: pc.has_index(given)),
    ("configure_index", lambda pc, given: pc.configure_index(given, replicas=2)),
    ("delete_index", lambda pc, given: pc.delete_index(given)),
    ("wait_for_index", lambda pc, given: pc.wait_for_index(given)),
    ("wait_for_index_deleted", lambda pc, given: pc.wait_for_index_deleted(given)),
    ("create_backup", lambda pc, given: pc.create_backup(given)),
    ("list_backups", lambda pc, given: pc.list_backups(given)),
    ("describe_backup", lambda pc, given: pc.describe_backup(given)),
    ("delete_backup", lambda pc, given: pc.delete_backup(given)),
    ("wait_for_backup", lambda pc, given: pc.wait_for_backup(given)),
    ("create_index_from_backup", lambda pc, given: pc.create_index_from_backup(given, name="n")),
    ("describe_restore_job", lambda pc, given: pc.describe_restore_job(given)),
    ("wait_for_restore_job", lambda pc, given: pc.wait_for_restore_job(given)),
    ("wait_for_restore_jobs", lambda pc, given: pc.wait_for_restore_jobs([given])),
    ("describe_collection", lambda pc, given: pc.describe_collection(given)),
    ("delete_collection", lambda pc, given: pc.delete_collection(given)),
]


@pytest.mark.parametrize(
    "given", ["", ".", "..", "a/b", "a\nb", 7, b"x", "\ud800", "x" * 70_000, "é" * 10_000], ids=repr
)
@pytest.mark.parametrize("use", [use for _, use in BY_ID], ids=[name for name, _ in BY_ID])
def test_an_id_that_would_address_something_else_is_refused(
    driver: Driver, use: Callable[[Any, Any], Any], given: object
) -> None:
    refused(driver, lambda pc: use(pc, given), "must be a (name or id|string)")


@pytest.mark.parametrize(
    "name", ["", "Docs", "docs_1", "-docs", "docs-", "x" * 46, "dócs", "a b", 7, None], ids=repr
)
@pytest.mark.parametrize(
    "use",
    [
        lambda pc, name: pc.create_index(name, spec=SPEC, dimension=3),
        lambda pc, name: pc.create_index_for_model(
            name, cloud="aws", region="r", embed={"model": "m", "field_map": {}}
        ),
        lambda pc, name: pc.create_collection(name, source="pods"),
        lambda pc, name: pc.create_index_from_backup("id", name=name),
    ],
    ids=["index", "index for model", "collection", "index from backup"],
)
def test_a_name_that_the_contract_does_not_allow_is_refused(
    driver: Driver, use: Callable[[Any, Any], Any], name: object
) -> None:
    refused(driver, lambda pc: use(pc, name), "name must be 1 to 45 lower-case letters")


@pytest.mark.parametrize("name", ["a", "x" * 45, "0-9", "a--b"])
def test_a_name_at_the_edge_of_what_is_allowed_is_sent(driver: Driver, name: str) -> None:
    with replay(Canned(404)) as server, pytest.raises(Exception, match="404"):
        driver.call(
            lambda pc: pc.create_index(name, spec=SPEC, dimension=3), api_key="k", host=server.url
        )
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dimension": 0}, r"dimension must be a whole number from 1 to 20,000, got 0"),
        ({"dimension": 20_001}, r"from 1 to 20,000, got 20001"),
        ({"dimension": 3.0}, r"got 3\.0"),
        ({"dimension": "3"}, r"got str"),
        ({"dimension": True}, r"got True"),
        ({}, r"dimension is missing"),
        ({"vector_type": "dense"}, r"dimension is missing"),
        ({"vector_type": "sparse", "dimension": 3}, r"a sparse index has no dimension, got 3"),
        (
            {"vector_type": "sparse", "metric": "cosine"},
            r"the metric of a sparse index must be dotproduct, got 'cosine'",
        ),
        pytest.param({"dimension": 3, "metric": "manhattan"}, r"manhattan", marks=CLOSED_SETS),
        pytest.param({"dimension": 3, "deletion_protection": "maybe"}, r"maybe", marks=CLOSED_SETS),
        ({"dimension": 3, "deletion_protection": True}, r"deletion_protection"),
        ({"dimension": 3, "tags": {"k" * 81: "v"}}, r"1 to 80 letters"),
        ({"dimension": 3, "tags": {"a b": "v"}}, r"tag key 'a b'"),
        ({"dimension": 3, "tags": {"k": "v" * 121}}, r"at most 120"),
        ({"dimension": 3, "tags": {"k": 7}}, r"strings to strings"),
        ({"dimension": 3, "tags": ["k"]}, r"tags must map"),
    ],
)
def test_an_index_that_the_contract_rules_out_is_refused(
    driver: Driver, arguments: dict[str, Any], message: str
) -> None:
    refused(driver, lambda pc: pc.create_index("docs", spec=SPEC, **arguments), message)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({}, r"exactly one of serverless, pod or byoc, got none"),
        ({"serverless": {}, "pod": {}}, r"exactly one of .* got 'serverless', 'pod'"),
        ({"server": {}}, r"got 'server'"),
        ({"cloud": "aws", "region": "r"}, r"exactly one of"),
        ("serverless", r"spec must be a ServerlessSpec"),
        (None, r"spec must be a ServerlessSpec"),
        (
            {"serverless": {"cloud": "aws"}},
            r"missing required field `region` at \$.spec.serverless",
        ),
        ({"serverless": {"cloud": 7, "region": "r"}}, r"expected `str`, got `int`"),
        ({"pod": {"environment": "e"}}, r"missing required field `pod_type`"),
    ],
)
def test_a_spec_that_is_not_one_of_the_three_is_refused(
    driver: Driver, spec: object, message: str
) -> None:
    refused(driver, lambda pc: pc.create_index("docs", spec=spec, dimension=3), message)


@pytest.mark.parametrize(
    ("embed", "message"),
    [
        ({}, r"missing required field"),
        ({"model": "m"}, r"missing required field `field_map`"),
        ({"model": 7, "field_map": {}}, r"expected `str`"),
        ("m", r"expected `object`"),
    ],
)
def test_an_embed_without_what_it_needs_is_refused(
    driver: Driver, embed: object, message: str
) -> None:
    refused(
        driver,
        lambda pc: pc.create_index_for_model("docs", cloud="aws", region="r", embed=embed),
        message,
    )


@pytest.mark.parametrize("replicas", [0, -1, True, 1.5, "2"])
def test_replicas_below_one_are_refused(driver: Driver, replicas: object) -> None:
    refused(driver, lambda pc: pc.configure_index("docs", replicas=replicas), "replicas")


@pytest.mark.parametrize(
    "use",
    [
        lambda pc: pc.create_index("docs", spec=SPEC, dimension=3, wait=True, wait_timeout=0),
        lambda pc: pc.create_backup("docs", wait=True, wait_timeout="60"),
        lambda pc: pc.create_index_from_backup("id", name="n", wait=True, wait_timeout=-1),
    ],
    ids=["index", "backup", "index from backup"],
)
def test_a_wait_that_cannot_work_creates_nothing(driver: Driver, use: Use) -> None:
    refused(driver, use, "wait_timeout must be a number of seconds")


def test_one_id_given_as_many_is_refused(driver: Driver) -> None:
    refused(driver, lambda pc: pc.wait_for_restore_jobs("abc"), r"pass \['abc'\]")


def test_a_name_is_checked_before_anything_is_looked_up_to_settle(driver: Driver) -> None:
    refused(
        driver,
        lambda pc: pc.create_index_from_backup("id", name="BAD NAME", reconcile=True),
        "name must be",
    )


def test_a_request_that_holds_itself_is_refused(driver: Driver) -> None:
    endless: dict[str, Any] = {"model": "m", "field_map": {}}
    endless["read_parameters"] = endless
    refused(driver, lambda pc: pc.configure_index("docs", embed=endless), "contains itself")


def test_two_names_for_one_backup_are_refused(driver: Driver) -> None:
    refused(driver, lambda pc: pc.create_backup("docs", name="a", backup_name="b"), "mean the same")


def test_a_change_of_nothing_is_refused(driver: Driver) -> None:
    refused(driver, lambda pc: pc.configure_index("docs"), "nothing to change")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [1, {"b": {2}}]}, r"embed\.read_parameters\.a\[1\]\.b is a set"),
        ({"a": float("nan")}, r"embed\.read_parameters\.a is not finite"),
        ({"a": {1: 2}}, r"embed\.read_parameters\.a has the key 1, which is not a string"),
        ({"a": datetime.now(UTC)}, r"embed\.read_parameters\.a is a datetime"),
        ({"a": "\ud800"}, r"embed\.read_parameters\.a cannot be encoded"),
    ],
)
def test_a_value_that_json_cannot_carry_is_refused_with_its_path(
    driver: Driver, value: dict[str, Any], message: str
) -> None:
    embed = {"model": "m", "field_map": {}, "read_parameters": value}
    refused(driver, lambda pc: pc.configure_index("docs", embed=embed), message)


@pytest.mark.parametrize(
    "use",
    [
        lambda pc: pc.list_restore_jobs(page_size=3),
        lambda pc: pc.create_backup("docs", nme="x"),
        lambda pc: pc.create_backup(),
        lambda pc: pc.create_index("docs", dimension=3),
        lambda pc: pc.create_index_from_backup("id", "name"),
        lambda pc: pc.with_options(api_key="other"),
    ],
)
def test_an_unknown_or_missing_argument_is_a_type_error(driver: Driver, use: Use) -> None:
    refused(driver, use, "argument", TypeError)


def test_text_of_a_class_of_its_own_is_sent_as_text(driver: Driver) -> None:
    """numpy's strings are of one, for example."""

    class Text(str):
        __slots__ = ()

    with replay(Canned(404)) as server, pytest.raises(Exception, match="404"):
        driver.call(
            lambda pc: pc.create_backup(Text("docs"), name=Text("nightly")),
            api_key="k",
            host=server.url,
        )
    assert json.loads(server.seen[0].body) == {"name": "nightly"}


def test_regions_clouds_and_pod_types_are_left_to_the_server(driver: Driver) -> None:
    future = ServerlessSpec(cloud="moon", region="crater-1")
    pods = PodSpec(environment="e", pod_type="z9.x99")
    with replay(Canned(404)) as server:
        for spec in (future, pods):
            with pytest.raises(Exception, match="404"):
                driver.call(
                    lambda pc, spec=spec: pc.create_index("docs", spec=spec, dimension=3),
                    api_key="k",
                    host=server.url,
                )
    assert b"crater-1" in server.seen[0].body
    assert b"z9.x99" in server.seen[1].body


def test_a_closed_client_says_so(driver: Driver) -> None:
    def use(pc: Any) -> Any:
        pc.close()
        return pc.describe_index("docs")

    async def use_async(pc: Any) -> Any:
        await pc.close()
        return await pc.describe_index("docs")

    with replay(Canned(500)) as server, pytest.raises(Exception, match="this client is closed"):
        driver.call(use if driver.kind == "sync" else use_async, api_key="k", host=server.url)
    assert server.seen == []
