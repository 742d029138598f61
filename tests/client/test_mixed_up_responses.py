"""Nothing is concluded from a response about another resource, which a cache may send."""

from collections.abc import Callable
from typing import Any

import pytest

from pinecone_control import (
    CallError,
    Pinecone,
    ResponseParsingError,
    ServerlessSpec,
    WaitTimeoutError,
)
from scripts.proofs.completed_answers import completed
from scripts.proofs.fault_matrix.matrix import SkippingClock
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def index(name: str, *, dimension: int = 3, state: str = "Ready") -> dict[str, Any]:
    fields = {
        "name": name,
        "dimension": dimension,
        "metric": "cosine",
        "vector_type": "dense",
        "host": f"{name}.example",
        "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
        "status": {"ready": state == "Ready", "state": state},
    }
    return completed("IndexModel", fields)


def backup(backup_id: str, source: str = "docs") -> dict[str, Any]:
    fields = {
        "backup_id": backup_id,
        "source_index_name": source,
        "source_index_id": f"id-of-{source}",
        "status": "Ready",
        "cloud": "aws",
        "region": "us-east-1",
        "created_at": "2025-05-15T13:59:51Z",
    }
    return completed("BackupModel", fields)


def job(job_id: str) -> dict[str, Any]:
    fields = {
        "restore_job_id": job_id,
        "backup_id": "b",
        "target_index_name": "docs",
        "target_index_id": "i",
        "status": "Completed",
        "created_at": "2025-05-15T13:59:51Z",
    }
    return completed("RestoreJobModel", fields)


COLLECTION = completed(
    "CollectionModel", {"name": "others", "status": "Ready", "environment": "us-east-1-aws"}
)
CONCLUSIONS: dict[str, tuple[list[Canned], Callable[[Any], Any]]] = {
    "that an index exists": ([Canned(200, index("movies"))], lambda pc: pc.has_index("docs")),
    "that an index is ready": (
        [Canned(200, index("movies"))],
        lambda pc: pc.wait_for_index("docs"),
    ),
    "that a backup is ready": ([Canned(200, backup("x"))], lambda pc: pc.wait_for_backup("b")),
    "that one of many backups is ready": (
        [Canned(200, {"data": []}), Canned(200, backup("x"))],
        lambda pc: pc.wait_for_backups(["b"]),
    ),
    "that a job is complete": ([Canned(200, job("x"))], lambda pc: pc.wait_for_restore_job("j")),
    "that one of many jobs is complete": (
        [Canned(200, {"data": []}), Canned(200, job("x"))],
        lambda pc: pc.wait_for_restore_jobs(["j"]),
    ),
    "which backup is the latest": (
        [Canned(200, index("docs")), Canned(200, {"data": [backup("b", "movies")]})],
        lambda pc: pc.latest_backup("docs"),
    ),
    "that a collection's name is free": (
        [Canned(200, COLLECTION)],
        lambda pc: pc.create_collection("mine", source="docs", reconcile=True),
    ),
}


@pytest.mark.parametrize(("answers", "use"), CONCLUSIONS.values(), ids=CONCLUSIONS.keys())
def test_nothing_is_concluded_from_the_description_of_another_resource(
    driver: Driver, answers: list[Canned], use: Callable[[Any], Any]
) -> None:
    with replay(*answers) as server, pytest.raises(ResponseParsingError, match="not about"):
        driver.call(use, api_key="k", host=server.url, clock=SkippingClock())


def test_an_index_is_not_gone_because_the_description_of_another_one_came(driver: Driver) -> None:
    others = [Canned(200, index("movies", dimension=8))] * 2_000
    with (
        replay(Canned(200, index("docs")), *others) as server,
        pytest.raises(WaitTimeoutError) as caught,
    ):
        driver.call(
            lambda pc: pc.wait_for_index_deleted("docs", timeout=60),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert caught.value.last.name == "docs"


@pytest.mark.parametrize(
    ("answer", "create"),
    [
        (
            Canned(201, index("movies")),
            lambda pc: pc.create_index("docs", spec=SPEC, dimension=3, wait=True),
        ),
        (Canned(201, backup("b", "movies")), lambda pc: pc.create_backup("docs", wait=True)),
    ],
    ids=["index", "backup"],
)
def test_a_wait_does_not_follow_a_creation_that_the_response_does_not_name(
    driver: Driver, answer: Canned, create: Callable[[Any], Any]
) -> None:
    with replay(answer) as server, pytest.raises(CallError, match="not about") as caught:
        driver.call(create, api_key="k", host=server.url)

    assert caught.value.outcome_unknown
    assert len(server.seen) == 1


def test_a_creation_is_not_proven_by_a_response_about_another_index(driver: Driver) -> None:
    answers = [Canned(201, index("movies")), Canned(200, index("docs"))]  # without the call's tag
    with (
        replay(*answers) as server,
        pytest.raises(ResponseParsingError, match="not about") as caught,
    ):
        driver.call(
            lambda pc: pc.create_index("docs", spec=SPEC, dimension=3, reconcile=True),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert caught.value.outcome_unknown
    assert caught.value.operation == "create_index"
    assert len(server.seen) > 1


def test_an_id_may_be_spelled_in_another_case() -> None:
    with replay(Canned(200, backup("4C526A54"))) as server, Pinecone("k", server.url) as pc:
        assert pc.wait_for_backup("4c526a54").is_ready


def test_a_description_is_returned_as_the_server_sent_it(driver: Driver) -> None:
    with replay(Canned(200, index("movies"))) as server:
        found = driver.call(lambda pc: pc.describe_index("docs"), api_key="k", host=server.url)

    assert found.name == "movies"
