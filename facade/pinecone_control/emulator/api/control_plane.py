"""The control plane: one API request in, one response out, with no I/O except the store's."""

from __future__ import annotations

import logging
import threading
from email.utils import formatdate
from typing import TYPE_CHECKING

from attrs import frozen

from pinecone_control._core.header_names import API_KEY, REQUEST_ID
from pinecone_control.contract.document import completed
from pinecone_control.emulator.api.authentication import authenticate
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Result
from pinecone_control.emulator.api.parsing import parse_body, parse_query
from pinecone_control.emulator.api.request_log import RecordedRequest
from pinecone_control.emulator.api.routing import Router
from pinecone_control.emulator.api.versions import (
    OLDEST,
    VERSION_HEADER,
    VERSIONS,
    shown,
    version_of,
    with_hosts_at,
)
from pinecone_control.emulator.coverage import is_known_to_be_undocumented
from pinecone_control.emulator.errors import ContractBrokenError
from pinecone_control.emulator.operations import OPERATIONS
from pinecone_control.emulator.operations.call import Call
from pinecone_control.emulator.scenarios.demo_data import register_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from pinecone_control.contract.document import Match, Operation
    from pinecone_control.emulator.api.http_messages import Request, Response
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.scenarios.faults import Fault

logger = logging.getLogger("pinecone_control.emulator")

_REQUEST_ID = REQUEST_ID.lower()
_SECRET_HEADERS = frozenset({API_KEY.lower(), "authorization", "cookie"})

_AT_REST = {"state": "Ready", "status": "Ready"}
"""Values of states that are generated for a later contract: nothing is in progress."""


@frozen
class _Handled:
    """A request's operation and project, None where unknown, and the response."""

    operation: str | None
    project: str | None
    response: Response


class ControlPlane:
    """Serves API requests, one at a time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._router = Router(context.contract)
        self._served = 0
        self._lock = threading.RLock()

    def handle(self, request: Request) -> Response:
        """Return the response to one API request; an injected fault may change it.

        Raises:
            ContractBrokenError: with `check_responses`, when the response breaks the contract.
        """
        with self._lock:
            now = self._context.clock.microseconds()
            self._served += 1
            fault: Fault | None = None
            try:
                match = self._router.match(request)
            except HttpError as error:
                handled = _Handled(None, None, error.response())
            else:
                fault = self._context.faults.next_for(match.operation.operation_id)
                handled = self._serve(match, request, now, fault)
            request_id = self._context.random.uuid("request", self._served)
            date = formatdate(now / 1_000_000, usegmt=True)
            response = handled.response.with_header(_REQUEST_ID, request_id)
            response = response.with_header("date", date)
            self._record(request, now, handled, response, was_faulted=fault is not None)
            return response

    def _serve(self, match: Match, request: Request, now: int, fault: Fault | None) -> _Handled:
        operation = match.operation.operation_id
        if fault is not None and fault.prevents_the_work:
            return _Handled(operation, None, fault.applied(None))
        project = None
        try:
            project = authenticate(request, self._context)
            response = self._run(match, request, project, now)
        except HttpError as error:
            self._check(match.operation, error.result())
            response = error.response()
        except ContractBrokenError:
            raise
        except Exception:
            logger.exception("%s failed", operation)
            response = HttpError(500, "The emulator failed; its log has the traceback.").response()
        return _Handled(operation, project, response if fault is None else fault.applied(response))

    def _run(self, match: Match, request: Request, project: str, now: int) -> Response:
        context, operation = self._context, match.operation
        api_version = version_of(request.headers, context.contract.version)
        version = VERSIONS[api_version]
        query = parse_query(request)
        parsed = parse_body(
            context.contract, operation, request, version, context.settings.body_limit
        )
        with context.store.transaction(now) as tables:
            if not tables.projects.is_registered(project):
                register_project(tables, project, now, context.random)
                context.store.commit(now)  # even if the project's first request fails
            call = Call(
                tables=tables,
                project=project,
                now=now,
                path=match.path_parameters,
                query=query,
                body=parsed.body,
                beyond=parsed.beyond,
                pages_indexes=version.pages_indexes,
                settings=context.settings,
                plans=context.plans,
                random=context.random,
            )
            result = _implementation(operation)(call)
            self._check(operation, result)
        written = with_hosts_at(request.base_url, self._shown(operation, result, api_version))
        return written.response({VERSION_HEADER: api_version})

    def _shown(self, operation: Operation, result: Result, version: str) -> Result:
        """Return a result as an API version shows it.

        A contract that is later than the emulator may require more properties; in its version they
        are generated from their schemas.
        """
        contract = self._context.contract
        written = shown(result, version)
        schema = operation.responses.get(result.status)
        if version != contract.version or version == OLDEST or schema is None or not written.body:
            return written
        return Result(result.status, completed(contract.document, schema, written.body, _AT_REST))

    def _check(self, operation: Operation, result: Result) -> None:
        if not self._context.check_responses:
            return
        version = version_of({}, self._context.contract.version)
        result = self._shown(operation, result, version)
        where = f"{operation.operation_id} returned {result.status}"
        if result.status not in operation.responses:
            if is_known_to_be_undocumented(operation.operation_id, result.status):
                return
            raise ContractBrokenError(f"{where}, which the contract does not document")
        schema = operation.responses[result.status]
        if schema is None or result.body is None:
            if schema is not result.body:
                raise ContractBrokenError(f"{where} with a missing or an unexpected body")
            return
        for violation in self._context.contract.validator(schema).violations(result.body):
            raise ContractBrokenError(f"{where}, which violates the contract: {violation}")

    def _record(
        self,
        request: Request,
        now: int,
        handled: _Handled,
        response: Response,
        *,
        was_faulted: bool,
    ) -> None:
        self._context.requests.add(
            RecordedRequest(
                number=self._served,
                method=request.method,
                path=request.path,
                query_string=request.query,
                headers={k: v for k, v in request.headers.items() if k not in _SECRET_HEADERS},
                body=request.body,
                operation=handled.operation,
                project=handled.project,
                status=None if response.is_dropped else response.status,
                at=now / 1_000_000,
                was_faulted=was_faulted,
            )
        )


def _implementation(operation: Operation) -> Callable[[Call], Result]:
    if operation.operation_id not in OPERATIONS:
        raise HttpError(501, f"This emulator does not implement {operation.operation_id}.")
    return OPERATIONS[operation.operation_id]
