"""Find the resources that the user named by id, by the start of an id, by name or by pattern."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote

import click
from attrs import define, field, frozen

from pinecone_control._core.identity import expect_backups_of
from pinecone_control.cli.errors import PROGRAM
from pinecone_control.cli.output.columns import BACKUP, RESTORE_JOB, Resource, did_you_mean, plain
from pinecone_control.cli.output.table import SHORT_ID
from pinecone_control.cli.rehearsal_copies import is_rehearsal_copy
from pinecone_control.errors import NotFoundError, PineconeError, PineconeValueError
from pinecone_control.models import Model

if TYPE_CHECKING:
    from pinecone_control import Backup, Index, Pinecone

T = TypeVar("T", bound=Model)

_WHOLE_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOST_CANDIDATES: Final = 10
_WITHOUT_DATA: Final = frozenset({"InitializationFailed", "Terminating"})
_IS_POD: Final = "it is a pod index, which has collections instead of backups"


def backup_id(pc: "Pinecone", given: str) -> str:
    """Return the id of a backup given by its id, by the start of its id, or by a unique name.

    Raises:
        PineconeValueError: several backups match.
    """
    return _id(given, BACKUP, pc.list_backups, lambda backup: backup.name)


def restore_job_id(pc: "Pinecone", given: str) -> str:
    """Return the id of a restore job given by its id or by the start of its id.

    Raises:
        PineconeValueError: several restore jobs match.
    """
    return _id(given, RESTORE_JOB, pc.list_restore_jobs, lambda _: None)


def backups_of_index(pc: "Pinecone", index_name: str) -> "list[Backup]":
    """Return the backups of an index, which may have been deleted: backups outlive their index.

    Raises:
        PineconeError: there is neither such an index nor a backup of it.
    """
    try:
        return expect_backups_of(index_name, pc.list_backups(index_name))
    except NotFoundError as error:
        backups = list(pc.list_backups())
        left = [backup for backup in backups if backup.source_index_name == index_name]
        if not left:
            raise no_such_index(
                pc, index_name, also={backup.source_index_name for backup in backups}
            ) from error
        return left


def no_such_index(pc: "Pinecone", name: str, *, also: Iterable[str] = ()) -> PineconeError:
    """Return the error for a name that no index has; it suggests a similar name."""
    names = sorted({index.name for index in pc.list_indexes()} | set(also))
    return PineconeError(
        f"no index named {name!r}{did_you_mean(name, names)}",
        hint=f"See: {PROGRAM} indexes list",
    )


def explain_absence(pc: "Pinecone", error: NotFoundError) -> None:
    """Reword an error to say which resource does not exist, and suggest a similar name.

    If the names cannot be listed, the error stays as it is.
    """
    kind, name = _named_in(error.request)
    with suppress(PineconeError):
        if kind == "indexes":
            missing = no_such_index(pc, name)
            error.what, error.hint = missing.what, missing.hint
        elif kind == "collections":
            names = [collection.name for collection in pc.list_collections()]
            error.what = f"no collection named {name!r}{did_you_mean(name, names)}"
        elif kind == "backups":
            error.what = f"no backup with the id or name {name!r}"
        elif kind:
            error.what = f"no restore job with the id {name!r}"
        else:
            return
        error.reason = ""
        if kind != "indexes":
            error.hint = f"See: {PROGRAM} {kind} list"
        if kind == "backups" and pc.has_index(name):
            error.hint = f"{name} is an index. See: {PROGRAM} backups list --index {name}"


def _named_in(request: str) -> tuple[str, str]:
    """Return the kind and the name of the resource that a request was about."""
    _, _, path = request.partition(" ")
    parts = [unquote(part) for part in path.split("/") if part]
    kinds = ("indexes", "collections", "backups", "restore-jobs")
    for kind, name in pairwise(parts):
        if kind in kinds:
            return kind, name
    return "", ""


def _id(
    given: str,
    resource: Resource,
    listing: Callable[[], Iterable[T]],
    name_of: Callable[[T], str | None],
) -> str:
    if _WHOLE_ID.fullmatch(given) or not given:
        return given
    found = {}
    for item in listing():
        key = str(resource.key.value(item))
        if key == given:
            return given
        if key.startswith(given) or name_of(item) == given:
            found[key] = item
    if not found:
        return given  # the server reports that it does not exist
    if len(found) > 1:
        raise PineconeValueError(
            f"{given!r} matches {len(found)} {resource.many}: {_candidates(found, resource)}",
            hint="Give one of these ids.",
        )
    return next(iter(found))


def _candidates(found: dict[str, T], resource: Resource) -> str:
    lines = []
    for key, item in list(found.items())[:_MOST_CANDIDATES]:
        index = next((c for c in resource.columns if c.path == resource.index), resource.key)
        lines.append(f"{_short(key, found)} ({plain(index.value(item))})")
    more = len(found) - _MOST_CANDIDATES
    return ", ".join(lines) + (f" and {more} more" if more > 0 else "")


def _short(key: str, among: Iterable[str]) -> str:
    """Return the shortest unique prefix of an id, at least as long as tables show it."""
    others = [other for other in among if other != key]
    return next(
        (
            key[:length]
            for length in range(SHORT_ID, len(key))
            if not any(other.startswith(key[:length]) for other in others)
        ),
        key,
    )


def refuse_existing_index(pc: "Pinecone", name: str) -> None:
    """Raise the error with which an index of this name could not be created."""
    if pc.has_index(name):
        raise PineconeError(f"an index named {name!r} already exists", hint="Choose another name.")


# ----------------------------------------------------------------------------- many indexes


@define
class Chosen:
    """The chosen indexes, and the reasons why others were left out.

    Attributes:
        indexes: the chosen indexes, by name.
        left_out: the reasons, by name of the index that was left out.
    """

    indexes: "dict[str, Index]" = field(factory=dict)
    left_out: dict[str, str] = field(factory=dict)


@frozen(kw_only=True)
class IndexChoice:
    """The arguments and options of a command line that choose indexes."""

    index_names: tuple[str, ...] = ()
    all_indexes: bool = False
    exclude: tuple[str, ...] = ()
    with_tag: tuple[tuple[str, str], ...] = ()
    without_tag: tuple[tuple[str, str], ...] = ()
    without_restored: bool = False

    def __attrs_post_init__(self) -> None:
        if self.all_indexes and self.index_names:
            raise click.UsageError("--all-indexes cannot be used with names of indexes")
        if not self.all_indexes and not self.index_names:
            raise click.UsageError("name at least one index, or give --all-indexes")
        narrowing = self.exclude or self.with_tag or self.without_tag or self.without_restored
        if narrowing and not self.all_indexes:
            raise click.UsageError(
                "--exclude, --with-tag, --without-tag and --without-restored need --all-indexes"
            )

    def among(self, pc: "Pinecone") -> Chosen:
        """Return the chosen indexes, which may be none.

        Raises:
            PineconeError: there is no index of a given name, or it is a pod index.
        """
        every = {index.name: index for index in pc.list_indexes()}
        if not self.all_indexes:
            for name in self.index_names:
                if name not in every:
                    raise no_such_index(pc, name)
                if every[name].spec.pod is not None:
                    raise PineconeError(
                        f"index {name} has no backups: {_IS_POD}",
                        hint=f"See: {PROGRAM} collections --help",
                    )
            return Chosen({name: every[name] for name in self.index_names})
        restored = (
            {job.target_index_name for job in pc.list_restore_jobs()}
            if self.without_restored
            else frozenset[str]()
        )
        chosen = Chosen()
        for name, index in every.items():
            reason = self._reason_against(index) or (
                "a restore created it" if name in restored else ""
            )
            if reason:
                chosen.left_out[name] = reason
            else:
                chosen.indexes[name] = index
        return chosen

    def some(self, pc: "Pinecone") -> Chosen:
        """Return the chosen indexes, of which there is at least one.

        Raises:
            PineconeError: there is no index of a given name, or none was chosen.
        """
        chosen = self.among(pc)
        if not chosen.indexes:
            reasons = [f"{name}: {reason}" for name, reason in chosen.left_out.items()]
            what = "all indexes were left out" if reasons else "there are no indexes"
            raise PineconeError(what, hint="; ".join(reasons))
        return chosen

    def _reason_against(self, index: "Index") -> str:
        state, tags = index.status.state, dict(index.tags or {})
        if index.spec.pod is not None:
            return _IS_POD
        if state in _WITHOUT_DATA:
            return f"its status is {state}"
        if is_rehearsal_copy(index):
            return "a rehearsal created it"
        pattern = next((each for each in self.exclude if fnmatchcase(index.name, each)), None)
        if pattern is not None:
            return f"excluded by the pattern {pattern}"
        for name, value in self.without_tag:
            if tags.get(name) == value:
                return f"excluded by the tag {name}={value}"
        for name, value in self.with_tag:
            if tags.get(name) != value:
                return f"it has no tag {name}={value}"
        return ""
