"""Rehearsing restores: each backup is restored under a name of its own, compared, and removed."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar
from xml.etree import ElementTree as ET

from attrs import define, field, frozen

from pinecone_control.cli.errors import fact_of
from pinecone_control.cli.index_choice import REHEARSAL_TAG
from pinecone_control.cli.output.progress import See, Sighting, following
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.program import INTERRUPTED
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

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_LONGEST_NAME: Final = 45
_REMOVAL_PAUSES: Final = (0.5, 2.0, 5.0, 10.0, 20.0)
_REMOVAL_TIMEOUT: Final = 600.0
_LONGEST_DOUBT: Final = 5.0
T = TypeVar("T")

_STEP: Final = 5.0

Tell = Callable[[str], None]


@define
class Rehearsed:
    """What became of one rehearsal.

    Attributes:
        index_name: the index whose backup was restored.
        backup: the backup; None when there was none to restore.
        copy_name: name of the index that it was restored into.
        problems: why it is no success, one each; empty when it is one.
        not_compared: what the API did not report of the copy or the backup.
        seconds: how long each step took.
        left_behind: whether the copy could not be removed.
    """

    index_name: str
    backup: "Backup | None"
    copy_name: str
    problems: list[str] = field(factory=list)
    not_compared: list[str] = field(factory=list)
    seconds: dict[str, float] = field(factory=dict)
    left_behind: bool = False
    in_doubt: bool = False
    """Whether it is unknown if the copy was ever begun."""

    @property
    def succeeded(self) -> bool:
        return not self.problems

    def to_dict(self) -> dict[str, object]:
        """Return this as JSON has it."""
        return {
            "index_name": self.index_name,
            "backup_id": self.backup.backup_id if self.backup else None,
            "backup_name": self.backup.name if self.backup else None,
            "copy_name": self.copy_name,
            "succeeded": self.succeeded,
            "problems": self.problems,
            "not_compared": self.not_compared,
            "seconds": {step: round(taken, 3) for step, taken in self.seconds.items()},
            "left_behind": self.left_behind,
        }

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - began


@frozen
class Rehearsal:
    """Rehearses the restore of backups, some at a time."""

    pc: "Pinecone"
    timeout: float
    concurrency: int
    _stopped: Event = field(factory=Event)

    def run(self, rehearsals: list[Rehearsed]) -> None:
        """Restore each backup, compare it, and remove the copy, also on ctrl-C."""
        done: SimpleQueue[Future[Rehearsed]] = SimpleQueue()
        with (
            following("rehearsal of", [each.index_name for each in rehearsals]) as see,
            ThreadPoolExecutor(self.concurrency) as pool,
        ):
            waited_for = set()
            for each in rehearsals:
                future = pool.submit(self._one, each, see)
                waited_for.add(future)
                future.add_done_callback(done.put)
            try:
                while waited_for:
                    with suppress(Empty):
                        ended = done.get(timeout=1.0)
                        waited_for.discard(ended)
                        ended.result()
            except BaseException:
                self._stop(pool)
                raise

    def _stop(self, pool: ThreadPoolExecutor) -> None:
        say("stopping: deleting the copies first; press ctrl-C again to leave them")
        self._stopped.set()
        try:
            pool.shutdown(wait=True, cancel_futures=True)
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)

    def _one(self, each: Rehearsed, see: See) -> Rehearsed:
        def tell(state: str, *, ended: bool = False) -> None:
            see(Sighting(each.index_name, state, ended=ended))

        if each.backup is None:
            each.problems.append("no ready backup")
        else:
            try:
                self._restore(each, each.backup, tell)
            except PineconeError as error:
                each.problems.append(fact_of(error))
                each.in_doubt = isinstance(error, CallError) and error.outcome_unknown
            finally:
                tell("deleting the copy")
                with each.timed("remove"):
                    each.left_behind = not remove(self.pc, each.copy_name, in_doubt=each.in_doubt)
                if each.left_behind:
                    each.problems.append(f"the copy {each.copy_name} could not be deleted")
        tell("passed" if each.succeeded else "failed", ended=True)
        return each

    def _restore(self, each: Rehearsed, backup: "Backup", tell: Tell) -> None:
        tags = {**dict(backup.tags or {}), REHEARSAL_TAG: f"{datetime.now(UTC):{_STAMP}}"}
        tell("restoring")
        with each.timed("create"):
            begun = self.pc.create_index_from_backup(
                backup.backup_id,
                name=each.copy_name,
                tags=tags,
                deletion_protection="disabled",
                reconcile=True,
            )
        with each.timed("restore"):
            self._wait(begun.restore_job_id)
        tell("comparing")
        with each.timed("compare"):
            compare(self.pc.describe_index(each.copy_name), backup, each)

    def _wait(self, job_id: str) -> None:
        """Wait for the restore and the index that it makes."""
        ends = time.monotonic() + self.timeout
        job = self._in_steps(lambda step: self.pc.wait_for_restore_job(job_id, timeout=step), ends)
        self._in_steps(lambda step: self.pc.wait_for_index(job, timeout=step), ends)

    def _in_steps(self, wait: Callable[[float], T], ends: float) -> T:
        """Wait until a moment, in steps, so that ctrl-C is noticed."""
        while True:
            left = ends - time.monotonic()
            if self._stopped.is_set():
                raise PineconeError("interrupted")
            try:
                return wait(max(0.1, min(left, _STEP)))
            except WaitTimeoutError:
                if left <= _STEP:
                    raise


def remove(pc: "Pinecone", name: str, *, in_doubt: bool = False) -> bool:
    """Remove a copy and wait until it is gone; whether that came about.

    Trouble is met with patience, also the absence of a copy that may still come about. A copy that
    somebody has protected stays.
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


