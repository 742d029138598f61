"""Settings of a client: key, host, limits, headers. Checked before anything is sent."""

import logging
import os
import re
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from attrs import evolve, field, frozen

from pinecone_control._checks import received, seconds, whole_number
from pinecone_control._core import header_names
from pinecone_control._core.credentials import Secret
from pinecone_control.clock import Clock, SystemClock
from pinecone_control.errors import Advice, Argument, PineconeValueError
from pinecone_control.retry import RetryPolicy
from pinecone_control_api import server

API_KEY_VARIABLE: Final = "PINECONE_API_KEY"
HOST_VARIABLE: Final = "PINECONE_CONTROLLER_HOST"
PLAIN_HTTP_VARIABLE: Final = "PINECONE_CONTROL_ALLOW_PLAIN_HTTP"
DEFAULT_HOST: Final = server.URL
"""The URL of the API in the contract."""

_logger: Final = logging.getLogger("pinecone_control")
_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"", "0", "false", "no", "off"})
_HEADER_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_OWN_HEADERS: Final = frozenset(
    {
        "host",
        "content-length",
        "content-type",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "expect",
    }
)
"""Headers that control how a request is sent; only the client sets them."""
LARGEST_BODY: Final = 2**40
_LONGEST_HEADER: Final = 8_192
"""Characters. Servers commonly accept 8 to 16 kB of headers in all."""


