"""The conformance report of a server: what was probed, and how it answered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.etree import ElementTree as ET

from attrs import define, field, frozen

if TYPE_CHECKING:
    from pinecone_control.contract.coverage import Coverage
    from pinecone_control.contract.violations import Mismatch

Outcome = Literal["conforms", "deviates", "breaks", "skipped"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("conforms", "deviates", "breaks", "skipped")


@frozen(kw_only=True)
class ProbeResult:
    """The result of one probe.

    Attributes:
        operation: the operation id.
        probe: what was tried, in a few words.
        outcome: ``conforms``, ``deviates`` (a known deviation), ``breaks`` (the contract) or
            ``skipped``.
        status: HTTP status of the response; None without one.
        mismatches: the differences from the contract.
        reason: why it was skipped.
    """

    operation: str
    probe: str
    outcome: Outcome
    status: int | None = None
    mismatches: tuple[Mismatch, ...] = ()
    reason: str = ""

    @property
    def explanation(self) -> list[str]:
        """A line for each mismatch, or for the reason to skip."""
        if self.reason:
            return [self.reason]
        lines = []
        for mismatch in self.mismatches:
            known = mismatch.deviation
            note = f" [{known.name}: {known.says}]" if known is not None else ""
            lines.append(f"{mismatch}{note}")
        return lines


@define
class ConformanceReport:
    """All results of one run against one server.

    Attributes:
        host: URL of the server.
        api_version: version of the contract that it was checked against.
        results: in the order of the probes.
        coverage: the parts of the contract that the probes have exercised.
    """

    host: str
    api_version: str
    coverage: Coverage
    results: list[ProbeResult] = field(factory=list)

    @property
    def is_conforming(self) -> bool:
        """Whether no probe breaks the contract; known deviations are allowed."""
        return not any(result.outcome == "breaks" for result in self.results)

    def counts(self) -> dict[Outcome, int]:
        """Return how many probes had each outcome."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    def summary(self) -> str:
        """Return the counts in one line."""
        counted = ", ".join(f"{count} {outcome}" for outcome, count in self.counts().items())
        return f"{len(self.results)} probes of {self.host}: {counted}"

    def lines(self) -> list[str]:
        """Return a table of all probes, with the findings under each."""
        rows = [("OPERATION", "PROBE", "STATUS", "OUTCOME")] + [
            (r.operation, r.probe, "-" if r.status is None else str(r.status), r.outcome)
            for r in self.results
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        head, *cells = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines = [head]
        for cell, result in zip(cells, self.results, strict=True):
            lines += [cell, *(f"    {line}" for line in result.explanation)]
        return [*lines, "", self.summary(), *self._url_hint()]

    def _url_hint(self) -> list[str]:
        counts = self.counts()
        if counts["conforms"] or counts["deviates"] or not self.results:
            return []
        return [f"Nothing conforms. Is {self.host} the right URL, without /indexes?"]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "host": self.host,
            "api_version": self.api_version,
            "conforms": self.is_conforming,
            "counts": self.counts(),
            "results": [
                {
                    "operation": result.operation,
                    "probe": result.probe,
                    "outcome": result.outcome,
                    "status": result.status,
                    "mismatches": [mismatch.to_dict() for mismatch in result.mismatches],
                    **({"reason": result.reason} if result.reason else {}),
                }
                for result in self.results
            ],
            "coverage": self.coverage.to_dict(),
        }

    def junit(self) -> str:
        """Return the report as JUnit XML for build servers; ``breaks`` is a failure."""
        counts = self.counts()
        suite = ET.Element(
            "testsuite",
            name="pinecone-control contract check",
            hostname=self.host,
            tests=str(len(self.results)),
            failures=str(counts["breaks"]),
            skipped=str(counts["skipped"]),
            errors="0",
        )
        for result in self.results:
            case = ET.SubElement(suite, "testcase", classname=result.operation, name=result.probe)
            text = _printable("\n".join(result.explanation))
            if result.outcome == "breaks":
                first = _printable(result.explanation[0])
                ET.SubElement(case, "failure", message=first).text = text
            elif result.outcome == "skipped":
                ET.SubElement(case, "skipped", message=text)
            elif text:
                ET.SubElement(case, "system-out").text = text
        ET.indent(suite)
        return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _printable(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold."""
    return "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
