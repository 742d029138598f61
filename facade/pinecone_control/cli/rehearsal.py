"""Rehearse restores: restore each backup into a temporary index, compare it, and delete it."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar
from xml.etree import ElementTree as ET

from attrs import define, field, frozen

from pinecone_control.cli.errors import PROGRAM, fact_of, tell
from pinecone_control.cli.output.progress import See, Sighting, following
from pinecone_control.cli.output.terminal import printable
from pinecone_control.cli.parallel import for_each_of_many
from pinecone_control.cli.rehearsal_copies import REHEARSAL_TAG, is_rehearsal_copy
from pinecone_control.errors import (
    CallError,
    ForbiddenError,
    NotFoundError,
    PineconeError,
    WaitError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from pinecone_control import Backup, Index, Pinecone

_OWN_TAGS: Final = "pinecone-control-"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_REMOVAL_PAUSES: Final = (0.5, 2.0, 5.0, 10.0, 20.0)
_REMOVAL_TIMEOUT: Final = 600.0
_LONGEST_DOUBT: Final = 5.0
_STEP: Final = 5.0
T = TypeVar("T")


@define
class Rehearsed:
    """The result of one rehearsal.

    Attributes:
        index_name: the index whose backup is restored.
        backup: the backup; None if the index has no ready one.
        copy_name: name of the temporary index.
        problems: the reasons why the rehearsal failed; empty if it succeeded.
        not_compared: properties that the API reports for only one of copy and backup.
        seconds: how long each step took.
        is_left: whether the copy may exist: it was requested, and not deleted as far as is known.
    """

    index_name: str
    backup: "Backup | None"
    copy_name: str
    problems: list[str] = field(factory=list)
    not_compared: list[str] = field(factory=list)
    seconds: dict[str, float] = field(factory=dict)
    is_left: bool = False

    @property
    def succeeded(self) -> bool:
        return not self.problems

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Record how long a step takes."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] = time.monotonic() - began


@frozen
class Rehearsal:
    """Rehearses the restore of many backups, some at a time."""

    pc: "Pinecone"
    timeout: float
    concurrency: int
    _stopped: Event = field(factory=Event)

    def run(self, rehearsals: list[Rehearsed]) -> None:
        """Restore each backup, compare the copy with it, and delete the copy, also on ctrl-C."""
        by_index = {each.index_name: each for each in rehearsals}

        def raise_unexpected(_: str, ended: "Future[None]") -> None:
            ended.result()

        def tell_left() -> None:
            for each in rehearsals:
                if each.is_left:
                    tell_copy(each.copy_name)

        try:
            with following("rehearsal of", list(by_index)) as see:
                for_each_of_many(
                    by_index,
                    lambda name: self._rehearse(by_index[name], see),
                    raise_unexpected,
                    concurrency=self.concurrency,
                    on_stop=self._stopped.set,
                    on_abandon=tell_left,
                )
        finally:
            tell_left()

    def _rehearse(self, each: Rehearsed, see: See) -> None:
        def show(state: str, *, ended: bool = False) -> None:
            see(Sighting(each.index_name, state, ended=ended))

        if each.backup is None:
            each.problems.append("no ready backup")
        else:
            in_doubt = False
            try:
                each.is_left = True
                self._restore(each, each.backup, show)
            except PineconeError as error:
                each.problems.append(fact_of(error))
                in_doubt = isinstance(error, CallError) and error.outcome_unknown
            finally:
                show("deleting the copy")
                with each.timed("remove"):
                    each.is_left = not remove(self.pc, each.copy_name, in_doubt=in_doubt)
                if each.is_left:
                    each.problems.append(f"the copy {each.copy_name} could not be deleted")
        show("passed" if each.succeeded else "failed", ended=True)

    def _restore(self, each: Rehearsed, backup: "Backup", show: Callable[[str], None]) -> None:
        ends = time.monotonic() + self.timeout
        until = datetime.now(UTC) + timedelta(seconds=self.timeout)
        show("restoring")
        with each.timed("create"):
            begun = self.pc.create_index_from_backup(
                backup.backup_id,
                name=each.copy_name,
                tags={**dict(backup.tags or {}), REHEARSAL_TAG: f"{until:{_STAMP}}"},
                deletion_protection="disabled",
                reconcile=True,
            )
        with each.timed("restore"):
            job_id = begun.restore_job_id
            wait = self.pc.wait_for_restore_job
            job = self._wait_interruptibly(lambda step: wait(job_id, timeout=step), ends)
            copy = self._wait_interruptibly(
                lambda step: self.pc.wait_for_index(job, timeout=step), ends
            )
        show("comparing")
        with each.timed("compare"):
            compare(copy, backup, each)

    def _wait_interruptibly(self, wait: Callable[[float], T], ends: float) -> T:
        """Call `wait` for short times until it returns or the time is up; stop on ctrl-C.

        Args:
            wait: waits for the given number of seconds at most.
            ends: the time, on the monotonic clock, at which to give up.

        Raises:
            PineconeError: the time is up, or ctrl-C was pressed.
        """
        while True:
            left = ends - time.monotonic()
            if self._stopped.is_set():
                raise PineconeError("interrupted")
            try:
                return wait(max(0.1, min(left, _STEP)))
            except WaitTimeoutError as error:
                if left <= _STEP:
                    what = f"the restore was not complete within {self.timeout:g} s"
                    raise PineconeError(what) from error


def remove(pc: "Pinecone", name: str, *, in_doubt: bool = False) -> bool:
    """Delete a copy and wait until it is gone; return whether it is.

    Temporary failures are retried. A copy with deletion protection stays.

    Args:
        pc: the client.
        name: name of the copy.
        in_doubt: whether the server may still create the copy. A 404 then counts only after some
            seconds.
    """
    for pause in (*_REMOVAL_PAUSES, None):
        try:
            pc.delete_index(name)
            pc.wait_for_index_deleted(name, timeout=_REMOVAL_TIMEOUT)
        except NotFoundError:
            if not in_doubt or pause is None or pause > _LONGEST_DOUBT:
                return True
        except ForbiddenError:
            return False
        except (CallError, WaitError):
            if pause is None:
                return False
        else:
            return True
        time.sleep(pause)
    return False


def tell_copy(name: str) -> None:
    """Write that a copy still exists, with the commands that delete it."""
    tell(
        f"the copy {name} could not be deleted",
        f"Delete it: {PROGRAM} indexes delete {name} "
        f"(if it is protected, first: {PROGRAM} indexes configure {name} --unprotect)",
    )


def compare(copy: "Index", backup: "Backup", rehearsed: Rehearsed) -> None:
    """Record in `rehearsed` where the restored index differs from its backup."""
    spec = copy.spec.serverless
    for what, now, then in (
        ("dimension", copy.dimension, backup.dimension),
        ("metric", copy.metric, backup.metric),
        ("cloud", spec and spec.cloud, backup.cloud),
        ("region", spec and spec.region, backup.region),
        ("tags", _tags_of(copy), _tags_of(backup)),
        # So far only the data plane reports an index's record count.
        ("record count", copy.additional_properties.get("record_count"), backup.record_count),
    ):
        if now != then and (now is None or then is None):
            rehearsed.not_compared.append(what)
        elif now != then:
            rehearsed.problems.append(f"{what}: {now} instead of {then}")


def _tags_of(resource: "Index | Backup") -> dict[str, object]:
    """Return the tags without those that this package adds."""
    tags = dict(resource.tags or {})
    return {name: value for name, value in tags.items() if not name.startswith(_OWN_TAGS)}


def leftovers(pc: "Pinecone") -> "tuple[list[Index], list[Index]]":
    """Return copies of other rehearsals: those left behind, and those that may be in use."""
    surely: list[Index] = []
    perhaps: list[Index] = []
    now = datetime.now(UTC)
    for index in pc.list_indexes():
        if is_rehearsal_copy(index):
            until = dict(index.tags or {})[REHEARSAL_TAG]
            try:
                is_over = datetime.strptime(until, _STAMP).replace(tzinfo=UTC) < now
            except ValueError:
                is_over = True
            (surely if is_over else perhaps).append(index)
    return surely, perhaps


def as_json(rehearsals: list[Rehearsed]) -> str:
    """Return the rehearsals as a JSON array, an object for each index."""
    found = [
        {
            "index_name": each.index_name,
            "backup_id": each.backup and each.backup.backup_id,
            "backup_name": each.backup and each.backup.name,
            "copy_name": each.copy_name,
            "succeeded": each.succeeded,
            "problems": each.problems,
            "not_compared": each.not_compared,
            "seconds": {step: round(taken, 3) for step, taken in each.seconds.items()},
            "left_behind": each.is_left,
        }
        for each in rehearsals
    ]
    return json.dumps(found, indent=2)


def as_junit(rehearsals: list[Rehearsed]) -> str:
    """Return the rehearsals as a JUnit report, a test case for each index."""
    suite = ET.Element(
        "testsuite",
        name="backups rehearse",
        tests=str(len(rehearsals)),
        failures=str(sum(not each.succeeded for each in rehearsals)),
        time=f"{sum(sum(each.seconds.values()) for each in rehearsals):.3f}",
    )
    for each in rehearsals:
        taken = f"{sum(each.seconds.values()):.3f}"
        case = ET.SubElement(
            suite, "testcase", classname="rehearsal", name=printable(each.index_name), time=taken
        )
        for problem in each.problems:
            ET.SubElement(case, "failure", message=printable(problem))
        lines = [f"{step}: {seconds:.1f} s" for step, seconds in each.seconds.items()]
        lines += [f"{what}: not compared" for what in each.not_compared]
        ET.SubElement(case, "system-out").text = "\n".join(lines)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)
