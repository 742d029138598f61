"""Exceptions that strike while the network is waited for, and are not the network's.

Soft time limits work this way: a signal handler raises in the middle of a call (`signal.alarm`,
Celery), or an exception is set into a thread (RQ's timer). httpcore takes any `OSError`, and so any
`TimeoutError`, for the network's own. The traceback tells who raised it: it goes through the
handler; and where a library raises a class of its own, through that library.
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
"""What httpcore raises for the network."""
_TRANSLATED: Final = (*NETWORK_ERRORS, httpx.RequestError, httpx.StreamError)
_OF_NETWORK: Final = frozenset({"socket", "ssl", "httpcore", "httpx"})
"""Packages whose exceptions C code and this package raise, too."""


def raised_from_outside(error: Exception) -> BaseException | None:
    """Return what is not the network's: `error`, or what that was translated from; else None."""
    origin: BaseException | None = error
    while origin is not None:
        if _frames_of_handler(origin.__traceback__) or _was_set_into_thread(origin):
            return origin
        origin = origin.__cause__ if isinstance(origin, _TRANSLATED) else None
    return None


def _was_set_into_thread(error: BaseException) -> bool:
    """Whether no code that the traceback goes through raises such an error.

    A class that is set into a thread is raised without arguments. Errors of sockets and of TLS have
    some, and anyio's of a timeout go through anyio; as libraries' own classes go through these.
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
    """Take the frames in which a request was signed from an error, and from what it came from.

    What stays are the frames of a signal handler, if one raised it.

    Args:
        error: what was raised while a request was sent.
        until: what the caller was handling before; it is left alone, with all behind it.
    """
    chained: BaseException | None = error
    seen: set[int] = set()
    while chained is not None and chained is not until and id(chained) not in seen:
        seen.add(id(chained))
        chained.__traceback__ = _frames_of_handler(chained.__traceback__)
        chained = chained.__cause__ or chained.__context__


def _frames_of_handler(frames: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that begins with a signal handler."""
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
