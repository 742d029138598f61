"""Uses of every method that strict type checkers must accept. Checked, never run."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import assert_type

from pinecone_control import (
    AsyncFirstPage,
    AsyncPage,
    AsyncPinecone,
    ByocSpec,
    OperationFailedError,
    Page,
    Pinecone,
    PineconeError,
    PodSpec,
    RetryPolicy,
    ServerlessSpec,
    WaitTimeoutError,
)
from pinecone_control.models import (
    Backup,
    Collection,
    CreateIndexFromBackupResponse,
    Index,
    IndexEmbed,
    RestoreJob,
)


def construct() -> Pinecone:
    pc = Pinecone(
        "key",
        "https://api.pinecone.io",
        timeout=10,
        deadline=60.0,
        retry=RetryPolicy(attempts=3, on_retry=print),
        headers={"X-Team": "search"},
        proxy="http://proxy.example:3128",
        verify="authorities.pem",
        user_agent_suffix="cron/1",
    )
    assert_type(pc.with_options(timeout=1), Pinecone)
    with pc as entered:
        assert_type(entered, Pinecone)
    return pc


def restore_jobs(pc: Pinecone) -> Iterator[str]:
    page = pc.list_restore_jobs(limit=10, pagination_token="token")
    assert_type(page, Page[RestoreJob])
    assert_type(page.data, list[RestoreJob])
    assert_type(page.has_next, bool)
    assert_type(page.next_page(), Page[RestoreJob] | None)
    for each in page.iter_pages():
        assert_type(each, Page[RestoreJob])
    for job in page:
        assert_type(job, RestoreJob)
        assert_type(job.created_at, datetime)
        assert_type(job.completed_at, datetime | None)
        assert_type(job.percent_complete, float | None)
        yield job.restore_job_id
    assert_type(pc.describe_restore_job("id"), RestoreJob)
    assert_type(pc.describe_restore_job(job_id="id"), RestoreJob)
    tell: Callable[[RestoreJob], None] = print
    assert_type(pc.wait_for_restore_job("id", timeout=60, on_update=tell), RestoreJob)
    assert_type(pc.wait_for_restore_jobs(["a", "b"], poll_interval=2), list[RestoreJob])


def waits_that_end_badly(pc: Pinecone) -> str:
    try:
        pc.wait_for_restore_job("id")
    except OperationFailedError as error:
        return f"its last state: {error.last}"
    except WaitTimeoutError as error:
        return f"at {error.last.percent_complete}" if error.last else "not seen"
    return "done"


def last_states(
    failed: OperationFailedError[RestoreJob], late: WaitTimeoutError[list[RestoreJob]]
) -> None:
    assert_type(failed.last, RestoreJob | None)
    assert_type(late.last, list[RestoreJob] | None)


def any_wait(late: WaitTimeoutError) -> str:
    return late.what


def indexes(pc: Pinecone) -> None:
    spec = ServerlessSpec(cloud="aws", region="us-east-1")
    created = pc.create_index(
        "docs",
        spec=spec,
        dimension=1536,
        metric="cosine",
        vector_type="dense",
        deletion_protection="enabled",
        tags={"team": "search"},
        wait=True,
    )
    assert_type(created, Index)
    pc.create_index("pods", spec=PodSpec(environment="e", pod_type="p1.x1"), dimension=3)
    pc.create_index(name="own", spec=ByocSpec(environment="e"), dimension=3)
    pc.create_index("plain", spec={"serverless": {"cloud": "aws", "region": "r"}}, dimension=3)
    pc.create_index("sparse", spec=spec, vector_type="sparse", metric="dotproduct")
    embed = IndexEmbed(model="multilingual-e5-large", field_map={"text": "body"})
    assert_type(pc.create_index_for_model("m", cloud="gcp", region="us-east1", embed=embed), Index)
    assert_type(pc.list_indexes(), Page[Index])
    assert_type(pc.describe_index("docs"), Index)
    assert_type(pc.has_index("docs"), bool)
    assert_type(pc.configure_index("docs", pod_type="p1.x2", replicas=2), Index)
    assert_type(pc.wait_for_index("docs"), Index)
    pc.delete_index("docs")
    pc.wait_for_index_deleted("docs")


def backups(pc: Pinecone) -> None:
    assert_type(pc.create_backup("docs", name="nightly", description="text"), Backup)
    assert_type(pc.create_backup(index_name="docs", wait=True), Backup)
    assert_type(pc.list_backups(), Page[Backup])
    assert_type(pc.list_backups("docs", limit=5), Page[Backup])
    assert_type(pc.describe_backup("id"), Backup)
    assert_type(pc.wait_for_backup("id"), Backup)
    pc.delete_backup("id")
    restored = pc.create_index_from_backup("id", name="new", tags={"a": "b"})
    assert_type(restored, CreateIndexFromBackupResponse)
    assert_type(pc.create_index_from_backup("id", name="new", wait=True), Index)


def collections(pc: Pinecone) -> None:
    assert_type(pc.list_collections(), Page[Collection])
    assert_type(pc.create_collection("copy", source="pods"), Collection)
    assert_type(pc.describe_collection("copy"), Collection)
    pc.delete_collection("copy")


async def asynchronous() -> AsyncIterator[RestoreJob]:
    async with AsyncPinecone() as pc:
        listing = pc.list_restore_jobs()
        assert_type(listing, AsyncFirstPage[RestoreJob])
        assert_type(await listing, AsyncPage[RestoreJob])
        async for job in pc.list_restore_jobs():
            yield job
        assert_type(await pc.describe_restore_job("id"), RestoreJob)
        assert_type(await pc.wait_for_restore_job("id"), RestoreJob)
        assert_type(await pc.create_index_from_backup("id", name="new", wait=True), Index)


def errors(pc: Pinecone) -> str:
    try:
        pc.list_restore_jobs()
    except PineconeError as error:
        assert_type(error.what, str)
        return error.hint
    return ""
