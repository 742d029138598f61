"""The load of a thousand clients of this package on a service in an incident; see `make outage`."""

import pytest

from scripts.proofs.outage import INCIDENTS, Incident, Ours, figures, simulate

pytestmark = pytest.mark.journey

BY_NAME = {incident.name.split(",")[0]: incident for incident in INCIDENTS}


def test_a_full_outage_costs_the_service_a_fifth_more_requests_at_most() -> None:
    incident = BY_NAME["full outage"]
    assert figures(simulate(Ours, incident), incident).amplification <= 1.2


def test_a_full_outage_costs_little_more_than_the_first_call_of_a_rare_caller() -> None:
    incident = BY_NAME["full outage"]
    assert figures(simulate(Ours, incident, pause=30.0), incident).amplification <= 3.3


def test_in_a_half_outage_no_more_than_six_calls_of_a_hundred_fail() -> None:
    incident = BY_NAME["half outage"]
    assert figures(simulate(Ours, incident), incident).failed <= 0.06


@pytest.mark.parametrize(
    "incident", [BY_NAME["full outage"], BY_NAME["rate limit"]], ids=["full", "429"]
)
def test_clients_do_not_come_back_as_a_wave(incident: Incident) -> None:
    row = figures(simulate(Ours, incident), incident)
    assert row.peak <= 1.5
    assert row.recovery <= 1


def test_all_calls_that_a_429_turned_away_succeed_in_the_end() -> None:
    incident = BY_NAME["rate limit"]
    assert figures(simulate(Ours, incident), incident).failed == 0
