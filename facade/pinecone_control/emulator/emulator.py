"""The emulator as tests and commands use it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pinecone_control.contract.schema import Contract, effective_contract
from pinecone_control.emulator.admin import ADMIN_PATH, Admin
from pinecone_control.emulator.clock import EmulatorClock, RealClock
from pinecone_control.emulator.core import Core, Parts
from pinecone_control.emulator.doors.asgi import AsgiApp
from pinecone_control.emulator.doors.in_process import AsyncInProcessTransport, InProcessTransport
from pinecone_control.emulator.faults import Faults
from pinecone_control.emulator.identities import Identities, project_of
from pinecone_control.emulator.journal import Journal
from pinecone_control.emulator.plans import Kind, Plan, Plans
from pinecone_control.emulator.samples import DEFAULT_RESTORE_JOBS
from pinecone_control.emulator.settings import Settings
from pinecone_control.emulator.status import PROJECTS, ROWS, Status, project_status
from pinecone_control.emulator.steering import finish
from pinecone_control.emulator.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from pinecone_control.emulator.doors.server import Serving
    from pinecone_control.emulator.messages import Request, Response

_ADMIN_PREFIX = f"{ADMIN_PATH}/"


class Emulator:
    """A local control plane for tests: all 18 operations, stateful, on a clock of its own.

    Parity with the real service is unproven; what is implemented, and on what evidence, is in the
    coverage table of the documentation.

    Args:
        data: file that holds the state and survives a crash; None keeps it in memory.
        clock: the time that the emulator lives on. Default: real time.
        seed: makes ids and sample data the same in every run; None draws one.
        api_keys: keys that are accepted; each names a project of its own. None accepts any.
        settings: durations, quotas and other choices.
        check_responses: raise `ContractBrokenError` where an answer breaks the contract.
        contract: another contract than the one that ships with this package.

    Raises:
        EmulatorDataError: the data file cannot be used; it has not been touched then.
    """

    def __init__(
        self,
        data: Path | str | None = None,
        *,
        clock: EmulatorClock | None = None,
        seed: str | int | None = None,
        api_keys: Collection[str] | None = None,
        settings: Settings | None = None,
        check_responses: bool = False,
        contract: Contract | None = None,
    ) -> None:
        self.clock = RealClock() if clock is None else clock
        self._store = Store(None if data is None else Path(data))
        self._given_seed = None if seed is None else str(seed)
        contract = contract or effective_contract()
        identities = Identities(self._resume())
        self.plans = Plans()
        self.faults = Faults(frozenset(contract.operations), identities.random("faults"))
        self.requests = Journal()
        self._parts = Parts(
            contract=contract,
            store=self._store,
            clock=self.clock,
            settings=settings or Settings(),
            plans=self.plans,
            faults=self.faults,
            journal=self.requests,
            identities=identities,
            api_keys=None if api_keys is None else frozenset(api_keys),
            check_responses=check_responses,
        )
        self._core = Core(self._parts)
        self._admin = Admin(self)
        self.asgi = AsgiApp(self.handle, self.clock, lambda: self.settings.body_limit)

    @property
    def settings(self) -> Settings:
        """Durations, quotas and other choices; assign new ones to change what happens next."""
        return self._parts.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._parts.settings = settings

    def handle(self, request: Request) -> Response:
        """Serve one request, whatever door it came through."""
        if request.path.startswith(_ADMIN_PREFIX) or request.path == ADMIN_PATH:
            return self._admin.handle(request)
        return self._core.handle(request)

    def transport(self) -> InProcessTransport:
        """A door for sync clients in the same process: ``Pinecone(transport=...)``."""
        return InProcessTransport(self.handle, self.clock)

    def async_transport(self) -> AsyncInProcessTransport:
        """A door for async clients in the same process: ``AsyncPinecone(transport=...)``."""
        return AsyncInProcessTransport(self.handle, self.clock)

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> AbstractContextManager[Serving]:
        """Serve over HTTP, in a thread, until the block ends; it yields an object with `url`.

        Args:
            host: address to listen on; anything but loopback lets others in.
            port: 0 takes a free one.

        Raises:
            PortTakenError: the address cannot be listened on.
        """
        from pinecone_control.emulator.doors.server import serve

        return serve(self.asgi, host, port)

    def seed(
        self,
        name: str = "demo",
        *,
        restore_jobs: int = DEFAULT_RESTORE_JOBS,
        api_key: str | None = None,
    ) -> None:
        """Add sample data: indexes, a dozen backups, and restore jobs in every status.

        Each project gets it once; one that has it already stays as it is. Its newest restore job
        completes within six emulated seconds, the one before it fails within four.

        Args:
            name: of the sample; there is one, ``demo``.
            restore_jobs: how many restore jobs there are in it. Default 240.
            api_key: the key whose project gets it, now. None means every project: those that are
                known now, and others when they are first seen.

        Raises:
            ValueError: another name, or a negative number.
        """
        if name != "demo":
            raise ValueError(f"there is one sample, 'demo'; got {name!r}")
        if restore_jobs < 0:
            raise ValueError(f"restore_jobs must be 0 or more; got {restore_jobs}")
        now = self.clock.microseconds()
        if api_key is not None:
            self._core.add_demo(project_of(api_key), now, restore_jobs)
            return
        with self._store.transaction(now) as tables:
            tables.projects.remember("demo", str(restore_jobs))
            known = tables.projects.all()
        for project in {*known, *map(project_of, self._parts.api_keys or ())}:
            self._core.meet(project, now)

    def plan(
        self,
        kind: Kind,
        *,
        seconds: float | None = None,
        outcome: str | None = None,
        at_percent: float | None = None,
        name: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Decide how the next resource of a kind runs; see `Plan` for what can be said.

        ``emulator.plan("restore_job", seconds=600, outcome="Failed", at_percent=40)`` makes the
        next restore fail after four emulated minutes. Plans are not kept in the data file.

        Raises:
            ValueError: a value that the kind does not have, or a number out of range.
        """
        self.plans.add(
            Plan(
                kind=kind,
                seconds=seconds,
                outcome=outcome,
                at_percent=at_percent,
                name=name,
                times=times,
            )
        )

    def finish(self, name_or_id: str, outcome: str | None = None) -> None:
        """Let something that is under way come to its end now.

        Args:
            name_or_id: id of a restore job or backup, or name of an index or collection.
            outcome: how it ends, as in `Plan`; None means success.

        Raises:
            ValueError: nothing of that name or id is under way, or it cannot end so.
        """
        now = self.clock.microseconds()
        with self._store.transaction(now) as tables:
            finish(tables, name_or_id, outcome, now)

    def reset(self) -> None:
        """Forget all resources, sample data, plans, faults and recorded requests.

        Time goes on; settings stay.
        """
        self._store.clear(self.clock.microseconds())
        self._parts.identities = Identities(self._resume())
        self.plans.clear()
        self.faults.clear(self._parts.identities.random("faults"))
        self.requests.clear()

    def status(self) -> Status:
        """What there is to look at, now: the status page's content."""
        now = self.clock.microseconds()
        with self._store.transaction(now) as tables:
            projects = tables.projects.all()
            shown = [project_status(tables, each, now) for each in projects[:PROJECTS]]
            gives_sample_data = tables.projects.fact("demo") is not None
        return Status(
            now=now,
            speed=self.clock.speed,
            projects=shown,
            project_count=len(projects),
            requests=self.requests[-ROWS:][::-1],
            request_count=len(self.requests),
            gives_sample_data=gives_sample_data,
        )

    def close(self) -> None:
        """Release the data file; a second call does nothing."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _resume(self) -> str:
        """The seed to draw from; emulated time goes on where the data file left it."""
        with self._store.transaction(self.clock.microseconds()) as tables:
            self.clock.not_before(int(tables.projects.fact("latest") or 0) / 1_000_000)
            seed = self._given_seed or tables.projects.fact("seed") or secrets.token_hex(16)
            if seed != tables.projects.fact("seed"):
                tables.projects.remember("seed", seed)
        return seed
