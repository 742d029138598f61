"""The fault matrix: every operation, every fault, once or lasting, with each kind of client."""

import inspect
import logging
import pickle
import socket
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Final, Literal, TypeVar

import anyio
from attrs import define, field, frozen

from pinecone_control import AsyncPinecone, Pinecone, PineconeError, RetryEvent, RetryPolicy
from pinecone_control.errors import ApiError, CallError
from scripts.proofs.fault_matrix.catalogue import (
    ATTEMPTS,
    BODY_LIMIT,
    DEADLINE,
    ECHOES,
    EXPECTED,
    FAULTS,
    KEY,
    LONG_TIMEOUT,
    SHORT_TIMEOUT,
    Fault,
    Method,
)
from scripts.proofs.fault_matrix.certificates import client_context, server_context
from scripts.proofs.fault_matrix.operations import HEALTH, OPERATIONS, Operation, good_server
from scripts.proofs.fault_matrix.server import Act, Connection, MisbehavingServer, misbehaving

T = TypeVar("T")
Flavour = Literal["sync", "asyncio", "trio"]
Mode = Literal["once", "lasting"]

ALL_OPERATIONS: Final = tuple(operation.name for operation in OPERATIONS)
UNKNOWN_NAME: Final = "unknown.localhost"
_SLACK: Final = 1.0
_BY_METHOD: Final[dict[str, Method]] = {"GET": "reads", "DELETE": "deletes"}
_TLS: Final[dict[str, dict[str, Any]]] = {
    "trusted": {},
    "untrusted": {"authority": "another"},
    "expired": {"days": -1},
    "other name": {"host": "other.example"},
}


class SkippingClock:
    """Real time, with waits that end at once."""

    def __init__(self, on_wait: Callable[[], None] = lambda: None) -> None:
        self._skipped = 0.0
        self._on_wait = on_wait

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds
        self._on_wait()

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


@frozen
class Cell:
    """One cell of the matrix."""

    operation: Operation
    fault: Fault
    mode: Mode
    flavour: Flavour

    def __str__(self) -> str:
        return f"{self.operation.name}, {self.fault.name}, {self.mode}, {self.flavour}"

    @property
    def act(self) -> Act | None:
        return self.fault.act(self.operation)

    @property
    def makes_sense(self) -> bool:
        return bool(self.fault.environment or self.fault.tls or self.act)


@define
class Seen:
    """The observations of a cell."""

    outcome: object = None
    health: object = None
    retries: list[RetryEvent] = field(factory=list)
    seconds: float = 0.0
    real_seconds: float = 0.0
    received: int = 0
    performed: int = 0
    others_called: int = 0
    connections_closed: bool = True
    printed: str = ""


@frozen
class Report:
    """The problems of a cell; none if it passed."""

    cell: str
    problems: tuple[str, ...] = ()
    duplicates: int = 0
    foreign: bool = False
    fault: str = ""
    method: str = ""
    outcome: str = ""


def cells(
    flavours: tuple[Flavour, ...] = ("sync", "asyncio"),
    operations: tuple[str, ...] = ALL_OPERATIONS,
) -> list[Cell]:
    """Return all applicable cells, in a fixed order."""
    return [
        cell
        for fault in FAULTS
        for operation in OPERATIONS
        if operation.name in operations
        for mode in ("once", "lasting")
        for flavour in flavours
        if (cell := Cell(operation, fault, mode, flavour)).makes_sense
    ]


def run(cell: Cell) -> Report:
    """Run one cell and check it."""
    seen = _play(cell)
    outcome = seen.outcome
    return Report(
        str(cell),
        problems=tuple(_problems(cell, seen)),
        duplicates=max(0, seen.performed - 1) if _method(cell) == "writes" else 0,
        foreign=isinstance(outcome, BaseException) and not isinstance(outcome, PineconeError),
        fault=cell.fault.name,
        method=_method(cell),
        outcome=type(outcome).__name__ if isinstance(outcome, BaseException) else "ok",
    )


# --------------------------------------------------------------------------------------- judging


