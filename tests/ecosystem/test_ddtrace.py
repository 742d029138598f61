"""ddtrace: its patch of httpx sees each call."""

from typing import Any

from ddtrace import patch
from ddtrace.trace import TraceFilter, tracer

from tests.ecosystem.calls import KEY, Call, Client

SPANS: list[Any] = []


class Collecting(TraceFilter):
    """Keeps the spans, and sends none."""

    def process_trace(self, trace: list[Any]) -> None:
        SPANS.extend(trace)


tracer.configure(trace_processors=[Collecting()])
patch(httpx=True)


def test_ddtrace_sees_each_call(client: Client, call: Call) -> None:
    SPANS.clear()
    client.make(call)
    found = [span for span in SPANS if span.get_tag("component") == "httpx"]
    seen = [
        (span.get_tag("http.method"), int(span.get_tag("http.status_code") or 0))
        for span in found
        if span.get_tag("http.method")
    ]

    assert seen == call.as_one
    assert KEY not in str([span.get_tags() for span in found])
