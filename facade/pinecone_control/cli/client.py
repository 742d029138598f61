"""From options, environment and profiles to a client."""

import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from pinecone_control._core.settings import API_KEY_VARIABLE, DEFAULT_HOST, HOST_VARIABLE
from pinecone_control.cli.key_file import read_key_file
from pinecone_control.cli.lookup import explain_absence
from pinecone_control.cli.output.terminal import is_terminal, say
from pinecone_control.cli.profiles import Profile, profiles_file, read_profile
from pinecone_control.errors import NotFoundError, PineconeValueError, UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control import Pinecone, RetryEvent

_WORTH_TELLING: Final = 1.0
_BYTE_ORDER_MARK: Final = "\ufeff"


@frozen
class ApiKey:
    """An API key, and where it came from."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"ApiKey('***', {self.source!r})"


@frozen(kw_only=True)
class ClientOptions:
    """What a command line says about whom to talk to, and how."""

    host: str | None = None
    api_key_file: str | None = None
    profile: str | None = None
    ca_file: str | None = None
    allow_plain_http: bool = False
    deadline: float = 120.0
    debug: bool = False
    given: frozenset[str] = frozenset()
    """The options that stood on the command line; the others come from elsewhere."""

    @contextmanager
    def connect(self) -> "Iterator[Pinecone]":
        """Give a client until the block ends; its errors are explained.

        Raises:
            PineconeValueError: no key, or a setting that cannot be right.
        """
        key = self.api_key()
        with self.client(key) as pc:
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

    def client(self, key: ApiKey) -> "Pinecone":
        """Return a client with this key."""
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
            from pinecone_control.cli.debug import show_exchanges

            show_exchanges(pc, key.value)
        return pc

    def api_key(self) -> ApiKey:
        """Return the key that the options, a profile or the environment give, in this order.

        Raises:
            PineconeValueError: there is none, or it cannot be one; the message says where it is.
        """
        profile = self.chosen_profile()
        if self.api_key_file is not None:
            key = _key_in(self.api_key_file)
        elif profile is not None and profile.api_key_file:
            key = _key_in(profile.api_key_file)
        elif profile is not None and profile.api_key:
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
        """Return the host to talk to; None leaves it to the client.

        A key of a profile is for the profile's host, whatever the environment says of hosts.
        """
        profile = self.chosen_profile()
        if profile is None or "host" in self.given:
            return _with_scheme_known(self.host)
        return _with_scheme_known(profile.host) or DEFAULT_HOST

    def chosen_profile(self) -> Profile | None:
        """Return the profile asked for; the one called `default` if nothing else says anything."""
        path = profiles_file()
        if self.profile:
            return read_profile(path, self.profile)
        said = self.api_key_file or any(map(os.environ.get, (API_KEY_VARIABLE, HOST_VARIABLE)))
        return None if said else read_profile(path, "default", required=False)

    def arguments(self) -> list[str]:
        """Return the given settings as options, for a command that goes on with the work."""
        options = {
            "host": self.host,
            "api_key_file": self.api_key_file if self.api_key_file != "-" else None,
            "profile": self.profile,
            "ca_file": self.ca_file,
        }
        words = []
        for name, value in options.items():
            if value and name in self.given:
                words += [f"--{name.replace('_', '-')}", value]
        return [*words, "--allow-plain-http"] if self.allow_plain_http else words

    def _tell_retry(self, event: "RetryEvent") -> None:
        if self.debug or (event.wait >= _WORTH_TELLING and is_terminal(sys.stderr)):
            say(f"{event.operation}: {event.reason}; trying again in {event.wait:.1f} s")


def _with_scheme_known(host: str | None) -> str | None:
    """Return the host if it is a URL.

    Raises:
        PineconeValueError: it has no scheme; the one that it needs is offered.
    """
    if host is None or "://" in host or not host:
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
    if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
        say(f"warning: other users can access the API key in {path}; run: chmod 600 {path}")
    return text
