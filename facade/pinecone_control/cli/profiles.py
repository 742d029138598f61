"""Profiles: keys and hosts with a name, in a small TOML file that only its owner can read."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, overload

from attrs import frozen

from pinecone_control.cli.output.resources import did_you_mean
from pinecone_control.errors import PineconeValueError

PROFILE_VARIABLE: Final = "PINECONE_CONTROL_PROFILE"
_FIELDS: Final = frozenset({"api_key", "api_key_file", "host"})
_SHAPE: Final = 'A profile is a table such as [staging] with api_key_file = "..." and host = "..."'


@frozen(kw_only=True)
class Profile:
    """What one profile says."""

    name: str
    api_key: str | None = None
    api_key_file: str | None = None
    host: str | None = None

    def __repr__(self) -> str:
        return f"Profile({self.name!r})"


def profiles_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where profiles are: `$XDG_CONFIG_HOME/pinecone-control/profiles.toml`."""
    base = environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "pinecone-control" / "profiles.toml"


@overload
def read_profile(path: Path, name: str, *, required: Literal[True] = True) -> Profile: ...
@overload
def read_profile(path: Path, name: str, *, required: Literal[False]) -> Profile | None: ...


def read_profile(path: Path, name: str, *, required: bool = True) -> Profile | None:
    """Read one profile.

    Raises:
        PineconeValueError: others may read the file, it is not of the expected form, or it has no
            such profile and one is required.
    """
    tables = _tables(path)
    if name in tables:
        return _profile(name, tables[name], f"profile {name!r} in {path}")
    if required:
        raise PineconeValueError(
            f"there is no profile {name!r} in {path}{did_you_mean(name, tables)}",
            hint=f"The profiles are: {', '.join(tables)}" if tables else _SHAPE,
        )
    return None


def read_profiles(path: Path) -> list[Profile]:
    """Read all profiles, in the order of the file."""
    tables = _tables(path)
    return [_profile(name, table, f"profile {name!r} in {path}") for name, table in tables.items()]


def _tables(path: Path) -> dict[str, Any]:
    try:
        # Without waiting for a writer, should a named pipe have this name.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PineconeValueError(f"the profiles in {path} cannot be read: it is not a file")
            _refuse_readable_by_others(path, mode)
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PineconeValueError(f"cannot read the profiles in {path}: {error}") from error


def _profile(name: str, table: object, where: str) -> Profile:
    if not isinstance(table, dict):
        raise PineconeValueError(f"{where} is not a table", hint=_SHAPE)
    for field, value in table.items():
        if field not in _FIELDS:
            known = did_you_mean(field, _FIELDS)
            raise PineconeValueError(f"{where}: {field} is not a setting{known}", hint=_SHAPE)
        if not isinstance(value, str):
            raise PineconeValueError(f"{where}: {field} is not text", hint=_SHAPE)
    return Profile(name=name, **table)


def _refuse_readable_by_others(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PineconeValueError(
            f"other users can access {path}, which holds API keys (mode {stat.S_IMODE(mode):o})",
            hint=f"Remove their permissions: chmod 600 {path}",
        )
