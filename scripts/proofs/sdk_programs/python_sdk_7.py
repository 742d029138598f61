# ruff: noqa: S101 - what it asserts is what it is for
"""The official Python SDK 7 against the control plane that the environment names.

Written as the SDK's documentation shows it: blocking where a call blocks by default, one page per
listing call.
"""

import time

from pinecone import AwsRegion, CloudProvider, Metric, Pinecone, ServerlessSpec  # type: ignore[import-not-found]

RESTORES = 5
PAGE_SIZE = 2

pc = Pinecone()

pc.create_index(
    name="movies",
    dimension=8,
    metric=Metric.COSINE,
    spec=ServerlessSpec(cloud=CloudProvider.AWS, region=AwsRegion.US_EAST_1),
    tags={"team": "search"},
)
assert pc.describe_index("movies").status.ready
pc.create_index_for_model(
    name="texts",
    cloud="aws",
    region="us-east-1",
    embed={"model": "multilingual-e5-large", "field_map": {"text": "chunk"}},
    timeout=-1,
)
assert pc.list_indexes().names() == ["movies", "texts"]
pc.configure_index("movies", tags={"env": "test"})
assert pc.describe_index("movies").tags.to_dict() == {"team": "search", "env": "test"}

backup = pc.create_backup(index_name="movies", backup_name="nightly", description="every night")
second = pc.create_backup(index_name="movies", backup_name="weekly")
while pc.describe_backup(backup_id=backup.backup_id).status != "Ready":
    time.sleep(0.1)
page = pc.list_backups(index_name="movies", limit=1)
assert [listed.name for listed in page] == ["weekly"]
page = pc.list_backups(index_name="movies", limit=1, pagination_token=page.pagination.next)
assert [listed.name for listed in page] == ["nightly"]
assert page.pagination is None
assert sorted(pc.list_backups().names()) == ["nightly", "weekly"]

for number in range(RESTORES):
    restored = pc.create_index_from_backup(
        name=f"movies-{number}", backup_id=backup.backup_id, timeout=-1
    )
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

for name in pc.list_indexes().names():
    pc.delete_index(name, timeout=-1)
for listed in (backup, second):
    pc.delete_backup(backup_id=listed.backup_id)
