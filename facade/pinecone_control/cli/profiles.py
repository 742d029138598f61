"""Profiles: keys and hosts with a name, in a small TOML file that only its owner can read."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from pinecone_control.errors import PineconeValueError

PROFILE_VARIABLE: Final = "PINECONE_CONTROL_PROFILE"
_FIELDS: Final = frozenset({"api_key", "api_key_file", "host"})
_SHAPE: Final = 'A profile is a table such as [staging] with api_key_file = "..." and host = "..."'


@frozen(kw_only=True)
class Profile:
    """What one profile says."""

    api_key: str | None = None
    api_key_file: str | None = None
    host: str | None = None


def profiles_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where profiles are: `$XDG_CONFIG_HOME/pinecone-control/profiles.toml`."""
    base = environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "pinecone-control" / "profiles.toml"


def read_profile(path: Path, name: str) -> Profile | None:
    """Read one profile; None where the file or the profile does not exist.

    Raises:
        PineconeValueError: others may read the file, or it is not of the expected form.
    """
    try:
        with path.open("rb") as file:
            _refuse_readable_by_others(path, os.fstat(file.fileno()).st_mode)
            tables = tomllib.load(file)
    except FileNotFoundError:
        return None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PineconeValueError(f"cannot read the profiles in {path}: {error}") from error
    table = tables.get(name)
    return None if table is None else _profile(table, f"profile {name!r} in {path}")


def _profile(table: object, where: str) -> Profile:
    if not isinstance(table, dict):
        raise PineconeValueError(f"{where} is not a table", hint=_SHAPE)
    for field, value in table.items():
        if field not in _FIELDS or not isinstance(value, str):
            raise PineconeValueError(f"{where}: {field} is not a setting, or not text", hint=_SHAPE)
    return Profile(**table)


def _refuse_readable_by_others(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PineconeValueError(
            f"others may read {path}, which is for API keys (mode {stat.S_IMODE(mode):o})",
            hint=f"Take their rights away: chmod 600 {path}",
        )
