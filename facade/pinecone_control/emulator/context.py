"""Everything that requests are served with."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from attrs import Factory, define

from pinecone_control.emulator.state.seeded_random import SeededRandom

if TYPE_CHECKING:
    from collections.abc import Collection

    from pinecone_control.contract.shipped_contracts import Contract
    from pinecone_control.emulator.api.request_log import RequestLog
    from pinecone_control.emulator.clock import EmulatorClock
    from pinecone_control.emulator.scenarios.faults import Faults
    from pinecone_control.emulator.scenarios.planned_transitions import Plans
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.state.store import Store


@define
class Context:
    """The parts of one emulator.

    Attributes:
        settings: may be exchanged at any time.
        seed: as given; None draws one, and again after a reset.
        random: exchanged by `reset`, so that the same draws begin anew.
        api_keys: the accepted keys; None accepts any.
        masked_keys: by project, the beginning of its API key; in memory alone.
        check_responses: whether a response that breaks the contract raises an error.
    """

    contract: Contract
    store: Store
    clock: EmulatorClock
    settings: Settings
    plans: Plans
    faults: Faults
    requests: RequestLog
    seed: str | None
    random: SeededRandom
    api_keys: Collection[str] | None
    check_responses: bool
    masked_keys: dict[str, str] = Factory(dict)

    def reset(self) -> None:
        """Forget all resources, sample data, plans, faults and recorded requests."""
        self.store.clear(self.clock.microseconds())
        self.random = resume(self.store, self.clock, self.seed)
        self.plans.clear()
        self.faults.reset(self.random.random("faults"))
        self.requests.clear()


def resume(store: Store, clock: EmulatorClock, given_seed: str | None) -> SeededRandom:
    """Return the random numbers of a store; emulated time goes on where the store left it."""
    with store.transaction(clock.microseconds()) as tables:
        clock.not_before(int(tables.projects.fact("latest") or 0) / 1_000_000)
        seed = given_seed or tables.projects.fact("seed") or secrets.token_hex(16)
        if seed != tables.projects.fact("seed"):
            tables.projects.remember("seed", seed)
    return SeededRandom(seed)
