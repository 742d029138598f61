"""The status page at ``/_emulator/``: plain HTML, made here, refreshed by a few lines of script.

Whatever a client can have put into the state or the request log passes through `_text`.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pinecone_control.emulator.journal import RecordedRequest
    from pinecone_control.emulator.messages import Json
    from pinecone_control.emulator.status import ProjectStatus, Shown, Status

_LOOKS = {
    "Ready": "good",
    "Completed": "good",
    "Failed": "bad",
    "InitializationFailed": "bad",
    "Cancelled": "idle",
    "Terminating": "idle",
}
"""How a state looks; one that is not named here is under way."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_KIB = 1024


def page(status: Status, address: str) -> str:
    """The whole page.

    Args:
        status: what to show.
        address: host and port by which the reader reached the emulator.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Emulator</title>
<style>{_asset("status.css")}</style>
<noscript><meta http-equiv="refresh" content="2"></noscript>
</head>
<body>
{_content(status, address)}
<script>{_asset("status.js")}</script>
</body>
</html>
"""


@cache
def security_policy() -> str:
    """The Content-Security-Policy header: our style and script, and nothing from elsewhere."""
    script = base64.b64encode(hashlib.sha256(_asset("status.js").encode()).digest()).decode()
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"connect-src 'self'; style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    )


@cache
def _asset(name: str) -> str:
    return resources.files("pinecone_control.emulator").joinpath(name).read_text("utf-8")


def _content(status: Status, address: str) -> str:
    shown = len(status.projects)
    more = status.project_count - shown
    return f"""<main>
<header>
  <h1>Emulator <small>of the Pinecone control plane, API 2025-04</small></h1>
  <p class="clock">{_clock(status)}</p>
</header>
{_tiles(status)}
{"".join(_project(each, status) for each in status.projects) or _welcome(status, address)}
{f'<p class="more">and {more} more projects</p>' if more else ""}
{_requests(status)}
<footer>Parity with the real service is unproven.</footer>
</main>"""


