"""`pinecone-control emulator`: a local control plane."""

import errno
import signal
import socket
import sys
from pathlib import Path

import click
from click.exceptions import Exit

from pinecone_control._core.settings import is_loopback
from pinecone_control.cli.extras import how_to_install
from pinecone_control.cli.output.terminal import say, write
from pinecone_control.cli.program import INTERRUPTED
from pinecone_control.errors import PineconeValueError


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control emulator --seed demo
  $ pinecone-control emulator --data state.db --speed 60
  $ pinecone-control emulator --port 0 --seed demo --restore-jobs 1000
"""
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Listen there [127.0.0.1].")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5080,
    metavar="PORT",
    help="Listen there [5080]; 0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep everything in this file; in memory without it.",
)
@click.option("--seed", type=click.Choice(["demo"]), help="Begin with sample data.")
@click.option(
    "--restore-jobs",
    type=click.IntRange(min=0),
    default=240,
    metavar="N",
    help="How many restore jobs the sample has [240].",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    metavar="FACTOR",
    help="How fast time goes: at 60, a minute takes a second.",
)
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    metavar="KEY",
    help="Accept this key only, repeatable; each is a project of its own. Any key without it.",
)
@click.option("--allow-remote", is_flag=True, help="Let other machines in, if --host does.")
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
) -> None:
    """Run a local control plane until ctrl-C.

    It answers as the service does, keeps what is created, and lets time pass. Made for tests and
    for trying things out; nothing leaves this machine. Each API key is a project of its own: what
    one made, another does not see.
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
            data, clock=emulators.ScaledClock(speed), api_keys=api_keys or None
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
            f"--host {host} would let other machines in: add --allow-remote if that is meant"
        )
    say(f"warning: listening on {host}: whoever reaches this machine can use the emulator")


def _hint(error: Exception) -> str:
    reason = error.__cause__
    taken = isinstance(reason, OSError) and reason.errno == errno.EADDRINUSE
    return "--port N, or --port 0 for a free one" if taken else ""


def _announce(url: str, api_keys: tuple[str, ...], data: Path | None) -> None:
    where = "in memory" if data is None else f"in {data}"
    write(f"Emulator on {url}, state {where}. Ctrl-C ends it. In another terminal:")
    write(f"  export PINECONE_CONTROLLER_HOST={url}")
    write(f"  export PINECONE_API_KEY={api_keys[0] if api_keys else 'any-key'}")
    write("Each API key is a project of its own.")
    sys.stdout.flush()
