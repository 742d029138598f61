"""Profiles: named pairs of API key and host in a TOML file."""

import os
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from pinecone_control.cli.key_file import is_readable_by_others
from pinecone_control.cli.output.columns import did_you_mean
from pinecone_control.errors import PineconeValueError

_FIELDS: Final = frozenset({"api_key", "api_key_file", "host"})
PROFILE_FORM: Final = (
    'A profile is a table such as [staging] with api_key_file = "..." and host = "..."'
)


@frozen(kw_only=True)
class Profile:
    """One profile of the file."""

    name: str
    api_key: str | None = None
    api_key_file: str | None = None
    host: str | None = None

    def __repr__(self) -> str:
        return f"Profile({self.name!r})"


def profiles_file() -> Path:
    """Return the path of the file: `$XDG_CONFIG_HOME/pinecone-control/profiles.toml`."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "pinecone-control" / "profiles.toml"


def read_profiles() -> list[Profile]:
    """Return all profiles, in the order of the file.

    Raises:
        PineconeValueError: the file cannot be read, or a profile is invalid.
    """
    return [profile_of(name, table) for name, table in profile_tables().items()]


def profile_tables() -> dict[str, Any]:
    """Return the file's tables by name of the profile; their contents are not checked."""
    path = profiles_file()
    try:
        # If the path is a named pipe, opening it must not block until there is a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PineconeValueError(f"the profiles in {path} cannot be read: it is not a file")
            if is_readable_by_others(mode):
                raise PineconeValueError(
                    f"other users can access {path}, which holds API keys "
                    f"(mode {stat.S_IMODE(mode):o})",
                    hint=f"Remove their permissions: chmod 600 {path}",
                )
            return tomllib.loads(file.read().decode("utf-8-sig"))  # some editors add a mark
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PineconeValueError(f"cannot read the profiles in {path}: {reason}") from error


def profile_of(name: str, table: Any) -> Profile:
    where = f"profile {name!r} in {profiles_file()}"
    if not isinstance(table, dict):
        raise PineconeValueError(f"{where} is not a table", hint=PROFILE_FORM)
    for field, value in table.items():
        if field not in _FIELDS:
            known = did_you_mean(field, _FIELDS)
            raise PineconeValueError(f"{where}: {field} is not a setting{known}", hint=PROFILE_FORM)
        if not isinstance(value, str):
            raise PineconeValueError(f"{where}: {field} is not text", hint=PROFILE_FORM)
    return Profile(name=name, **table)
