"""OpenTelemetry: the instrumentation of httpx sees each attempt, that of one client each call."""

from collections.abc import Iterator

import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.ecosystem.calls import KEY, Call, Client, Exchange


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(spans: InMemorySpanExporter) -> Iterator[TracerProvider]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    yield provider
    provider.shutdown()


def seen(spans: InMemorySpanExporter) -> list[Exchange]:
    found = [span.attributes or {} for span in spans.get_finished_spans()]
    assert KEY not in str(found)
    return [(str(each["http.method"]), int(str(each["http.status_code"]))) for each in found]


def test_the_instrumentation_of_httpx_sees_each_attempt(
    client: Client, call: Call, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        client.make(call)
    finally:
        instrumentor.uninstrument()

    assert seen(spans) == call.each


def test_the_instrumentation_of_one_client_sees_each_call(
    client: Client, call: Call, provider: TracerProvider, spans: InMemorySpanExporter
) -> None:
    client.make(
        call,
        lambda pc: HTTPXClientInstrumentor.instrument_client(
            pc.http_client, tracer_provider=provider
        ),
    )

    assert seen(spans) == call.as_one