def _clock(status: Status) -> str:
    moment = datetime.fromtimestamp(status.now // 1_000_000, UTC)
    speeds = {0.0: "moved by hand", 1.0: "real time"}
    pace = speeds.get(status.speed, f"{status.speed:g} times as fast as real time")
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC <span>{pace}</span>"


def _tiles(status: Status) -> str:
    tiles = [
        ("indexes", sum(each.indexes.total for each in status.projects)),
        ("backups", sum(each.backups.total for each in status.projects)),
        ("restore jobs", sum(each.restore_jobs.total for each in status.projects)),
        ("requests", status.request_count),
    ]
    return f'<ul class="tiles">{"".join(f"<li><b>{n:,}</b> {name}</li>" for name, n in tiles)}</ul>'


def _welcome(status: Status, address: str) -> str:
    sample = " It gets the sample data with it." if status.gives_sample_data else ""
    return f"""<section class="welcome">
<h2>No client has come yet</h2>
<p>A project begins with the first request under its API key.{sample}</p>
<pre>export PINECONE_CONTROLLER_HOST=http://{_text(address)}
export PINECONE_API_KEY=any-key</pre>
</section>"""


# ------------------------------------------------------------------------------------- projects


def _project(each: ProjectStatus, status: Status) -> str:
    title = f"<h2>Project <code>{_text(each.project)}</code></h2>" if _has_many(status) else ""
    return "".join(
        [
            title,
            _restore_jobs(each.restore_jobs, status.now),
            _indexes(each.indexes),
            _backups(each.backups, status.now),
            _collections(each.collections),
        ]
    )


def _has_many(status: Status) -> bool:
    return status.project_count > 1


def _restore_jobs(shown: Shown, now: int) -> str:
    rows = [
        [
            f"<b>{_text(job['target_index_name'])}</b>",
            _state(job["status"]),
            _progress(job["percent_complete"], job["status"]),
            _ago(job["created_at"], now),
            _id(job["restore_job_id"]),
        ]
        for job in shown.rows
    ]
    return _table("Restore jobs", ["into", "status", "progress", "begun", "id"], rows, shown.total)


def _indexes(shown: Shown) -> str:
    rows = [
        [
            f"<b>{_text(index['name'])}</b>{_protection(index)}",
            _state(index["status"]["state"]),
            _text(_vectors(index)),
            _text(_place(index["spec"])),
            _tags(index.get("tags")),
        ]
        for index in shown.rows
    ]
    return _table("Indexes", ["name", "state", "vectors", "where", "tags"], rows, shown.total)


def _backups(shown: Shown, now: int) -> str:
    rows = [
        [
            f"<b>{_text(backup.get('name') or 'unnamed')}</b>",
            _state(backup["status"]),
            _text(backup["source_index_name"]),
            _count(backup.get("record_count")),
            _size(backup.get("size_bytes")),
            _ago(backup["created_at"], now),
            _id(backup["backup_id"]),
        ]
        for backup in shown.rows
    ]
    headings = ["name", "status", "of index", "#records", "#size", "made", "id"]
    return _table("Backups", headings, rows, shown.total)


def _collections(shown: Shown) -> str:
    rows = [
        [
            f"<b>{_text(collection['name'])}</b>",
            _state(collection["status"]),
            _text(collection["environment"]),
            _count(collection.get("vector_count")),
            _size(collection.get("size")),
        ]
        for collection in shown.rows
    ]
    headings = ["name", "status", "where", "#vectors", "#size"]
    return _table("Collections", headings, rows, shown.total) if rows else ""


def _vectors(index: Json) -> str:
    dimension = index.get("dimension")
    size = "" if dimension is None else f" {dimension}"
    return f"{index['vector_type']}{size}, {index['metric']}"


def _place(spec: Json) -> str:
    ((kind, place),) = spec.items()
    known = [place.get(name) for name in ("cloud", "region", "environment", "pod_type")]
    return f"{kind}, {' '.join(str(each) for each in known if each is not None)}"


def _protection(index: Json) -> str:
    is_protected = index.get("deletion_protection") == "enabled"
    return ' <span class="tag">protected</span>' if is_protected else ""


def _tags(tags: Json | None) -> str:
    pairs = sorted((tags or {}).items())
    return " ".join(f'<span class="tag">{_text(k)}: {_text(v)}</span>' for k, v in pairs)


# ------------------------------------------------------------------------------------- requests


def _requests(status: Status) -> str:
    rows = [_request_row(each, status) for each in status.requests]
    headings = ["", "request", "answer", "operation", "when"]
    if _has_many(status):
        headings.append("project")
    return _table("Requests", headings, rows, status.request_count) if rows else ""


def _request_row(request: RecordedRequest, status: Status) -> list[str]:
    at = f"{_age(status.now / 1_000_000 - request.at)} ago"
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    path = f"{request.path}?{query}" if query else request.path
    cells = [
        f'<span class="method">{_text(request.method)}</span>',
        f'<span class="path">{_text(path)}</span>',
        _answer(request),
        _text(request.operation or ""),
        at,
    ]
    return [*cells, f"<code>{_text(request.project or '')}</code>"] if _has_many(status) else cells


def _answer(request: RecordedRequest) -> str:
    fault = ' <span class="tag">fault</span>' if request.was_faulted else ""
    if request.status is None:
        return f'<span class="state bad">dropped</span>{fault}'
    look = "good" if request.status < 400 else "bad"
    return f'<span class="state {look}">{request.status}</span>{fault}'


# ---------------------------------------------------------------------------------------- pieces


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> str:
    """A section; a heading that begins with # is of numbers."""
    count = f"{len(rows)} of {total:,}" if len(rows) < total else f"{total:,}"
    kinds = [' class="number"' if heading.startswith("#") else "" for heading in headings]
    head = "".join(
        f"<th{kind}>{heading.removeprefix('#')}</th>"
        for kind, heading in zip(kinds, headings, strict=True)
    )
    body = "".join(f"<tr>{''.join(_cells(row, kinds))}</tr>\n" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"""<section>
<h3>{title} <small>{count}</small></h3>
<div class="scroll">{table if rows else '<p class="none">none</p>'}</div>
</section>
"""


def _cells(row: Sequence[str], kinds: Iterable[str]) -> Iterable[str]:
    return (f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True))


def _text(value: object) -> str:
    return escape(str(value), quote=True)


def _state(state: str) -> str:
    return f'<span class="state {_LOOKS.get(state, "busy")}">{_text(state)}</span>'


def _progress(percent: float, status: str) -> str:
    bar = f'<progress class="{_LOOKS.get(status, "busy")}" max="100" value="{percent}"></progress>'
    return f'<span class="progress">{bar} {percent:.0f} %</span>'


def _id(identifier: str) -> str:
    return f"<code>{_text(identifier)}</code>"


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _size(number: int | None) -> str:
    if number is None:
        return ""
    size, units = float(number), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= _KIB and len(units) > 1:
        size /= _KIB
        units.pop(0)
    return f"{size:.3g} {units[0]}" if size < 1000 else f"{size:,.0f} {units[0]}"


def _ago(timestamp: str, now: int) -> str:
    seconds = now / 1_000_000 - datetime.fromisoformat(timestamp).timestamp()
    return f'<time datetime="{timestamp}" title="{timestamp}">{_age(seconds)} ago</time>'


def _age(seconds: float) -> str:
    for length, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
