"""The emulator's core: one request in, one response out. No I/O but the store's."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pinecone_control.emulator import dialect, reading
from pinecone_control.emulator.completion import completed
from pinecone_control.emulator.coverage import is_known_to_be_undocumented
from pinecone_control.emulator.errors import ContractBrokenError
from pinecone_control.emulator.identities import project_of
from pinecone_control.emulator.journal import RecordedRequest
from pinecone_control.emulator.messages import Answer, Refusal, Request, Response, encoded
from pinecone_control.emulator.operations import OPERATIONS, Call
from pinecone_control.emulator.samples import add_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pinecone_control.contract.schema import Contract, Match, Operation
    from pinecone_control.emulator.clock import EmulatorClock
    from pinecone_control.emulator.faults import Fault, Faults
    from pinecone_control.emulator.identities import Identities
    from pinecone_control.emulator.journal import Journal
    from pinecone_control.emulator.plans import Plans
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.store import Store
    from pinecone_control.emulator.tables import Tables

logger = logging.getLogger("pinecone_control.emulator")

_REQUEST_ID = "x-pinecone-request-id"
_SECRET_HEADERS = frozenset({"api-key", "authorization", "cookie"})


@dataclass(slots=True)
class Parts:
    """What the core is made of; settings and identities can be exchanged while it runs."""

    contract: Contract
    store: Store
    clock: EmulatorClock
    settings: Settings
    plans: Plans
    faults: Faults
    journal: Journal
    identities: Identities
    api_keys: Collection[str] | None
    check_responses: bool


class _Outcome(NamedTuple):
    """What became of a request before faults and wire had their say."""

    answer: Answer
    project: str | None
    headers: Mapping[str, str] = {}

    @classmethod
    def of(cls, refusal: Refusal, project: str | None = None) -> _Outcome:
        return cls(refusal.answer(), project, refusal.headers)

    def response(self, request_id: str) -> Response:
        headers = {**self.headers, _REQUEST_ID: request_id}
        if self.answer.body is not None:
            headers["content-type"] = "application/json"
        return Response(self.answer.status, encoded(self.answer.body), headers)


class Core:
    """Serves API requests, one at a time."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._routes = reading.Routes(parts.contract)
        self._served = 0
        self._lock = threading.RLock()

    def handle(self, request: Request) -> Response:
        """Serve one request of the API.

        Raises:
            ContractBrokenError: with `check_responses`, when the answer breaks the contract.
        """
        with self._lock:
            now = self.parts.clock.microseconds()
            try:
                match = self._routes.match(request)
            except Refusal as refusal:
                return self._sent(request, now, _Outcome.of(refusal), None, None)
            operation = match.operation.operation_id
            fault = self.parts.faults.strike(operation)
            is_served = fault is None or not fault.prevents_the_work
            outcome = self._serve(match, request, now) if is_served else None
            return self._sent(request, now, outcome, operation, fault)

    def _serve(self, match: Match, request: Request, now: int) -> _Outcome:
        project = None
        try:
            project = self._project(request)
            return _Outcome(self._answer(match, request, project, now), project)
        except Refusal as refusal:
            self._check(match.operation, refusal.answer())
            return _Outcome.of(refusal, project)
        except ContractBrokenError:
            raise
        except Exception:
            logger.exception("%s failed", match.operation.operation_id)
            internal = Refusal(500, "UNKNOWN", "The emulator failed; its log says why.")
            return _Outcome.of(internal, project)

    def _project(self, request: Request) -> str:
        key = request.headers.get("api-key", "").strip()
        allowed = self.parts.api_keys
        if not key or (allowed is not None and key not in allowed):
            raise Refusal(401, "UNAUTHENTICATED", "Invalid API key.")
        return project_of(key)

    def _answer(self, match: Match, request: Request, project: str, now: int) -> Answer:
        parts, operation = self.parts, match.operation
        query = reading.query_of(request)
        body = reading.body_of(parts.contract, operation, request, parts.settings.body_limit)
        with parts.store.transaction(now) as tables:
            if not tables.projects.is_met(project):
                self._meet(tables, project, now)
                parts.store.settle(now)  # whatever becomes of the project's first request
            call = Call(
                tables=tables,
                project=project,
                now=now,
                path=match.path_parameters,
                query=query,
                body=body,
                settings=parts.settings,
                plans=parts.plans,
                identities=parts.identities,
            )
            answer = completed(parts.contract, operation, _implementation(operation)(call))
            self._check(operation, answer)
        return dialect.shown(answer) if dialect.is_spoken(request.headers) else answer

    def meet(self, project: str, now: int) -> None:
        """Remember a project; one that is new gets the sample data that was asked for."""
        with self.parts.store.transaction(now) as tables:
            if not tables.projects.is_met(project):
                self._meet(tables, project, now)

    def add_demo(self, project: str, now: int, restore_jobs: int) -> None:
        """Put the sample data into one project, unless it is there."""
        with self.parts.store.transaction(now) as tables:
            if not tables.projects.is_seeded(project):
                self._seed(tables, project, now, restore_jobs)

    def _meet(self, tables: Tables, project: str, now: int) -> None:
        wanted = tables.projects.fact("demo")
        if wanted is None:
            tables.projects.save(project, seeded=False)
        else:
            self._seed(tables, project, now, int(wanted))

    def _seed(self, tables: Tables, project: str, now: int, restore_jobs: int) -> None:
        tables.projects.save(project, seeded=True)
        add_demo(tables, project, now, self.parts.identities, restore_jobs)

    def _check(self, operation: Operation, answer: Answer) -> None:
        if not self.parts.check_responses:
            return
        where = f"{operation.operation_id} answered {answer.status}"
        if answer.status not in operation.responses:
            if is_known_to_be_undocumented(operation.operation_id, answer.status):
                return
            raise ContractBrokenError(f"{where}, which the contract does not document")
        schema = operation.responses[answer.status]
        if schema is None or answer.body is None:
            if schema is not answer.body:
                raise ContractBrokenError(f"{where} with the wrong presence of a body")
            return
        for violation in self.parts.contract.validator(schema).violations(answer.body):
            raise ContractBrokenError(f"{where} against the contract: {violation}")

    def _sent(
        self,
        request: Request,
        now: int,
        outcome: _Outcome | None,
        operation: str | None,
        fault: Fault | None,
    ) -> Response:
        """What goes over the wire, after a fault has had its say; also noted in the journal."""
        self._served += 1
        request_id = self.parts.identities.uuid("request", self._served)
        response = Response(500) if outcome is None else outcome.response(request_id)
        if fault is not None:
            response = fault.spoil(response).with_header(_REQUEST_ID, request_id)
        self.parts.journal.add(
            RecordedRequest(
                method=request.method,
                path=request.path,
                query_string=request.query,
                headers={k: v for k, v in request.headers.items() if k not in _SECRET_HEADERS},
                body=request.body,
                operation=operation,
                project=None if outcome is None else outcome.project,
                status=None if response.is_dropped else response.status,
                at=now / 1_000_000,
                was_faulted=fault is not None,
            )
        )
        return response


def _implementation(operation: Operation) -> Callable[[Call], Answer]:
    if operation.operation_id not in OPERATIONS:
        raise Refusal(501, "UNIMPLEMENTED", f"No {operation.operation_id} in this emulator.")
    return OPERATIONS[operation.operation_id]
