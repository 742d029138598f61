"""Exceptions that interrupt a network operation and are not network errors.

Soft time limits work this way: a signal handler raises in the middle of a call (`signal.alarm`,
Celery), or an exception is injected into a thread (RQ's timer). httpcore treats any `OSError`, and
therefore any `TimeoutError`, as a network error. The traceback shows who raised it: it contains the
signal handler or, for a class of a library, code of that library.
"""

import signal
from collections.abc import Iterator
from functools import partial
from traceback import walk_tb
from types import CodeType, TracebackType
from typing import Final

import httpcore
import httpx

NETWORK_ERRORS: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)
"""What httpcore raises for network errors."""
_TRANSLATED: Final = (*NETWORK_ERRORS, httpx.RequestError, httpx.StreamError)
_OF_NETWORK: Final = frozenset({"socket", "ssl", "httpcore", "httpx"})
"""Packages whose exceptions C code and this package raise, so that a traceback may lack them."""


def raised_from_outside(error: Exception) -> BaseException | None:
    """Return `error` or its cause if it is not a network error; None otherwise."""
    origin: BaseException | None = error
    while origin is not None:
        if _frames_of_handler(origin.__traceback__) or _was_injected(origin):
            return origin
        origin = origin.__cause__ if isinstance(origin, _TRANSLATED) else None
    return None


def _was_injected(error: BaseException) -> bool:
    """Return whether an exception was injected into a thread (`PyThreadState_SetAsyncExc`).

    Such an exception has no arguments, and no code in its traceback raised it. Errors of sockets
    and TLS have arguments; anyio's timeouts have a frame of anyio in their traceback, and a
    library's own exceptions one of that library.
    """
    package = _package(type(error).__module__)
    if isinstance(error, _TRANSLATED) or package in _OF_NETWORK:
        return False
    frames = walk_tb(error.__traceback__)
    through = [_package(str(frame.f_globals.get("__name__"))) for frame, _ in frames]
    if package == "builtins":
        return not error.args and "anyio" not in through[-1:]
    return package not in through


def _package(module: str) -> str:
    return module.partition(".")[0]


def strip_frames(error: BaseException, *, until: BaseException | None) -> None:
    """Remove the frames that hold a request with its key from an error and its causes.

    The frames of a signal handler stay, if one raised the error.

    Args:
        error: what was raised while a request was sent.
        until: the exception that the caller was handling before; it and its causes do not change.
    """
    chained: BaseException | None = error
    seen: set[int] = set()
    while chained is not None and chained is not until and id(chained) not in seen:
        seen.add(id(chained))
        chained.__traceback__ = _frames_of_handler(chained.__traceback__)
        chained = chained.__cause__ or chained.__context__


def _frames_of_handler(frames: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that starts at a signal handler."""
    handlers = set(_handlers()) if frames is not None else set()
    while frames is not None and frames.tb_frame.f_code not in handlers:
        frames = frames.tb_next
    return frames


def _handlers() -> Iterator[CodeType]:
    """Yield the code of each signal handler that is installed."""
    for number in signal.valid_signals():
        handler: object = signal.getsignal(number)
        while isinstance(handler, partial):
            handler = handler.func
        if not hasattr(handler, "__code__") and callable(handler):
            handler = getattr(handler, "__func__", type(handler).__call__)
        code = getattr(handler, "__code__", None)
        if isinstance(code, CodeType):
            yield code
