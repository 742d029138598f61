"""Wait for resources with progress output, and with hints after ctrl-C and timeouts."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import click

from pinecone_control._core.wait_conditions import RESTORE_JOB
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.errors import PROGRAM
from pinecone_control.cli.output.columns import Resource
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.progress import See, Sighting, following
from pinecone_control.cli.output.terminal import say
from pinecone_control.errors import CallError, NotFoundError, WaitError, WaitTimeoutError
from pinecone_control.models import Model

if TYPE_CHECKING:
    from pinecone_control import Backup, Index, Pinecone, RestoreJob

T = TypeVar("T", bound=Model)

_FIRST_LOOK: Final = 2.0
_LOOKED_AT: Final = 8


def command_line(client: ClientOptions, *words: str) -> str:
    """Return a command with the same client options, quoted for the shell."""
    return shlex.join([PROGRAM, *words, *client.arguments()])


def this_command(*more: str) -> str:
    """Return the running command as it was typed, with more options, quoted for the shell."""
    words = list(click.get_current_context().find_root().obj)
    end_of_options = words.index("--") if "--" in words else len(words)
    return shlex.join([PROGRAM, *words[:end_of_options], *more, *words[end_of_options:]])


@contextmanager
def hint_if_request_interrupted(command: str) -> Iterator[None]:
    """Write on ctrl-C that the server may have received the request, and how to continue.

    Args:
        command: the command that continues.
    """
    try:
        yield
    except KeyboardInterrupt:
        say(f"The server may have received the request. To continue:\n  {command}")
        raise


@contextmanager
def hint_if_wait_interrupted(
    what: str, command: str, *, was_seen: Callable[[], object] = lambda: True
) -> Iterator[None]:
    """Write on ctrl-C, or add to a timeout's error, that the work continues, and how to wait again.

    Args:
        what: says that the work continues, such as `The restore continues`.
        command: the command that waits again.
        was_seen: returns whether the server has shown the work.
    """

    def outlook() -> str:
        return f"{what} on the server." if was_seen() else "The server has not shown it yet."

    try:
        yield
    except KeyboardInterrupt:
        say(f"{outlook()} To wait again:\n  {command}")
        raise
    except WaitTimeoutError as error:
        error.hint = f"{outlook()} To wait again: {command}"
        raise


def wait_for_jobs(
    pc: "Pinecone", client: ClientOptions, job_ids: Sequence[str], timeout: float
) -> "list[RestoreJob]":
    """Wait until restore jobs are completed, and show their progress."""
    again = command_line(client, "restore-jobs", "wait", *job_ids)
    seen: set[str] = set()
    with (
        hint_if_wait_interrupted("The restore continues", again, was_seen=lambda: seen),
        following("restore job", job_ids) as see,
    ):

        def look(job: "RestoreJob") -> None:
            seen.add(job.restore_job_id)
            see(
                Sighting(
                    job.restore_job_id,
                    job.status,
                    percent=job.percent_complete,
                    label=job.target_index_name,
                    ended=job.is_done,
                )
            )

        _show_unknown(pc, job_ids, timeout, see)
        if len(job_ids) == 1:
            return [pc.wait_for_restore_job(job_ids[0], timeout=timeout, on_update=look)]
        return pc.wait_for_restore_jobs(job_ids, timeout=timeout, on_update=look)


def _show_unknown(pc: "Pinecone", job_ids: Sequence[str], timeout: float, see: See) -> None:
    """Show which of the first few jobs the server does not know; the wait itself shows nothing yet.

    The server may not know a new job for a moment (documentation), so this is not an error yet. All
    other errors are left to the wait.
    """
    patience = min(RESTORE_JOB.absence_grace, timeout)
    looking = pc.with_options(deadline=min(_FIRST_LOOK, timeout))
    for job_id in job_ids[:_LOOKED_AT]:
        try:
            looking.describe_restore_job(job_id)
        except NotFoundError:
            see(Sighting(job_id, f"not known yet (404), trying again for {patience:g} s"))
        except CallError:
            return


def wait_for_index(
    pc: "Pinecone",
    client: ClientOptions,
    name: str,
    timeout: float,
    *,
    known: "Index | RestoreJob | None" = None,
) -> "Index":
    """Wait until an index is ready, and show its status.

    Args:
        pc: the client.
        client: its options, for the command that waits again.
        name: name of the index.
        timeout: seconds for the wait.
        known: the index or its restore job, which proves that the index exists.
    """
    again = command_line(client, "indexes", "wait", name)
    with (
        hint_if_wait_interrupted("The operation continues", again),
        following("index", [name]) as see,
    ):

        def look(index: "Index") -> None:
            see(Sighting(name, index.status.state))

        return pc.wait_for_index(known or name, timeout=timeout, on_update=look)


def wait_for_index_deleted(pc: "Pinecone", name: str, timeout: float) -> None:
    """Wait until an index is deleted, and show its status."""
    with following("index", [name]) as see:

        def look(index: "Index | None") -> None:
            see(Sighting(name, "deleted" if index is None else index.status.state))

        pc.wait_for_index_deleted(name, timeout=timeout, on_update=look)


def wait_for_backups(
    pc: "Pinecone", again: str, backups: "Sequence[Backup]", timeout: float
) -> "list[Backup]":
    """Wait until all backups are ready, and show their statuses.

    Args:
        pc: the client.
        again: the command that waits again.
        backups: the backups.
        timeout: seconds for the wait.
    """
    keys = [backup.backup_id for backup in backups]
    with hint_if_wait_interrupted("The backups continue", again), following("backup", keys) as see:

        def look(backup: "Backup") -> None:
            ended = backup.is_ready or backup.failed
            label = backup.source_index_name
            see(Sighting(backup.backup_id, backup.status, label=label, ended=ended))

        return pc.wait_for_backups(backups, timeout=timeout, on_update=look)


def write_waited_for(output: Output, resource: Resource, wait: Callable[[], list[T]]) -> None:
    """Write the resources that a wait returns; if it fails, their last known states."""
    try:
        found = wait()
    except WaitError as error:
        seen = last_seen(error)
        if seen or not output.is_for_people:
            output.listing(seen, resource)
        raise
    output.listing(found, resource)


def last_seen(error: WaitError) -> list[Model]:
    """Return the last known states of the resources of a failed wait."""
    seen = error.last if isinstance(error.last, list) else [error.last]
    return [resource for resource in seen if isinstance(resource, Model)]
