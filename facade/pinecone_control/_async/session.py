"""The base class of the clients: settings, connections, and how a call is made."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ClassVar, Final, Never, NoReturn, Self, TypeVar

import httpx

from pinecone_control._async.http_client import AsyncHttpClient, EventHooks
from pinecone_control._async.reconciling import find_created
from pinecone_control._async.retry_transport import (
    ATTEMPTS,
    DEFAULT_DEADLINE,
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_TIMEOUT,
    AsyncRetryTransport,
)
from pinecone_control._checks import instance, switch
from pinecone_control._core.credentials import Credentials, Secret
from pinecone_control._core.earlier_sdk_keywords import refuse_unknown
from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.settings import DEFAULT_HOST, Settings, checked_clock
from pinecone_control._core.text import is_html
from pinecone_control._http.api_key_header import origin_of
from pinecone_control._http.client_clock import ClientClock
from pinecone_control._http.proxies_and_tls import Verify, check_host_name
from pinecone_control.clock import Clock
from pinecone_control.errors import (
    Advice,
    Call,
    CallError,
    PineconeError,
    PineconeValueError,
    ResponseParsingError,
)
from pinecone_control.retry import DEFAULT_RETRY, RetryPolicy
from pinecone_control_api import API_VERSION
from pinecone_control_api.base import Model, UnparsableResponse, set_fields
from pinecone_control_api.client import AuthenticatedClient
from pinecone_control_api.types import Response

M = TypeVar("M", bound=Model)
T = TypeVar("T")

_ACCEPTED: Final = 202
_FIREWALL_ACTION: Final = "x-amzn-waf-action"
_CHANGING: Final = ("create_", "configure_", "delete_")
"""Prefixes of the names of operations that change something."""


class AsyncSession:
    """Settings, connections, and how a call is made. See `AsyncPinecone` for the arguments."""

    transport_wrappers: ClassVar[
        list[Callable[[httpx.AsyncBaseTransport, str], httpx.AsyncBaseTransport]]
    ] = []
    """Functions that wrap the transport of each client created from then on, in this order.

    They are for tools that observe every attempt of all clients in a process. Each function takes a
    transport and the URL of the host, and returns a transport. By default there are none.
    """

    def __init__(
        self,
        api_key: str | None = None,
        host: str | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        retry: RetryPolicy = DEFAULT_RETRY,
        headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        verify: Verify = True,
        transport: httpx.AsyncBaseTransport | None = None,
        user_agent_suffix: str | None = None,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        allow_plain_http: bool = False,
        clock: Clock | None = None,
        **unknown: Never,
    ) -> None:
        # Wrapped before anything can raise: local variables show in tracebacks.
        secret = None if api_key is None else Secret(api_key)
        del api_key
        names = [*unknown]
        unknown.clear()
        refuse_unknown(type(self).__name__, names)
        try:
            settings = Settings.resolve(
                api_key=secret,
                host=host,
                timeout=timeout,
                deadline=deadline,
                retry=retry,
                headers=headers,
                user_agent_suffix=user_agent_suffix,
                max_response_bytes=max_response_bytes,
                # The caller's own transport decides how it sends requests.
                plain_http_allowed=switch("allow_plain_http", allow_plain_http)
                or transport is not None,
                api_version=API_VERSION,
            )
            check_host_name("host", settings.host, example=DEFAULT_HOST)
            self._clock = ClientClock(checked_clock(clock))
            self._wire = _wire(transport, settings.host, verify=verify, proxy=proxy)
            for wrap in self.transport_wrappers:
                self._wire = wrap(self._wire, settings.host)
        except PineconeValueError as error:
            # Any of them may contain a password, or the key passed as the wrong argument.
            del host, timeout, deadline, retry, headers, proxy, verify, transport
            del user_agent_suffix, max_response_bytes, allow_plain_http, clock
            raise error.with_traceback(None) from error.__cause__
        self._budget = RetryBudget(settings.retry.budget)
        self._has_closed_all = False
        self._owner: AsyncSession = self
        self._configure(settings, event_hooks=None)

    def _configure(self, settings: Settings, *, event_hooks: EventHooks | None) -> None:
        self._settings = settings
        self._credentials = Credentials(
            settings.api_key, settings.api_key_source, origin_of(httpx.URL(settings.host))
        )
        transport = AsyncRetryTransport(
            self._wire,
            retry=settings.retry,
            timeout=settings.timeout,
            deadline=settings.deadline,
            max_response_bytes=settings.max_response_bytes,
            budget=self._budget,
            credentials=self._credentials,
            clock=self._clock,
        )
        # The key is not among the headers: the transport adds it when it sends a request.
        self._api = AuthenticatedClient(base_url=settings.host, token="").set_async_httpx_client(
            AsyncHttpClient(
                transport,
                base_url=settings.host,
                headers=settings.headers,
                event_hooks=event_hooks,
            )
        )

    @property
    def http_client(self) -> httpx.AsyncClient:
        """The httpx client that all calls go through.

        Use it for `event_hooks`, and for tools that instrument a single client. It sees calls, not
        the attempts and connections below them. A client that `with_options` creates starts with
        the event hooks that this one has at that moment.
        """
        return self._api.get_async_httpx_client()

    def with_options(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a client with other settings and the same connections; None keeps a setting.

        Only the original client closes the connections; `close` of the new one does nothing.

        Raises:
            PineconeValueError: a setting is invalid.
        """
        try:
            settings = self._settings.changed(
                timeout=timeout, deadline=deadline, retry=retry, headers=headers
            )
        except PineconeValueError as error:
            del timeout, deadline, retry, headers  # see the constructor
            raise error.with_traceback(None) from error.__cause__
        other = type(self).__new__(type(self))
        is_same = settings.retry.budget == self._settings.retry.budget
        budget = self._budget if is_same else RetryBudget(settings.retry.budget)
        other.__dict__.update(self.__dict__, _budget=budget)
        hooks = self.http_client.event_hooks
        other._configure(settings, event_hooks=hooks)  # noqa: SLF001 - of this very class
        return other

    async def close(self) -> None:
        """Close the connections. Calls after this raise `PineconeError`; closing twice is fine."""
        if self._owner is self and not self._has_closed_all:
            self._clock.close()
            await self._wire.aclose()
            self._has_closed_all = True  # an interrupted close can be called again, and goes on

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        settings = self.__dict__.get("_settings")  # a client whose constructor failed has none
        return f"{type(self).__name__}({f'host={settings.host!r}' if settings else ''})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} cannot be pickled or copied, because it holds an API key and "
            "connections. Create it where it is used; with_options() creates another one with the "
            "same connections"
        )

    @contextmanager
    def _call(self, operation: str) -> Iterator[None]:
        """Name the operation in any error that the block raises."""
        if self._clock.is_closed:
            raise PineconeError(f"{operation}: this client is closed", hint="Create a new one.")
        try:
            yield
        except CallError as error:
            error.operation = operation
            raise
        except httpx.HTTPStatusError as error:
            raise self._refused(operation, error.response) from None
        except (UnparsableResponse, UndocumentedSuccessError) as error:
            raise self._unusable(operation, str(error), error.response) from None

    def _refused(self, operation: str, response: httpx.Response) -> CallError:
        """Return the error for an error response of a mocking tool that replaces the transport."""
        # Loaded at the first failure, as in the transport.
        from pinecone_control._http.failed_attempts import FailedAttempts

        now = self._clock.monotonic()
        attempts = FailedAttempts(
            response.request,
            policy=self._settings.retry,
            budget=self._budget,
            credentials=self._credentials,
            clock=self._clock,
            began=now,
            ends=now,
        )
        error = attempts.refusal(response)
        error.operation = operation
        return error

    def _unusable(
        self, operation: str, reason: str, response: httpx.Response
    ) -> ResponseParsingError:
        """Return the error for a 2xx response that cannot be used."""
        # Loaded at the first error.
        from pinecone_control._core.error_messages import unreadable

        return unreadable(
            self._credentials.key.redact(reason),
            operation=operation,
            request=f"{response.request.method} {response.request.url.path}",
            host=self._settings.host,
            attempts=response.extensions.get(ATTEMPTS, 1),
            status=response.status_code,
            headers=response.headers,
            body=response.content.decode("utf-8", "replace"),
            outcome_unknown=operation.startswith(_CHANGING),
        )

    @contextmanager
    def _already_made(self, what: str, how_to_go_on: Call) -> Iterator[None]:
        """Say in any error that the block raises that the creation itself succeeded."""
        try:
            yield
        except CallError as error:
            error.hint = Advice(
                f"{what} was created, so do not create it again. Continue to wait with {{}}.",
                how_to_go_on,
            )
            raise

    async def _reconciled(
        self, error: CallError, find: Callable[[], Awaitable[T | None]], *, wanted: bool
    ) -> T:
        """Return the resource that a failed create made, found within one more deadline.

        Raises:
            CallError: the error of the create, if reconciling is not `wanted` or finds no proof.
        """
        if not wanted:
            raise error
        return await find_created(find, error, clock=self._clock, seconds=self._settings.deadline)


