"""The emulator's own endpoints under ``/_emulator/``: its Python API over HTTP.

They need no API key. A browser that opens ``/_emulator/`` gets the status page.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import msgspec
from attrs import asdict, fields, frozen

from pinecone_control.emulator.admin.status_page import StatusQuery, recorded, status
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Response, Result
from pinecone_control.emulator.api.parsing import parse_query
from pinecone_control.emulator.clock import timestamp
from pinecone_control.emulator.scenarios.demo_data import DEFAULT_RESTORE_JOBS, seed_projects
from pinecone_control.emulator.scenarios.faults import Fault
from pinecone_control.emulator.scenarios.finish import finish
from pinecone_control.emulator.scenarios.planned_transitions import Plan

if TYPE_CHECKING:
    from attrs import AttrsInstance

    from pinecone_control.emulator.api.http_messages import Request
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.resources import Json

ADMIN_PATH: Final = "/_emulator"

_Body = TypeVar("_Body", bound="AttrsInstance")

_convert_lock: Final = Lock()  # msgspec builds a decoder by one thread only: see `state.sql_tables`

_PAGE_FILES: Final = {
    "": ("index.html", "text/html; charset=utf-8"),
    "status.css": ("status.css", "text/css; charset=utf-8"),
    "status.js": ("status.js", "text/javascript; charset=utf-8"),
}
_PAGE_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "connect-src 'self'; img-src data:; style-src 'self'; script-src 'self'"
    ),
    "cache-control": "no-store",
    "vary": "accept",
}


@frozen
class _Nothing:
    pass


@frozen
class _Seed:
    name: Literal["demo"] = "demo"
    restore_jobs: int = DEFAULT_RESTORE_JOBS
    api_key: str | None = None


@frozen
class _Advance:
    advance: float


@frozen
class _Finish:
    id: str
    outcome: str | None = None


class AdminApi:
    """Serves the requests to ``/_emulator/``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._endpoints = {
            ("GET", ""): self._overview,
            ("GET", "status"): self._status,
            ("POST", "reset"): self._reset,
            ("POST", "seed"): self._seed,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._advance,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "plans"): self._plans,
            ("POST", "plans"): self._add_plan,
            ("DELETE", "plans"): self._clear_plans,
            ("POST", "finish"): self._finish,
            ("GET", "requests"): self._requests,
            ("DELETE", "requests"): self._clear_requests,
        }

    def handle(self, request: Request) -> Response:
        """Return the response to one request."""
        name = request.path.removeprefix(ADMIN_PATH).strip("/")
        is_for_browser = name or "text/html" in request.headers.get("accept", "")
        if request.method == "GET" and name in _PAGE_FILES and is_for_browser:
            return _page_file(name)
        try:
            return self._result(name, request).response({})
        except HttpError as error:
            return error.response()

    def _result(self, name: str, request: Request) -> Result:
        endpoint = self._endpoints.get((request.method, name))
        if endpoint is None:
            allowed = [method for method, known in self._endpoints if known == name]
            if not allowed:
                raise HttpError(404, "There is no such path under /_emulator/.")
            raise HttpError(405, f"Use {' or '.join(allowed)} here.", {"allow": ", ".join(allowed)})
        try:
            return Result(200, endpoint(request))
        except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
            raise HttpError(400, str(error)) from None

    def _overview(self, request: Request) -> Json:
        paths = sorted({f"{ADMIN_PATH}/{name}" for _, name in self._endpoints if name})
        return {**self._clock(request), "requests": len(self._context.requests), "paths": paths}

    def _status(self, request: Request) -> Json:
        return status(self._context, _parsed(parse_query(request), StatusQuery, strict=False))

    def _reset(self, request: Request) -> Json:
        _body(request, _Nothing)
        self._context.reset()
        return {}

    def _seed(self, request: Request) -> Json:
        requested = _body(request, _Seed)
        seed_projects(self._context, requested.name, requested.restore_jobs, requested.api_key)
        return {}

    def _clock(self, _request: Request) -> Json:
        clock = self._context.clock
        return {"time": timestamp(clock.microseconds()), "speed": clock.speed}

    def _advance(self, request: Request) -> Json:
        self._context.clock.advance(_body(request, _Advance).advance)
        return self._clock(request)

    def _faults(self, _request: Request) -> Json:
        return {"faults": [asdict(fault) for fault in self._context.faults.waiting()]}

    def _add_fault(self, request: Request) -> Json:
        self._context.faults.add(_body(request, Fault))
        return self._faults(request)

    def _clear_faults(self, request: Request) -> Json:
        self._context.faults.clear()
        return self._faults(request)

    def _plans(self, _request: Request) -> Json:
        return {"plans": [asdict(plan) for plan in self._context.plans.waiting()]}

    def _add_plan(self, request: Request) -> Json:
        self._context.plans.add(_body(request, Plan))
        return self._plans(request)

    def _clear_plans(self, request: Request) -> Json:
        self._context.plans.clear()
        return self._plans(request)

    def _finish(self, request: Request) -> Json:
        requested = _body(request, _Finish)
        finish(self._context, requested.id, requested.outcome)
        return {}

    def _requests(self, _request: Request) -> Json:
        return {"requests": [recorded(each) for each in self._context.requests]}

    def _clear_requests(self, request: Request) -> Json:
        self._context.requests.clear()
        return self._requests(request)


def _body(request: Request, kind: type[_Body]) -> _Body:
    given = msgspec.json.decode(request.body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 - a 400 to the client
    return _parsed(given, kind, strict=True)


def _parsed(given: Json, kind: type[_Body], *, strict: bool) -> _Body:
    """Return the fields as a record; with `strict`, numbers are not read from text."""
    known = [each.name for each in fields(kind)]
    unknown = sorted(set(given) - set(known))
    if unknown:
        there_are = f"there are {', '.join(known)}" if known else "there are none here"
        raise ValueError(f"unknown fields {', '.join(unknown)}; {there_are}")
    with _convert_lock:
        return msgspec.convert(given, kind, strict=strict)


@cache
def _page_file(name: str) -> Response:
    file, media_type = _PAGE_FILES[name]
    content = resources.files("pinecone_control.emulator.admin").joinpath("page", file).read_bytes()
    return Response(200, content, {**_PAGE_HEADERS, "content-type": media_type})
