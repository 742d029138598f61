"""Write docs/emulator-coverage.md: what the emulator implements, with the evidence.

``python -m scripts.docs.emulator_coverage`` writes the page; with ``--check`` it only checks
whether the page is current. Both fail if the contract documents an operation or status that the
emulator's coverage lacks.
"""

import argparse
import sys
from collections.abc import Iterator

from pinecone_control.contract.document import Operation
from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator.api.error_messages import known_messages
from pinecone_control.emulator.coverage import (
    ACCEPTED_BEYOND_CONTRACT,
    DIFFERENCES,
    IMPLEMENTED,
    INJECTABLE,
    UNDOCUMENTED,
    UNDOCUMENTED_EVERYWHERE,
    Implemented,
)
from scripts.project import DOCS, write_or_check

PAGE = DOCS / "emulator-coverage.md"

INTRODUCTION = """\
# What the emulator implements

`python -m scripts.docs.emulator_coverage` writes this page from the code and the contract
with our corrections.

It is **unproven** that the emulator behaves like the real service: nobody has compared the two. The
tables list the evidence for each behaviour:

- **contract**: the OpenAPI document says so, in a schema or a description;
- **documentation**: Pinecone's published documentation says so, for this or a later API version;
- **assumption**: neither says anything about it; this is our guess;
- **suite** (only for error messages): the integration tests of the official SDKs assert it.

The emulator never sends an *injectable* status by itself; tests inject it as a fault.
"""

VERSIONS = """\
The emulator responds in the API version that the client sends: 2025-04, 2025-10, 2026-04 or
2026-07. A client that sends no version or an older one gets 2025-04. The emulator refuses any other
version and lists the supported ones. All versions share one state.
"""

WORDING = """\
Tests of clients assert error messages. The emulator therefore uses the service's own messages where
they are known from the examples of the contract or from the integration tests of the official SDKs.
"""


def main() -> int:
    """Write or check the page; return 1 if it is incomplete or not current, otherwise 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="check whether the page is current")
    arguments = parser.parse_args()
    contract = effective_contract()
    gaps = list(uncovered(contract))
    if gaps:
        print("the emulator's coverage does not mention:", *gaps, sep="\n  ", file=sys.stderr)
        return 1
    return write_or_check(PAGE, rendered(contract), check=arguments.check, remedy="make tables")


def uncovered(contract: Contract) -> Iterator[str]:
    """Yield the operations and statuses that only the contract or only the coverage has."""
    for operation in contract.operations.values():
        known = IMPLEMENTED.get(operation.operation_id)
        if known is None:
            yield operation.operation_id
            continue
        for status in operation.responses:
            if status not in known and status not in INJECTABLE:
                yield f"{operation.operation_id} {status}"
        for status in known.keys() - operation.responses.keys():
            yield f"{operation.operation_id} {status}, which the contract does not document"


def rendered(contract: Contract) -> str:
    """Return the page."""
    operations = contract.operations.values()
    rows = [row for operation in operations for row in _rows(operation)]
    implemented = sum("| implemented |" in row for row in rows)
    injectable = sum("| injectable |" in row for row in rows)
    counted = f"{implemented} statuses implemented, {injectable} injectable"
    return "\n".join(
        [
            INTRODUCTION,
            f"{len(operations)} operations: {counted}.",
            "",
            "| operation | status | support | when | evidence |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "## Responses that the contract does not document",
            "",
            "| operation | status | when | evidence |",
            "| --- | --- | --- | --- |",
            *_undocumented_rows(),
            "",
            "## Requests that the emulator accepts although the contract does not",
            "",
            "| request | evidence |",
            "| --- | --- |",
            *(f"| {what} | {why} |" for what, why in ACCEPTED_BEYOND_CONTRACT.items()),
            "",
            "## API versions",
            "",
            VERSIONS,
            "| version | difference from 2025-04 | evidence |",
            "| --- | --- | --- |",
            *(f"| {each.version} | {each.what} | {each.evidence} |" for each in DIFFERENCES),
            "",
            "## Wording of error messages",
            "",
            WORDING,
            "| status | message | evidence |",
            "| --- | --- | --- |",
            *_message_rows(),
            "",
        ]
    )


def _rows(operation: Operation) -> Iterator[str]:
    name = operation.operation_id
    for status in sorted(operation.responses):
        known = IMPLEMENTED[name].get(status)
        if known is None:
            yield f"| `{name}` | {status} | injectable | {INJECTABLE[status]} | contract |"
        else:
            yield f"| `{name}` | {status} | implemented | {known.occasion} | {known.evidence} |"


def _message_rows() -> Iterator[str]:
    order = ("contract", "suite", "assumption")
    for message in sorted(
        known_messages().values(), key=lambda each: (order.index(each.evidence), each.status)
    ):
        yield f"| {message.status} | {message.text} | {message.evidence} |"


def _undocumented_rows() -> Iterator[str]:
    tables: dict[str, dict[int, Implemented]] = {
        **{f"`{name}`": answers for name, answers in UNDOCUMENTED.items()},
        "every operation": UNDOCUMENTED_EVERYWHERE,
    }
    for name, answers in tables.items():
        for status, known in answers.items():
            yield f"| {name} | {status} | {known.occasion} | {known.evidence} |"
    yield "| any other path | 404 | the API has no such path | assumption |"
    yield "| any other method | 405 | the path has no such method | assumption |"


if __name__ == "__main__":
    sys.exit(main())
