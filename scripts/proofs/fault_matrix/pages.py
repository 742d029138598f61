"""Listings with inconsistent pages: the part of the matrix about page tokens."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import frozen

from pinecone_control import PineconeError, RetryPolicy
from scripts.proofs.fault_matrix.catalogue import DEADLINE, KEY
from scripts.proofs.fault_matrix.matrix import Flavour, Report, SkippingClock, in_flavour
from scripts.proofs.fault_matrix.operations import OPERATIONS, Operation
from scripts.proofs.fault_matrix.server import Answer, Received, misbehaving

MOST_REQUESTS: Final = 10


@frozen
class PageFault:
    """Pages of a server that never stops, in the order of the requests.

    Attributes:
        tokens: the `next` of the pages; the last one is repeated for ever.
        items: first and last item of each page.
        listed: number of different items that are listed; None for an error.
        requests: number of requests until the listing ends.
    """

    name: str
    tokens: tuple[str | None, ...]
    items: tuple[tuple[int, int], ...]
    listed: int | None
    requests: int


PAGE_FAULTS: Final = [
    PageFault("token that repeats", ("a",), ((0, 1),), None, 2),
    PageFault("tokens in a cycle", ("a", "b", "a"), ((0, 1), (2, 3), (4, 5)), None, 3),
    PageFault('next: ""', ("",), ((0, 1),), 2, 1),
    PageFault("pagination: null", (None,), ((0, 1),), 2, 1),
    PageFault("pages that overlap", ("a", "b", None), ((0, 3), (2, 5), (5, 6)), 7, 3),
    PageFault("pages that repeat", ("a", "b", None), ((0, 3), (0, 3), (4, 4)), 5, 3),
    PageFault("pages without items", ("a", "b", None), ((0, -1), (0, -1), (0, 1)), 2, 3),
]


def page_reports(flavours: tuple[Flavour, ...] = ("sync", "asyncio")) -> Iterator[Report]:
    """Run every fault of pages on every operation that has pages, and check the result."""
    for fault in PAGE_FAULTS:
        for operation in OPERATIONS:
            for flavour in flavours:
                if operation.is_paged:
                    yield run_pages(fault, operation, flavour)


def run_pages(fault: PageFault, operation: Operation, flavour: Flavour) -> Report:
    """Run one fault of pages and check the result."""
    listed: list[Any] = []
    outcome: list[BaseException] = []

    async def drain(pc: Any) -> None:
        try:
            if flavour == "sync":
                listed.extend(operation.use(pc))
            else:
                listed.extend([item async for item in operation.use(pc)])
        except Exception as error:  # noqa: BLE001 - every error is checked
            outcome.append(error)

    with misbehaving(_pages(fault, operation)) as server:
        server.listen()
        settings: dict[str, Any] = {
            "api_key": KEY,
            "host": server.url,
            "deadline": DEADLINE,
            "retry": RetryPolicy(attempts=1),
            "clock": SkippingClock(),
        }
        in_flavour(flavour, drain, settings)
        requests = len(server.received)
    error = outcome[0] if outcome else None
    problems = []
    if requests != fault.requests:
        problems.append(f"{requests} requests instead of {fault.requests}")
    if error is None and len(listed) != fault.listed:
        problems.append(f"{len(listed)} items instead of {fault.listed}")
    if (fault.listed is None) is not isinstance(error, PineconeError):
        problems.append(f"ended with {error!r}")
    return Report(
        cell=f"{operation.name}, {fault.name}, lasting, {flavour}",
        problems=tuple(problems),
        foreign=error is not None and not isinstance(error, PineconeError),
        fault=fault.name,
        method="reads",
        outcome=type(error).__name__ if error else "ok",
    )


def _pages(fault: PageFault, operation: Operation) -> Callable[[Received, int], Answer]:
    (item,) = (operation.body or {})["data"]
    identity = next(name for name in ("restore_job_id", "backup_id") if name in item)

    def page(number: int) -> Answer:
        position = min(number, len(fault.tokens) - 1)
        first, last = fault.items[position]
        token = fault.tokens[position] if number < MOST_REQUESTS else None
        data = [{**item, identity: f"id-{n}"} for n in range(first, last + 1)]
        return Answer(body={"data": data, "pagination": None if token is None else {"next": token}})

    asked = iter(range(1000))
    return lambda _received, _done_before: page(next(asked))
