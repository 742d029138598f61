"""Work for many names, some at a time, that ends whole on ctrl-C."""

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
    """Do the work for each name, in threads.

    On ctrl-C no more is begun, and what is on its way comes to its end; a second one ends the
    process.

    Args:
        names: what is to be worked on.
        work: does it for one.
        note: is given each name and its ended work, in this thread.
        concurrency: at most so many at a time.
        on_stop: is called on ctrl-C.
        on_abandon: is called on the second one.
    """
    # A queue, for ctrl-C in the middle of `concurrent.futures.wait`, written in Python, can
    # leave the locks of all futures locked, and their threads waiting for ever.
    done: SimpleQueue[Future[T]] = SimpleQueue()
    with ThreadPoolExecutor(concurrency) as pool:
        left = {pool.submit(work, name): name for name in names}
        try:
            for future in tuple(left):
                future.add_done_callback(done.put)
            while left:
                # With a timeout, since an endless wait for threads cannot be interrupted
                # on every system.
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
