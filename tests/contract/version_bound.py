"""Tests that state what one version of the contract says; a plugin of `make spec-update`.

It leaves them out and names them: after an update, a person writes them anew.
"""

from fnmatch import fnmatch

import pytest

VERSION_BOUND = {
    "tests/client/test_seed_answers.py::test_every_request_carries_key_version_and_user_agent*": (
        "names the API version"
    ),
    "tests/client/test_refusals.py::test_an_index_that_the_contract_rules_out*-manhattan?": (
        "the metrics are a closed set"
    ),
    "tests/client/test_refusals.py::test_an_index_that_the_contract_rules_out*-maybe?": (
        "deletion protection is a closed set"
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    bound = {item: pattern for item in items for pattern in VERSION_BOUND if _is(item, pattern)}
    if bound:
        config.hook.pytest_deselected(items=list(bound))
        items[:] = [item for item in items if item not in bound]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for pattern, reason in VERSION_BOUND.items():
        name = pattern.partition("::")[2].partition("*")[0]
        terminalreporter.write_line(f"left out: {name} ({reason})")


def _is(item: pytest.Item, pattern: str) -> bool:
    return fnmatch(item.nodeid.replace("[", "(").replace("]", ")"), pattern)
