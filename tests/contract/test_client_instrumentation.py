"""All clients of a process can be instrumented by a public hook, until it is removed."""

import httpx
import pytest

from pinecone_control.contract import Coverage
from pinecone_control.contract.instrumentation import ClientInstrumentor
from pinecone_control.emulator import ManualClock
from tests.support.both_clients import Driver

JOBS = {"data": [], "pagination": {"next": 3}}


def busy_once() -> httpx.MockTransport:
    """Return a transport that sends a 503, then a listing that violates the contract."""
    answers = iter((httpx.Response(503), httpx.Response(200, json=JOBS)))
    return httpx.MockTransport(lambda _: next(answers))


def call(driver: Driver) -> None:
    settings = {"host": "http://pinecone/gateway", "transport": busy_once()}
    with pytest.raises(Exception, match="next"):
        driver.call(lambda pc: pc.list_restore_jobs(), api_key="k", clock=ManualClock(), **settings)


def test_every_attempt_of_clients_that_are_made_while_it_is_on_is_checked(
    driver: Driver,
) -> None:
    instrumentor = ClientInstrumentor(Coverage())
    instrumentor.instrument()
    try:
        call(driver)
    finally:
        instrumentor.uninstrument()
    assert instrumentor.coverage.deviations.total() == 1
    assert [each.mismatch.where for each in instrumentor.violations] == [
        "list_restore_jobs: response 200 body /pagination/next"
    ]
    call(driver)
    assert len(instrumentor.violations) == 1
