"""What a test can do to a running emulator: add sample data, end what runs, forget everything."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from attrs import evolve

from pinecone_control.emulator.api.authentication import project_of
from pinecone_control.emulator.scenarios.demo_data import add_demo_data, meet_project
from pinecone_control.emulator.scenarios.plans import OUTCOMES
from pinecone_control.emulator.state import lifecycle
from pinecone_control.emulator.state.seeded_random import SeededRandom

if TYPE_CHECKING:
    from pinecone_control.emulator.clock import EmulatorClock
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.resources import RestoreJob
    from pinecone_control.emulator.state.store import Store
    from pinecone_control.emulator.state.tables import Tables


def seed(context: Context, name: str, restore_jobs: int, api_key: str | None) -> None:
    """Add sample data to the project of a key, or to every project; see `Emulator.seed`.

    Raises:
        ValueError: there is no sample of that name, or the number is negative.
    """
    if name != "demo":
        raise ValueError(f"there is one sample, 'demo'; got {name!r}")
    if restore_jobs < 0:
        raise ValueError(f"restore_jobs must be 0 or more; got {restore_jobs}")
    now = context.clock.microseconds()
    with context.store.transaction(now) as tables:
        if api_key is not None:
            project = project_of(api_key)
            if not tables.projects.is_seeded(project):
                add_demo_data(tables, project, now, context.random, restore_jobs)
            return
        tables.projects.remember("demo", str(restore_jobs))
        for project in {*tables.projects.all(), *map(project_of, context.api_keys or ())}:
            if not tables.projects.is_met(project):
                meet_project(tables, project, now, context.random)


def reset(context: Context, given_seed: str | None) -> None:
    """Forget all resources, sample data, plans, faults and recorded requests."""
    context.store.clear(context.clock.microseconds())
    context.random = resume(context.store, context.clock, given_seed)
    context.plans.clear()
    context.faults.clear(context.random.random("faults"))
    context.requests.clear()


def resume(store: Store, clock: EmulatorClock, given_seed: str | None) -> SeededRandom:
    """Return the random numbers of a store; emulated time goes on where the store left it."""
    with store.transaction(clock.microseconds()) as tables:
        clock.not_before(int(tables.projects.fact("latest") or 0) / 1_000_000)
        seed = given_seed or tables.projects.fact("seed") or secrets.token_hex(16)
        if seed != tables.projects.fact("seed"):
            tables.projects.remember("seed", seed)
    return SeededRandom(seed)


def finish(context: Context, name_or_id: str, outcome: str | None) -> None:
    """End what is under way under a name or id, in whichever project.

    Raises:
        ValueError: there is nothing of the kind, or it cannot end so.
    """
    now = context.clock.microseconds()
    enders = (_finish_restore_job, _finish_backup, _finish_index, _finish_collection)
    with context.store.transaction(now) as tables:
        for project in tables.projects.all():
            for ender in enders:
                if ender(tables, project, name_or_id, outcome, now):
                    return
    raise ValueError(f"nothing called {name_or_id!r} is under way")


def _finish_restore_job(
    tables: Tables, project: str, job_id: str, outcome: str | None, now: int
) -> bool:
    job = tables.restore_jobs.get(project, job_id)
    if job is None or lifecycle.restore_job_status(job, now) != "Pending":
        return False
    ended = evolve(job, ends_at=now, outcome=_checked("restore_job", outcome))
    tables.restore_jobs.save(project, ended)
    _end_target(tables, project, ended, now)
    return True


def _end_target(tables: Tables, project: str, job: RestoreJob, now: int) -> None:
    index = tables.indexes.get(project, job.target_index_name, now)
    if index is not None and index.index_id == job.target_index_id:
        outcome = "Ready" if job.outcome == "Completed" else "InitializationFailed"
        tables.indexes.save(project, evolve(index, ready_at=now, outcome=outcome))


def _finish_backup(
    tables: Tables, project: str, backup_id: str, outcome: str | None, now: int
) -> bool:
    backup = tables.backups.get(project, backup_id)
    if backup is None or now >= backup.ready_at:
        return False
    ended = evolve(backup, ready_at=now, outcome=_checked("backup", outcome))
    tables.backups.save(project, ended)
    return True


def _finish_index(tables: Tables, project: str, name: str, outcome: str | None, now: int) -> bool:
    index = tables.indexes.get(project, name, now)
    if index is None or now >= index.ready_at:
        return False
    if index.restore_job_id is not None:
        raise ValueError(f"index {name!r} is being restored: finish {index.restore_job_id!r}")
    ended = evolve(index, ready_at=now, outcome=_checked("index", outcome))
    tables.indexes.save(project, ended)
    return True


def _finish_collection(
    tables: Tables, project: str, name: str, outcome: str | None, now: int
) -> bool:
    collection = tables.collections.get(project, name, now)
    if collection is None or now >= collection.ready_at:
        return False
    _checked("collection", outcome)
    tables.collections.save(project, evolve(collection, ready_at=now))
    return True


def _checked(kind: str, outcome: str | None) -> str:
    known = OUTCOMES[kind]
    if outcome is not None and outcome not in known:
        raise ValueError(f"the outcome of a {kind} is one of {', '.join(known)}; got {outcome!r}")
    return outcome or known[0]