def _wire(
    transport: httpx.AsyncBaseTransport | None, host: str, *, verify: Verify, proxy: str | None
) -> httpx.AsyncBaseTransport:
    """Return the given transport, or one that uses the network."""
    if transport is None:
        # Loaded only by clients that use the network.
        from pinecone_control._async.network_transport import AsyncNetworkTransport

        return AsyncNetworkTransport(host, verify=verify, proxy=proxy)
    return instance("transport", transport, httpx.AsyncBaseTransport)


class UndocumentedSuccessError(Exception):
    """Internal: a 2xx response that the contract does not document for the operation."""

    def __init__(self, reason: str, response: httpx.Response) -> None:
        super().__init__(reason)
        self.response = response


def expect(model: type[M], answer: Response[Any]) -> M:
    """Return the parsed response, which must be the documented success of the operation."""
    if not isinstance(answer.parsed, model):
        problem = f"the contract does not document this success; expected a {model.__name__}"
    elif _is_foreign(answer.parsed):
        problem = f"it has none of the fields of a {model.__name__}; a gateway may have made it up"
    else:
        return answer.parsed
    raise UndocumentedSuccessError(problem, answer.raw)


def _is_foreign(parsed: Model) -> bool:
    """Return whether a response has fields, but none that the contract documents for it.

    Listings require no field, so any JSON object of a gateway would look like an empty listing.
    """
    if set_fields(parsed):  # true for nearly every response, and faster than looking at the text
        return False
    wire = parsed.to_dict()
    return bool(wire) and parsed.additional_properties == wire


def expect_deletion(answer: Response[Any]) -> None:
    """Refuse a 2xx response to a deletion that may come from a gateway.

    The contract's success is a 202 without a body. A sign-in page is HTML, and an AWS WAF challenge
    is an empty 202 (documentation of AWS).
    """
    text = answer.content.decode("utf-8", "replace")
    if is_html(text, answer.headers.get("content-type", "")):
        problem = "it is a page of HTML"
    elif _FIREWALL_ACTION in answer.headers:
        problem = "a firewall made it"
    elif answer.status_code != _ACCEPTED and text.strip():
        problem = f"it is a {answer.status_code} with a body"
    else:
        return
    raise UndocumentedSuccessError(f"{problem}, where the contract has an empty 202", answer.raw)
