"""Everything that requests are served with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, define

if TYPE_CHECKING:
    from collections.abc import Collection

    from pinecone_control.contract.shipped_contracts import Contract
    from pinecone_control.emulator.api.request_log import RequestLog
    from pinecone_control.emulator.clock import EmulatorClock
    from pinecone_control.emulator.scenarios.faults import Faults
    from pinecone_control.emulator.scenarios.plans import Plans
    from pinecone_control.emulator.settings import Settings
    from pinecone_control.emulator.state.seeded_random import SeededRandom
    from pinecone_control.emulator.state.store import Store


@define
class Context:
    """The parts of one emulator.

    Attributes:
        settings: may be exchanged at any time.
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
    random: SeededRandom
    api_keys: Collection[str] | None
    check_responses: bool
    masked_keys: dict[str, str] = Factory(dict)
