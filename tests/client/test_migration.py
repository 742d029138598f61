"""The flat calls of the official SDK 7.x work with only the import changed."""

from collections.abc import Iterator

import pytest

from pinecone_control import IndexEmbed, Pinecone, PodSpec, ServerlessSpec
from pinecone_control.emulator import Emulator, ManualClock


@pytest.fixture
def pc() -> Iterator[Pinecone]:
    clock = ManualClock()
    with (
        Emulator(seed=1, clock=clock, check_responses=True) as emulator,
        Pinecone(
            api_key="k", host="http://emulator", transport=emulator.transport(), clock=clock
        ) as pc,
    ):
        pc.create_index(
            name="docs",
            spec=ServerlessSpec(cloud="aws", region="us-east-1"),
            dimension=3,
            metric="cosine",
            deletion_protection="disabled",
            vector_type="dense",
            tags={"team": "search"},
        )
        pc.wait_for_index("docs")
        yield pc


def test_the_calls_on_indexes_work_unchanged(pc: Pinecone) -> None:
    assert [index.name for index in pc.list_indexes()] == ["docs"]
    assert pc.has_index("docs")
    assert pc.describe_index("docs").dimension == 3
    assert pc.describe_index(name="docs").host
    pc.configure_index("docs", deletion_protection="enabled", tags={"stage": "test"})
    assert pc.describe_index("docs").tags == {"team": "search", "stage": "test"}
    pc.configure_index(name="docs", deletion_protection="disabled")
    pc.create_index_for_model(
        name="texts",
        cloud="aws",
        region="us-east-1",
        embed=IndexEmbed(model="multilingual-e5-large", field_map={"text": "body"}),
    )
    pc.delete_index(name="docs")


def test_the_calls_on_backups_and_restore_jobs_work_unchanged(pc: Pinecone) -> None:
    backup = pc.create_backup(index_name="docs", backup_name="nightly", description="")
    assert backup.name == "nightly"
    pc.wait_for_backup(backup.backup_id)
    assert [each.backup_id for each in pc.list_backups(index_name="docs", limit=10)]
    assert pc.describe_backup(backup_id=backup.backup_id).status == "Ready"
    pc.create_index_from_backup(name="one", backup_id=backup.backup_id)
    pc.create_index_from_backup(
        name="two", backup_id=backup.backup_id, deletion_protection="disabled", tags={"a": "b"}
    )
    first = pc.list_restore_jobs(limit=1)
    assert first.pagination is not None
    second = pc.list_restore_jobs(limit=1, pagination_token=first.pagination.next)
    ids = {first.data[0].restore_job_id, second.data[0].restore_job_id}
    assert len(ids) == 2
    for job_id in ids:
        pc.wait_for_restore_job(pc.describe_restore_job(job_id=job_id).restore_job_id)
    pc.delete_backup(backup_id=backup.backup_id)


def test_the_calls_on_collections_work_unchanged(pc: Pinecone) -> None:
    pods = PodSpec(environment="us-east-1-aws", pod_type="p1.x1")
    pc.create_index(name="pods", spec=pods, dimension=3)
    pc.wait_for_index("pods")
    pc.create_collection(name="copy", source="pods")
    assert [collection.name for collection in pc.list_collections()] == ["copy"]
    assert pc.describe_collection(name="copy").name == "copy"
    pc.delete_collection(name="copy")
