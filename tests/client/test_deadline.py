"""The bound that a wait puts on its calls, and what an interruption leaves of it."""

import math
import sys
from types import FrameType
from typing import Any

from pinecone_control._http import deadline
from pinecone_control.clock import SystemClock


def test_calls_within_the_block_are_bound_on_its_clock_alone() -> None:
    clock = SystemClock()
    with deadline.calls_end_at(5.0, clock):
        with deadline.calls_end_at(3.0, clock):
            assert deadline.end_of_calls(clock) == 3.0
        assert deadline.end_of_calls(clock) == 5.0
        assert deadline.end_of_calls(SystemClock()) == math.inf
    assert deadline.end_of_calls(clock) == math.inf


def test_an_interruption_at_any_step_leaves_no_bound() -> None:
    clock = SystemClock()
    step = 0
    while _interrupted_at(step, clock):
        assert deadline.end_of_calls(clock) == math.inf, step
        step += 1
    assert step > 20


def _interrupted_at(step: int, clock: SystemClock) -> bool:
    """Raise KeyboardInterrupt at one instruction of the block; False when there are fewer."""
    done = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal done
        if frame.f_code.co_name != "calls_end_at":
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            done += 1
            if done > step:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    # Python 3.12 tells of instructions only if some frame asked for it before tracing began.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        with deadline.calls_end_at(5.0, clock):
            pass
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False
