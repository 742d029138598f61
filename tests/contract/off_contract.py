"""Marks our tests whose server violates the contract on purpose; a plugin of `make contract`.

The requests of these tests are still checked.
"""

import pytest

ON_PURPOSE = {
    "tests/proofs/": "faults are answers that the contract does not have",
    "tests/client/test_connections.py::test_fifty_calls": "its server only counts connections",
    "tests/client/test_waiting.py::test_what_may_pass_in_the_middle": "a page of a gateway passes",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for place, reason in ON_PURPOSE.items():
            if item.nodeid.startswith(place):
                item.add_marker(pytest.mark.pinecone_off_contract(reason))