def _problems(cell: Cell, seen: Seen) -> Iterator[str]:
    expected = EXPECTED[cell.fault.nature][_method(cell)]
    wants_ok = expected.once == "ok" and (cell.mode == "once" or expected.attempts == 1)
    attempts = expected.attempts if cell.mode == "lasting" else min(expected.attempts, 2)
    if not wants_ok:
        yield from _problems_of_error(cell, seen.outcome, attempts, is_unknown=expected.is_unknown)
    elif isinstance(seen.outcome, BaseException):
        yield f"should have succeeded, raised {seen.outcome!r}"
    if len(seen.retries) + 1 != attempts:
        yield f"should have taken {attempts} attempts, took {len(seen.retries) + 1}"
    if seen.received > attempts:
        yield f"{seen.received} requests arrived in {attempts} attempts"
    if _method(cell) == "writes" and seen.performed > 1:
        yield f"the work was done {seen.performed} times"
    yield from _problems_of_time(cell, seen, attempts)
    yield from _problems_left_behind(seen)


def _problems_of_time(cell: Cell, seen: Seen, attempts: int) -> Iterator[str]:
    if seen.seconds > DEADLINE + _SLACK:
        yield f"took {seen.seconds:.2f} s, the deadline was {DEADLINE} s"
    if cell.fault.is_slow and seen.real_seconds > attempts * SHORT_TIMEOUT + _SLACK:
        yield f"{attempts} attempts of {SHORT_TIMEOUT} s took {seen.real_seconds:.2f} s"


def _problems_left_behind(seen: Seen) -> Iterator[str]:
    if isinstance(seen.health, BaseException):
        yield f"the next call failed: {seen.health!r}"
    if not seen.connections_closed:
        yield "a broken connection was left open"
    if seen.others_called:
        yield "another host was called"
    if KEY in seen.printed:
        where = next(line for line in seen.printed.splitlines() if KEY in line)
        yield f"the key was shown: {where[:300]}"


def _problems_of_error(
    cell: Cell, error: object, attempts: int, *, is_unknown: bool
) -> Iterator[str]:
    if type(error) is not cell.fault.error:
        yield f"should have raised {cell.fault.error.__name__}, gave {error!r}"
    if isinstance(error, CallError):
        if error.attempts != attempts:
            yield f"the error says {error.attempts} attempts instead of {attempts}"
        if error.outcome_unknown is not is_unknown:
            yield f"the error says outcome_unknown={error.outcome_unknown}"
        if f"{error.operation}_operation" != cell.operation.name != error.operation:
            yield f"the error names the operation {error.operation!r}"
        if not error.hint:
            yield "the error does not say what to do"
    wanted = cell.fault.retry_after
    if isinstance(error, ApiError) and wanted is not None and error.retry_after != wanted:
        yield f"the error says retry_after={error.retry_after}"


def _method(cell: Cell) -> Method:
    return _BY_METHOD.get(cell.operation.method, "writes")


# --------------------------------------------------------------------------------------- playing


def _play(cell: Cell) -> Seen:
    seen = Seen()
    fault = cell.fault
    settings = _TLS.get(fault.tls)
    good = good_server(cell.operation)
    with (
        misbehaving(good) as other,
        misbehaving(
            good,
            tls=None if settings is None else server_context(**settings),
            scheme="http" if settings is None else "https",
            hostname=UNKNOWN_NAME if fault.environment == "no name" else "127.0.0.1",
            again=cell.mode == "lasting",
        ) as server,
        _log_records(with_answers=fault not in ECHOES) as records,
        _names() as known,
    ):
        other.listen()
        _prepare(cell, server, other.url)

        def recover() -> None:
            known.add(UNKNOWN_NAME)
            server.behave()

        def on_wait() -> None:
            if cell.mode == "once":
                recover()

        probe = partial(_probe, cell, seen, server, recover)
        in_flavour(cell.flavour, probe, _client_settings(cell, seen, server, on_wait))
        seen.others_called = other.connections
        seen.printed = "\n".join([*records, *everything_shown(seen.outcome)])
    return seen


async def _probe(
    cell: Cell, seen: Seen, server: MisbehavingServer, recover: Callable[[], None], pc: Any
) -> None:
    clock = pc._clock
    started, really_started = clock.monotonic(), time.monotonic()
    seen.outcome = await _outcome_of(lambda: cell.operation.use(pc))
    seen.seconds = clock.monotonic() - started
    seen.real_seconds = time.monotonic() - really_started
    seen.received, seen.performed = len(server.received), len(server.performed)
    recover()
    if cell.fault.nature == "never":
        server.tls = server_context()
    retries = list(seen.retries)
    seen.health = await _outcome_of(lambda: pc.describe_restore_job(HEALTH))
    seen.retries = retries
    seen.connections_closed = server.wait_until_at_most(1)


