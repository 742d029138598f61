"""One client, many callers."""

from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from pinecone_control import AsyncPinecone, Pinecone
from pinecone_control.emulator import Emulator


def test_one_client_serves_many_threads() -> None:
    with Emulator(seed=1) as emulator, emulator.serve() as server, Pinecone("k", server.url) as pc:
        emulator.seed("demo", restore_jobs=120)
        ids = [job.restore_job_id for job in pc.list_restore_jobs()]
        with ThreadPoolExecutor(8) as pool:
            jobs = list(pool.map(pc.describe_restore_job, ids))

    assert [job.restore_job_id for job in jobs] == ids


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_one_asynchronous_client_has_200_calls_in_flight(backend: str) -> None:
    with Emulator(seed=1) as emulator, emulator.serve() as server:
        emulator.seed("demo", restore_jobs=200)

        async def main() -> tuple[list[str], dict[str, str]]:
            found: dict[str, str] = {}
            async with AsyncPinecone("k", server.url) as pc:
                ids = [job.restore_job_id async for job in pc.list_restore_jobs()]

                async def describe(job_id: str) -> None:
                    found[job_id] = (await pc.describe_restore_job(job_id)).restore_job_id

                async with anyio.create_task_group() as group:
                    for job_id in ids:
                        group.start_soon(describe, job_id)
            return ids, found

        ids, found = anyio.run(main, backend=backend)

    assert len(ids) == 200
    assert found == {job_id: job_id for job_id in ids}


def test_listings_of_one_client_do_not_disturb_each_other() -> None:
    with (
        Emulator(seed=1) as emulator,
        Pinecone("k", "http://emulator", transport=emulator.transport()) as pc,
    ):
        emulator.seed("demo", restore_jobs=60)
        listing = pc.list_restore_jobs(limit=7)
        pairs = list(zip(listing, listing, strict=True))

    assert len(pairs) == 60
    assert all(one.restore_job_id == other.restore_job_id for one, other in pairs)
