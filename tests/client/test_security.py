"""Where the key goes, and where it never does; proxies, authorities, certificates, limits."""

import gzip
import json
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from threading import Thread
from typing import Any

import httpx
import pytest

from pinecone_control import (
    Pinecone,
    PineconeConnectionError,
    PineconeError,
    ResponseParsingError,
    RetryPolicy,
)
from scripts.proofs.fault_matrix.certificates import authority_pem, client_context, server_context
from scripts.proofs.fault_matrix.matrix import everything_shown
from scripts.proofs.fault_matrix.operations import HEALTH, OPERATIONS, good_server
from scripts.proofs.fault_matrix.proxy import ForwardingProxy
from scripts.proofs.fault_matrix.server import Answer, MisbehavingServer, misbehaving
from scripts.proofs.raw_server import RawServer
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

KEY = "pcsk-this-key-must-never-show"
ONCE = RetryPolicy(attempts=1)
ELSEWHERE = "pinecone.example"


@pytest.fixture(autouse=True)
def _no_exceptions_from_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def look(pc: Any) -> Any:
    return pc.describe_restore_job(HEALTH)


@contextmanager
def tls_server(**settings: Any) -> Iterator[MisbehavingServer]:
    good = good_server(OPERATIONS[0])
    with misbehaving(good, tls=server_context(**settings), scheme="https") as server:
        server.listen()
        yield server


class Careless(httpx.BaseTransport):
    """A transport that fails with the signed request in its local variables."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = dict(request.headers)
        assert headers["api-key"] == KEY
        self.requests.append(request)
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (httpx.ReadError("x"), PineconeConnectionError),
        (ValueError("x"), ValueError),
        (RuntimeError("x"), RuntimeError),
    ],
)
def test_the_key_is_in_no_local_variable_of_a_traceback(
    error: Exception, raised: type[Exception]
) -> None:
    transport = Careless(error)
    pc = Pinecone(KEY, transport=transport, retry=ONCE)
    with pytest.raises(raised) as caught:
        look(pc)

    assert KEY not in "\n".join(everything_shown(caught.value, own_frames="Careless"))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interrupted_call_shows_no_key_either(error: BaseException) -> None:
    pc = Pinecone(KEY, transport=Careless(error))
    with pytest.raises(type(error)) as caught:
        look(pc)

    assert KEY not in "\n".join(everything_shown(caught.value, own_frames="Careless"))


def test_whoever_keeps_a_request_keeps_no_key() -> None:
    transport = Careless(httpx.ReadError("x"))
    with pytest.raises(PineconeConnectionError):
        look(Pinecone(KEY, transport=transport, retry=ONCE))

    assert "api-key" not in transport.requests[0].headers


def test_an_own_authority_can_be_trusted_by_its_file(driver: Driver, tmp_path: Path) -> None:
    bundle = tmp_path / "authority.pem"
    bundle.write_bytes(authority_pem())
    with tls_server() as server:
        assert driver.call(look, api_key="k", host=server.url, verify=str(bundle))


def test_an_unknown_authority_is_refused_before_the_key_is_sent(driver: Driver) -> None:
    with tls_server() as server, pytest.raises(PineconeConnectionError) as caught:
        driver.call(look, api_key="k", host=server.url)

    assert "certificate refused" in str(caught.value)
    assert "verify='/path/to/authority.pem'" in caught.value.hint
    assert server.received == []


def test_a_client_certificate_is_shown_where_it_is_asked_for(driver: Driver) -> None:
    with tls_server(ask_client=True) as server:
        context = client_context(with_certificate=True)
        assert driver.call(look, api_key="k", host=server.url, verify=context)


def test_without_the_client_certificate_that_is_asked_for_the_call_fails(
    driver: Driver,
) -> None:
    with tls_server(ask_client=True) as server, pytest.raises(PineconeConnectionError):
        driver.call(look, api_key="k", host=server.url, verify=client_context(), retry=ONCE)


@pytest.fixture
def _known_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a name that is not this machine's lead to it all the same."""
    resolve = socket.getaddrinfo

    def resolve_known(host: Any, *args: Any, **kwargs: Any) -> Any:
        known = host in {ELSEWHERE, ELSEWHERE.encode()}
        return resolve("127.0.0.1" if known else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_known)


