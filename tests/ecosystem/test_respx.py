"""respx: in its default mode it answers each attempt, in httpx mode each call."""

from collections.abc import Callable
from typing import Any

import pytest
import respx

from pinecone_control import ApiError, NotFoundError
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


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
@pytest.mark.parametrize(
    "use", [lambda pc: pc.list_indexes(), lambda pc: pc.delete_index("docs")], ids=["GET", "DELETE"]
)
@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (404, '{"error": {"code": "NOT_FOUND", "message": "no"}, "status": 404}', NotFoundError),
        (418, "<html>", ApiError),
        (302, "", ApiError),
    ],
)
def test_a_mocked_refusal_is_an_error_of_this_package(
    client: Client,
    using: str,
    use: Callable[[Any], Any],
    status: int,
    content: str,
    error: type[ApiError],
) -> None:
    with respx.mock(base_url=URL, using=using) as mock:
        mock.route().respond(status, text=content)
        with pytest.raises(error) as caught:
            client.ask(URL, use)

    assert caught.value.status_code == status
    assert caught.value.operation
