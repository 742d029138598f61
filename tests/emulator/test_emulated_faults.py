import httpx
import pytest

from pinecone_control.emulator import Fault
from tests.emulator.steps import Api, manual_emulator, refusal


def test_a_fault_applies_as_often_as_requested(api: Api) -> None:
    api.emulator.faults.add(Fault(operation="list_indexes", status=503, times=2))
    statuses = [api.call("GET", "/indexes").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_a_fault_applies_to_its_operation_only(api: Api) -> None:
    api.emulator.faults.add(Fault(operation="list_indexes", status=503))
    assert api.call("GET", "/restore-jobs").status_code == 200
    assert refusal(api.call("GET", "/indexes"))[:2] == (503, "UNAVAILABLE")


def test_a_fault_without_an_operation_applies_to_any(api: Api) -> None:
    api.emulator.faults.add(Fault(status=500, times=None))
    assert {api.call("GET", p).status_code for p in ("/indexes", "/restore-jobs")} == {500}
    api.emulator.faults.clear()
    assert api.call("GET", "/indexes").status_code == 200


def test_faults_know_the_clients_name_of_an_operation(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    api.emulator.faults.add(Fault(operation="create_index_from_backup", status=503))
    response = api.call("POST", f"/backups/{backup}/create-index", {"name": "copy"})
    assert response.status_code == 503


def test_two_faults_apply_in_turn(api: Api) -> None:
    api.emulator.faults.add(Fault(status=503))
    api.emulator.faults.add(Fault(status=500))
    statuses = [api.call("GET", "/indexes").status_code for _ in range(3)]
    assert statuses == [503, 500, 200]


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [
        (7, "7"),
        (1.5, "1.5"),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ],
)
def test_too_many_requests_says_when_to_come_back(
    api: Api, retry_after: float | str, header: str
) -> None:
    api.emulator.faults.add(Fault(status=429, retry_after=retry_after))
    response = api.call("GET", "/indexes")
    assert refusal(response)[:2] == (429, "RESOURCE_EXHAUSTED")
    assert response.headers["retry-after"] == header


def test_a_401_can_be_a_bare_string(api: Api) -> None:
    api.emulator.faults.add(Fault(status=401, body="Invalid API key"))
    response = api.call("GET", "/indexes")
    assert (response.status_code, response.text) == (401, "Invalid API key")


def test_an_error_can_be_a_proxys_page(api: Api) -> None:
    api.emulator.faults.add(Fault(status=502, body="<html>Bad gateway</html>"))
    assert api.call("GET", "/indexes").headers["content-type"] == "text/html"


@pytest.mark.parametrize(("when", "backups"), [("before", 0), ("after", 1)])
def test_an_error_can_come_before_or_after_the_work(api: Api, when: str, backups: int) -> None:
    api.ready_index()
    api.emulator.faults.add(Fault(operation="create_backup", status=500, when=when))
    assert api.call("POST", "/indexes/movies/backups", {}).status_code == 500
    assert len(api.get("/backups")["data"]) == backups


@pytest.mark.parametrize(("when", "backups"), [("before", 0), ("after", 1)])
def test_a_connection_can_break_before_or_after_the_work(api: Api, when: str, backups: int) -> None:
    api.ready_index()
    api.emulator.faults.add(Fault(operation="create_backup", drop=True, when=when))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        api.call("POST", "/indexes/movies/backups", {})
    assert len(api.get("/backups")["data"]) == backups
    assert api.emulator.requests.of("create_backup")[0].status is None


def test_an_answer_can_break_off(api: Api) -> None:
    api.ready_index()
    api.emulator.faults.add(Fault(operation="create_backup", truncate=True))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        api.call("POST", "/indexes/movies/backups", {})
    assert len(api.get("/backups")["data"]) == 1


def test_latency_passes_on_the_emulators_clock(api: Api) -> None:
    before = api.emulator.clock.time()
    api.emulator.faults.add(Fault(latency=5, times=1))
    assert api.call("GET", "/indexes").status_code == 200
    assert api.emulator.clock.time() == before + 5


def test_latency_beyond_the_clients_patience_is_a_timeout() -> None:
    with manual_emulator() as emulator:
        emulator.faults.add(Fault(latency=60))
        client = httpx.Client(transport=emulator.transport(), timeout=30)
        before = emulator.clock.time()
        with pytest.raises(httpx.ReadTimeout):
            client.get("http://emulator/indexes", headers={"Api-Key": "key"})
        assert emulator.clock.time() == before + 30


def test_chance_is_drawn_from_the_seed() -> None:
    def struck() -> list[int]:
        with manual_emulator() as emulator:
            emulator.faults.add(Fault(status=503, probability=0.5, times=None))
            client = httpx.Client(transport=emulator.transport(), headers={"Api-Key": "key"})
            return [client.get("http://emulator/indexes").status_code for _ in range(40)]

    first = struck()
    assert first == struck()
    assert set(first) == {200, 503}


def test_the_log_shows_which_requests_were_faulted(api: Api) -> None:
    api.emulator.faults.add(Fault(status=503))
    api.call("GET", "/indexes")
    api.call("GET", "/indexes")
    assert [request.was_faulted for request in api.emulator.requests] == [True, False]


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"status": 99},
        {"status": 503, "times": 0},
        {"status": 503, "probability": 2},
        {"latency": -1},
        {"drop": True, "when": "sometimes"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Fault(**fault)


def test_a_fault_of_an_unknown_operation_is_refused(api: Api) -> None:
    with pytest.raises(ValueError, match="list_restore_jobs"):
        api.emulator.faults.add(Fault(operation="list_restore_job", status=503))


@pytest.mark.parametrize("retry_after", ["1\r\nx-injected: y", "in a →"])
def test_a_retry_after_that_no_header_can_carry_is_refused(retry_after: str) -> None:
    with pytest.raises(ValueError, match="retry_after"):
        Fault(status=429, retry_after=retry_after)


def test_a_latency_beyond_a_hundred_years_is_refused() -> None:
    with pytest.raises(ValueError, match="latency"):
        Fault(latency=1e12)