def planned(backups: "Mapping[str, Backup | None]") -> list[Rehearsed]:
    """Return a rehearsal for each index and its backup, not yet begun."""
    return [Rehearsed(name, backup, copy_name(name)) for name, backup in backups.items()]


def copy_name(index_name: str) -> str:
    """Return a name for a copy that no other index has."""
    ending = secrets.token_hex(4)
    start = f"rehearsal-{index_name}"[: _LONGEST_NAME - len(ending) - 1].rstrip("-")
    return f"{start}-{ending}"


def compare(copy: "Index", backup: "Backup", rehearsed: Rehearsed) -> None:
    """Note where the restored index differs from what its backup says."""
    spec = copy.spec.serverless
    tags = {key: value for key, value in dict(copy.tags or {}).items() if key != REHEARSAL_TAG}
    pairs: dict[str, tuple[object, object]] = {
        "dimension": (copy.dimension, backup.dimension),
        "metric": (copy.metric, backup.metric),
        "cloud": (spec.cloud if spec else None, backup.cloud),
        "region": (spec.region if spec else None, backup.region),
        "record count": (copy.additional_properties.get("record_count"), backup.record_count),
    }
    for what, (now, then) in pairs.items():
        if now is None or then is None:
            if now != then:
                rehearsed.not_compared.append(what)
        elif now != then:
            rehearsed.problems.append(f"{what}: {now} instead of {then}")
    wanted = {
        k: v for k, v in dict(backup.tags or {}).items() if not k.startswith("pinecone-control-")
    }
    tags = {key: value for key, value in tags.items() if not key.startswith("pinecone-control-")}
    if tags != wanted:
        rehearsed.problems.append(f"tags: {tags} instead of {wanted}")


def leftovers(pc: "Pinecone", *, older_than: timedelta) -> "tuple[list[Index], list[Index]]":
    """Return the copies of earlier rehearsals: those left behind, and those perhaps in use."""
    surely: list[Index] = []
    perhaps: list[Index] = []
    for index in pc.list_indexes():
        since = dict(index.tags or {}).get(REHEARSAL_TAG)
        if since is None:
            continue
        try:
            age = datetime.now(UTC) - datetime.strptime(since, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            age = timedelta.max
        (surely if age > older_than else perhaps).append(index)
    return surely, perhaps


def junit(rehearsals: list[Rehearsed]) -> str:
    """Return the rehearsals as a JUnit report, a test case for each index."""
    failures = sum(not each.succeeded for each in rehearsals)
    suite = ET.Element(
        "testsuite",
        name="backups rehearse",
        tests=str(len(rehearsals)),
        failures=str(failures),
        time=f"{sum(sum(each.seconds.values()) for each in rehearsals):.3f}",
    )
    for each in rehearsals:
        case = ET.SubElement(
            suite,
            "testcase",
            classname="rehearsal",
            name=each.index_name,
            time=f"{sum(each.seconds.values()):.3f}",
        )
        for problem in each.problems:
            ET.SubElement(case, "failure", message=problem)
        steps = "\n".join(f"{step}: {taken:.1f} s" for step, taken in each.seconds.items())
        ET.SubElement(case, "system-out").text = steps
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)
