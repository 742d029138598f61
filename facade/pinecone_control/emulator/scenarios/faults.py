"""Faults that a test injects: which requests fail, how, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from pinecone_control.emulator.api.error_messages import INJECTED
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Response
from pinecone_control.emulator.clock import LONGEST_SECONDS
from pinecone_control.emulator.scenarios.limited_queue import LimitedQueue

if TYPE_CHECKING:
    from random import Random

_STATUSES = range(200, 600)


@frozen(kw_only=True)
class Fault:
    """A failure to inject.

    Args:
        operation: an operation id of the contract; None means every operation.
            ``create_index_from_backup`` is accepted too.
        latency: seconds on the emulator's clock by which the response is delayed; the request is
            carried out before the delay.
        status: respond with this status instead of the usual one.
        retry_after: value of the Retry-After header sent with `status`: seconds or an HTTP date.
        body: text to send instead of the documented error body, such as
            ``Invalid API key`` for a 401 with plain text, or a proxy's HTML page.
        drop: break the connection without any response.
        truncate: break the connection in the middle of the response body.
        when: whether `status` and `drop` apply ``before`` the request is carried out, so that
            nothing happens, or ``after`` it. Default before.
        times: number of requests to affect; None means all of them. Default 1.
        probability: probability of affecting a matching request, 0 to 1; drawn from the emulator's
            seed. Default 1.

    Raises:
        ValueError: a number is out of range, or the fault does nothing.
    """

    operation: str | None = None
    latency: float = 0.0
    status: int | None = None
    retry_after: float | str | None = None
    body: str | None = None
    drop: bool = False
    truncate: bool = False
    when: Literal["before", "after"] = "before"
    times: int | None = 1
    probability: float = 1.0

    def __attrs_post_init__(self) -> None:
        if not (self.latency or self.status or self.drop or self.truncate):
            raise ValueError("a fault needs latency, status, drop or truncate")
        if not 0 <= self.latency <= LONGEST_SECONDS:
            raise ValueError(
                f"latency must be 0 to {LONGEST_SECONDS:g} seconds; got {self.latency}"
            )
        if isinstance(self.retry_after, str) and not (
            self.retry_after.isascii() and self.retry_after.isprintable()
        ):
            raise ValueError(f"retry_after must be text for a header; got {self.retry_after!r}")
        if self.status is not None and self.status not in _STATUSES:
            raise ValueError(f"status must be 200 to 599; got {self.status}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability must be 0 to 1; got {self.probability}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be 1 or more, or None for all; got {self.times}")
        if self.when not in {"before", "after"}:
            raise ValueError(f"when must be 'before' or 'after'; got {self.when!r}")

    @property
    def prevents_the_work(self) -> bool:
        """Whether the request is not carried out at all."""
        return self.when == "before" and (self.drop or self.status is not None)

    def applied(self, response: Response | None) -> Response:
        """Return the response that is sent.

        Args:
            response: the emulator's response; None when the fault prevents the work.
        """
        is_stated = self.status is not None or response is None
        changed = self._stated_response() if is_stated or response is None else response
        return evolve(
            changed,
            delay=self.latency,
            is_dropped=self.drop,
            truncate_at=len(changed.body) // 2 if self.truncate else None,
        )

    def _stated_response(self) -> Response:
        status = self.status or 500
        headers = {} if self.retry_after is None else {"retry-after": _text(self.retry_after)}
        if self.body is not None:
            kind = "text/html" if self.body.lstrip().startswith("<") else "text/plain"
            return Response(status, self.body.encode(), {**headers, "content-type": kind})
        message = INJECTED.get(status, f"This {status} is an injected fault.")
        return HttpError(status, message, headers).response()


class Faults(LimitedQueue[Fault]):
    """The faults in the order in which they were added; the first that matches applies.

    Args:
        operations: the operation ids that faults may name.
        random: source of random numbers for faults with a probability.
    """

    def __init__(self, operations: frozenset[str], random: Random) -> None:
        super().__init__()
        self._operations = operations
        self._random = random

    def add(self, entry: Fault) -> None:
        """Append a fault.

        Raises:
            ValueError: it names an operation that the contract does not have.
        """
        if entry.operation is not None and not self._known_names(entry.operation):
            known = ", ".join(sorted(self._operations))
            raise ValueError(f"no operation {entry.operation!r}; use one of {known}")
        super().add(entry)

    def reset(self, random: Random) -> None:
        """Remove all faults, and draw from another generator from now on."""
        self.clear()
        self._random = random

    def next_for(self, operation: str) -> Fault | None:
        """Return the fault for a request to an operation; this counts as one of its `times`."""
        return self.take(lambda fault: self._applies(fault, operation))

    def _applies(self, fault: Fault, operation: str) -> bool:
        if fault.operation is not None and operation not in self._known_names(fault.operation):
            return False
        return fault.probability == 1 or self._random.random() < fault.probability

    def _known_names(self, operation: str) -> set[str]:
        return {operation, f"{operation}_operation"} & self._operations


def _text(retry_after: float | str) -> str:
    if isinstance(retry_after, str):
        return retry_after
    return f"{retry_after:g}" if retry_after < 1e6 else str(int(retry_after))
