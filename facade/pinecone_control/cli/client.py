"""From options, environment and profiles to a client."""

import os
import stat
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from pinecone_control._core.header_names import API_KEY
from pinecone_control._core.settings import API_KEY_VARIABLE, DEFAULT_HOST, HOST_VARIABLE
from pinecone_control._core.text import shown
from pinecone_control.cli.key_file import read_key_file
from pinecone_control.cli.lookup import explain_absence
from pinecone_control.cli.output.columns import did_you_mean
from pinecone_control.cli.output.terminal import is_terminal, say
from pinecone_control.errors import NotFoundError, PineconeValueError, UnauthorizedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from pinecone_control import Pinecone, RetryEvent

PROFILE_VARIABLE: Final = "PINECONE_CONTROL_PROFILE"
_PROFILE_FIELDS: Final = frozenset({"api_key", "api_key_file", "host"})
_PROFILE_FORM: Final = (
    'A profile is a table such as [staging] with api_key_file = "..." and host = "..."'
)
_WORTH_TELLING: Final = 1.0
_BYTE_ORDER_MARK: Final = "\ufeff"
_LONGEST_BODY: Final = 2_000
_MASK: Final = "***"
_SECRET: Final = frozenset(
    {API_KEY.lower(), "authorization", "proxy-authorization", "cookie", "set-cookie"}
)


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
        """Give a client until the block ends; its errors are explained."""
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
            _show_exchanges(pc, key.value)
        return pc

    def api_key(self) -> ApiKey:
        """Return the key that the options, a profile or the environment give, in this order."""
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
        """Return the host to talk to; None leaves it to the client.

        A key of a profile is for the profile's host, whatever the environment says of hosts.
        """
        profile = self.chosen_profile()
        if profile is None or "host" in self.given:
            return _with_scheme(self.host)
        return _with_scheme(profile.host) or DEFAULT_HOST

    def chosen_profile(self) -> "Profile | None":
        """Return the profile asked for; the one called `default` if nothing else says anything."""
        said = self.api_key_file or any(map(os.environ.get, (API_KEY_VARIABLE, HOST_VARIABLE)))
        if said and not self.profile:
            return None
        tables = _profile_tables()
        name = self.profile or "default"
        if name in tables:
            return _profile(name, tables[name])
        if self.profile:
            raise PineconeValueError(
                f"there is no profile {name!r} in {profiles_file()}{did_you_mean(name, tables)}",
                hint=f"The profiles are: {', '.join(tables)}" if tables else _PROFILE_FORM,
            )
        return None

    def arguments(self) -> list[str]:
        """Return the given settings as options, for a command that goes on with the work."""
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
    """Return the host; one without a scheme is refused, and the right one is offered."""
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
    if _is_readable_by_others(mode):
        say(f"warning: other users can access the API key in {path}; run: chmod 600 {path}")
    return text


def _is_readable_by_others(mode: int) -> bool:
    """Whether this is the mode of a file that not only its owner can read."""
    is_shared = bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
    return os.name == "posix" and stat.S_ISREG(mode) and is_shared


# ------------------------------------------- profiles: keys and hosts with a name, in a TOML file


@frozen(kw_only=True)
class Profile:
    """What one profile says."""

    name: str
    api_key: str | None = None
    api_key_file: str | None = None
    host: str | None = None

    def __repr__(self) -> str:
        return f"Profile({self.name!r})"


def profiles_file() -> Path:
    """Return where profiles are: `$XDG_CONFIG_HOME/pinecone-control/profiles.toml`."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "pinecone-control" / "profiles.toml"


def read_profiles() -> list[Profile]:
    """Return all profiles, in the order of the file."""
    return [_profile(name, table) for name, table in _profile_tables().items()]


def _profile_tables() -> dict[str, Any]:
    """Return what the file says of each profile."""
    path = profiles_file()
    try:
        # Without waiting for a writer, should a named pipe have this name.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PineconeValueError(f"the profiles in {path} cannot be read: it is not a file")
            if _is_readable_by_others(mode):
                raise PineconeValueError(
                    f"other users can access {path}, which holds API keys "
                    f"(mode {stat.S_IMODE(mode):o})",
                    hint=f"Remove their permissions: chmod 600 {path}",
                )
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PineconeValueError(f"cannot read the profiles in {path}: {error}") from error


def _profile(name: str, table: Any) -> Profile:
    where = f"profile {name!r} in {profiles_file()}"
    if not isinstance(table, dict):
        raise PineconeValueError(f"{where} is not a table", hint=_PROFILE_FORM)
    for field, value in table.items():
        if field not in _PROFILE_FIELDS:
            known = did_you_mean(field, _PROFILE_FIELDS)
            raise PineconeValueError(
                f"{where}: {field} is not a setting{known}", hint=_PROFILE_FORM
            )
        if not isinstance(value, str):
            raise PineconeValueError(f"{where}: {field} is not text", hint=_PROFILE_FORM)
    return Profile(name=name, **table)


# ---------------------------------------------------------------------------------------- --debug


def _show_exchanges(pc: "Pinecone", api_key: str) -> None:
    """Write each call and its answer to stderr; attempts in between are told as retries."""
    began: dict[int, float] = {}

    def write(mark: str, first: str, headers: Mapping[str, str], body: bytes) -> None:
        masked = {n: _MASK if n.lower() in _SECRET else value for n, value in headers.items()}
        lines = [first, *(f"{name}: {value}" for name, value in masked.items())]
        if body:
            text = body[: 4 * _LONGEST_BODY].decode("utf-8", "replace")
            lines.append(shown(text, _LONGEST_BODY))
        for line in lines:
            say(f"{mark} {line.replace(api_key, _MASK)}")

    def sent(request: "httpx.Request") -> None:
        began[id(request)] = time.monotonic()
        # The key is added to each attempt below this hook.
        headers = {**request.headers, API_KEY.lower(): _MASK}
        write(">", f"{request.method} {request.url}", headers, request.read())

    def answered(response: "httpx.Response") -> None:
        seconds = time.monotonic() - began.pop(id(response.request), time.monotonic())
        first = f"{response.status_code} {response.reason_phrase} [{seconds:.3f} s]"
        write("<", first, response.headers, response.read())

    hooks: Mapping[str, list[Callable[..., Any]]] = pc.http_client.event_hooks
    pc.http_client.event_hooks = {
        "request": [*hooks["request"], sent],
        "response": [*hooks["response"], answered],
    }
