"""The requirements that pyproject.toml declares."""

import tomllib

from packaging.requirements import Requirement

from scripts.project import PYPROJECT


def requirements(*extras: str) -> list[Requirement]:
    """Return what the base install needs, and what the extras need besides."""
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [Requirement(line) for line in lines]