@frozen(kw_only=True)
class Settings:
    """The checked settings of one client. All times are in seconds; `Pinecone` describes each."""

    api_key: Secret
    api_key_source: str
    host: str
    timeout: float
    deadline: float
    retry: RetryPolicy
    headers: Mapping[str, str] = field(factory=dict, repr=lambda given: str(sorted(given)))
    max_response_bytes: int

    @classmethod
    def resolve(
        cls,
        *,
        api_key: Secret | None,
        host: str | None,
        timeout: float,
        deadline: float,
        retry: RetryPolicy,
        headers: Mapping[str, str] | None,
        user_agent_suffix: str | None,
        max_response_bytes: int,
        plain_http_allowed: bool,
        api_version: str,
    ) -> "Settings":
        """Take missing settings from the environment and the defaults, and check all settings.

        Raises:
            PineconeValueError: naming the setting, what was given and what is allowed.
        """
        key, source = _api_key(api_key)
        return cls(
            api_key=key,
            api_key_source=source,
            host=_host(host, plain_http_allowed=plain_http_allowed),
            timeout=seconds("timeout", timeout),
            deadline=seconds("deadline", deadline),
            retry=checked_policy(retry),
            headers=_headers(headers, user_agent_suffix, api_version),
            max_response_bytes=whole_number(
                "max_response_bytes", max_response_bytes, most=LARGEST_BODY
            ),
        )

    def changed(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Settings":
        """Return these settings with the given changes; None keeps a setting."""
        return evolve(
            self,
            timeout=self.timeout if timeout is None else seconds("timeout", timeout),
            deadline=self.deadline if deadline is None else seconds("deadline", deadline),
            retry=self.retry if retry is None else checked_policy(retry),
            headers=_merged(self.headers, _checked_headers(headers)),
        )


def _api_key(given: Secret | None) -> tuple[Secret, str]:
    """Return the key and where it came from. No local variable ever holds the key itself."""
    source = "the api_key argument" if given is not None else API_KEY_VARIABLE
    secret = given if given is not None else Secret(os.environ.get(API_KEY_VARIABLE, ""))
    if not isinstance(secret.reveal(), str):
        kind = type(secret.reveal()).__name__
        raise PineconeValueError(f"api_key must be a string, got {kind}")
    if not secret.reveal():
        raise PineconeValueError(
            "no API key",
            hint=Advice(
                f"Give {{}}, or set the environment variable {API_KEY_VARIABLE}.",
                Argument("api_key", "..."),
            ),
        )
    if not _is_printable_ascii(secret.reveal()) or " " in secret.reveal():
        raise PineconeValueError(
            f"the API key from {source} contains a space, a line break or a character that is not "
            "allowed in an HTTP header: remove it (a key read from a file often ends with a "
            "newline)"
        )
    return secret, source


def _host(given: str | None, *, plain_http_allowed: bool) -> str:
    source = "host" if given is not None else HOST_VARIABLE
    host = given if given is not None else os.environ.get(HOST_VARIABLE) or DEFAULT_HOST
    url = split_url(host)
    if url is None or url.scheme not in {"http", "https"} or not url.hostname:
        raise PineconeValueError(
            f"{source} must be a URL such as {DEFAULT_HOST} or http://127.0.0.1:5080, got "
            f"{without_secret(host) if isinstance(host, str) else received(host)}"
        )
    if any(mark in host for mark in "?#@"):
        raise PineconeValueError(
            f"{source} must consist of scheme, name, port and path only; got {url.scheme}://"
            f"{url.hostname} with a user, query or fragment"
        )
    if url.scheme == "http" and not (plain_http_allowed or is_loopback(url.hostname)):
        _allow_plain_http(host)
    return url._replace(scheme=url.scheme.lower()).geturl().rstrip("/")


def without_secret(text: str) -> str:
    """Return a wrong URL or path for a message, without a password or anything like a key."""
    if not any(mark in text for mark in ".:/"):
        return "a text without dot, colon and slash (not shown: it may be the API key)"
    return repr(text.rpartition("@")[2])


def _allow_plain_http(host: str) -> None:
    """Refuse to send the key unencrypted, or only warn if the environment allows it."""
    value = os.environ.get(PLAIN_HTTP_VARIABLE, "").strip().lower()
    if value not in _YES | _NO:
        raise PineconeValueError(f"{PLAIN_HTTP_VARIABLE} must be 1 or 0, got {value!r}")
    if value in _NO:
        raise PineconeValueError(
            f"host {host!r} would send the API key unencrypted",
            hint=Advice(
                f"Use https://. If you trust the network, pass {{}}, or set the environment "
                f"variable {PLAIN_HTTP_VARIABLE}=1.",
                Argument("allow_plain_http", "True"),
            ),
        )
    _logger.warning("%s is set: the API key is sent unencrypted to %s", PLAIN_HTTP_VARIABLE, host)


def is_loopback(hostname: str) -> bool:
    """Return whether a host name means this machine, whatever a name server says."""
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return hostname.lower() == "localhost" or hostname.lower().endswith(".localhost")


def split_url(host: object) -> SplitResult | None:
    """Return the parts of a URL, or None if it is not a URL to connect to."""
    if not isinstance(host, str) or not _is_printable_ascii(host) or " " in host:
        return None
    try:
        url = urlsplit(host)
        _ = url.port  # reading the attribute checks it
        if "[" in url.netloc:
            ip_address(url.hostname or "")
    except ValueError:
        return None
    return url


def checked_policy(retry: RetryPolicy) -> RetryPolicy:
    """Return the retry policy, if it is one."""
    if not isinstance(retry, RetryPolicy):
        raise PineconeValueError(
            f"retry must be a RetryPolicy, got {received(retry)}; "
            "RetryPolicy(attempts=1) never retries"
        )
    return retry


def checked_clock(clock: Clock | None) -> Clock:
    """Return the clock, if it has the methods of one; None means real time."""
    if clock is None:
        return SystemClock()
    methods = ("monotonic", "sleep", "async_sleep")
    is_clock = all(callable(getattr(clock, name, None)) for name in methods)
    if isinstance(clock, type) or not is_clock:
        raise PineconeValueError(
            "clock must be an object with monotonic(), sleep() and async_sleep(), such as "
            f"SystemClock(); got {received(clock)}"
        )
    return clock


def _headers(
    given: Mapping[str, str] | None, user_agent_suffix: str | None, api_version: str
) -> dict[str, str]:
    python = ".".join(map(str, sys.version_info[:3]))
    user_agent = f"pinecone-control (python {python}; contract {api_version})"
    suffix = (
        "" if user_agent_suffix is None else _header_value("user_agent_suffix", user_agent_suffix)
    )
    user_agent = f"{user_agent} {suffix}".rstrip()
    ours = {
        header_names.API_VERSION: api_version,
        "User-Agent": user_agent,
        "Accept": "application/json",
    }
    return _merged(ours, _checked_headers(given))


def _merged(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Return both; the second takes precedence, and header names are case-insensitive."""
    replaced = {name.lower() for name in second}
    return {name: value for name, value in first.items() if name.lower() not in replaced} | {
        **second
    }


def _checked_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise PineconeValueError(f"headers must map names to values, got {received(headers)}")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise PineconeValueError(f"headers must map strings to strings, got {name!r}")
        if name.lower() == header_names.API_KEY.lower():
            raise PineconeValueError("the Api-Key header is set from api_key: pass api_key=...")
        if name.lower() in _OWN_HEADERS:
            raise PineconeValueError(f"the client sets the header {name} itself: leave it out")
        if not re.fullmatch(_HEADER_NAME, name):
            raise PineconeValueError(f"{name!r} cannot be the name of an HTTP header")
        _header_value(f"header {name}", value)
    return dict(headers)


def _header_value(name: str, value: str) -> str:
    """Return a valid header value. Errors do not show it, because it may be a secret."""
    if not isinstance(value, str):
        raise PineconeValueError(f"{name} must be a string, got {type(value).__name__}")
    if not _is_printable_ascii(value) or value != value.strip():
        raise PineconeValueError(
            f"{name} has a line break, a space at an end or a character that is not allowed in an "
            "HTTP header: only printable ASCII is sent"
        )
    if len(value) > _LONGEST_HEADER:
        raise PineconeValueError(f"{name} is longer than {_LONGEST_HEADER:,} characters")
    return value


def _is_printable_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()
