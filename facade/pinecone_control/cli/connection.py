"""From options, environment and profiles to a client."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from pinecone_control.cli.profiles import PROFILE_VARIABLE, Profile, profiles_file, read_profile
from pinecone_control.cli.screen import is_terminal, say
from pinecone_control.errors import PineconeValueError

if TYPE_CHECKING:
    from pinecone_control import Pinecone, RetryEvent
    from pinecone_control.cli.exchange import DebugTransport

_KEY_VARIABLE: Final = "PINECONE_API_KEY"
_HOST_VARIABLE: Final = "PINECONE_CONTROLLER_HOST"
_PINECONE: Final = "https://api.pinecone.io"
_WORTH_TELLING: Final = 1.0


@frozen(kw_only=True)
class Connection:
    """What a command line says about whom to talk to, and how."""

    host: str | None = None
    api_key_file: str | None = None
    profile: str | None = None
    ca_file: str | None = None
    allow_plain_http: bool = False
    deadline: float = 120.0
    debug: bool = False

    def open(self) -> "Pinecone":
        """Return a client.

        Raises:
            PineconeValueError: no key, or a setting that cannot be right.
        """
        from pinecone_control import Pinecone, RetryPolicy

        api_key, host = self._key_and_host()
        verify = self.ca_file or True
        return Pinecone(
            # Left to the client where it is the environment's, so that errors name the variable.
            api_key=None if api_key == os.environ.get(_KEY_VARIABLE) else api_key,
            host=host,
            verify=verify,
            allow_plain_http=self.allow_plain_http,
            deadline=self.deadline,
            retry=RetryPolicy(on_retry=self._tell_retry),
            transport=self._debug_transport(api_key, host) if self.debug else None,
            user_agent_suffix="cli",
        )

    def arguments(self) -> list[str]:
        """Return these settings as options, for a command that goes on with the work."""
        options = {
            "--host": self.host,
            "--api-key-file": self.api_key_file if self.api_key_file != "-" else None,
            "--profile": self.profile,
            "--ca-file": self.ca_file,
        }
        given = [part for name, value in options.items() if value for part in (name, value)]
        return [*given, "--allow-plain-http"] if self.allow_plain_http else given

    def _key_and_host(self) -> tuple[str, str | None]:
        profile = self._profile()
        if self.api_key_file is not None:
            key = _key_in(self.api_key_file)
        elif profile is not None and profile.api_key_file:
            key = _key_in(profile.api_key_file)
        else:
            key = (profile.api_key if profile else None) or os.environ.get(_KEY_VARIABLE, "")
        if not key:
            raise PineconeValueError(
                "no API key",
                hint=f"Set {_KEY_VARIABLE}, or name a file with --api-key-file, or a --profile.",
            )
        if profile is None:
            return key, self.host
        # A key of a profile is for the profile's host, whatever the environment says of hosts.
        return key, self.host or profile.host or _PINECONE

    def _profile(self) -> Profile | None:
        """Return the profile asked for; the one called `default` if nothing else says anything."""
        path = profiles_file()
        name = self.profile or os.environ.get(PROFILE_VARIABLE)
        if name:
            profile = read_profile(path, name)
            if profile is None:
                raise PineconeValueError(f"there is no profile {name!r} in {path}")
            return profile
        said = self.api_key_file or any(map(os.environ.get, (_KEY_VARIABLE, _HOST_VARIABLE)))
        return None if said else read_profile(path, "default")

    def _tell_retry(self, event: "RetryEvent") -> None:
        if self.debug or (event.wait >= _WORTH_TELLING and is_terminal(sys.stderr)):
            say(f"{event.operation}: {event.reason}; trying again in {event.wait:.1f} s")

    def _debug_transport(self, api_key: str, host: str | None) -> "DebugTransport":
        from pinecone_control.cli.exchange import debug_transport

        return debug_transport(
            api_key, host, self.ca_file or True, plain_http_allowed=self.allow_plain_http
        )


def _key_in(file: str) -> str:
    try:
        text = sys.stdin.readline() if file == "-" else Path(file).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PineconeValueError(f"cannot read the API key from {file}: {error}") from error
    key = text.strip()
    if not key:
        raise PineconeValueError(f"there is no API key in {file}")
    return key
