"""Simulate an outage: a thousand clients, real retry decisions, no sleeping.

Each client makes a call, waits until it has ended, pauses (a second on average), and makes the
next. The decisions and the budget are those of the package; the official SDKs are simulated with
the parameters of their published sources.
"""

import heapq
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from attrs import define, field, frozen

from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.retry_decision import Failure, Resend, decide
from pinecone_control.retry import DEFAULT_RETRY, RetryPolicy

CLIENTS: Final = 1000
LATENCY: Final = 0.05
BEGINS: Final = 30.0
AFTERWARDS: Final = 90.0
DEADLINE: Final = 120.0
AMPLIFICATION_LIMIT: Final = 1.2
FAILED_LIMIT: Final = 0.06
PEAK_LIMIT: Final = 1.5


@frozen
class Refusal:
    """The error response of a server during an incident."""

    status: int
    retry_after: float | None = None


class Client(Protocol):
    """The retry behaviour of a kind of client."""

    def wait_after(
        self, attempt: int, refusal: Refusal, *, began: float, now: float
    ) -> float | None:
        """Return the seconds until the next attempt of a call, or None to give up."""
        ...

    def succeeded(self, attempts: int) -> None:
        """Record that a call has succeeded after a number of attempts."""
        ...


@define
class Ours:
    """This package: its decision function and its budget."""

    random: random.Random
    policy: RetryPolicy = DEFAULT_RETRY
    budget: RetryBudget = field(factory=lambda: RetryBudget(DEFAULT_RETRY.budget))

    def wait_after(
        self, attempt: int, refusal: Refusal, *, began: float, now: float
    ) -> float | None:
        if refusal.retry_after is None:
            self.budget.failed(now)
        decision = decide(
            self.policy,
            method="GET",
            attempt=attempt,
            failure=Failure("refused", "", refusal.status, refusal.retry_after),
            time_left=began + DEADLINE - now,
            budget_left=self.budget.left_for(began),
            draw=self.random.random(),
        )
        if not isinstance(decision, Resend):
            return None
        self.budget.spend()
        return decision.wait

    def succeeded(self, attempts: int) -> None:
        self.budget.succeeded(attempts - 1)


@define
class Python10:
    """pinecone 10.2.0: `RetryConfig`, decorrelated jitter, Retry-After plus up to half."""

    random: random.Random
    previous: float = 0.25

    def wait_after(self, attempt: int, refusal: Refusal, **_: float) -> float | None:
        if attempt == 1:
            self.previous = 0.25
        if attempt > 3:
            return None
        if refusal.retry_after is not None:
            capped = min(refusal.retry_after, 60.0)
            self.previous = capped + self.random.uniform(0.0, capped * 0.5)
        else:
            upper = max(0.25, min(60.0, self.previous * 3.0))
            self.previous = self.random.uniform(0.25, upper)
        return self.previous

    def succeeded(self, attempts: int) -> None:
        """Do nothing: this client keeps no budget."""


@define
class Python7:
    """pinecone 7.3.0: urllib3's Retry with five retries; exactly Retry-After."""

    random: random.Random

    def wait_after(self, attempt: int, refusal: Refusal, **_: float) -> float | None:
        if attempt > 5 or (refusal.status == 429 and refusal.retry_after is None):
            return None
        if refusal.retry_after is not None:
            return refusal.retry_after
        growing = 0.0 if attempt == 1 else 0.25 * 2.0 ** (attempt - 1)
        return growing + self.random.random() * 0.25

    def succeeded(self, attempts: int) -> None:
        """Do nothing: this client keeps no budget."""


@define
class TypeScript6:
    """@pinecone-database/pinecone 6.1.4: three attempts, no 429, no Retry-After."""

    random: random.Random

    def wait_after(self, attempt: int, refusal: Refusal, **_: float) -> float | None:
        if attempt >= 3 or refusal.status < 500:
            return None
        delay = 0.2 * 2.0**attempt
        return min(20.0, delay * (1 + 0.25 * (self.random.random() - 0.5)))

    def succeeded(self, attempts: int) -> None:
        """Do nothing: this client keeps no budget."""


KINDS: Final[dict[str, Callable[[random.Random], Client]]] = {
    "this package": Ours,
    "pinecone 10.2.0": Python10,
    "pinecone 7.3.0": Python7,
    "TypeScript 6.1.4": TypeScript6,
}


@frozen
class Incident:
    """An incident of the service, from `BEGINS` on."""

    name: str
    seconds: float
    answer: Callable[[float, random.Random], Refusal | None]
    """Returns the refusal of a request at a number of seconds after the beginning, if any."""

    @property
    def ends(self) -> float:
        return BEGINS + self.seconds


