"""The content of the status page: one project's resources and the latest requests, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import msgspec
from attrs import frozen

from pinecone_control.emulator.clock import timestamp
from pinecone_control.emulator.operations.representations import (
    backup_model,
    collection_model,
    index_model,
    restore_job_model,
)

if TYPE_CHECKING:
    from pinecone_control.emulator.api.request_log import RecordedRequest
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.resources import Json
    from pinecone_control.emulator.state.sql_tables import Tables

Row = TypeVar("Row")

PAGE_SIZE: Final = 10

_MAX_BODY: Final = 4_000
"""Characters of a request body that a row of the request log shows."""

_Page = Annotated[int, msgspec.Meta(ge=1, le=10**9)]


@frozen(kw_only=True)
class StatusQuery:
    """Query parameters of the status endpoint; pages are counted from 1.

    Attributes:
        project: the project to show; empty for the one of the latest request.
        filter: shows only requests with this text in method, path, operation, status or project.
    """

    project: str = ""
    indexes: _Page = 1
    backups: _Page = 1
    restore_jobs: _Page = 1
    collections: _Page = 1
    requests: _Page = 1
    filter: str = ""


def status(context: Context, query: StatusQuery) -> Json:
    """Return what the status page shows at the emulator's time."""
    now = context.clock.microseconds()
    with context.store.transaction(now) as tables:
        projects = tables.projects.all()
        project = query.project if query.project in projects else _latest(context, projects)
        shown = {} if project is None else _project(tables, project, now, query)
        gives_sample_data = tables.projects.fact("demo") is not None
    return {
        "time": timestamp(now),
        "speed": context.clock.speed,
        "api_version": context.contract.version,
        "page_size": PAGE_SIZE,
        "gives_sample_data": gives_sample_data,
        "project": project,
        "projects": [{"project": each, "key": context.masked_keys.get(each)} for each in projects],
        **shown,
        "requests": _requests(context, query),
    }


def recorded(request: RecordedRequest) -> Json:
    """Return a recorded request as JSON."""
    return {
        "number": request.number,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": request.headers,
        "body": request.body.decode("utf-8", "replace"),
        "operation": request.operation,
        "project": request.project,
        "status": request.status,
        "at": timestamp(round(request.at * 1_000_000)),
        "was_faulted": request.was_faulted,
    }


def _latest(context: Context, projects: list[str]) -> str | None:
    """Return the project of the latest request, else the first one."""
    for request in reversed(context.requests):
        if request.project in projects:
            return request.project
    return next(iter(projects), None)


def _project(tables: Tables, project: str, now: int, query: StatusQuery) -> Json:
    indexes = tables.indexes.all(project, now)
    collections = tables.collections.all(project, now)
    backups = tables.backups.page(project, _offset(query.backups), PAGE_SIZE)
    jobs = tables.restore_jobs.pending_first(project, now, _offset(query.restore_jobs), PAGE_SIZE)
    return {
        "indexes": {
            "rows": [index_model(each, now) for each in _of(indexes, query.indexes)],
            "total": len(indexes),
        },
        "backups": {
            "rows": [backup_model(each, now) for each in backups],
            "total": tables.backups.count(project),
        },
        "restore_jobs": {
            "rows": [restore_job_model(each, now, shows_progress=True) for each in jobs],
            "total": tables.restore_jobs.count(project),
        },
        "collections": {
            "rows": [collection_model(each, now) for each in _of(collections, query.collections)],
            "total": len(collections),
        },
    }


def _requests(context: Context, query: StatusQuery) -> Json:
    """Return a page of the request log, newest first."""
    wanted = query.filter.lower()
    found = [each for each in reversed(context.requests) if wanted in _searched(each)]
    rows = [recorded(each) for each in _of(found, query.requests)]
    for row in rows:
        if len(row["body"]) > _MAX_BODY:
            row["body"] = f"{row['body'][:_MAX_BODY]}..."
    return {"rows": rows, "total": len(found)}


def _searched(request: RecordedRequest) -> str:
    parts = (request.method, request.path, request.query_string, request.operation, request.project)
    status = "dropped" if request.status is None else str(request.status)
    return " ".join(filter(None, (*parts, status, "fault" * request.was_faulted))).lower()


def _offset(page: int) -> int:
    return (page - 1) * PAGE_SIZE


def _of(rows: list[Row], page: int) -> list[Row]:
    return rows[_offset(page) : _offset(page) + PAGE_SIZE]
