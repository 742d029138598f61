"""respx: in its default mode it answers each attempt, in httpx mode each call."""

import pytest
import respx

from pinecone_control import ApiError
from tests.ecosystem.calls import Call, Client
from tests.ecosystem.test_pytest_httpx import URL, body


def test_the_default_mode_answers_each_attempt(client: Client, call: Call) -> None:
    with respx.mock(base_url=URL) as mock:
        method = call.attempts[0][0]
        route = mock.request(method, "/indexes").mock(
            side_effect=[
                respx.MockResponse(status, json=body(method)) for _, status in call.attempts
            ]
        )
        answer = client.ask(URL, call.use)

    assert "docs" in str(answer)
    assert route.call_count == len(call.attempts)


def test_the_httpx_mode_answers_each_call(client: Client, call: Call) -> None:
    with respx.mock(base_url=URL, using="httpx") as mock:
        method, status = call.attempts[-1]
        route = mock.request(method, "/indexes").respond(status, json=body(method))
        answer = client.ask(URL, call.use)

    assert "docs" in str(answer)
    assert route.call_count == 1


def test_a_mocked_refusal_is_an_error_of_this_package(client: Client) -> None:
    """Only in the default mode: in httpx mode the answer stands above the retries, unjudged."""
    with respx.mock(base_url=URL) as mock:
        mock.get("/indexes").respond(404, json={"error": {"code": "NOT_FOUND", "message": "no"}})
        with pytest.raises(ApiError):
            client.ask(URL, lambda pc: pc.list_indexes())
