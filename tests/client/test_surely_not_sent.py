"""A create is tried again where it was surely not sent, and gets a connection that is alive."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from pinecone_control import (
    Pinecone,
    PineconeConnectionError,
    PineconeError,
    RetryPolicy,
)
from scripts.proofs.fault_matrix.certificates import client_context, server_context
from scripts.proofs.fault_matrix.proxy import ForwardingProxy
from scripts.proofs.raw_server import RawServer
from tests.client.conftest import EchoServer
from tests.support.both_clients import Driver

Echoing = Callable[..., EchoServer]
QUICK = RetryPolicy(attempts=3, backoff=0.01)


def back_up(pc: Any) -> Any:
    return pc.create_backup("docs")


def delete(pc: Any) -> Any:
    return pc.delete_backup("docs")


class FailingProxy(ForwardingProxy):
    """A proxy that fails at CONNECT so many times, and then opens tunnels."""

    def __init__(self, failures: int, fail: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self.failures = failures
        self.fail = fail

    def forward(self, connection: socket.socket, head: bytes) -> None:
        if len(self.asked) <= self.failures:
            self.fail(connection)
        else:
            super().forward(connection, head)


CONNECT_FAILURES: dict[str, Callable[[socket.socket], None]] = {
    "stalls": lambda _: time.sleep(1.0),
    "hangs up": lambda _: None,
    "says garbage": lambda connection: connection.sendall(b"\x00\x01 what?\r\n\r\n"),
    "refuses": lambda connection: connection.sendall(
        b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
    ),
}


@pytest.mark.parametrize("fail", CONNECT_FAILURES.values(), ids=CONNECT_FAILURES)
def test_a_create_is_tried_again_while_a_proxy_opens_no_tunnel(
    echoing: Echoing, driver: Driver, fail: Callable[[socket.socket], None]
) -> None:
    server = echoing(tls=server_context())
    with FailingProxy(1, fail) as between:
        backup = driver.call(
            back_up,
            api_key="k",
            host=server.url,
            proxy=between.url,
            verify=client_context(),
            timeout=0.5,
            retry=QUICK,
        )

    assert backup.source_index_name == "docs"
    assert len(server.requests) == 1


@pytest.mark.parametrize("call", [back_up, delete], ids=["create", "deletion"])
@pytest.mark.parametrize("fail", CONNECT_FAILURES.values(), ids=CONNECT_FAILURES)
def test_a_call_that_no_tunnel_was_opened_for_is_known_not_to_be_done(
    echoing: Echoing,
    driver: Driver,
    fail: Callable[[socket.socket], None],
    call: Callable[[Any], Any],
) -> None:
    """For a deletion, so that a 404 on a later attempt does not count as done."""
    server = echoing(tls=server_context())
    with FailingProxy(9, fail) as between, pytest.raises(PineconeError) as caught:
        driver.call(
            call,
            api_key="k",
            host=server.url,
            proxy=between.url,
            verify=client_context(),
            timeout=0.3,
            retry=QUICK,
        )

    assert not caught.value.outcome_unknown  # type: ignore[attr-defined]
    assert caught.value.attempts == 3  # type: ignore[attr-defined]
    assert server.requests == []


def test_a_create_without_the_client_certificate_is_known_not_to_be_done(
    echoing: Echoing, driver: Driver
) -> None:
    server = echoing(tls=server_context(ask_client=True))
    for _ in range(5):  # the alert and the request cross each other
        with pytest.raises(PineconeConnectionError) as caught:
            driver.call(back_up, api_key="k", host=server.url, verify=client_context(), retry=QUICK)
        assert server.requests == []
        if "certificate" in str(caught.value):
            assert not caught.value.outcome_unknown
            assert "client certificate" in caught.value.hint


def test_a_create_that_was_cut_off_after_it_was_sent_stays_unknown(echoing: Echoing) -> None:
    server = echoing(tls=server_context(), delay=1.0)
    with (
        FailingProxy(0, lambda _: None) as between,
        Pinecone(
            "k", server.url, proxy=between.url, verify=client_context(), timeout=0.3, retry=QUICK
        ) as pc,
        pytest.raises(PineconeError) as caught,
    ):
        back_up(pc)

    assert caught.value.outcome_unknown  # type: ignore[attr-defined]
    assert len(server.requests) == 1


def test_creates_never_meet_a_connection_that_their_server_is_just_closing(
    echoing: Echoing,
) -> None:
    """The pauses come as near as they can to the time after which the server hangs up."""
    limit = 0.3
    server = echoing(idle_seconds=limit)
    with Pinecone("k", server.url) as pc:
        for number in range(20):
            assert back_up(pc).source_index_name == "docs"
            time.sleep(limit + (number - 10) * 0.001)

    assert len(server.requests) == 20


def test_creates_in_quick_succession_share_a_connection(echoing: Echoing) -> None:
    server = echoing()
    with Pinecone("k", server.url) as pc:
        for _ in range(10):
            back_up(pc)

    assert server.connections == 1


@contextmanager
def silent(port: int) -> Iterator[None]:
    """Let nobody answer at 127.0.0.2: the backlog is full, and the kernel is silent then."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(socket.create_server(("127.0.0.2", port), backlog=0))
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.2", port))
        yield


def test_a_first_address_that_never_answers_costs_little(
    echoing: Echoing, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Little, as against the 15 s that are half of the attempt's timeout."""
    server = echoing()
    port = int(server.url.rpartition(":")[2])
    resolve = socket.getaddrinfo

    def resolve_two(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in {"two.localhost", b"two.localhost"}:
            return [
                *resolve("127.0.0.2", *args, **kwargs),
                *resolve("127.0.0.1", *args, **kwargs),
            ]
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_two)
    started = time.monotonic()
    with silent(port):
        driver.call(back_up, api_key="k", host=f"http://two.localhost:{port}", timeout=30)

    assert time.monotonic() - started < 10
    assert len(server.requests) == 1


class HangingUp(RawServer):
    """Reads a request, and ends the connection."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def serve(self, connection: socket.socket) -> None:
        with connection:
            self.requests += bool(connection.recv(65_536))


class SecondHost(httpx.HTTPTransport):
    """A transport of the user's own: after a failure it tries another host, in vain."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return super().handle_request(request)
        except httpx.TransportError as error:
            raise httpx.ConnectError("the second host refused") from error


class AsyncSecondHost(httpx.AsyncHTTPTransport):
    """The same for the asynchronous client."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError as error:
            raise httpx.ConnectError("the second host refused") from error


def test_a_create_that_was_sent_is_not_sent_again_because_another_host_refused(
    driver: Driver,
) -> None:
    transport = SecondHost() if driver.kind == "sync" else AsyncSecondHost()
    with HangingUp() as server, pytest.raises(PineconeConnectionError) as caught:
        driver.call(back_up, api_key="k", host=server.url, retry=QUICK, transport=transport)

    assert caught.value.outcome_unknown
    assert server.requests == 1
