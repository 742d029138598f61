"""Whatever bytes a server sends: only this package's errors come out.

`FUZZ_EXAMPLES` sets how many inputs are tried for each test.
"""

import json
import os
from typing import Any

import httpcore
import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinecone_control import Pinecone, PineconeError, RetryPolicy
from pinecone_control._sync.network_backend import DeadlineBackend
from pinecone_control._sync.network_transport import NetworkTransport
from pinecone_control._sync.pool import Pool
from scripts.proofs.fault_matrix.matrix import SkippingClock
from scripts.proofs.fault_matrix.operations import OPERATIONS, Operation

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
RETRY = RetryPolicy(attempts=2)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@st.composite
def bodies(draw: st.DrawFn, operation: Operation) -> bytes:
    """Return a good body with something changed in it, or anything at all."""
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
    """Return a good answer as it goes over the wire, with some bytes changed, or anything."""
    wire = bytearray(operation.good.on_the_wire())
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(wire)))
        end = min(len(wire), start + draw(st.integers(0, 6)))
        wire[start:end] = draw(st.binary(max_size=8))
    return bytes(wire)


def only_own_errors(operation: Operation, transport: httpx.BaseTransport) -> None:
    pc = Pinecone("k", "http://127.0.0.1", transport=transport, retry=RETRY, clock=SkippingClock())
    try:
        answer = operation.use(pc)
    except PineconeError as error:
        assert str(error)  # noqa: PT017 - any of them will do
    else:
        assert str(answer)
        assert repr(answer)


@FUZZ
@given(st.data(), st.sampled_from(OPERATIONS), st.sampled_from([200, 201, 202, 204, 400, 500]))
def test_any_body_gives_a_result_or_an_own_error(
    data: st.DataObject, operation: Operation, status: int
) -> None:
    body = data.draw(bodies(operation))
    headers = data.draw(
        st.sampled_from([{}, {"content-encoding": "gzip"}, {"content-type": "text/html"}])
    )

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    only_own_errors(operation, httpx.MockTransport(handle))


@FUZZ
@given(st.data(), st.sampled_from(OPERATIONS))
def test_any_bytes_on_the_wire_give_a_result_or_an_own_error(
    data: st.DataObject, operation: Operation
) -> None:
    wire = data.draw(wires(operation))
    transport = NetworkTransport("http://127.0.0.1", verify=True, proxy="")
    transport._pool = Pool(network_backend=DeadlineBackend(httpcore.MockBackend([wire])))
    only_own_errors(operation, transport)
