"""What `make contract` knows of our tests: a plugin for its run of the client's whole suite.

Tests whose server violates the contract on purpose are marked; their requests are still checked.
Tests that look at the transport that the checks wrap are left out.
"""

import pytest

_CLIENT = "tests/client/test_"

OFF_CONTRACT = {
    "tests/proofs/": "faults are answers that the contract does not have",
    f"{_CLIENT}foreign_responses.py": "these are responses of gateways, not of the API",
    f"{_CLIENT}error_texts.py": "these are responses that no program can use",
    f"{_CLIENT}security.py::test_a_": "these bodies are attacks",
    f"{_CLIENT}connections.py::test_fifty_calls": "its server only counts connections",
    f"{_CLIENT}connections.py::test_closing_beside": "its server only counts connections",
    f"{_CLIENT}waiting.py::test_what_may_pass_in_the_middle": "a page of a gateway passes",
    f"{_CLIENT}waiting.py::test_a_404_does_not_end_the_wait": "its server sends plain text",
    f"{_CLIENT}retrying.py::test_a_deletion_whose": "its 404 has the code alone",
    f"{_CLIENT}retrying.py::test_answers_of_the_api": "its 404 has the code alone",
}

BELOW_THE_CHECKS = (
    f"{_CLIENT}closing.py::test_close_ends_the_calls_that_wait_for_a_connection",
    f"{_CLIENT}connections.py::test_a_call_leaves_no_cycles",
    f"{_CLIENT}connections.py::test_a_close_that_is_cancelled",
    f"{_CLIENT}interruptions.py::test_a_call_in_backoff_ends",
    f"{_CLIENT}processes_and_loops.py::test_an_event_loop_that_ends_leaves",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for place in (*OFF_CONTRACT, *BELOW_THE_CHECKS):
        if not any(item.nodeid.startswith(place) for item in items):
            raise pytest.UsageError(f"{place}: no test of this run has this place")
    left_out = [item for item in items if item.nodeid.startswith(BELOW_THE_CHECKS)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        for place, reason in OFF_CONTRACT.items():
            if item.nodeid.startswith(place):
                item.add_marker(pytest.mark.pinecone_off_contract(reason))
