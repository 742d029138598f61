"""The emulator: the class that tests and commands use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator.admin.admin_api import ADMIN_PATH, AdminApi
from pinecone_control.emulator.api.control_plane import ControlPlane
from pinecone_control.emulator.api.data_plane import DataPlane, is_data_plane
from pinecone_control.emulator.api.request_log import RequestLog
from pinecone_control.emulator.clock import EmulatorClock, RealClock
from pinecone_control.emulator.context import Context, resume
from pinecone_control.emulator.scenarios.demo_data import DEFAULT_RESTORE_JOBS, seed_projects
from pinecone_control.emulator.scenarios.faults import Faults
from pinecone_control.emulator.scenarios.finish import finish
from pinecone_control.emulator.scenarios.planned_transitions import Kind, Plan, Plans
from pinecone_control.emulator.servers.httpx_transports import (
    AsyncInProcessTransport,
    InProcessTransport,
)
from pinecone_control.emulator.settings import Settings
from pinecone_control.emulator.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from pinecone_control.emulator.api.http_messages import Request, Response
    from pinecone_control.emulator.servers.http_server import RunningServer

    Serving = AbstractContextManager[RunningServer]

_ADMIN_PREFIX = f"{ADMIN_PATH}/"


class Emulator:
    """A local control plane for tests: all 18 operations, with state, on its own clock.

    It is unproven that it behaves like the real service. The coverage table in the documentation
    lists what is implemented, and the evidence for it.

    Args:
        data: file that holds the state, safe from crashes; None keeps the state in memory.
        clock: the emulator's clock. Default: real time.
        seed: makes ids and sample data the same in every run; None means a random one.
        api_keys: keys that are accepted; each is a separate project. None accepts any key.
        settings: durations, quotas and other settings.
        check_responses: raise `ContractBrokenError` if a response violates the contract.
        contract: the contract to serve. Default: the one that ships with this package.

    Raises:
        EmulatorDataError: the data file cannot be used; it is left unchanged.
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
        contract = contract or effective_contract()
        clock = RealClock() if clock is None else clock
        store = Store(None if data is None else Path(data))
        given_seed = None if seed is None else str(seed)
        random = resume(store, clock, given_seed)
        self._context = Context(
            contract=contract,
            store=store,
            clock=clock,
            settings=settings or Settings(),
            plans=Plans(),
            faults=Faults(frozenset(contract.operations), random.random("faults")),
            requests=RequestLog(),
            seed=given_seed,
            random=random,
            api_keys=None if api_keys is None else frozenset(api_keys),
            check_responses=check_responses,
        )
        self._control_plane = ControlPlane(self._context)
        self._data_plane = DataPlane(self._context)
        self._admin = AdminApi(self._context)

    @property
    def clock(self) -> EmulatorClock:
        """The emulator's clock."""
        return self._context.clock

    @property
    def faults(self) -> Faults:
        """The faults that are to be injected."""
        return self._context.faults

    @property
    def plans(self) -> Plans:
        """The plans for the next resources; `plan` adds one."""
        return self._context.plans

    @property
    def requests(self) -> RequestLog:
        """The latest requests to the API."""
        return self._context.requests

    @property
    def settings(self) -> Settings:
        """Durations, quotas and other settings; assign new ones to change them."""
        return self._context.settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._context.settings = settings

    def handle(self, request: Request) -> Response:
        """Return the response to one request: to the API, an index's host or `/_emulator/`."""
        if request.path.startswith(_ADMIN_PREFIX) or request.path == ADMIN_PATH:
            return self._admin.handle(request)
        if is_data_plane(request.path):
            return self._data_plane.handle(request)
        return self._control_plane.handle(request)

    def transport(self) -> InProcessTransport:
        """Return a transport for sync clients in this process: ``Pinecone(transport=...)``."""
        return InProcessTransport(self)

    def async_transport(self) -> AsyncInProcessTransport:
        """Return a transport for async clients: ``AsyncPinecone(transport=...)``."""
        return AsyncInProcessTransport(self)

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> Serving:
        """Serve over HTTP, in a thread, until the ``with`` block ends; the object has a `url`.

        Args:
            host: address to listen on; other machines can reach any address except loopback.
            port: the port; 0 means any free one.

        Raises:
            PortTakenError: the server cannot listen on the address.
        """
        from pinecone_control.emulator.servers.http_server import serve

        return serve(self, host, port)

    def seed(
        self,
        name: str = "demo",
        *,
        restore_jobs: int = DEFAULT_RESTORE_JOBS,
        api_key: str | None = None,
    ) -> None:
        """Add sample data: indexes, a dozen backups, and restore jobs in every status.

        Each project gets it only once. Its newest restore job completes within six emulated
        seconds; the one before it fails within four.

        Args:
            name: name of the sample; there is only ``demo``.
            restore_jobs: number of restore jobs in it. Default 240.
            api_key: the key whose project gets it now. None means every project: known ones now,
                and others with their first request.

        Raises:
            ValueError: unknown name, or negative number.
        """
        seed_projects(self._context, name, restore_jobs, api_key)

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
        """Plan duration and outcome of the next resource of a kind; `Plan` has the arguments.

        ``emulator.plan("restore_job", seconds=600, outcome="Failed", at_percent=40)`` makes the
        next restore fail after four emulated minutes. Plans are not stored in the data file.

        Raises:
            ValueError: the kind does not have this value, or a number is out of range.
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
        """End an operation that is in progress now.

        Args:
            name_or_id: id of a restore job or backup, or name of an index or collection.
            outcome: how it ends, as in `Plan`; None means success.

        Raises:
            ValueError: nothing of that name or id is in progress, or it cannot end in this way.
        """
        finish(self._context, name_or_id, outcome)

    def reset(self) -> None:
        """Remove all resources, sample data, plans, faults and recorded requests.

        The time and the settings do not change.
        """
        self._context.reset()

    def close(self) -> None:
        """Release the data file; a second call does nothing."""
        self._context.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
