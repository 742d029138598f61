"""The context of all requests: the parts of one emulator."""

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
        settings: may be replaced at any time.
        seed: the given seed; None means a random one, and a new one after a reset.
        random: replaced by `reset`, so that the same draws start again.
        api_keys: the accepted keys; None accepts any.
        masked_keys: the start of each project's API key; in memory only.
        check_responses: whether a response that violates the contract raises an error.
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
        """Remove all resources, sample data, plans, faults and recorded requests."""
        self.store.clear(self.clock.microseconds())
        self.random = resume(self.store, self.clock, self.seed)
        self.plans.clear()
        self.faults.reset(self.random.random("faults"))
        self.requests.clear()


def resume(store: Store, clock: EmulatorClock, given_seed: str | None) -> SeededRandom:
    """Return the random numbers of a store, and move the clock on to the store's latest time."""
    with store.transaction(clock.microseconds()) as tables:
        clock.not_before(int(tables.projects.fact("latest") or 0) / 1_000_000)
        seed = given_seed or tables.projects.fact("seed") or secrets.token_hex(16)
        if seed != tables.projects.fact("seed"):
            tables.projects.remember("seed", seed)
    return SeededRandom(seed)
