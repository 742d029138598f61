"""Random responses, in rounds: whatever a server sends, only this package's errors are raised.

Rounds run in several processes until enough responses were tried or the time is up. Progress is
printed after each round, and at the end the number of responses and the outcomes of the calls.
"""

import argparse
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from typing import Any, Final

import httpcore
import httpx
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pinecone_control import Pinecone, PineconeError, RetryPolicy
from pinecone_control._sync.network_backend import DeadlineBackend
from pinecone_control._sync.network_transport import NetworkTransport
from pinecone_control._sync.pool import Pool
from scripts.proofs.fault_matrix.matrix import SkippingClock
from scripts.proofs.fault_matrix.operations import OPERATIONS, Operation

ROUND: Final = 500
"""Responses that a process tries before it reports."""
_SECONDS_BETWEEN_LINES: Final = 5.0
RETRY: Final = RetryPolicy(attempts=2)
STATUSES: Final = (200, 201, 202, 204, 400, 404, 409, 500)

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
HEADERS: Final = st.sampled_from(
    [{}, {"content-encoding": "gzip"}, {"content-type": "text/html"}, {"retry-after": "1"}]
)


@st.composite
def bodies(draw: st.DrawFn, operation: Operation) -> bytes:
    """Return a valid body with a random change, or random data."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    body = json.loads(operation.good.content or b"{}")
    for _ in range(draw(st.integers(0, 3))):
        place = body
        while isinstance(place, dict | list) and place:
            key: Any = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else [0]))
            if not isinstance(place[key], dict | list) or draw(st.booleans()):
                place[key] = draw(JSON)
                break
            place = place[key]
    return json.dumps(body).encode()


@st.composite
def wires(draw: st.DrawFn, operation: Operation) -> bytes:
    """Return a valid response as sent over the network, with some bytes changed, or random data."""
    wire = bytearray(operation.good.on_the_wire())
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(wire)))
        end = min(len(wire), start + draw(st.integers(0, 6)))
        wire[start:end] = draw(st.binary(max_size=8))
    return bytes(wire)


def use(operation: Operation, transport: httpx.BaseTransport) -> str:
    """Make a call and return its outcome; only errors of this package are caught."""
    pc = Pinecone("k", "http://127.0.0.1", transport=transport, retry=RETRY, clock=SkippingClock())
    try:
        answer = operation.use(pc)
    except PineconeError as error:
        if not str(error):
            raise AssertionError("an error without a text") from error
        return type(error).__name__
    return "a result" if str(answer) and repr(answer) else "a result without a text"


def try_bodies(examples: int, number: int) -> Counter[str]:
    """Respond to calls with bodies that may be invalid; `number` is the random seed."""
    endings: Counter[str] = Counter()

    @_drawing(examples, number)
    @given(st.data(), st.sampled_from(OPERATIONS), st.sampled_from(STATUSES), HEADERS)
    def run(
        data: st.DataObject, operation: Operation, status: int, headers: dict[str, str]
    ) -> None:
        body = data.draw(bodies(operation))

        def handle(_: httpx.Request) -> httpx.Response:
            return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

        endings[use(operation, httpx.MockTransport(handle))] += 1

    run()
    return endings


def try_wires(examples: int, number: int) -> Counter[str]:
    """Respond to calls with bytes that may be invalid; `number` is the random seed."""
    endings: Counter[str] = Counter()

    @_drawing(examples, number)
    @given(st.data(), st.sampled_from(OPERATIONS))
    def run(data: st.DataObject, operation: Operation) -> None:
        wire = data.draw(wires(operation))
        transport = NetworkTransport("http://127.0.0.1", verify=True, proxy="")
        transport._pool = Pool(  # noqa: SLF001 - there is no public way to give it a network
            network_backend=DeadlineBackend(httpcore.MockBackend([wire]))
        )
        endings[use(operation, transport)] += 1

    run()
    return endings


def _drawing(examples: int, number: int) -> Callable[[Any], Any]:
    set_up = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: set_up(seed(number)(test))


KINDS: Final = {"bodies": try_bodies, "bytes on the wire": try_wires}


def run_round(kind: str, number: int) -> tuple[str, Counter[str]]:
    """Try one round of a kind of responses; a finding names the round that repeats it."""
    try:
        return kind, KINDS[kind](ROUND, number)
    except BaseException as error:
        error.add_note(f"in round {number} of {kind}: --seed {number} --answers {ROUND}")
        raise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000, help="to try of each kind")
    parser.add_argument("--minutes", type=float, default=10.0, help="after which no round begins")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1, help="number of the first round")
    options = parser.parse_args()
    numbers = range(options.seed, options.seed + math.ceil(options.answers / ROUND))
    left = iter([(kind, number) for number in numbers for kind in KINDS])
    started = time.monotonic()
    ends = started + options.minutes * 60
    told = started
    tried: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    with ProcessPoolExecutor(options.processes) as pool:
        running = {pool.submit(run_round, *each) for each in islice(left, options.processes)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                kind, ended = each.result()
                tried[kind] += ended.total()
                endings += ended
            if time.monotonic() < ends:
                running |= {pool.submit(run_round, *each) for each in islice(left, len(done))}
            if time.monotonic() > told + _SECONDS_BETWEEN_LINES or not running:
                told = time.monotonic()
                so_far = ", ".join(f"{tried[kind]:,} {kind}" for kind in KINDS)
                print(f"{told - started:5.0f} s: {so_far}; 0 findings", flush=True)
    for ending, times in endings.most_common():
        print(f"{times:9,}  {ending}")
    if next(left, None) is not None:
        print(f"the time was up before {options.answers:,} answers of each kind were tried")
    return 0


if __name__ == "__main__":
    sys.exit(main())
