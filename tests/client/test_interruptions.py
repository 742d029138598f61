"""What strikes in the middle of a call and is not the network's goes through as it is."""

import ctypes
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest

from pinecone_control import Pinecone, PineconeConnectionError, RetryPolicy
from tests.client.conftest import EchoServer

Echoing = Callable[..., EchoServer]


class SoftLimitError(Exception):
    """As task queues raise it in a signal handler."""


class OwnOSError(OSError):
    """An exception that the network could have raised as well."""


@contextmanager
def alarm(handler: Callable[..., None], seconds: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Handler:
    """A signal handler in each of the forms that Python takes."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, *_: object) -> None:
        self.raises()

    def method(self, *_: object) -> None:
        self.raises()

    def raises(self, *_: object) -> None:
        raise self.error


CALLS = {
    "describe": lambda pc: pc.describe_restore_job("slow"),
    "create": lambda pc: pc.create_backup("slow"),
    "wait": lambda pc: pc.wait_for_restore_job("slow", timeout=30),
}
ERRORS = [
    SoftLimitError("late"),
    TimeoutError("late"),
    OwnOSError("late"),
    ValueError("late"),
    httpx.ReadTimeout("late"),  # of a request that the handler itself has made
]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_a_signal_handler_raises_goes_through(
    echoing: Echoing, call: Callable[[Any], Any], error: Exception
) -> None:
    server = echoing(delay=0.3)
    with Pinecone("k", server.url) as pc:
        with alarm(Handler(error), 0.15), pytest.raises(type(error)) as caught:
            call(pc)
        assert caught.value is error
        assert pc.describe_restore_job("r").restore_job_id == "r"

    assert len(server.requests) <= 2


@pytest.mark.parametrize(
    "form",
    [
        Handler,
        lambda error: Handler(error).method,
        lambda error: partial(Handler(error).method, "more"),
        lambda error: lambda *_: Handler(error).raises(),
    ],
    ids=["object", "method", "partial", "function"],
)
def test_every_form_of_signal_handler_is_known(
    echoing: Echoing, form: Callable[[Exception], Callable[..., None]]
) -> None:
    server = echoing(delay=0.3)
    error = TimeoutError("late")
    with (
        Pinecone("k", server.url) as pc,
        alarm(form(error), 0.15),
        pytest.raises(TimeoutError) as caught,
    ):
        pc.create_backup("docs")

    assert caught.value is error


def test_the_traceback_of_a_signal_handler_is_kept(echoing: Echoing) -> None:
    server = echoing(delay=0.3)
    with (
        Pinecone("k", server.url) as pc,
        alarm(Handler(SoftLimitError("late")), 0.15),
        pytest.raises(SoftLimitError) as caught,
    ):
        pc.describe_restore_job("r")

    assert [entry.name for entry in caught.traceback][-2:] == ["__call__", "raises"]


@pytest.mark.parametrize("kind", [SoftLimitError, OwnOSError, TimeoutError])
def test_what_is_set_into_a_thread_goes_through(
    echoing: Echoing, kind: type[BaseException]
) -> None:
    server = echoing(delay=0.1)
    seen: list[BaseException] = []
    running = threading.Event()

    def work() -> None:
        with Pinecone("k", server.url) as pc:
            try:
                for _ in range(100):
                    pc.describe_restore_job("r")
                    running.set()
            except BaseException as error:  # noqa: BLE001 - shown by the test
                seen.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    running.wait(10)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(kind)
    )
    thread.join(10)

    assert [type(error) for error in seen] == [kind]


def test_a_timeout_of_the_network_is_still_the_client_s(echoing: Echoing) -> None:
    """Also while a handler is installed that has nothing to do with it."""
    server = echoing(delay=0.5)
    with (
        Pinecone("k", server.url, timeout=0.1, deadline=0.2) as pc,
        alarm(Handler(SoftLimitError("late")), 30),
        pytest.raises(TimeoutError) as caught,
    ):
        pc.describe_restore_job("r")

    assert type(caught.value).__name__ == "PineconeTimeoutError"


@pytest.mark.parametrize("method", ["describe", "create"])
def test_a_signal_that_is_handled_in_silence_disturbs_no_call(
    echoing: Echoing, method: str
) -> None:
    server = echoing(delay=0.3)
    rung: list[int] = []
    with Pinecone("k", server.url) as pc, alarm(lambda number, _: rung.append(number), 0.1):
        CALLS[method](pc)

    assert rung == [signal.SIGALRM]
    assert len(server.requests) == 1


def test_a_handler_may_use_the_client_itself(echoing: Echoing) -> None:
    server = echoing(delay=0.3)
    seen: list[str] = []
    with Pinecone("k", server.url) as pc:

        def handler(*_: object) -> None:
            seen.append(pc.describe_restore_job("inner").restore_job_id)

        with alarm(handler, 0.1):
            assert pc.describe_restore_job("outer").restore_job_id == "outer"

    assert seen == ["inner"]


def test_a_call_in_backoff_ends_when_its_client_is_closed(echoing: Echoing) -> None:
    server = echoing(status=503)
    waiting = threading.Event()
    seen: list[BaseException] = []
    pc = Pinecone(
        "k",
        server.url,
        retry=RetryPolicy(backoff=0.5, on_retry=lambda _: waiting.set()),
    )

    def call() -> None:
        try:
            pc.describe_restore_job("r")
        except BaseException as error:  # noqa: BLE001 - shown by the test
            seen.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    waiting.wait(10)
    pc.close()
    sent = len(server.requests)
    thread.join(10)

    assert "the client was closed" in str(seen[0])
    assert len(server.requests) == sent
    assert pc._wire._pool._owned == {}


def test_a_connection_refused_is_no_interruption() -> None:
    with (
        Pinecone("k", "http://127.0.0.1:9", retry=RetryPolicy(attempts=1)) as pc,
        alarm(Handler(SoftLimitError("late")), 30),
        pytest.raises(PineconeConnectionError),
    ):
        pc.describe_restore_job("r")
