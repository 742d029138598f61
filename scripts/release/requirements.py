"""The requirements that pyproject.toml declares."""

import tomllib
from typing import Any

from packaging.requirements import Requirement

from scripts.project import PYPROJECT


def metadata() -> dict[str, Any]:
    """Return the `project` table of pyproject.toml."""
    project: dict[str, Any] = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    return project


def requirements(*extras: str) -> list[Requirement]:
    """Return the requirements of the base install, and those that the extras add."""
    project = metadata()
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [Requirement(line) for line in lines]
