"""Sample data: a project with a few weeks of history."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pinecone_control.emulator.api.authentication import project_of
from pinecone_control.emulator.clock import timestamp
from pinecone_control.emulator.state.resources import DOMAIN, Backup, Index, Json, RestoreJob

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.seeded_random import SeededRandom
    from pinecone_control.emulator.state.sql_tables import Tables

DEFAULT_RESTORE_JOBS = 240

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_HISTORY = 42 * _DAY
_BACKUPS = 12


def seed_projects(context: Context, name: str, restore_jobs: int, api_key: str | None) -> None:
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
            if not tables.projects.is_registered(project):
                register_project(tables, project, now, context.random)


def register_project(tables: Tables, project: str, now: int, random: SeededRandom) -> None:
    """Store a new project, with the sample data if all projects are to have it."""
    restore_jobs = tables.projects.fact("demo")
    if restore_jobs is None:
        tables.projects.save(project, seeded=False)
    else:
        add_demo_data(tables, project, now, random, int(restore_jobs))


def add_demo_data(
    tables: Tables, project: str, now: int, random: SeededRandom, restore_jobs: int
) -> None:
    """Add three indexes, two more that are being restored, a dozen backups, and restore jobs.

    The jobs are spread over six weeks and every status. The newest completes within six seconds;
    the one before it fails within four, at 40 %.
    """
    tables.projects.save(project, seeded=True)
    indexes = _indexes(project, now, random)
    backups = _backups(project, now, random, indexes[:2])
    running = _running_jobs(project, now, random, backups)[:restore_jobs]
    past = _past_jobs(project, now, random, backups, restore_jobs - len(running))
    for index in (*indexes, *(_target_index(job, backups[0]) for job in running)):
        if tables.indexes.get(project, index.name, now) is None:
            tables.indexes.save(project, index)
    first = tables.projects.next_number(project, "backup", len(backups))
    for number, backup in enumerate(backups, first):
        tables.backups.add(project, number, backup)
    first = tables.projects.next_number(project, "restore_job", restore_jobs)
    tables.restore_jobs.add(project, first, chain(past, reversed(running)))


def _indexes(project: str, now: int, random: SeededRandom) -> list[Index]:
    serverless = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pod = {"environment": "us-east-1-aws", "pod_type": "p1.x1", "replicas": 1, "shards": 1}
    kinds: list[tuple[str, Json, str, str, int | None, dict[str, str]]] = [
        ("movies", serverless, "dense", "cosine", 1536, {"team": "search", "env": "production"}),
        ("support-tickets", serverless, "sparse", "dotproduct", None, {"team": "support"}),
        ("legacy-catalog", {"pod": {**pod, "pods": 1}}, "dense", "euclidean", 384, {}),
    ]
    return [
        Index(
            name=name,
            index_id=random.uuid(project, "sample index", name),
            host=f"{name}-{random.word(project, 'host')}.svc.sample.{DOMAIN}",
            spec=spec,
            metric=metric,
            vector_type=vector_type,
            dimension=dimension,
            deletion_protection="enabled" if name == "movies" else "disabled",
            created_at=now - _HISTORY - _DAY,
            ready_at=now - _HISTORY - _DAY + 20 * _SECOND,
            tags=tags,
            record_count=random.random(project, "sample records", name).randrange(
                10_000, 2_000_000
            ),
        )
        for name, spec, vector_type, metric, dimension, tags in kinds
    ]


def _backups(project: str, now: int, random: SeededRandom, sources: list[Index]) -> list[Backup]:
    """Return the backups, oldest first: the last is in progress, the one before it has failed."""
    draw = random.random(project, "sample backups")
    return [
        _backup(
            random.uuid(project, "sample backup", number),
            sources[number % len(sources)],
            draw,
            created_at=now - _HISTORY + number * _HISTORY // _BACKUPS
            if number < _BACKUPS - 1
            else now - 3 * _SECOND,
            outcome="InitializationFailed" if number == _BACKUPS - 2 else "Ready",
        )
        for number in range(_BACKUPS)
    ]


def _backup(
    backup_id: str, source: Index, draw: Random, *, created_at: int, outcome: str
) -> Backup:
    records = draw.randrange(10_000, 2_000_000)
    day, _, _ = timestamp(created_at).partition("T")
    return Backup(
        backup_id=backup_id,
        source_index_id=source.index_id,
        source_index_name=source.name,
        name=f"{source.name}-{day}",
        description=f"Scheduled backup of {source.name}",
        spec=source.spec,
        cloud="aws",
        region="us-east-1",
        metric=source.metric,
        vector_type=source.vector_type,
        dimension=source.dimension,
        record_count=records,
        namespace_count=draw.randrange(1, 8),
        size_bytes=records * 4 * (source.dimension or 128),
        created_at=created_at,
        ready_at=created_at + 8 * _SECOND,
        outcome=outcome,
        tags=source.tags,
    )


def _past_jobs(
    project: str, now: int, random: SeededRandom, backups: list[Backup], count: int
) -> Iterator[RestoreJob]:
    """Yield the ended jobs, oldest first; a million of them take little memory."""
    draw = random.random(project, "sample restore jobs")
    step = (_HISTORY - 2 * _DAY) // max(count, 1)
    for number in range(count):
        created_at = now - _HISTORY + _DAY + number * step + draw.randrange(max(step // 2, 1))
        full_duration = draw.randrange(6 * _SECOND, 140 * _SECOND)
        outcome = _outcome(number)
        share = 1.0 if outcome == "Completed" else draw.uniform(0.05, 0.95)
        backup = backups[number % (_BACKUPS - 2)]
        yield RestoreJob(
            restore_job_id=random.uuid(project, "sample restore job", number),
            backup_id=backup.backup_id,
            target_index_name=f"{backup.source_index_name}-restored-{number + 1}",
            target_index_id=random.uuid(project, "sample target", number),
            created_at=created_at,
            ends_at=created_at + round(full_duration * share),
            outcome=outcome,
            full_duration=full_duration,
        )


def _outcome(number: int) -> str:
    if number % 13 == 5:
        return "Failed"
    return "Cancelled" if number % 29 == 7 else "Completed"


def _running_jobs(
    project: str, now: int, random: SeededRandom, backups: list[Backup]
) -> list[RestoreJob]:
    """Return the jobs in progress, newest first."""
    courses = [
        ("movies-restored", now - 4 * _SECOND, now + 6 * _SECOND, "Completed", 10 * _SECOND),
        ("movies-rehearsal", now - 6 * _SECOND, now + 4 * _SECOND, "Failed", 25 * _SECOND),
    ]
    return [
        RestoreJob(
            restore_job_id=random.uuid(project, "sample restore job", name),
            backup_id=backups[0].backup_id,
            target_index_name=name,
            target_index_id=random.uuid(project, "sample target", name),
            created_at=created_at,
            ends_at=ends_at,
            outcome=outcome,
            full_duration=full_duration,
        )
        for name, created_at, ends_at, outcome, full_duration in courses
    ]


def _target_index(job: RestoreJob, backup: Backup) -> Index:
    return Index(
        name=job.target_index_name,
        index_id=job.target_index_id,
        host=f"{job.target_index_name}.svc.sample.{DOMAIN}",
        spec=backup.spec,
        metric=backup.metric,
        vector_type=backup.vector_type,
        dimension=backup.dimension,
        deletion_protection="disabled",
        created_at=job.created_at,
        ready_at=job.ends_at,
        outcome="Ready" if job.outcome == "Completed" else "InitializationFailed",
        tags=backup.tags,
        restore_job_id=job.restore_job_id,
        record_count=backup.record_count,
    )
