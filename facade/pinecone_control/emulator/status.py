"""The state of an emulator at one moment, as its status page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinecone_control.emulator import wire
from pinecone_control.emulator.paging import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinecone_control.emulator.journal import RecordedRequest
    from pinecone_control.emulator.messages import Json
    from pinecone_control.emulator.tables import Tables

ROWS = 8
"""Resources of a kind, and requests, that are shown; how many there are is always said."""

PROJECTS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """The first rows of a listing, in the API's wire form, and how many there are in all."""

    rows: Sequence[Json]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStatus:
    """What one project has. Backups and restore jobs from the newest."""

    project: str
    indexes: Shown
    collections: Shown
    backups: Shown
    restore_jobs: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What there is to look at.

    Attributes:
        now: microseconds since the epoch on the emulator's clock.
        speed: of that clock; 0 when it is moved by hand.
        projects: the first of them.
        project_count: how many there are.
        requests: the latest, newest first.
        request_count: how many are remembered.
        gives_sample_data: whether new projects get sample data.
    """

    now: int
    speed: float
    projects: Sequence[ProjectStatus]
    project_count: int
    requests: Sequence[RecordedRequest]
    request_count: int
    gives_sample_data: bool


def project_status(tables: Tables, project: str, now: int) -> ProjectStatus:
    """What one project has at a moment."""
    indexes = tables.indexes.all(project, now)
    collections = tables.collections.all(project, now)
    first = Window(0, ROWS)
    restore_jobs = tables.restore_jobs.count(project)
    return ProjectStatus(
        project=project,
        indexes=Shown([wire.index_model(each, now) for each in indexes[:ROWS]], len(indexes)),
        collections=Shown(
            [wire.collection_model(each, now) for each in collections[:ROWS]], len(collections)
        ),
        backups=Shown(
            [wire.backup_model(each, now) for each in tables.backups.page(project, first)],
            tables.backups.count(project),
        ),
        restore_jobs=Shown(
            [
                wire.restore_job_model(each, now, shows_progress=True)
                for each in tables.restore_jobs.page(project, first, restore_jobs)
            ],
            restore_jobs,
        ),
    )
