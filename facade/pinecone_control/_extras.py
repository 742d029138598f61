"""What to install where a part of this package needs more packages than the client does."""

import re
import sys
from importlib.util import find_spec
from typing import Final

_EXTRA: Final = r"""extra\s*==\s*['"]([\w-]+)['"]"""


def how_to_install(*extras: str) -> str:
    """Return the command that installs what these extras need into this very environment.

    It names the packages themselves, which are right however this package was installed; if it
    was not installed at all, where they are listed.
    """
    # Loaded only where something is missing: every start of the command line would pay for it.
    from importlib.metadata import PackageNotFoundError, requires

    try:
        requirements = [each.partition(";") for each in requires("pinecone-control") or []]
    except PackageNotFoundError:
        requirements = []
    needed = {
        package.strip()
        for package, _, marker in requirements
        if (extra := re.search(_EXTRA, marker)) and extra[1] in extras
    }
    if not needed:  # a copy of the source that was never installed
        return f"Install the packages that pyproject.toml lists for: {', '.join(extras)}"
    packages = " ".join(f"'{package}'" for package in sorted(needed))
    python = sys.executable
    if find_spec("pip") is not None:
        return f"Install them: {python} -m pip install {packages}"
    return f"Install them: uv pip install --python {python} {packages}"
