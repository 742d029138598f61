"""`pinecone-control emulator`: a local control plane."""

import errno
import signal
import socket
import sys
from pathlib import Path

import click
from click.exceptions import Exit

from pinecone_control._core.settings import is_loopback
from pinecone_control._extras import how_to_install
from pinecone_control.cli.errors import INTERRUPTED
from pinecone_control.cli.options import number, whole_number
from pinecone_control.cli.output.terminal import say, write
from pinecone_control.errors import PineconeValueError


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control emulator --seed demo
  $ pinecone-control emulator --data state.db --speed 60
  $ pinecone-control emulator --port 0 --seed demo --restore-jobs 1000
"""
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Listen on this address; 127.0.0.1 by default.",
)
@click.option(
    "--port",
    type=whole_number(0, 65_535),
    default=5080,
    metavar="PORT",
    help="Listen on this port; 5080 by default, 0 for any free port.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Store the state in this file; by default it is kept in memory.",
)
@click.option("--seed", type=click.Choice(["demo"]), help="Start with sample data.")
@click.option(
    "--restore-jobs",
    type=whole_number(0),
    default=240,
    metavar="N",
    help="Number of restore jobs in the sample data; 240 by default.",
)
@click.option(
    "--speed",
    type=number(),
    default=1.0,
    metavar="FACTOR",
    help="Speed of time; with 60, a minute takes a second.",
)
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    metavar="KEY",
    help="Accept only this key; repeatable. By default every key is accepted.",
)
@click.option("--allow-remote", is_flag=True, help="Allow a --host that other machines can reach.")
@click.option(
    "--allow-name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Also answer requests to this host name, such as that of a container; repeatable.",
)
def emulator(
    *,
    host: str,
    port: int,
    data: Path | None,
    seed: str | None,
    restore_jobs: int,
    speed: float,
    api_keys: tuple[str, ...],
    allow_remote: bool,
    names: tuple[str, ...],
) -> None:
    """Run a local control plane until ctrl-C.

    The emulator implements the operations of the service for tests and experiments. It sends
    nothing to other machines. Each API key is a separate project.
    """
    _refuse_remote(host, allow_remote=allow_remote)
    try:
        from pinecone_control import emulator as emulators

        serve, new_emulator = emulators.run, emulators.Emulator
    except ImportError as error:
        raise PineconeValueError(
            f"the emulator needs more packages ({error.name})",
            hint=how_to_install("cli", "emulator"),
        ) from error
    try:
        with new_emulator(
            data,
            clock=emulators.ScaledClock(speed),
            api_keys=api_keys or None,
            settings=emulators.Settings(allowed_hosts=names),
        ) as running:
            if seed is not None:
                running.seed(seed, restore_jobs=restore_jobs)
            ended_by = serve(
                running, host, port, on_ready=lambda url: _announce(url, api_keys, data)
            )
    except emulators.EmulatorError as error:
        raise PineconeValueError(str(error), hint=_hint(error)) from error
    if ended_by == signal.SIGINT:
        say("stopped")
        raise Exit(INTERRUPTED)


def _refuse_remote(host: str, *, allow_remote: bool) -> None:
    if is_loopback(host):
        return
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        raise click.UsageError(f"--host {host} does not resolve: {error}") from error
    if not allow_remote:
        raise click.UsageError(
            f"other machines can reach --host {host}; add --allow-remote to allow that"
        )
    say(f"warning: everybody who can reach {host} can use the emulator")


def _hint(error: Exception) -> str:
    reason = error.__cause__
    taken = isinstance(reason, OSError) and reason.errno == errno.EADDRINUSE
    return "Give another --port, or --port 0 for any free port." if taken else ""


def _announce(url: str, api_keys: tuple[str, ...], data: Path | None) -> None:
    where = "in memory" if data is None else f"in {data}"
    write(f"Emulator on {url}, state {where}. Ctrl-C stops it. In another terminal:")
    write(f"  export PINECONE_CONTROLLER_HOST={url}")
    write(f"  export PINECONE_API_KEY={api_keys[0] if api_keys else 'any-key'}")
    write("Each API key is a separate project.")
    sys.stdout.flush()
