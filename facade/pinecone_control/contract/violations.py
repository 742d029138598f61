"""The findings of a check: mismatches with the contract, and the error that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from pinecone_control.errors import PineconeError

if TYPE_CHECKING:
    from pinecone_control._core.credentials import Secret
    from pinecone_control.contract.deviations import Deviation

Side = Literal["request", "response"]
Part = Literal["operation", "path", "query", "header", "body", "status"]


@frozen(kw_only=True)
class Mismatch:
    """One point in which a request or a response violates the contract.

    Attributes:
        operation: the operation id; empty when the request matches no operation.
        side: ``request`` or ``response``.
        part: ``operation``, ``path``, ``query``, ``header``, ``body`` or ``status``.
        pointer: JSON pointer to the value within that part; empty for the whole part.
        keyword: the rule that is broken: a keyword of JSON Schema, or ``operation``, ``missing``,
            ``unknown``, ``repeated``, ``status``, ``content-type``, ``json``, ``version``.
        expected: what the contract requires, in words.
        got: the actual value, shortened.
        status: HTTP status of the response; None for a request.
        rule: JSON pointer to the broken rule in the contract; empty where there is no single one.
        deviation: the known deviation that it is or resembles.
    """

    operation: str
    side: Side
    part: Part
    pointer: str = ""
    keyword: str
    expected: str
    got: str
    status: int | None = None
    rule: str = ""
    deviation: Deviation | None = None

    @property
    def where(self) -> str:
        """Operation, side, part and pointer, as in ``list_indexes: response 200 body /indexes``."""
        status = "" if self.status is None else f" {self.status}"
        side = f"{self.operation or 'unknown operation'}: {self.side}{status}"
        return " ".join(filter(None, (side, self.part, self.pointer)))

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}; got {self.got}"

    def redacted(self, api_key: Secret) -> Mismatch:
        """Return the mismatch without the API key, in case a server echoes it."""
        return evolve(self, got=api_key.redact(self.got))

    def to_dict(self) -> dict[str, object]:
        """Return the mismatch as JSON, without the fields that have no value."""
        stated = {
            "operation": self.operation,
            "side": self.side,
            "status": self.status,
            "part": self.part,
            "pointer": self.pointer,
            "keyword": self.keyword,
            "expected": self.expected,
            "got": self.got,
            "rule": self.rule or None,
            "deviation": self.deviation and self.deviation.name,
        }
        return {name: value for name, value in stated.items() if value is not None}


class ContractViolation(PineconeError):  # noqa: N818 - a violation is what the field calls it
    """A request or a response that violates the contract.

    Attributes:
        mismatches: all of its mismatches.
    """

    def __init__(self, *mismatches: Mismatch) -> None:
        first, *others = mismatches
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{first}{more}", hint=_hint(first))
        self.mismatches = mismatches

    @property
    def mismatch(self) -> Mismatch:
        """The first of the mismatches."""
        return self.mismatches[0]


class ContractWarning(UserWarning):
    """Warning about a violation, in mode ``warn``."""


def _hint(mismatch: Mismatch) -> str:
    known = mismatch.deviation
    rule = f"The rule: {mismatch.rule} of the contract." if mismatch.rule else ""
    resembles = f"It resembles a known difference, {known.name}: {known.says}" if known else ""
    return " ".join(filter(None, (rule, resembles)))
