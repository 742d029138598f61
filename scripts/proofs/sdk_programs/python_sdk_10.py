# ruff: noqa: S101 - the assertions are its purpose
"""Use the official Python SDK 10 with the control plane that the environment names.

It follows the SDK's documentation: resources have namespaces, listings return one page.
This SDK speaks API version 2026-07.
"""

import os
import time

from pinecone import Pinecone, ServerlessSpec  # type: ignore[import-not-found]

RESTORES = 5
PAGE_SIZE = 2

pc = Pinecone(api_key=os.environ["PINECONE_API_KEY"], host=os.environ["PINECONE_CONTROLLER_HOST"])

pc.indexes.create(
    name="movies",
    schema={
        "fields": {"your_vector": {"type": "dense_vector", "dimension": 8, "metric": "cosine"}}
    },
    deployment={"deployment_type": "managed", "cloud": "aws", "region": "us-east-1"},
    tags={"team": "search"},
)
assert pc.indexes.describe("movies").status.ready
pc.create_index(
    name="words",
    vector_type="sparse",
    spec=ServerlessSpec(cloud="aws", region="us-east-1"),
    timeout=-1,
)
pc.indexes.create_for_model(
    name="texts",
    cloud="aws",
    region="us-east-1",
    embed={"model": "multilingual-e5-large", "field_map": {"text": "chunk"}},
    timeout=-1,
)
assert [index.name for index in pc.indexes.list()] == ["legacy", "movies", "texts", "words"]
assert list(pc.indexes.describe("movies").schema.fields) == ["your_vector"]
assert pc.indexes.exists("texts")
configured = pc.indexes.configure("movies", tags={"env": "test"})
assert configured.tags == {"team": "search", "env": "test"}
manual = {"shards": 1, "replicas": 2}
dedicated = {"node_type": "t1", "scaling": "Manual", "manual": manual}
pc.indexes.configure("movies", read_capacity={"mode": "Dedicated", "dedicated": dedicated})
assert pc.indexes.describe("movies").read_capacity.dedicated.manual.replicas == 2

pc.collections.create(name="copy", source="legacy")
while pc.collections.describe("copy").status != "Ready":
    time.sleep(0.1)
assert [collection.name for collection in pc.collections.list()] == ["copy"]
pc.collections.delete("copy")

backup = pc.backups.create(index_name="movies", name="nightly", description="every night")
second = pc.backups.create(index_name="movies", name="weekly")
while pc.backups.describe(backup_id=backup.backup_id).status != "Ready":
    time.sleep(0.1)
page = pc.backups.list(index_name="movies", limit=1)
backups = list(page)
while page.pagination and page.pagination.next:
    page = pc.backups.list(index_name="movies", pagination_token=page.pagination.next)
    backups.extend(page)
assert [listed.name for listed in backups] == ["weekly", "nightly"]
assert len(pc.backups.list()) == len(backups)

first = pc.create_index_from_backup(name="movies-0", backup_id=backup.backup_id)
assert first.status.ready
for number in range(1, RESTORES):
    pc.create_index_from_backup(name=f"movies-{number}", backup_id=backup.backup_id, timeout=-1)

jobs = {}
page = pc.restore_jobs.list(limit=PAGE_SIZE)
while True:
    for job in page:
        jobs[job.restore_job_id] = job
    if not (page.pagination and page.pagination.next):
        break
    page = pc.restore_jobs.list(pagination_token=page.pagination.next)
assert len(jobs) == RESTORES
for job_id in jobs:
    while pc.restore_jobs.describe(job_id=job_id).status != "Completed":
        time.sleep(0.1)

pc.indexes.delete("words", timeout=-1)
assert pc.index(host=pc.indexes.describe("movies-0").host).describe_index_stats().namespaces == {}
for index in list(pc.indexes.list()):
    pc.indexes.delete(index.name, timeout=-1)
for listed in backups:
    pc.backups.delete(backup_id=listed.backup_id)
