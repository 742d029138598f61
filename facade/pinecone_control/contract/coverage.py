"""How much of the contract a run has exercised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import define

from pinecone_control.contract.contracts import effective_contract
from pinecone_control.contract.properties import Shape, Shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pinecone_control.contract.contracts import Contract
    from pinecone_control.contract.document import Operation

KINDS: Final = ("operations", "statuses", "parameters", "properties")
_SUCCESS: Final = range(200, 300)


@define
class _Talk:
    """What one operation's requests and answers can have."""

    request: Shape | None
    answers: Mapping[int, Shape | None]


class Coverage:
    """Which operations, statuses, parameters and properties of a contract have been exercised.

    One object may serve many transports, and threads. Only what was in order counts: a request or
    answer that breaks the contract exercises nothing of it.

    Attributes:
        exchanges: how many requests were answered.
        deviations: how often each known undocumented answer was met, by its name.
        unknown: properties that came and that the contract does not know, such as
            ``response IndexModel/colour``.
    """

    def __init__(self, contract: Contract | None = None) -> None:
        contract = contract or effective_contract()
        asked, answered = Shapes(contract.document), Shapes(contract.document)
        self._talks = {
            operation.operation_id: _talk(operation, asked, answered)
            for operation in contract.operations.values()
        }
        self._all: dict[str, set[str]] = {
            "operations": set(contract.operations),
            "statuses": {f"{o.operation_id} {s}" for o, s in _statuses(contract)},
            "parameters": {
                f"{o.operation_id} {p.name}"
                for o in contract.operations.values()
                for p in o.parameters
            },
            "properties": set(_properties(self._talks)),
        }
        self._met: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.exchanges = 0
        self.deviations: Counter[str] = Counter()
        self.unknown: set[str] = set()

    def note_request(self, operation: str, parameters: Mapping[str, object], body: object) -> None:
        """Count a request that is in order, with the parameters that were given."""
        self._met["operations"].add(operation)
        self._met["parameters"].update(f"{operation} {name}" for name in parameters)
        self._note(self._talks[operation].request, body, "request")

    def note_answer(self, operation: str, status: int, body: object) -> None:
        """Count an answer that is in order."""
        self.exchanges += 1
        self._met["statuses"].add(f"{operation} {status}")
        self._note(self._talks[operation].answers.get(status), body, "response")

    def _note(self, shape: Shape | None, body: object, side: str) -> None:
        if shape is None or body is None:
            return
        known: set[str] = set()
        unknown: set[str] = set()
        shape.note(body, known, unknown)
        self._met["properties"].update(f"{side} {label}" for label in known)
        self.unknown.update(f"{side} {label}" for label in unknown)

    # ------------------------------------------------------------------------------- the figures

    def met(self, kind: str) -> set[str]:
        """What of a kind was exercised: one of `KINDS`."""
        return self._met[kind] & self._all[kind]

    def missed(self, kind: str) -> list[str]:
        """What of a kind was not."""
        return sorted(self._all[kind] - self._met[kind])

    def statuses(self, *, success: bool) -> tuple[int, int]:
        """How many of the documented successes, or refusals, were met, and how many there are."""
        every = {each for each in self._all["statuses"] if _is_success(each) == success}
        return len(every & self._met["statuses"]), len(every)

    @property
    def percent(self) -> float:
        """How much of everything was exercised, each operation, status and so on counting alike."""
        every = sum(len(self._all[kind]) for kind in KINDS)
        return 100 * sum(len(self.met(kind)) for kind in KINDS) / max(every, 1)

    def text(self) -> str:
        """A summary, a line for each kind, then what is missing."""
        lines = [f"{self.exchanges} exchanges, {self.percent:.1f} % of the contract"]
        lines += [f"  {name:11} {met:4} of {every:4}" for name, met, every in self._figures()]
        for kind in ("operations", "statuses", "parameters"):
            lines += [f"  {kind} not met: {line}" for line in _by_operation(self.missed(kind))]
        if self.deviations:
            counted = ", ".join(f"{name} {n}" for name, n in sorted(self.deviations.items()))
            lines.append(f"  known deviations met: {counted}")
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
        """All of it as JSON."""
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
        """Add what another run of the same contract has met, from its `to_dict`."""
        self.exchanges += other["exchanges"]
        for kind in KINDS:
            self._met[kind].update(other[kind]["met"])
        self.deviations.update(other["deviations"])
        self.unknown.update(other["unknown"])


def _talk(operation: Operation, asked: Shapes, answered: Shapes) -> _Talk:
    label = operation.operation_id
    answers = {
        status: None if schema is None else answered.of(schema, f"{label}/{status}")
        for status, schema in operation.responses.items()
    }
    request = None if operation.body is None else asked.of(operation.body, label)
    return _Talk(request, answers)


def _statuses(contract: Contract) -> Iterator[tuple[Operation, int]]:
    for operation in contract.operations.values():
        for status in operation.responses:
            yield operation, status


def _properties(talks: Mapping[str, _Talk]) -> Iterator[str]:
    for talk in talks.values():
        for side, shapes in (("request", [talk.request]), ("response", talk.answers.values())):
            for shape in shapes:
                if shape is not None:
                    yield from (f"{side} {label}" for label in shape.labels())


def _is_success(status: str) -> bool:
    return int(status.rpartition(" ")[2]) in _SUCCESS


def _by_operation(missed: list[str]) -> Iterator[str]:
    """A line for each operation: `create_index 402 500`."""
    grouped: dict[str, list[str]] = {}
    for each in missed:
        operation, _, what = each.partition(" ")
        grouped.setdefault(operation, []).append(what)
    yield from (" ".join([name, *what]).rstrip() for name, what in grouped.items())
