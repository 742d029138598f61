"""What is missing where an extra was not installed, and how to install it."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from typing import Final

_DISTRIBUTION: Final = "pinecone-control"
_EXTRA: Final = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")


def how_to_install(*extras: str) -> str:
    """Return the command that installs what these extras need into this very environment.

    It names the packages themselves, which are right however this package was installed.
    """
    packages = " ".join(f"'{package}'" for package in sorted(set(_packages_of(extras))))
    python = sys.executable
    if find_spec("pip") is not None:
        return f"Install them: {python} -m pip install {packages}"
    return f"Install them: uv pip install --python {python} {packages}"


def _packages_of(extras: tuple[str, ...]) -> Iterator[str]:
    try:
        requirements = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        requirements = []
    for requirement in requirements:
        package, _, marker = requirement.partition(";")
        if (extra := _EXTRA.search(marker)) and extra[1] in extras:
            yield package.strip()
