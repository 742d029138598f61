"""The `pinecone-control` command.

Exit codes: 0 done; 1 the service refused, or could not be reached; 2 the command line, a setting or
a file is wrong; 3 a wait reached its timeout; 4 the operation that was waited for failed; 130
interrupted; 141 the reader of the output closed the pipe; 143 ended by SIGTERM.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from pinecone_control._extras import how_to_install
from pinecone_control.cli.interruption import sigterm_as_interruption

_NEEDED = ("click", "rich", "yaml")
_WITH_AN_EXTRA_OF_THEIR_OWN = ("emulator", "contract")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the command line without the program's name; None takes that of the process.

    Returns:
        The exit code. Errors are written to stderr.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not all(map(find_spec, _NEEDED)):
        extras = ["cli", *(w for w in words[:1] if w in _WITH_AN_EXTRA_OF_THEIR_OWN)]
        hint = how_to_install(*extras)
        sys.stderr.write(f"error: the command line needs more packages. {hint}\n")
        return 2
    try:
        _import_httpx_without_its_cli()
        from pinecone_control.cli.app import run

        with sigterm_as_interruption():
            return run(words)
    except KeyboardInterrupt:  # while modules were being imported
        return 130


def _import_httpx_without_its_cli() -> None:
    """Import httpx without its own command line, which this command never uses.

    If click, pygments and rich are installed, httpx imports them for it, which takes a quarter of
    this command's time (measured).
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: cannot be imported
    import httpx  # noqa: F401 - while its command line cannot be imported

    if sys.modules["httpx._main"] is None:
        del sys.modules["httpx._main"]
