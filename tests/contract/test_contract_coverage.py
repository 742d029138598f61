"""Contract coverage: what a run has exercised is counted, reported and available as data."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pinecone_control import Pinecone
from pinecone_control.contract import ContractTransport, Coverage
from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator import Emulator, ManualClock

OPTIONS = ("-p", "no:cacheprovider")

TREE = {"$ref": "#/components/schemas/Tree"}
CONTENT = {"content": {"application/json": {"schema": TREE}}}
PLANT = {"operationId": "plant", "requestBody": CONTENT, "responses": {"201": CONTENT, "400": {}}}
PROPERTIES = {
    "kind": {"type": "string"},
    "notes": {"type": "object"},
    "branches": {"type": "array", "items": TREE},
}
SMALL = Contract(
    {
        "info": {"version": "1"},
        "paths": {"/trees": {"post": PLANT}},
        "components": {"schemas": {"Tree": {"type": "object", "properties": PROPERTIES}}},
    }
)


def test_nothing_is_exercised_at_first() -> None:
    coverage = Coverage()
    assert coverage.percent == 0
    assert len(coverage.missed("operations")) == 18
    assert coverage.statuses(success=True) == (0, 18)


def test_a_call_exercises_operation_status_parameters_and_properties() -> None:
    with Emulator(clock=ManualClock(), seed=1) as emulator:
        emulator.seed()
        check = ContractTransport(emulator.transport())
        with Pinecone("k", "http://localhost", transport=check) as pc:
            pc.list_restore_jobs(limit=5)
    coverage = check.coverage
    assert coverage.met("operations") == {"list_restore_jobs"}
    assert coverage.met("statuses") == {"list_restore_jobs 200"}
    operation = effective_contract().operations["list_restore_jobs"]
    headers = {each.name for each in operation.parameters if each.location == "header"}
    assert coverage.met("parameters") == {f"list_restore_jobs {n}" for n in {"limit", *headers}}
    assert "response RestoreJobModel/percent_complete" in coverage.met("properties")
    assert "response PaginationResponse/next" in coverage.met("properties")


def test_request_and_answer_are_counted_apart() -> None:
    coverage = Coverage(SMALL)
    coverage.note_request("plant", {}, {"kind": "oak"})
    assert coverage.met("properties") == {"request Tree/kind"}
    coverage.note_response("plant", 201, {"kind": "oak"})
    assert coverage.met("properties") == {"request Tree/kind", "response Tree/kind"}


def test_properties_are_found_at_any_depth_of_a_schema_that_holds_itself() -> None:
    coverage = Coverage(SMALL)
    coverage.note_response("plant", 201, {"branches": [{"branches": [{"kind": "oak"}]}]})
    assert coverage.met("properties") == {"response Tree/branches", "response Tree/kind"}


def test_properties_inside_similar_objects_are_not_overlooked() -> None:
    coverage = Coverage(SMALL)
    coverage.note_response("plant", 201, {"branches": [{"branches": []}]})
    coverage.note_response("plant", 201, {"branches": [{"branches": [{"kind": "oak"}]}]})
    assert "response Tree/kind" in coverage.met("properties")


def test_properties_that_the_contract_does_not_know_are_told_but_not_those_of_free_objects() -> (
    None
):
    coverage = Coverage(SMALL)
    coverage.note_response("plant", 201, {"colour": "red", "notes": {"age": 3}})
    assert coverage.unknown == {"response Tree/colour"}
    assert "not in the contract: response Tree/colour" in coverage.text()


def test_two_runs_add_up() -> None:
    first, second = Coverage(SMALL), Coverage(SMALL)
    first.note_request("plant", {}, {"kind": "oak"})
    second.note_response("plant", 201, {"notes": {}})
    first.merge(json.loads(json.dumps(second.to_dict())))
    assert first.met("properties") == {"request Tree/kind", "response Tree/notes"}
    assert first.missed("statuses") == ["plant 400"]
    assert first.exchanges == 1


def test_the_text_names_what_is_missing_by_operation() -> None:
    text = Coverage(SMALL).text()
    assert "0 exchanges, 0.0 % of the contract" in text
    assert "statuses not exercised: plant 201 400" in text


# -------------------------------------------------------------------------------- pytest's options

HEAD = """
import httpx, pytest
from pinecone_control import Pinecone