async def _outcome_of(call: Callable[[], Any]) -> object:
    try:
        answer = call()
        return await answer if inspect.isawaitable(answer) else answer
    except Exception as error:  # noqa: BLE001 - every error is checked
        return error


def _prepare(cell: Cell, server: MisbehavingServer, other: str) -> None:
    if (act := cell.act) is not None:
        server.script.append(aimed_at(other, act))
    match cell.fault.environment:
        case "refused":
            return
        case "queue full":
            server.fill_the_queue()
        case _:
            server.listen()


def aimed_at(other: str, act: Act) -> Act:
    """Point redirects to another server."""

    class Redirecting(Connection):
        def send(self, data: bytes) -> None:
            super().send(data.replace(b"{other}", other.encode()))

    def aimed(connection: Connection) -> bool:
        return act(Redirecting(connection.sock, connection.server))

    aimed.before_tls = getattr(act, "before_tls", False)  # type: ignore[attr-defined]
    return aimed


def _client_settings(
    cell: Cell, seen: Seen, server: MisbehavingServer, on_wait: Callable[[], None]
) -> dict[str, Any]:
    return {
        "api_key": KEY,
        "host": server.url,
        "timeout": SHORT_TIMEOUT if cell.fault.is_slow else LONG_TIMEOUT,
        "deadline": DEADLINE,
        "retry": RetryPolicy(attempts=ATTEMPTS, on_retry=seen.retries.append),
        "max_response_bytes": BODY_LIMIT,
        "verify": client_context() if cell.fault.tls else True,
        "clock": SkippingClock(on_wait),
    }


def in_flavour(
    flavour: Flavour, probe: Callable[[Any], Coroutine[Any, Any, None]], settings: dict[str, Any]
) -> None:
    """Run a coroutine function of a client, synchronous or on a loop of the flavour's kind."""
    if flavour == "sync":
        with Pinecone(**settings) as pc:
            _run_without_loop(probe(pc))
        return

    async def main() -> None:
        async with AsyncPinecone(**settings) as pc:
            await probe(pc)

    anyio.run(main, backend=flavour)


def _run_without_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits, such as one that uses the synchronous client."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waited")


@contextmanager
def _names() -> Iterator[set[str]]:
    """Make a host name unknown to the resolver until it is added to the set."""
    known: set[str] = set()
    resolve = socket.getaddrinfo

    def resolve_known(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in {UNKNOWN_NAME, UNKNOWN_NAME.encode()}:
            if UNKNOWN_NAME not in known:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = "127.0.0.1"
        return resolve(host, *args, **kwargs)

    socket.getaddrinfo = resolve_known
    try:
        yield known
    finally:
        socket.getaddrinfo = resolve


@contextmanager
def _log_records(*, with_answers: bool) -> Iterator[list[str]]:
    """Collect all log records, of every logger.

    At DEBUG level httpcore logs the head of each response, with an echoed key. We cannot change
    that, so its records can be left out.
    """
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if with_answers or not record.name.startswith("httpcore"):
                lines.append(f"{record.getMessage()} {vars(record)!r}")

    root, collector = logging.getLogger(), Collector()
    before = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(collector)


def everything_shown(outcome: object, *, own_frames: str = "") -> Iterator[str]:
    """Yield every text of an outcome that a person, a log or an error tracker could see.

    Args:
        outcome: an error; other outcomes have no text.
        own_frames: name of a class of the tests whose frames are included.
    """
    if not isinstance(outcome, BaseException):
        return
    yield from (str(outcome), repr(outcome), repr(vars(outcome)))
    yield repr(pickle.dumps(outcome))
    for error in _chain(outcome):
        yield from traceback.format_exception(error, chain=False)
        yield from _locals(error.__traceback__, own_frames)


def _chain(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def _locals(frames: TracebackType | None, own_frames: str) -> Iterator[str]:
    for frame, line in traceback.walk_tb(frames):
        # The tests themselves know the key.
        is_own = own_frames and frame.f_code.co_qualname.startswith(own_frames)
        if "/tests/" not in frame.f_code.co_filename or is_own:
            for name, value in frame.f_locals.items():
                yield f"{frame.f_code.co_filename}:{line} {name} = {_shown_deeply(value)}"


def _shown_deeply(value: object) -> str:
    attributes = getattr(value, "__dict__", {})
    inner = {name: repr(each) for name, each in attributes.items()}
    return f"{value!r} {inner!r}"
