"""The checker: checks requests and responses of any operation, and counts the valid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.contract.coverage import Coverage
from pinecone_control.contract.document import BROKEN_ESCAPE
from pinecone_control.contract.message_checks import (
    VERSION_HEADER,
    RequestCheck,
    ResponseCheck,
    Rules,
    api_key_header,
)
from pinecone_control.contract.shipped_contracts import effective_contract, pinned_contract
from pinecone_control.contract.violation_texts import SHOWN, listed
from pinecone_control.contract.violations import Mismatch

if TYPE_CHECKING:
    from pinecone_control.contract.document import Match, Operation
    from pinecone_control.contract.message_checks import ReceivedResponse, SentRequest
    from pinecone_control.contract.shipped_contracts import Contract

_MAX_CACHED: Final = 10_000


class Checker:
    """Checks requests and responses, and counts the valid ones in a `Coverage`.

    Args:
        contract: the contract to check against. Default: the effective contract, or the published
            one if `known_deviations` is False.
        known_deviations: whether known deviations are allowed. If not, each of them is a mismatch.
        coverage: counts what is exercised; a new one by default.
        base_path: what precedes the contract's paths, such as ``/pinecone``.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        *,
        known_deviations: bool = True,
        coverage: Coverage | None = None,
        base_path: str = "",
    ) -> None:
        self.contract = contract or (
            effective_contract() if known_deviations else pinned_contract()
        )
        self.coverage = coverage or Coverage(self.contract)
        self._tolerant = known_deviations
        self._base_path = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
        self._rules: dict[str, Rules] = {}
        # A client that polls sends the same request again and again.
        self._valid_requests: dict[object, str] = {}
        self._key_header = api_key_header(self.contract)
        self._headers = [VERSION_HEADER, *_header_parameters(self.contract)]

    def request(self, sent: SentRequest) -> tuple[str, list[Mismatch]]:
        """Return the id of the operation that a request matches, or "", and all mismatches."""
        key = None if sent.body else self._cache_key(sent)
        if key in self._valid_requests:
            return self._valid_requests[key], []
        path = sent.target.partition("?")[0]
        match = self._match(sent.method, path)
        if match is None:
            return "", [self._unknown_operation(sent.method, path)]
        operation = match.operation.operation_id
        check = RequestCheck(self._rules_of(match.operation), match, sent)
        mismatches = list(check.mismatches())
        if not mismatches:
            self.coverage.note_request(operation, check.parameters, check.body)
            if key is not None and len(self._valid_requests) < _MAX_CACHED:
                self._valid_requests[key] = operation
        return operation, mismatches

    def response(self, operation: str, received: ReceivedResponse) -> list[Mismatch]:
        """Return all mismatches of the response to a request for an operation."""
        if not operation:
            return []
        check = ResponseCheck(self._rules_of(self.contract.operations[operation]), received)
        mismatches = []
        for mismatch in check.mismatches():
            known, is_undocumented = mismatch.deviation, mismatch.keyword in {"status", "foreign"}
            if self._tolerant and known is not None and is_undocumented:
                self.coverage.deviations[known.name] += 1
            else:
                mismatches.append(mismatch)
        if not mismatches:
            self.coverage.note_response(operation, received.status, check.body)
        return mismatches

    def _cache_key(self, sent: SentRequest) -> object:
        """Return a key that is equal for requests without a body that have the same result."""
        signed = bool(sent.headers.get(self._key_header))
        return sent.method, sent.target, signed, *map(sent.headers.get, self._headers)

    def _match(self, method: str, path: str) -> Match | None:
        if not path.startswith(self._base_path) or BROKEN_ESCAPE.search(path):
            return None
        try:
            return self.contract.match(method, path[len(self._base_path) :])
        except UnicodeDecodeError:
            return None

    def _unknown_operation(self, method: str, path: str) -> Mismatch:
        base, methods = self._base_path, list[str]()
        if path.startswith(base):
            methods = self.contract.methods(path[len(base) :])
        under = f" under {base}" if base else ""
        return Mismatch(
            operation="",
            side="request",
            part="operation",
            keyword="operation",
            expected=f"{listed(methods)} on this path" if methods else f"a path of the API{under}",
            got=f"{method} {path[:SHOWN]}",
        )

    def _rules_of(self, operation: Operation) -> Rules:
        name = operation.operation_id
        if name not in self._rules:
            self._rules[name] = Rules.of(self.contract, operation)
        return self._rules[name]


def _header_parameters(contract: Contract) -> set[str]:
    return {
        parameter.name.lower()
        for operation in contract.operations.values()
        for parameter in operation.parameters
        if parameter.location == "header"
    }
