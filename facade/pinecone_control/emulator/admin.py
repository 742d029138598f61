"""The emulator's own endpoints, under ``/_emulator/``: what the Python API does, over HTTP.

A browser that opens ``/_emulator/`` itself is shown the status page.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

import msgspec

from pinecone_control.emulator import status_page, wire
from pinecone_control.emulator.faults import Fault
from pinecone_control.emulator.messages import (
    Answer,
    Json,
    Refusal,
    Request,
    Response,
    encoded,
    invalid,
    not_found,
)
from pinecone_control.emulator.plans import Plan
from pinecone_control.emulator.samples import DEFAULT_RESTORE_JOBS

if TYPE_CHECKING:
    from pinecone_control.emulator.emulator import Emulator
    from pinecone_control.emulator.journal import RecordedRequest

ADMIN_PATH = "/_emulator"


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A body whose misspelt fields are refused."""


class _Nothing(_Strict):
    pass


class _Seed(_Strict):
    name: Literal["demo"] = "demo"
    restore_jobs: int = DEFAULT_RESTORE_JOBS
    api_key: str | None = None


class _Advance(_Strict):
    advance: float


class _Finish(_Strict):
    id: str
    outcome: str | None = None


class Admin:
    """Answers requests to ``/_emulator/``; no API key is asked for."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._actions = {
            ("GET", ""): self._overview,
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
        """Serve one request; a browser that asks for the overview gets the status page."""
        if _wants_the_page(request):
            return self._page(request)
        try:
            answer = self._answer(request)
            headers = {}
        except Refusal as refusal:
            answer, headers = refusal.answer(), dict(refusal.headers)
        return Response(
            answer.status, encoded(answer.body), {**headers, "content-type": "application/json"}
        )

    def _page(self, request: Request) -> Response:
        page = status_page.page(self._emulator.status(), request.headers.get("host", "localhost"))
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": status_page.security_policy(),
            "cache-control": "no-store",
            "vary": "accept",
        }
        return Response(200, page.encode("utf-8", "replace"), headers)

    def _answer(self, request: Request) -> Answer:
        name = request.path.removeprefix(ADMIN_PATH).strip("/")
        action = self._actions.get((request.method, name))
        if action is None:
            allowed = [method for method, known in self._actions if known == name]
            if not allowed:
                raise not_found("There is no such path under /_emulator/.")
            message = f"Use {' or '.join(allowed)} here."
            raise Refusal(405, "UNIMPLEMENTED", message, {"allow": ", ".join(allowed)})
        try:
            return Answer(200, action(request.body or b"{}"))
        except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
            raise invalid(str(error)) from None

    def _overview(self, _body: bytes) -> Json:
        paths = sorted({f"{ADMIN_PATH}/{name}" for _, name in self._actions if name})
        return {**self._clock(_body), "requests": len(self._emulator.requests), "paths": paths}

    def _reset(self, body: bytes) -> Json:
        msgspec.json.decode(body, type=_Nothing)
        self._emulator.reset()
        return {}

    def _seed(self, body: bytes) -> Json:
        asked = msgspec.json.decode(body, type=_Seed)
        self._emulator.seed(asked.name, restore_jobs=asked.restore_jobs, api_key=asked.api_key)
        return {}

    def _clock(self, _body: bytes) -> Json:
        clock = self._emulator.clock
        return {"time": wire.timestamp(clock.microseconds()), "speed": clock.speed}

    def _advance(self, body: bytes) -> Json:
        self._emulator.clock.advance(msgspec.json.decode(body, type=_Advance).advance)
        return self._clock(body)

    def _faults(self, _body: bytes) -> Json:
        return {"faults": [asdict(fault) for fault in self._emulator.faults.waiting()]}

    def _add_fault(self, body: bytes) -> Json:
        _refuse_unknown(body, Fault)
        self._emulator.faults.add(msgspec.json.decode(body, type=Fault))
        return self._faults(body)

    def _clear_faults(self, body: bytes) -> Json:
        self._emulator.faults.clear()
        return self._faults(body)

    def _plans(self, _body: bytes) -> Json:
        return {"plans": [asdict(plan) for plan in self._emulator.plans.waiting()]}

    def _add_plan(self, body: bytes) -> Json:
        _refuse_unknown(body, Plan)
        self._emulator.plans.add(msgspec.json.decode(body, type=Plan))
        return self._plans(body)

    def _clear_plans(self, body: bytes) -> Json:
        self._emulator.plans.clear()
        return self._plans(body)

    def _finish(self, body: bytes) -> Json:
        asked = msgspec.json.decode(body, type=_Finish)
        self._emulator.finish(asked.id, asked.outcome)
        return {}

    def _requests(self, _body: bytes) -> Json:
        return {"requests": [_shown(record) for record in self._emulator.requests]}

    def _clear_requests(self, body: bytes) -> Json:
        self._emulator.requests.clear()
        return self._requests(body)


def _wants_the_page(request: Request) -> bool:
    is_overview = request.path.rstrip("/") == ADMIN_PATH
    return (
        request.method == "GET" and is_overview and "text/html" in request.headers.get("accept", "")
    )


def _shown(record: RecordedRequest) -> Json:
    return {
        "method": record.method,
        "path": record.path,
        "query": record.query,
        "headers": record.headers,
        "body": record.body.decode("utf-8", "replace"),
        "operation": record.operation,
        "project": record.project,
        "status": record.status,
        "at": wire.timestamp(round(record.at * 1_000_000)),
        "was_faulted": record.was_faulted,
    }


def _refuse_unknown(body: bytes, kind: type[Fault | Plan]) -> None:
    known = kind.__dataclass_fields__
    given = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"unknown fields {', '.join(unknown)}; there are {', '.join(known)}")
