"""Sentry: its httpx integration sees each call."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.httpx import HttpxIntegration
from sentry_sdk.transport import Transport

from tests.ecosystem.calls import KEY, Call, Client

ENVELOPES: list[Any] = []


class Collecting(Transport):
    """Keeps what would be sent."""

    def capture_envelope(self, envelope: Any) -> None:
        ENVELOPES.append(envelope)


sentry_sdk.init(
    dsn="http://key@127.0.0.1:9/1",
    transport=Collecting,
    traces_sample_rate=1.0,
    integrations=[HttpxIntegration()],
    auto_enabling_integrations=False,
)


def test_sentry_sees_each_call(client: Client, call: Call) -> None:
    ENVELOPES.clear()
    with sentry_sdk.start_transaction(name="a task"):
        client.make(call)
    [transaction] = [each.get_transaction_event() for each in ENVELOPES]
    spans = [span for span in transaction["spans"] if span["op"] == "http.client"]

    assert [
        (span["description"].split()[0], span["data"]["http.response.status_code"])
        for span in spans
    ] == call.as_one
    assert KEY not in str(transaction)
