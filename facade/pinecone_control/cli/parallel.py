"""Run a function for many names in threads, with an orderly end on ctrl-C."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from pinecone_control.cli.errors import INTERRUPTED
from pinecone_control.cli.output.terminal import say

T = TypeVar("T")


def for_each_of_many(
    names: Iterable[str],
    work: Callable[[str], T],
    note: Callable[[str, "Future[T]"], None],
    *,
    concurrency: int,
    on_stop: Callable[[], None] = lambda: None,
    on_abandon: Callable[[], None] = lambda: None,
) -> None:
    """Call `work` for each name, in threads.

    On ctrl-C no further call begins, and those in progress end; a second ctrl-C ends the process.

    Args:
        names: the names.
        work: the function, called with a name in a thread of the pool.
        note: called in this thread with each name and its completed future.
        concurrency: limit for concurrent calls.
        on_stop: called on the first ctrl-C.
        on_abandon: called on the second ctrl-C.
    """
    # A queue and not `concurrent.futures.wait`: that is written in Python, and ctrl-C in the middle
    # of it can leave the locks of all futures locked, and their threads waiting for ever.
    done: SimpleQueue[Future[T]] = SimpleQueue()
    with ThreadPoolExecutor(concurrency) as pool:
        left = {pool.submit(work, name): name for name in names}
        try:
            for future in tuple(left):
                future.add_done_callback(done.put)
            while left:
                # With a timeout, because some systems cannot interrupt a wait without one.
                with suppress(Empty):
                    ended = done.get(timeout=1.0)
                    note(left.pop(ended), ended)
        except BaseException:
            say("stopping: waiting for requests in flight; press ctrl-C again to stop at once")
            on_stop()
            try:
                pool.shutdown(wait=True, cancel_futures=True)
            except KeyboardInterrupt:
                on_abandon()
                os._exit(INTERRUPTED)
            for future, name in left.items():
                if not future.cancelled():
                    note(name, future)
            raise
