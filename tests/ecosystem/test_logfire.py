"""logfire: its instrumentation of httpx sees each attempt."""

import logfire
from logfire.testing import TestExporter
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.ecosystem.calls import KEY, Call, Client

EXPORTER = TestExporter()
logfire.configure(
    send_to_logfire=False,
    console=False,
    additional_span_processors=[SimpleSpanProcessor(EXPORTER)],
)
logfire.instrument_httpx()


def test_logfire_sees_each_attempt(client: Client, call: Call) -> None:
    EXPORTER.clear()
    client.make(call)
    found = [span["attributes"] for span in EXPORTER.exported_spans_as_dict()]

    assert [(each["http.method"], each["http.status_code"]) for each in found] == call.each
    assert KEY not in str(found)
