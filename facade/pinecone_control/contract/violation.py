"""What a check finds: one request or answer that is not as the contract says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from pinecone_control.errors import PineconeError

if TYPE_CHECKING:
    from pinecone_control.contract.deviations import Deviation

Side = Literal["request", "response"]
Part = Literal["operation", "path", "query", "header", "body", "status"]


@frozen(kw_only=True)
class Finding:
    """One thing that is not as the contract says.

    Attributes:
        operation: the contract's name of the operation; empty when no operation was meant.
        side: whose mistake it is: of the ``request``, or of the ``response``.
        part: what of it: ``operation``, ``path``, ``query``, ``header``, ``body`` or ``status``.
        pointer: JSON pointer to the value within that part; empty for the whole of it.
        keyword: the rule that is broken: a keyword of JSON Schema, or ``operation``, ``missing``,
            ``unknown``, ``repeated``, ``status``, ``content-type``, ``json``, ``version``.
        expected: what the contract asks for, in words.
        got: what came, shortened.
        status: HTTP status of the answer; None for a request.
        rule: JSON pointer to the broken rule in the contract; empty where there is no single one.
        deviation: the known difference between contract and world that it is or resembles.
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
        of_whom = f"{self.operation or 'unknown operation'}: {self.side}{status}"
        return " ".join(filter(None, (of_whom, self.part, self.pointer)))

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}; got {self.got}"

    def to_dict(self) -> dict[str, object]:
        """The finding as JSON; what is unknown stays out."""
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
    """A request or an answer that is not as the contract says.

    Attributes:
        finding: what is wrong, and where.
        others: what else is wrong with the same request or answer.
    """

    def __init__(self, finding: Finding, others: tuple[Finding, ...] = ()) -> None:
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{finding}{more}", hint=_hint(finding))
        self.finding = finding
        self.others = others

    @property
    def operation(self) -> str:
        """The contract's name of the operation; empty when no operation was meant."""
        return self.finding.operation

    @property
    def pointer(self) -> str:
        """JSON pointer to the value within its part."""
        return self.finding.pointer

    @property
    def expected(self) -> str:
        """What the contract asks for, in words."""
        return self.finding.expected

    @property
    def got(self) -> str:
        """What came, shortened."""
        return self.finding.got

    @property
    def deviation(self) -> Deviation | None:
        """The known difference between contract and world that it is or resembles."""
        return self.finding.deviation


class ContractWarning(UserWarning):
    """A violation, in mode ``warn``."""


def _hint(finding: Finding) -> str:
    known = finding.deviation
    rule = f"The rule: {finding.rule} of the contract." if finding.rule else ""
    alike = f"It resembles a known difference, {known.name}: {known.says}" if known else ""
    return " ".join(filter(None, (rule, alike)))
