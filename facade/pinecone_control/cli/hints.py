"""An error as two lines on stderr: what happened, and what to do about it."""

import re
from typing import Final

from pinecone_control._core.text import shown
from pinecone_control.cli.commands import PROGRAM
from pinecone_control.cli.screen import say, styled
from pinecone_control.errors import (
    CallError,
    FailedPreconditionError,
    ForbiddenError,
    OperationFailedError,
    PineconeError,
    UnauthorizedError,
)

_OPTIONS: Final = (
    (r"pass allow_plain_http=True", "give --allow-plain-http"),
    (
        r"verify must be True, False, an SSLContext or a readable PEM file;",
        "--ca-file cannot be read:",
    ),
    (r"pass its authority: verify='(\S+)'", r"name its authority: --ca-file \1"),
    (
        r"give an attempt more time: timeout=\.\.\. and deadline=\.\.\.",
        "give it more time: --deadline SECONDS",
    ),
    (r"describe_index\('([^']*)'\)", rf"`{PROGRAM} indexes describe \1`"),
    (r"describe_collection\('([^']*)'\)", rf"`{PROGRAM} collections describe \1`"),
    (r"describe_backup\('([^']*)'\)", rf"`{PROGRAM} backups describe \1`"),
    (r"list_backups\('([^']*)'\)", rf"`{PROGRAM} backups list --index \1`"),
)
"""How the library says it, and how this command does."""


def in_options(text: str) -> str:
    """Return a text of the library in terms of this command's options."""
    for said, here in _OPTIONS:
        text = re.sub(said, here, text)
    return text


def tell(what: str, hint: str = "") -> None:
    """Write an error to stderr: a line for what happened, a line for what to do."""
    say(f"{styled('error:', 'red')} {shown(what, 2000)}")
    if hint:
        say(f"{styled('hint:', 'cyan')} {shown(hint, 2000)}")


def hint_of(error: PineconeError) -> str:
    """Return what to do about an error, in terms of this command where it has some."""
    hint = error.hint
    match error:
        case UnauthorizedError():
            hint = hint.replace("the api_key argument", "--api-key-file or the profile")
        case ForbiddenError(deletion_protected=True):
            hint = f"Turn the protection off: {PROGRAM} indexes configure NAME --unprotect"
        case FailedPreconditionError() if error.pending_restore_job_ids:
            jobs = " ".join(error.pending_restore_job_ids)
            hint = f"Wait for what is pending: {PROGRAM} restore-jobs wait {jobs}"
        case CallError(outcome_unknown=True, operation="create_backup"):
            hint = f"Look before trying again: {PROGRAM} backups list --index NAME"
        case CallError(outcome_unknown=True, operation="create_index_from_backup"):
            hint = f"Look before trying again: {PROGRAM} restore-jobs list"
        case OperationFailedError():
            hint = "Waiting longer will not change it: begin again, or ask support."
    return in_options(hint)
