"""pytest options that run a test suite through the contract checks.

``pytest --pinecone-contract`` checks every request of every `Pinecone` and `AsyncPinecone` that the
tests create, and every response they get. A test that violates the contract runs to its end, and
then fails with the list of violations. Requests of its fixtures count too. The summary at the end
says how much of the contract the run has exercised.

A test whose server violates the contract on purpose is marked with
``@pytest.mark.pinecone_off_contract(reason)``: its requests are still checked, its responses are
not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK: Final = "pinecone_off_contract"
_PLUGIN: Final = "pinecone_control_contract"
_FROM_WORKER: Final = "pinecone_contract_coverage"
_MOST_SHOWN: Final = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("pinecone-control")
    group.addoption(
        "--pinecone-contract",
        action="store_true",
        help="check all requests and responses of Pinecone clients against the contract",
    )
    group.addoption(
        "--pinecone-contract-raw",
        action="store_true",
        help="like --pinecone-contract, and count known deviations as violations",
    )
    group.addoption(
        "--pinecone-contract-report",
        metavar="FILE",
        type=Path,
        help="write the contract coverage to FILE, as JSON",
    )
    group.addoption(
        "--pinecone-contract-fail-under",
        metavar="PERCENT",
        type=float,
        help="fail if the contract coverage is below PERCENT",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Check the clients of this run if one of the options is given."""
    config.addinivalue_line(
        "markers", f"{MARK}(reason): responses in this test violate the contract on purpose"
    )
    options = ("contract", "contract_raw", "contract_report", "contract_fail_under")
    if any(config.getoption(f"pinecone_{name}") for name in options):
        config.pluginmanager.register(_ContractPlugin(config), _PLUGIN)


class _ContractPlugin:
    """One run of pytest under the contract checks."""

    def __init__(self, config: pytest.Config) -> None:
        from pinecone_control.contract.coverage import Coverage
        from pinecone_control.contract.instrumentation import ClientInstrumentor

        self._report: Path | None = config.getoption("pinecone_contract_report")
        self._least: float | None = config.getoption("pinecone_contract_fail_under")
        if self._least is not None and not 0 <= self._least <= 100:
            raise pytest.UsageError("--pinecone-contract-fail-under takes a number from 0 to 100")
        if self._report is not None:
            _check_writable(self._report)
        self._instrumentor = ClientInstrumentor(
            Coverage(), known_deviations=not config.getoption("pinecone_contract_raw")
        )
        self._instrumentor.instrument()

    # Requests and responses of fixtures count too, before and after the test itself.
    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watched(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watched(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        return (yield from self._watched(item))

    def _watched(self, item: pytest.Item) -> Iterator[None]:
        self._instrumentor.violations.clear()
        result = yield
        violations = self._instrumentor.violations
        if item.get_closest_marker(MARK):
            violations = [each for each in violations if each.mismatch.side == "request"]
        if violations:
            found = [mismatch for each in violations for mismatch in each.mismatches]
            lines = [f"ContractViolation: {mismatch}" for mismatch in found[:_MOST_SHOWN]]
            if len(found) > _MOST_SHOWN:
                lines.append(f"and {len(found) - _MOST_SHOWN} more")
            pytest.fail("\n".join(lines), pytrace=False)
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._instrumentor.coverage.merge(node.workeroutput[_FROM_WORKER])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if output is not None:  # this is a worker of pytest-xdist
            output[_FROM_WORKER] = self._instrumentor.coverage.to_dict()
            return
        if self._report is not None:
            text = json.dumps(self._instrumentor.coverage.to_dict(), indent=2)
            self._report.write_text(f"{text}\n", "utf-8")
        if self._is_too_little() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("Pinecone contract")
        terminalreporter.write_line(self._instrumentor.coverage.text())
        if self._is_too_little():
            terminalreporter.write_line(f"FAILED: less than {self._least:g} % of the contract")

    def pytest_unconfigure(self) -> None:
        self._instrumentor.uninstrument()

    def _is_too_little(self) -> bool:
        return self._least is not None and self._instrumentor.coverage.percent < self._least


def _check_writable(file: Path) -> None:
    """Check, before anything runs, that the report can be written.

    Raises:
        pytest.UsageError: it cannot.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("a").close()
    except OSError as error:
        raise pytest.UsageError(f"cannot write {file}: {error.strerror}") from error
