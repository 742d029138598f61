# ruff: noqa: S101 - the assertions are its purpose
"""Use the official Python SDKs 7, 8 and 9 with the control plane that the environment names.

It follows the SDK's documentation: it blocks where a call blocks by default, and gets one page per
listing call. These SDKs speak API versions 2025-04 and 2025-10.
"""

import time

from pinecone import (  # type: ignore[import-not-found]
    AwsRegion,
    CloudProvider,
    Metric,
    Pinecone,
    PodSpec,
    ServerlessSpec,
    __version__,
)

RESTORES = 5
PAGE_SIZE = 2
SERVERLESS = ServerlessSpec(cloud=CloudProvider.AWS, region=AwsRegion.US_EAST_1)

pc = Pinecone()


def names_of(listed: object) -> list[str]:
    """Return the names in a listing, whatever form it has."""
    return sorted(each["name"] for each in listed)  # type: ignore[attr-defined]


# Indexes.
pc.create_index(
    name="movies", dimension=8, metric=Metric.COSINE, spec=SERVERLESS, tags={"team": "search"}
)
assert pc.describe_index("movies").status.ready
pc.create_index(
    name="words", vector_type="sparse", metric="dotproduct", spec=SERVERLESS, timeout=-1
)
pc.create_index_for_model(
    name="texts",
    cloud="aws",
    region="us-east-1",
    embed={"model": "multilingual-e5-large", "field_map": {"text": "chunk"}},
    timeout=-1,
)
assert names_of(pc.list_indexes()) == ["legacy", "movies", "texts", "words"]
assert pc.has_index("texts")
pc.configure_index("movies", tags={"env": "test"}, deletion_protection="enabled")
tags = pc.describe_index("movies").tags
assert getattr(tags, "to_dict", lambda: tags)() == {"team": "search", "env": "test"}
if int(__version__.partition(".")[0]) >= 8:  # from 2025-10 on
    manual = {"shards": 1, "replicas": 2}
    dedicated = {"node_type": "t1", "scaling": "Manual", "manual": manual}
    pc.configure_index("movies", read_capacity={"mode": "Dedicated", "dedicated": dedicated})
    capacity = pc.describe_index("movies").spec.serverless.read_capacity
    assert capacity["dedicated"]["manual"]["replicas"] == 2

# Pods, and a collection of them.
pods = PodSpec(environment="us-east-1-aws", pod_type="p1.x1")
pc.create_index(name="catalog", dimension=8, spec=pods)
pc.configure_index("catalog", replicas=2, pod_type="p1.x2")
pc.create_collection("copy", "catalog")
while pc.describe_collection("copy")["status"] != "Ready":
    time.sleep(0.1)
assert names_of(pc.list_collections()) == ["copy"]
copied = PodSpec(environment="us-east-1-aws", pod_type="p1.x1", source_collection="copy")
pc.create_index(name="catalog-copy", dimension=8, spec=copied)

# Backups.
backup = pc.create_backup(index_name="movies", backup_name="nightly", description="every night")
second = pc.create_backup(index_name="movies", backup_name="weekly")
while pc.describe_backup(backup_id=backup.backup_id).status != "Ready":
    time.sleep(0.1)
page = pc.list_backups(index_name="movies", limit=1)
assert [listed.name for listed in page] == ["weekly"]
page = pc.list_backups(index_name="movies", limit=1, pagination_token=page.pagination.next)
assert [listed.name for listed in page] == ["nightly"]
assert page.pagination is None
assert names_of(pc.list_backups()) == ["nightly", "weekly"]

# Restore jobs.
for number in range(RESTORES):
    pc.create_index_from_backup(name=f"movies-{number}", backup_id=backup.backup_id, timeout=-1)
    restored = pc.describe_index(f"movies-{number}")
    assert (restored.dimension, restored.metric) == (8, "cosine")
jobs = []
page = pc.list_restore_jobs(limit=PAGE_SIZE)
while True:
    jobs.extend(page)
    if page.pagination is None:
        break
    page = pc.list_restore_jobs(limit=PAGE_SIZE, pagination_token=page.pagination.next)
assert len({job.restore_job_id for job in jobs}) == RESTORES
for job in jobs:
    while pc.describe_restore_job(job_id=job.restore_job_id).status != "Completed":
        time.sleep(0.1)
host = pc.describe_index("movies-0").host
assert pc.Index(host=host).describe_index_stats().total_vector_count == 0

# All of it is deleted.
try:
    pc.delete_index("movies")
except Exception as error:  # noqa: BLE001 - its class differs between the SDKs
    assert "Deletion protection is enabled for this index" in str(error)  # noqa: PT017
else:
    raise AssertionError("a protected index was deleted")
pc.configure_index("movies", deletion_protection="disabled")
pc.delete_collection("copy")
for name in names_of(pc.list_indexes()):
    pc.delete_index(name, timeout=-1)
for listed in (backup, second):
    pc.delete_backup(backup_id=listed.backup_id)
