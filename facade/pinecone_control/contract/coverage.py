"""Contract coverage: how much of the contract a run has exercised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.property_coverage import Shapes
from pinecone_control.contract.shipped_contracts import effective_contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pinecone_control.contract.property_coverage import Shape
    from pinecone_control.contract.shipped_contracts import Contract

KINDS: Final = ("operations", "statuses", "parameters", "properties")
_SUCCESS: Final = range(200, 300)


class Coverage:
    """Which operations, statuses, parameters and properties of a contract have been exercised.

    Several transports and threads can share one object. Only valid requests and responses count:
    one that violates the contract exercises nothing.

    Attributes:
        exchanges: number of requests that got a response.
        deviations: how often each known undocumented response was received, by deviation name.
        unknown: received properties that the contract does not define, such as
            ``response IndexModel/colour``.
    """

    def __init__(self, contract: Contract | None = None) -> None:
        contract = contract or effective_contract()
        operations = contract.operations
        # Separate, because a shape remembers which properties it has seen.
        requests, responses = Shapes(contract.document), Shapes(contract.document)
        self._requests = {
            name: requests.of(operation.body, name)
            for name, operation in operations.items()
            if operation.body is not None
        }
        self._responses = {
            (name, status): responses.of(schema, f"{name}/{status}")
            for name, operation in operations.items()
            for status, schema in operation.responses.items()
            if schema is not None
        }
        self._all: dict[str, set[str]] = {
            "operations": set(operations),
            "statuses": {f"{n} {status}" for n, o in operations.items() for status in o.responses},
            "parameters": {f"{n} {p.name}" for n, o in operations.items() for p in o.parameters},
            "properties": {
                *_labels("request", self._requests.values()),
                *_labels("response", self._responses.values()),
            },
        }
        self._met: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.exchanges = 0
        self.deviations: Counter[str] = Counter()
        self.unknown: set[str] = set()

    def note_request(self, operation: str, parameters: Mapping[str, object], body: object) -> None:
        """Count a valid request, with the parameters that it has."""
        self._met["operations"].add(operation)
        self._met["parameters"].update(f"{operation} {name}" for name in parameters)
        self._note(self._requests.get(operation), body, "request")

    def note_response(self, operation: str, status: int, body: object) -> None:
        """Count a valid response."""
        self.exchanges += 1
        self._met["statuses"].add(f"{operation} {status}")
        self._note(self._responses.get((operation, status)), body, "response")

    def _note(self, shape: Shape | None, body: object, side: str) -> None:
        if shape is None or body is None:
            return
        known: set[str] = set()
        unknown: set[str] = set()
        shape.note(body, known, unknown)
        self._met["properties"].update(f"{side} {label}" for label in known)
        self.unknown.update(f"{side} {label}" for label in unknown)

    # ----------------------------------------------------------------------------------- figures

    def met(self, kind: str) -> set[str]:
        """Return the exercised parts of a kind, which is one of `KINDS`."""
        return self._met[kind] & self._all[kind]

    def missed(self, kind: str) -> list[str]:
        """Return the parts of a kind that were not exercised."""
        return sorted(self._all[kind] - self._met[kind])

    def statuses(self, *, success: bool) -> tuple[int, int]:
        """Return the exercised and the total number of documented successes, or of refusals."""
        every = {each for each in self._all["statuses"] if _is_success(each) == success}
        return len(every & self._met["statuses"]), len(every)

    @property
    def percent(self) -> float:
        """The percentage of all operations, statuses and other parts that was exercised."""
        every = sum(len(self._all[kind]) for kind in KINDS)
        return 100 * sum(len(self.met(kind)) for kind in KINDS) / max(every, 1)

    def text(self) -> str:
        """Return a summary, a line for each kind, then what is missing."""
        lines = [f"{self.exchanges} exchanges, {self.percent:.1f} % of the contract"]
        lines += [f"  {name:11} {met:4} of {every:4}" for name, met, every in self._figures()]
        if never := self.missed("operations"):
            lines.append(f"  operations not exercised: {', '.join(never)}")
        for kind in ("statuses", "parameters"):
            missed = _by_operation(self.missed(kind))
            lines += [f"  {kind} not exercised: {line}" for line in missed]
        if self.deviations:
            counted = ", ".join(f"{name} {n}" for name, n in sorted(self.deviations.items()))
            lines.append(f"  known deviations: {counted}")
        if self.unknown:
            lines.append(f"  not in the contract: {', '.join(sorted(self.unknown))}")
        return "\n".join(lines)

    def _figures(self) -> Iterator[tuple[str, int, int]]:
        for kind in KINDS:
            yield kind, len(self.met(kind)), len(self._all[kind])
            if kind == "statuses":
                yield "  success", *self.statuses(success=True)
                yield "  refusal", *self.statuses(success=False)

    # --------------------------------------------------------------------------------- as data

    def to_dict(self) -> dict[str, Any]:
        """Return the coverage as JSON."""
        return {
            "exchanges": self.exchanges,
            "percent": round(self.percent, 2),
            **{
                kind: {
                    "total": len(self._all[kind]),
                    "met": sorted(self.met(kind)),
                    "missed": self.missed(kind),
                }
                for kind in KINDS
            },
            "deviations": dict(sorted(self.deviations.items())),
            "unknown": sorted(self.unknown),
        }

    def merge(self, other: Mapping[str, Any]) -> None:
        """Add the coverage of another run of the same contract, from its `to_dict`."""
        self.exchanges += other["exchanges"]
        for kind in KINDS:
            self._met[kind].update(other[kind]["met"])
        self.deviations.update(other["deviations"])
        self.unknown.update(other["unknown"])


def _labels(side: str, shapes: Iterable[Shape | None]) -> Iterator[str]:
    for shape in filter(None, shapes):
        yield from (f"{side} {label}" for label in shape.labels())


def _is_success(status: str) -> bool:
    return int(status.rpartition(" ")[2]) in _SUCCESS


def _by_operation(missed: list[str]) -> Iterator[str]:
    """Yield a line for each operation: `create_index 402 500`."""
    grouped: dict[str, list[str]] = {}
    for each in missed:
        operation, _, what = each.partition(" ")
        grouped.setdefault(operation, []).append(what)
    yield from (" ".join([name, *what]) for name, what in grouped.items())
