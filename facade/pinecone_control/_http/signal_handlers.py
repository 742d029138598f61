"""Exceptions of signal handlers that strike while the network is waited for.

Soft time limits work this way (`signal.alarm`, Celery): the handler raises in the middle of a call.
httpcore takes any `OSError`, and so any `TimeoutError`, for the network's own. The traceback tells
who raised it: it goes through the handler.
"""

import signal
from collections.abc import Iterator
from functools import partial
from types import CodeType, TracebackType
from typing import Final

import httpcore

NETWORK_ERRORS: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)
"""What httpcore raises for the network."""


def raised_by_handler(error: Exception) -> BaseException:
    """Return what a signal handler raised, where httpcore has translated that; else `error`."""
    origin: BaseException = error
    while isinstance(origin, NETWORK_ERRORS):
        if origin.__cause__ is None:
            return error
        origin = origin.__cause__
    return error if _frames_of_handler(origin.__traceback__) is None else origin


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
