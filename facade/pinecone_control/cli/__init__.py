"""The `pinecone-control` command.

Exit codes: 0 done; 1 the service said no, or could not be reached; 2 the command line, a setting or
a file cannot be right; 3 a wait ran out of time; 4 what was waited for failed; 130 interrupted;
141 the reader of the output went away.
"""

import re
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec

_NEEDED = ("click", "rich", "yaml")
_WITH_AN_EXTRA_OF_THEIR_OWN = ("emulator", "contract")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the command line without the program's name; None takes that of the process.

    Returns:
        The exit code; errors have been told on stderr.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not all(map(find_spec, _NEEDED)):
        extras = ["cli", *(w for w in words[:1] if w in _WITH_AN_EXTRA_OF_THEIR_OWN)]
        hint = how_to_install(*extras)
        sys.stderr.write(f"error: the command line needs more packages. {hint}\n")
        return 2
    try:
        _import_httpx_alone()
        from pinecone_control.cli.app import run

        return run(words)
    except KeyboardInterrupt:  # before anything was begun
        return 130


def how_to_install(*extras: str) -> str:
    """Return the command that installs what these extras need into this very environment.

    It names the packages themselves, which are right however this package was installed.
    """
    try:
        requirements = [each.partition(";") for each in requires("pinecone-control") or []]
    except PackageNotFoundError:
        requirements = []
    needed = {
        package.strip()
        for package, _, marker in requirements
        if (extra := _EXTRA.search(marker)) and extra[1] in extras
    }
    packages = " ".join(f"'{package}'" for package in sorted(needed))
    python = sys.executable
    if find_spec("pip") is not None:
        return f"Install them: {python} -m pip install {packages}"
    return f"Install them: uv pip install --python {python} {packages}"


def _import_httpx_alone() -> None:
    """Import httpx without the command line of its own.

    httpx imports that along with click, pygments and rich where these are installed: a quarter of
    this command's time (measured), for what it never uses.
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # "it is not there"
    import httpx  # noqa: F401 - so that it finds no command line

    if sys.modules["httpx._main"] is None:
        del sys.modules["httpx._main"]