@pytest.mark.usefixtures("_known_name")
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(
    driver: Driver, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server(host=ELSEWHERE) as server, ForwardingProxy() as proxy:
        monkeypatch.setenv(variable, proxy.url)
        host = f"https://{ELSEWHERE}:{server.port}"
        assert driver.call(look, api_key=KEY, host=host, verify=client_context())

    assert proxy.asked == [f"CONNECT {ELSEWHERE}:{server.port} HTTP/1.1"]
    assert KEY.encode() not in b"".join(proxy.heads)


@pytest.mark.usefixtures("_known_name")
def test_a_proxy_of_the_environment_is_used_for_plain_http_too(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with misbehaving(good_server(OPERATIONS[0])) as server, ForwardingProxy() as proxy:
        server.listen()
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        host = f"http://{ELSEWHERE}:{server.port}"
        assert driver.call(look, api_key="k", host=host, allow_plain_http=True)

    assert proxy.asked == [f"GET {host}/restore-jobs/{HEALTH} HTTP/1.1"]


@pytest.mark.usefixtures("_known_name")
@pytest.mark.parametrize("excepted", [ELSEWHERE, "*", f"other.example,{ELSEWHERE}", ".example"])
def test_no_proxy_is_used_for_hosts_that_the_environment_excepts(
    driver: Driver, excepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server(host=ELSEWHERE) as server, ForwardingProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", excepted)
        host = f"https://{ELSEWHERE}:{server.port}"
        assert driver.call(look, api_key="k", host=host, verify=client_context())

    assert proxy.asked == []


def test_a_proxy_of_the_environment_never_sees_what_goes_to_this_machine(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with misbehaving(good_server(OPERATIONS[0])) as server, ForwardingProxy() as proxy:
        server.listen()
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert driver.call(look, api_key="k", host=server.url)

    assert proxy.asked == []


def test_a_given_proxy_goes_before_the_environment_and_an_empty_one_means_none(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server() as server, ForwardingProxy() as given, ForwardingProxy() as other:
        monkeypatch.setenv("HTTPS_PROXY", other.url)
        settings = {"api_key": "k", "host": server.url, "verify": client_context()}
        driver.call(look, proxy=given.url, **settings)
        driver.call(look, proxy="", **settings)

    assert len(given.asked) == 1
    assert other.asked == []


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_a_proxy_that_refuses_is_a_connection_error_and_nothing_was_sent(
    driver: Driver, status: str
) -> None:
    refusal = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    with (
        tls_server() as server,
        ForwardingProxy(refusal) as proxy,
        pytest.raises(PineconeConnectionError, match=status[:3]) as caught,
    ):
        driver.call(
            lambda pc: pc.create_backup("docs"),
            api_key="k",
            host=server.url,
            proxy=proxy.url,
            retry=ONCE,
        )

    assert not caught.value.outcome_unknown
    assert server.connections == 0


class TlsProxy(ForwardingProxy):
    """A proxy that is itself reached over TLS, with a certificate of the test's own authority."""

    scheme = "https"

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError):  # a client that does not trust the proxy hangs up
            client = server_context().wrap_socket(connection, server_side=True)
            near, far = socket.socketpair()
            Thread(target=super().serve, args=(far,), daemon=True).start()
            _relay(client, near)


def _relay(client: ssl.SSLSocket, plain: socket.socket) -> None:
    """Copy both ways until one side ends; in one thread, because OpenSSL allows no second one."""
    with client, plain:
        while sources := [client] if client.pending() else select([client, plain], [], [], 5)[0]:
            for source in sources:
                if not (data := source.recv(65_536)):
                    return
                (plain if source is client else client).sendall(data)


@pytest.mark.parametrize("verify", [client_context(), False], ids=["own authority", "none"])
def test_certificates_of_a_proxy_are_verified_like_those_of_the_server(
    driver: Driver, verify: Any
) -> None:
    with tls_server() as server, TlsProxy() as proxy:
        assert driver.call(look, api_key="k", host=server.url, proxy=proxy.url, verify=verify)
        with pytest.raises(PineconeConnectionError, match="certificate refused"):
            driver.call(look, api_key="k", host=server.url, proxy=proxy.url, retry=ONCE)

    assert len(proxy.asked) == 1


def test_a_password_of_a_proxy_is_in_no_error(driver: Driver) -> None:
    refusal = b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"
    with ForwardingProxy(refusal) as proxy:
        url = proxy.url.replace("//", "//user:proxy-password@")
        with pytest.raises(PineconeError) as caught:
            driver.call(look, api_key="k", host="https://127.0.0.1:1", proxy=url, retry=ONCE)

    assert "proxy-password" not in "\n".join(everything_shown(caught.value))


def test_a_key_that_the_server_sends_back_in_the_name_of_a_coding_is_in_no_error(
    driver: Driver,
) -> None:
    key = "pcsk_With_Capital_Letters"
    coded = Canned(200, b"x", {"Content-Encoding": key})
    with replay(coded) as server, pytest.raises(ResponseParsingError) as caught:
        driver.call(look, api_key=key, host=server.url)

    assert key.lower() not in "\n".join(everything_shown(caught.value)).lower()


class TalkativeServer(RawServer):
    """Sends the requested job, and the first bytes of a response that nobody asked for."""

    def __init__(self, unasked: int, *, length: int = 0) -> None:
        super().__init__()
        self.unasked = unasked
        self.length = length

    def serve(self, connection: socket.socket) -> None:
        rest = b""
        with connection, suppress(OSError):
            while request := connection.recv(65_536):
                unasked = response_with_job("unasked")
                answer = rest or response_with_job(requested_job(request), self.length)
                connection.sendall(answer + unasked[: self.unasked])
                rest = unasked[self.unasked :]


class TalkativeTlsServer(RawServer):
    """Sends two jobs for each requested one, in two TLS records that arrive together."""

    scheme = "https"

    def serve(self, connection: socket.socket) -> None:
        with (
            suppress(OSError),
            server_context().wrap_socket(connection, server_side=True) as encrypted,
        ):
            while request := encrypted.recv(65_536):
                encrypted.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                encrypted.sendall(response_with_job(requested_job(request)))
                encrypted.sendall(response_with_job("unasked"))
                encrypted.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)


def requested_job(request: bytes) -> str:
    return request.split(maxsplit=2)[1].decode().rpartition("/")[2]


def response_with_job(job: str, length: int = 0) -> bytes:
    """Return a response with a job, filled up to `length` bytes in total."""
    names = ("restore_job_id", "backup_id", "target_index_name", "target_index_id")
    fields = dict.fromkeys(names, job) | {"status": "Pending", "created_at": "2025-05-15T13:59:51Z"}
    body = json.dumps(fields).encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %5d\r\n\r\n"
    body = body.ljust(length - len(head % 0))
    return head % len(body) + body


def described(driver: Driver, url: str, *jobs: str, **settings: Any) -> list[str]:
    """Return the ids of the jobs that one client gets if it describes these, one after another."""

    def use(pc: Any) -> Any:
        async def ask() -> list[Any]:
            return [await pc.describe_restore_job(job) for job in jobs]

        return [*map(pc.describe_restore_job, jobs)] if driver.kind == "sync" else ask()

    found = driver.call(use, api_key="k", host=url, **settings)
    return [job.restore_job_id for job in found]


@pytest.mark.parametrize(
    ("unasked", "length"),
    [(1, 0), (20, 0), (60, 0), (1_000, 0), (1_000, 65_536)],  # 64 kB are read at once
)
def test_what_a_server_sends_beyond_a_response_is_not_taken_for_the_next_one(
    driver: Driver, unasked: int, length: int
) -> None:
    with TalkativeServer(unasked, length=length) as server:
        assert described(driver, server.url, "a", "b", "c") == ["a", "b", "c"]


def test_a_second_record_of_tls_is_not_taken_for_the_next_response(driver: Driver) -> None:
    with TalkativeTlsServer() as server, TlsProxy() as proxy:
        for way in ("", proxy.url):
            found = described(driver, server.url, "a", "b", "c", verify=client_context(), proxy=way)
            assert found == ["a", "b", "c"]


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"{}") + b"\0" * 2_000_000, b"\x78\x9c" + b"\0\0\0\xff\xff" * 400_000],
    ids=["data after the end", "blocks of nothing"],
)
def test_a_compressed_body_that_is_long_and_holds_nothing_is_refused(
    driver: Driver, body: bytes
) -> None:
    coded = Canned(200, body, {"Content-Encoding": "gzip"})
    with (
        replay(coded) as server,
        pytest.raises(ResponseParsingError, match="larger than max_response_bytes"),
    ):
        driver.call(
            lambda pc: pc.describe_index("docs"),
            api_key="k",
            host=server.url,
            max_response_bytes=1_000_000,
        )


def test_a_bomb_is_refused_without_its_memory(driver: Driver) -> None:
    bomb = Answer(200, gzip.compress(b" " * 100_000_000), {"Content-Encoding": "gzip"})
    with misbehaving(lambda *_: bomb) as server:
        server.listen()
        tracemalloc.start()
        with pytest.raises(ResponseParsingError, match="larger than max_response_bytes"):
            driver.call(look, api_key="k", host=server.url, max_response_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 10_000_000


def test_a_host_with_several_addresses_is_reached_by_the_one_that_answers(
    driver: Driver,
) -> None:
    with misbehaving(good_server(OPERATIONS[0])) as server:
        server.listen()
        # Its IPv6 address, where it has one, refuses.
        assert driver.call(look, api_key="k", host=f"http://localhost:{server.port}")