INCIDENTS: Final = [
    Incident("full outage, 60 s", 60.0, lambda _, __: Refusal(503)),
    Incident("half outage, 10 min", 600.0, lambda _, r: Refusal(503) if r.random() < 0.5 else None),
    Incident("rate limit, 30 s", 30.0, lambda at, _: Refusal(429, math.ceil(30.0 - at))),
]


@define
class Outcome:
    """The result of a simulation, by whole seconds."""

    sent: Counter[int] = field(factory=Counter)
    begun: Counter[int] = field(factory=Counter)
    failed: Counter[int] = field(factory=Counter)


def simulate(
    make: Callable[[random.Random], Client],
    incident: Incident,
    *,
    pause: float = 1.0,
    seed: int = 1,
) -> Outcome:
    """Simulate one kind of client in one kind of incident."""
    rng = random.Random(seed)
    clients = [make(rng) for _ in range(CLIENTS)]
    outcome = Outcome()
    ends = incident.ends + AFTERWARDS
    # An event: when, a number to break ties, which client, its attempt, when its call began.
    events = [(rng.expovariate(1 / pause), n, n, 1, 0.0) for n in range(CLIENTS)]
    heapq.heapify(events)
    numbers = iter(range(CLIENTS, sys.maxsize))
    while events and (event := heapq.heappop(events))[0] < ends:
        now, _, who, attempt, began = event
        if attempt == 1:
            began = now
            outcome.begun[int(now)] += 1
        outcome.sent[int(now)] += 1
        in_incident = BEGINS <= now < incident.ends
        refusal = incident.answer(now - BEGINS, rng) if in_incident else None
        answered = now + LATENCY
        wait = None
        if refusal is None:
            clients[who].succeeded(attempt)
        else:
            wait = clients[who].wait_after(attempt, refusal, began=began, now=answered)
            if wait is None:
                outcome.failed[int(now)] += 1
        following, at = (
            (1, answered + rng.expovariate(1 / pause))
            if wait is None
            else (attempt + 1, answered + wait)
        )
        heapq.heappush(events, (at, next(numbers), who, following, began))
    return outcome


@frozen
class Figures:
    """The figures of one row of the table."""

    amplification: float
    """Requests sent during the incident, for each call that began in it."""
    peak: float
    """The highest rate from the beginning of the incident on, relative to the normal rate."""
    recovery: float
    """Seconds from the end of the incident until the rate stays within a tenth of normal."""
    failed: float
    """Share of the calls during the incident that failed."""


def figures(outcome: Outcome, incident: Incident) -> Figures:
    """Return the figures of a simulation."""
    first, last = int(BEGINS), int(incident.ends)
    during, after = range(first, last), range(last, int(last + AFTERWARDS) - 1)
    normal = sum(outcome.sent[second] for second in range(5, first)) / (first - 5)
    begun = sum(outcome.begun[second] for second in during)
    unsettled = [s for s in after if outcome.sent[s] > 1.1 * normal + 3 * math.sqrt(normal)]
    return Figures(
        amplification=sum(outcome.sent[second] for second in during) / begun,
        peak=max(outcome.sent[second] for second in (*during, *after)) / normal,
        recovery=unsettled[-1] + 1 - last if unsettled else 0.0,
        failed=sum(outcome.failed.values()) / begun,
    )


def rows() -> Iterator[tuple[str, str, Figures]]:
    """Simulate every kind of client in every kind of incident."""
    for incident in INCIDENTS:
        for name, make in KINDS.items():
            yield incident.name, name, figures(simulate(make, incident), incident)


def main() -> int:
    print(f"{CLIENTS:,} clients, a call a second each; rates against the normal one\n")
    print(f"{'':22}{'':20}{'sent/needed':>12}{'peak':>8}{'recovery':>10}{'failed':>8}")
    broken = []
    for incident, name, row in rows():
        print(
            f"{incident:22}{name:20}{row.amplification:>12.2f}{row.peak:>8.2f}"
            f"{row.recovery:>8.0f} s{row.failed:>8.1%}"
        )
        is_ours = name == "this package"
        if is_ours and incident.startswith("full") and row.amplification > AMPLIFICATION_LIMIT:
            broken.append(f"{incident}: {row.amplification:.2f} requests for each that was needed")
        if is_ours and incident.startswith("half") and row.failed > FAILED_LIMIT:
            broken.append(f"{incident}: {row.failed:.1%} of the calls failed")
        if is_ours and row.peak > PEAK_LIMIT:
            broken.append(f"{incident}: a wave of {row.peak:.2f} times the normal rate")
    print("\nfull outage, by how often a client calls (requests sent for each that was needed)")
    for pause in (1.0, 5.0, 30.0):
        shares = []
        for name, make in KINDS.items():
            row = figures(simulate(make, INCIDENTS[0], pause=pause), INCIDENTS[0])
            shares.append(f"{name} {row.amplification:.2f}")
        print(f"  every {pause:g} s: {', '.join(shares)}")
    for problem in broken:
        print(f"FAILED: {problem}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
