"""What a client is told once: key, host, limits. Checked here, before anything is sent."""

import os
import platform
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from attrs import evolve, field, frozen

from pinecone_control._core.credentials import Secret
from pinecone_control.errors import Advice, Argument, PineconeValueError
from pinecone_control.retry import RetryPolicy

API_KEY_VARIABLE: Final = "PINECONE_API_KEY"
HOST_VARIABLE: Final = "PINECONE_CONTROLLER_HOST"
DEFAULT_HOST: Final = "https://api.pinecone.io"


@frozen(kw_only=True)
class Settings:
    """Checked settings of one client. Seconds throughout; see `Pinecone` for each meaning."""

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
        api_key: str | None,
        host: str | None,
        timeout: float,
        deadline: float,
        retry: RetryPolicy,
        headers: Mapping[str, str] | None,
        user_agent_suffix: str | None,
        max_response_bytes: int,
        plain_http_allowed: bool,
        api_version: str,
        environ: Mapping[str, str] = os.environ,
    ) -> "Settings":
        """Fill in what was not given from `environ` and the defaults, and check all of it.

        Raises:
            PineconeValueError: naming the setting, what was given and what is allowed.
        """
        key, source = _api_key(api_key, environ)
        return cls(
            api_key=key,
            api_key_source=source,
            host=_host(host, environ, plain_http_allowed=plain_http_allowed),
            timeout=_seconds("timeout", timeout),
            deadline=_seconds("deadline", deadline),
            retry=_policy(retry),
            headers=_headers(headers, user_agent_suffix, api_version),
            max_response_bytes=_at_least_one("max_response_bytes", max_response_bytes),
        )

    def changed(
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retry: RetryPolicy | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Settings":
        """Return these settings with other values; what is None stays."""
        return evolve(
            self,
            timeout=self.timeout if timeout is None else _seconds("timeout", timeout),
            deadline=self.deadline if deadline is None else _seconds("deadline", deadline),
            retry=self.retry if retry is None else _policy(retry),
            headers=_merged(self.headers, _checked_headers(headers or {})),
        )


def _api_key(given: str | None, environ: Mapping[str, str]) -> tuple[Secret, str]:
    source = "the api_key argument" if given is not None else API_KEY_VARIABLE
    key = given if given is not None else environ.get(API_KEY_VARIABLE, "")
    if not isinstance(key, str):
        raise PineconeValueError(f"api_key must be a string, got {type(key).__name__}")
    if not key:
        raise PineconeValueError(
            "no API key",
            hint=Advice(
                f"Give {{}}, or set the environment variable {API_KEY_VARIABLE}.",
                Argument("api_key", "..."),
            ),
        )
    if not _printable_ascii(key) or " " in key:
        raise PineconeValueError(
            f"the API key from {source} has a blank, a line break or a character that no HTTP "
            "header can carry: remove it (a key read from a file often ends with a newline)"
        )
    return Secret(key), source


def _host(given: str | None, environ: Mapping[str, str], *, plain_http_allowed: bool) -> str:
    host = given if given is not None else environ.get(HOST_VARIABLE) or DEFAULT_HOST
    url = _split(host)
    if url is None or url.scheme not in {"http", "https"} or not url.hostname:
        raise PineconeValueError(
            f"host must be a URL such as {DEFAULT_HOST} or http://127.0.0.1:5080, got {host!r}"
        )
    if any(mark in host for mark in "?#@"):
        raise PineconeValueError(
            f"host must be scheme, name, port and at most a path; got {url.scheme}://"
            f"{url.hostname} with a user, query or fragment"
        )
    if url.scheme == "http" and not (plain_http_allowed or is_loopback(url.hostname)):
        raise PineconeValueError(
            f"host {host!r} would send the API key unencrypted",
            hint=Advice(
                "Use https://, or {} if the network between is yours.",
                Argument("allow_plain_http", "True"),
            ),
        )
    return url._replace(scheme=url.scheme.lower()).geturl().rstrip("/")


def is_loopback(hostname: str) -> bool:
    """Whether a host name means this machine, whatever a name server says."""
    try:
        return ip_address(hostname).is_loopback
    except ValueError:
        return hostname.lower() == "localhost" or hostname.lower().endswith(".localhost")


def _split(host: object) -> SplitResult | None:
    if not isinstance(host, str) or not _printable_ascii(host) or " " in host:
        return None
    try:
        url = urlsplit(host)
        _ = url.port  # reading it is what checks it
        if "[" in url.netloc:
            ip_address(url.hostname or "")
    except ValueError:
        return None
    return url


def _policy(retry: RetryPolicy) -> RetryPolicy:
    if not isinstance(retry, RetryPolicy):
        raise PineconeValueError(
            f"retry must be a RetryPolicy, got {retry!r}; RetryPolicy(attempts=1) never retries"
        )
    return retry


def _seconds(name: str, value: float) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 < value < float("inf")
    ):
        raise PineconeValueError(f"{name} must be seconds, a number above 0, got {value!r}")
    return float(value)


def _at_least_one(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PineconeValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    return value


def _headers(
    given: Mapping[str, str] | None, user_agent_suffix: str | None, api_version: str
) -> dict[str, str]:
    user_agent = (
        f"pinecone-control (python {platform.python_version()}; contract {api_version})"
        if user_agent_suffix is None
        else f"pinecone-control (python {platform.python_version()}; contract {api_version}) "
        f"{user_agent_suffix}"
    )
    ours = {
        "X-Pinecone-Api-Version": api_version,
        "User-Agent": user_agent,
        "Accept": "application/json",
    }
    return _merged(ours, _checked_headers(given or {}))


def _merged(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Return both, the second going before the first; header names know no case."""
    replaced = {name.lower() for name in second}
    return {name: value for name, value in first.items() if name.lower() not in replaced} | {
        **second
    }


def _checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(headers, Mapping):
        raise PineconeValueError(f"headers must map names to values, got {headers!r}")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise PineconeValueError(f"headers must map strings to strings, got {name!r}")
        if name.lower() == "api-key":
            raise PineconeValueError("the Api-Key header is set from api_key: pass api_key=...")
        if not name or not _printable_ascii(name + value) or any(c in name for c in ' :"(),;'):
            raise PineconeValueError(
                f"header {name!r} has a line break or a character that HTTP headers cannot carry"
            )
    return dict(headers)


def _printable_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()
