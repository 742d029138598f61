"""Create a client from the options, the environment and the profiles."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from pinecone_control._core.settings import API_KEY_VARIABLE, DEFAULT_HOST, HOST_VARIABLE
from pinecone_control.cli.debug_output import show_exchanges
from pinecone_control.cli.key_file import is_readable_by_others, read_key_file
from pinecone_control.cli.name_resolution import explain_absence
from pinecone_control.cli.output.columns import did_you_mean
from pinecone_control.cli.output.terminal import is_terminal, say
from pinecone_control.cli.profiles import (
    PROFILE_FORM,
    Profile,
    profile_of,
    profile_tables,
    profiles_file,
)
from pinecone_control.errors import NotFoundError, PineconeValueError, UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control import Pinecone, RetryEvent

PROFILE_VARIABLE: Final = "PINECONE_CONTROL_PROFILE"
_WORTH_TELLING: Final = 1.0
_BYTE_ORDER_MARK: Final = "\ufeff"


@frozen
class ApiKey:
    """An API key and its source, which error messages name."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"ApiKey('***', {self.source!r})"


@frozen(kw_only=True)
class ClientOptions:
    """The options of a command line that configure the client."""

    host: str | None = None
    api_key_file: str | None = None
    profile: str | None = None
    ca_file: str | None = None
    allow_plain_http: bool = False
    deadline: float = 120.0
    debug: bool = False
    given: frozenset[str] = frozenset()
    """The options given on the command line; others come from the environment or are defaults."""

    @contextmanager
    def connect(self) -> "Iterator[Pinecone]":
        """Yield a client and close it after the block; add hints to errors that the block raises.

        Raises:
            PineconeError: the client cannot be created, or the block raised it.
        """
        key = self.api_key()
        with self._client(key) as pc:
            try:
                yield pc
            except NotFoundError as error:
                explain_absence(pc, error)
                raise
            except UnauthorizedError as error:
                error.hint = (
                    f"The key came from {key.source}. Check that it is complete, not revoked, "
                    f"and issued for {error.host}."
                )
                raise

    def _client(self, key: ApiKey) -> "Pinecone":
        from pinecone_control import Pinecone, RetryPolicy

        pc = Pinecone(
            api_key=key.value,
            host=self.resolved_host(),
            verify=self.ca_file or True,
            allow_plain_http=self.allow_plain_http,
            deadline=self.deadline,
            retry=RetryPolicy(on_retry=self._tell_retry),
            user_agent_suffix="cli",
        )
        if self.debug:
            show_exchanges(pc, key.value)
        return pc

    def api_key(self) -> ApiKey:
        """Return the key from the options, a profile or the environment, in this order.

        Raises:
            PineconeValueError: there is no key, or it cannot be sent.
        """
        profile = self.chosen_profile()
        file = self.api_key_file or (profile and profile.api_key_file)
        if file:
            key = _key_in(file)
        elif profile and profile.api_key:
            key = ApiKey(profile.api_key, f"the profile {profile.name!r}")
        else:
            key = ApiKey(os.environ.get(API_KEY_VARIABLE, ""), API_KEY_VARIABLE)
        if not key.value:
            raise PineconeValueError(
                "no API key" if key.source == API_KEY_VARIABLE else f"no API key in {key.source}",
                hint=f"Set {API_KEY_VARIABLE}, or give --api-key-file FILE or --profile NAME.",
            )
        if not (key.value.isascii() and key.value.isprintable()) or " " in key.value:
            raise PineconeValueError(
                f"the API key from {key.source} contains a space or a character that is not "
                "allowed in an HTTP header"
            )
        return key

    def resolved_host(self) -> str | None:
        """Return the host; None leaves it to the client.

        A profile's key is sent only to the profile's host, so with a profile the host from the
        environment is ignored.
        """
        profile = self.chosen_profile()
        if profile is None or "host" in self.given:
            return _with_scheme(self.host)
        return _with_scheme(profile.host) or DEFAULT_HOST

    def chosen_profile(self) -> Profile | None:
        """Return the requested profile, else `default`; None if neither applies.

        `default` applies only if neither an option nor the environment gives a key or a host.
        """
        is_configured = self.api_key_file or any(
            map(os.environ.get, (API_KEY_VARIABLE, HOST_VARIABLE))
        )
        if is_configured and not self.profile:
            return None
        tables = profile_tables()
        name = self.profile or "default"
        if name in tables:
            return profile_of(name, tables[name])
        if self.profile:
            raise PineconeValueError(
                f"there is no profile {name!r} in {profiles_file()}{did_you_mean(name, tables)}",
                hint=f"The profiles are: {', '.join(tables)}" if tables else PROFILE_FORM,
            )
        return None

    def arguments(self) -> list[str]:
        """Return the settings as options, for a command that continues the work."""
        key_file = self.api_key_file if self.api_key_file != "-" else None
        options = {
            "--host": self.host if "host" in self.given else None,
            "--api-key-file": key_file,
            "--profile": self.profile if "profile" in self.given else None,
            "--ca-file": self.ca_file,
        }
        words = [word for name, value in options.items() if value for word in (name, value)]
        return [*words, "--allow-plain-http"] if self.allow_plain_http else words

    def _tell_retry(self, event: "RetryEvent") -> None:
        if self.debug or (event.wait >= _WORTH_TELLING and is_terminal(sys.stderr)):
            say(f"{event.operation}: {event.reason}; trying again in {event.wait:.1f} s")


def _with_scheme(host: str | None) -> str | None:
    """Return the host; refuse one without a scheme, with a hint that shows the full URL."""
    if not host or "://" in host:
        return host
    name = host.partition("/")[0].partition(":")[0]
    is_near = name == "localhost" or name.startswith("127.")
    raise PineconeValueError(
        f"the host {host!r} has no scheme",
        hint=f"Did you mean {'http' if is_near else 'https'}://{host}?",
    )


def _key_in(file: str) -> ApiKey:
    source = "standard input" if file == "-" else file
    try:
        text = sys.stdin.readline() if file == "-" else _content(Path(file).expanduser())
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise PineconeValueError(f"cannot read the API key from {source}: {reason}") from error
    return ApiKey(text.removeprefix(_BYTE_ORDER_MARK).strip(), source)


def _content(path: Path) -> str:
    text, mode = read_key_file(path)
    if is_readable_by_others(mode):
        say(f"warning: other users can access the API key in {path}; run: chmod 600 {path}")
    return text
