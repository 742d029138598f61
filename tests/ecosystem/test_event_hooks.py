"""httpx's event hooks see each call; so does its log line."""

import logging
from typing import Any

import httpx
import pytest

from tests.ecosystem.calls import KEY, Call, Client, Exchange


def hooked(client: Client, seen: list[Exchange], shown: list[str]) -> Any:
    """Return what hangs hooks on a client, which note what they are given."""

    def on_request(request: httpx.Request) -> None:
        shown.append(str(request.headers))

    def on_response(response: httpx.Response) -> None:
        seen.append((response.request.method, response.status_code))
        shown.append(response.text + str(response.elapsed) + str(response.request.headers))

    async def async_on_request(request: httpx.Request) -> None:
        on_request(request)

    async def async_on_response(response: httpx.Response) -> None:
        on_response(response)

    def prepare(pc: Any) -> None:
        hooks = (on_request, on_response)
        if client.flavour == "async":
            hooks = (async_on_request, async_on_response)
        pc.http_client.event_hooks = {"request": [hooks[0]], "response": [hooks[1]]}

    return prepare


def test_event_hooks_see_each_call_and_no_key(client: Client, call: Call) -> None:
    seen: list[Exchange] = []
    shown: list[str] = []
    client.make(call, hooked(client, seen, shown))

    assert seen == call.as_one
    assert KEY not in "".join(shown)


def test_a_hook_may_add_a_header_to_one_request(client: Client) -> None:
    seen: list[list[str]] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.headers.get_list("x-more"))
        request.headers["x-more"] = "1"

    async def async_note(request: httpx.Request) -> None:
        note(request)

    def use(pc: Any) -> Any:
        hook = note if client.flavour == "sync" else async_note
        pc.http_client.event_hooks = {"request": [hook]}
        return pc.list_indexes()

    for _ in range(2):
        client.make(Call(use, ()))

    assert seen == [[], []]


def test_clients_of_with_options_have_the_hooks_too(client: Client, call: Call) -> None:
    seen: list[Exchange] = []

    def use(pc: Any) -> Any:
        hooked(client, seen, [])(pc)
        return call.use(pc.with_options(timeout=5))

    client.make(Call(use, call.attempts, call.faults))

    assert seen == call.as_one


def test_httpx_s_log_line_tells_of_each_call(
    client: Client, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "httpx"):
        client.make(call)
    lines = [record.getMessage() for record in caplog.records if record.name == "httpx"]

    assert [(line.split()[2], int(line.split()[5])) for line in lines] == call.as_one
