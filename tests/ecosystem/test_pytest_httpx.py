"""pytest-httpx: a mocked answer for each attempt."""

from typing import Any

from pytest_httpx import HTTPXMock

from tests.ecosystem.calls import KEY, Call, Client

URL = "https://api.pinecone.io"
INDEX = {
    "name": "docs",
    "metric": "cosine",
    "dimension": 3,
    "host": "docs.example",
    "vector_type": "dense",
    "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
    "status": {"ready": True, "state": "Ready"},
}


def body(method: str) -> Any:
    return INDEX if method == "POST" else {"indexes": [INDEX]}


def test_pytest_httpx_answers_each_attempt(
    client: Client, call: Call, httpx_mock: HTTPXMock
) -> None:
    for method, status in call.attempts:
        httpx_mock.add_response(method=method, status_code=status, json=body(method))
    answer = client.ask(URL, call.use)

    assert "docs" in str(answer)
    requests = httpx_mock.get_requests()
    assert [request.method for request in requests] == [method for method, _ in call.attempts]
    assert {str(request.url) for request in requests} == {f"{URL}/indexes"}
    assert KEY not in str([request.headers for request in requests])