def client(body):
    answer = httpx.Response(200, json=body)
    return Pinecone("k", "http://pinecone", transport=httpx.MockTransport(lambda _: answer))
"""
GOOD = """
def test_good():
    assert list(client({"indexes": []}).list_indexes()) == []
"""
BROKEN = """
def test_broken():
    client({"name": 1}).has_index("movies")
"""
MARKED = """
@pytest.mark.pinecone_off_contract("the server is broken on purpose")
def test_marked():
    with pytest.raises(Exception):
        client({"indexes": 3}).list_indexes()
"""


def run(folder: Path, source: str, *options: str) -> "subprocess.CompletedProcess[str]":
    (folder / "test_users.py").write_text(HEAD + source)
    command = [sys.executable, "-m", "pytest", "-q", *OPTIONS, *options]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_without_the_option_nothing_is_checked(tmp_path: Path) -> None:
    done = run(tmp_path, GOOD + MARKED)
    assert "2 passed" in done.stdout
    assert "Pinecone contract" not in done.stdout


def test_a_test_that_breaks_the_contract_fails_with_the_violation(tmp_path: Path) -> None:
    source = (
        GOOD
        + MARKED
        + BROKEN.replace("    client", "    try: client")
        + "    except Exception: pass\n"
    )
    done = run(tmp_path, source, "--pinecone-contract")
    assert "1 failed, 2 passed" in done.stdout, done.stdout
    assert "ContractViolation: describe_index: response 200 body" in done.stdout
    assert "operations     2 of   18" in done.stdout


@pytest.mark.parametrize(
    "workers",
    [pytest.param((), id="alone"), pytest.param(("-n", "2"), id="two", marks=pytest.mark.journey)],
)
def test_the_report_is_written_whoever_ran_the_tests(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    report = tmp_path / "report.json"
    done = run(tmp_path, GOOD, f"--pinecone-contract-report={report}", *workers)
    assert done.returncode == 0, done.stdout
    assert json.loads(report.read_text())["operations"]["met"] == ["list_indexes"]


def test_the_folder_of_the_report_is_made(tmp_path: Path) -> None:
    report = tmp_path / "build" / "report.json"
    assert run(tmp_path, GOOD, f"--pinecone-contract-report={report}").returncode == 0
    assert report.exists()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("fail-under=200", "takes a number from 0 to 100"),
        ("report=/dev/null/report.json", "cannot write /dev/null/report.json"),
    ],
)
def test_an_impossible_option_is_refused_before_anything_runs(
    tmp_path: Path, option: str, message: str
) -> None:
    done = run(tmp_path, GOOD, f"--pinecone-contract-{option}")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert message in done.stderr
    assert "passed" not in done.stdout


def test_what_fixtures_do_is_checked_too(tmp_path: Path) -> None:
    broken = """
@pytest.fixture
def seeded():
    try: client({"indexes": 3}).list_indexes()
    except Exception: pass
    yield
    try: client({"collections": 3}).list_collections()
    except Exception: pass

def test_with_a_fixture(seeded): pass
"""
    done = run(tmp_path, broken, "--pinecone-contract")
    assert "ContractViolation: list_indexes: response 200 body /indexes: expected" in done.stdout
    assert (
        "ContractViolation: list_collections: response 200 body /collections: expected"
        in done.stdout
    )


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("50", 1)])
def test_too_little_coverage_fails_the_run(tmp_path: Path, least: str, code: int) -> None:
    done = run(tmp_path, GOOD, f"--pinecone-contract-fail-under={least}")
    assert done.returncode == code
    assert ("FAILED: less than 50 % of the contract" in done.stdout) == bool(code)


def test_known_differences_can_be_switched_off(tmp_path: Path) -> None:
    source = GOOD.replace('{"indexes": []}', '{"indexes": None}')
    assert run(tmp_path, source, "--pinecone-contract").returncode == 0
    assert run(tmp_path, source, "--pinecone-contract-raw").returncode == 1
