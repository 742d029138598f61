"""Whatever argument is of a wrong kind: it is refused by name, before anything is sent."""

import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import anyio
import httpx
import pytest

from pinecone_control import (
    AsyncPinecone,
    AsyncRetryTransport,
    Pinecone,
    PineconeValueError,
    RetryPolicy,
    RetryTransport,
)

WRONG: Final = object()
GOOD: Final[dict[str, Any]] = {
    "api_key": "k",
    "host": "http://127.0.0.1:9",
    "name": "movies",
    "index_name": "movies",
    "source": "movies",
    "backup_id": "b",
    "backup_ids": ["b"],
    "job_id": "j",
    "job_ids": ["j"],
    "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}},
    "dimension": 3,
    "cloud": "aws",
    "region": "us-east-1",
    "embed": {"model": "m", "field_map": {"text": "t"}},
    "max_age": timedelta(1),
}
NO_OPERATION: Final = frozenset({"close", "with_options", "http_client", "transport_wrappers"})


def arguments_of(function: Callable[..., object]) -> list[inspect.Parameter]:
    several = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.kind not in several and each.name != "self"]


def cases() -> Iterator[Any]:
    for method in sorted(set(dir(Pinecone)) - NO_OPERATION):
        if not method.startswith("_"):
            for each in arguments_of(getattr(Pinecone, method)):
                yield pytest.param(method, each.name, id=f"{method}, {each.name}")


def with_wrong(function: Callable[..., object], argument: str) -> dict[str, Any]:
    needed = [each.name for each in arguments_of(function) if each.default is each.empty]
    if "vector_type" in inspect.signature(function).parameters:  # which is dense by default
        needed.append("dimension")
    return {**{name: GOOD[name] for name in needed}, argument: WRONG}


def refuse_to_send(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"sent: {request.method} {request.url}")


@pytest.mark.parametrize(("method", "argument"), [*cases()])
def test_a_method_refuses_it(method: str, argument: str) -> None:
    with Pinecone("k", transport=httpx.MockTransport(refuse_to_send)) as pc:
        call = getattr(pc, method)
        with pytest.raises(PineconeValueError, match=argument):
            call(**with_wrong(call, argument))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize(("method", "argument"), [*cases()])
def test_a_coroutine_refuses_it(method: str, argument: str, backend: str) -> None:
    async def main() -> None:
        async with AsyncPinecone("k", transport=httpx.MockTransport(refuse_to_send)) as pc:
            call = getattr(pc, method)
            await call(**with_wrong(call, argument))

    with pytest.raises(PineconeValueError, match=argument):
        anyio.run(main, backend=backend)


@pytest.mark.parametrize("client", [Pinecone, AsyncPinecone])
@pytest.mark.parametrize("argument", [each.name for each in arguments_of(Pinecone)])
def test_a_client_refuses_it(client: Any, argument: str) -> None:
    with pytest.raises(PineconeValueError, match=argument):
        client(**{"api_key": "k", "host": "http://127.0.0.1:9", argument: WRONG})


@pytest.mark.parametrize("client", [Pinecone, AsyncPinecone])
@pytest.mark.parametrize("argument", [each.name for each in arguments_of(Pinecone.with_options)])
def test_a_client_with_other_options_refuses_it(client: Any, argument: str) -> None:
    with pytest.raises(PineconeValueError, match=argument):
        client("k", "http://127.0.0.1:9").with_options(**{argument: WRONG})


@pytest.mark.parametrize("argument", [each.name for each in arguments_of(RetryPolicy)])
def test_a_retry_policy_refuses_it(argument: str) -> None:
    with pytest.raises(PineconeValueError, match=argument):
        RetryPolicy(**{argument: WRONG})  # type: ignore[arg-type]


@pytest.mark.parametrize("transport", [RetryTransport, AsyncRetryTransport])
@pytest.mark.parametrize(
    "argument", ["inner", "retry", "timeout", "deadline", "max_response_bytes", "clock"]
)
def test_a_retry_transport_refuses_it(transport: Any, argument: str) -> None:
    with pytest.raises(PineconeValueError, match=argument):
        transport(**{"inner": httpx.MockTransport(refuse_to_send), argument: WRONG})


@pytest.mark.parametrize("wrong", ["no", 1, None])
@pytest.mark.parametrize("argument", ["wait", "reconcile"])
def test_a_switch_is_true_or_false(argument: str, wrong: object) -> None:
    """A text such as "no" would count as True."""
    with Pinecone("k", transport=httpx.MockTransport(refuse_to_send)) as pc:
        create: Any = pc.create_index
        with pytest.raises(PineconeValueError, match=f"{argument} must be True or False"):
            create("movies", spec=GOOD["spec"], dimension=3, **{argument: wrong})


def test_a_text_is_no_permission_for_plain_http() -> None:
    make: Any = Pinecone
    with pytest.raises(PineconeValueError, match="allow_plain_http must be True or False"):
        make("k", "http://pinecone.example", allow_plain_http="no")


@pytest.mark.parametrize("function", ["on_update", "on_retry"])
def test_a_coroutine_function_is_refused_where_nobody_would_await_it(function: str) -> None:
    async def tell(_: object) -> None:
        raise AssertionError

    make: Any = RetryPolicy
    with Pinecone("k", transport=httpx.MockTransport(refuse_to_send)) as pc:
        wait: Any = pc.wait_for_index
        use = {
            "on_update": lambda: wait("a", on_update=tell),
            "on_retry": lambda: make(on_retry=tell),
        }
        with pytest.raises(PineconeValueError, match=f"{function} must be a plain function"):
            use[function]()


@pytest.mark.parametrize(
    "proxy",
    ["http://xn--a:3128", "http://user:pass@xn--zzzzzz99999:3128"],  # pragma: allowlist secret
)
def test_a_proxy_whose_name_breaks_the_rules_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(PineconeValueError, match="proxy must be a URL") as caught:
        Pinecone("k", "https://pinecone.example", proxy=proxy)

    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("verify", ["", "x" * 20_000, "/no/such/file.pem"])
def test_a_path_of_certificates_that_cannot_be_one_is_refused(verify: str) -> None:
    with pytest.raises(PineconeValueError, match=r"verify|certificates"):
        Pinecone("k", "https://pinecone.example", verify=verify)
