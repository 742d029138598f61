"""Retries as a caller sees them: how many, how long, whom they tell, and how to change them."""

import logging
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from pinecone_control import (
    NotFoundError,
    PineconeTimeoutError,
    RateLimitError,
    RetryEvent,
    RetryPolicy,
    ServiceError,
)
from scripts.proofs.fault_matrix.matrix import SkippingClock
from scripts.proofs.fault_matrix.operations import HEALTH, JOB, OPERATIONS, good_server
from scripts.proofs.fault_matrix.server import misbehaving, stay_silent_after
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

if TYPE_CHECKING:
    from collections.abc import Callable

DOWN = Canned(503)
GOOD = Canned(body=JOB)
KEY = "pcsk-this-key-must-never-show"


class CountingClock(SkippingClock):
    """Remembers how long it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        super().sleep(seconds)


def look(pc: Any) -> Any:
    return pc.describe_restore_job(HEALTH)


def test_a_hook_is_told_of_each_retry_before_the_wait(driver: Driver) -> None:
    events: list[RetryEvent] = []
    clock = CountingClock()
    with replay(DOWN, Canned(429, headers={"retry-after": "3"}), GOOD) as server:
        retry = RetryPolicy(on_retry=events.append)
        driver.call(look, api_key="k", host=server.url, retry=retry, clock=clock)

    assert [(e.operation, e.attempt, e.reason) for e in events] == [
        (f"GET /restore-jobs/{HEALTH}", 1, "503 Service Unavailable"),
        (f"GET /restore-jobs/{HEALTH}", 2, "429 Too Many Requests"),
    ]
    assert [event.wait for event in events] == clock.waits
    assert events[1].wait >= 3


def test_what_a_hook_raises_ends_the_call(driver: Driver) -> None:
    class EnoughError(Exception):
        pass

    def refuse(_: RetryEvent) -> None:
        raise EnoughError

    with replay(DOWN) as server, pytest.raises(EnoughError):
        driver.call(look, api_key="k", host=server.url, retry=RetryPolicy(on_retry=refuse))

    assert len(server.seen) == 1


def test_each_retry_is_a_structured_log_record_without_the_key(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    with replay(DOWN, GOOD) as server, caplog.at_level(logging.INFO, "pinecone_control"):
        driver.call(look, api_key=KEY, host=server.url, clock=SkippingClock())

    (record,) = (record for record in caplog.records if record.name == "pinecone_control")
    event = vars(record)["pinecone_retry"]
    assert isinstance(event, RetryEvent)
    assert (event.attempt, event.reason) == (1, "503 Service Unavailable")
    assert "attempt 1 failed (503 Service Unavailable)" in record.getMessage()
    assert KEY not in repr(vars(record))


def test_retries_can_be_changed_for_one_call(driver: Driver) -> None:
    with replay(DOWN) as server, pytest.raises(ServiceError) as caught:
        driver.call(
            lambda pc: look(pc.with_options(retry=RetryPolicy(attempts=2))),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert len(server.seen) == caught.value.attempts == 2


def test_a_wait_that_would_pass_the_deadline_is_not_begun(driver: Driver) -> None:
    clock = CountingClock()
    answer = Canned(429, headers={"retry-after": "121"})
    with replay(answer) as server, pytest.raises(RateLimitError) as caught:
        driver.call(look, api_key="k", host=server.url, clock=clock)

    assert clock.waits == []
    assert caught.value.retry_after == 121
    assert "the next attempt would come after the deadline" in str(caught.value)


def test_the_last_attempt_gets_no_more_than_what_is_left_of_the_deadline(
    driver: Driver,
) -> None:
    with misbehaving(good_server(OPERATIONS[0]), again=True) as server:
        server.script.append(stay_silent_after(b""))
        server.listen()
        started = time.monotonic()
        with pytest.raises(PineconeTimeoutError, match=r"within 0\.\d+ s"):
            driver.call(look, api_key="k", host=server.url, timeout=60.0, deadline=0.2)

    assert time.monotonic() - started < 2


def test_many_failures_in_a_row_pause_the_retries_of_a_client(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.0)
    attempts: list[int] = []

    def fail(pc: Any) -> None:
        for _ in range(5):
            with pytest.raises(ServiceError) as caught:
                look(pc)
            attempts.append(caught.value.attempts)

    async def fail_asynchronously(pc: Any) -> None:
        for _ in range(5):
            with pytest.raises(ServiceError) as caught:
                await look(pc)
            attempts.append(caught.value.attempts)

    with replay(DOWN) as server:
        use: Callable[[Any], Any] = fail if driver.kind == "sync" else fail_asynchronously
        driver.call(
            use,
            api_key="k",
            host=server.url,
            retry=RetryPolicy(attempts=4, budget=6.0),
            clock=SkippingClock(),
        )

    assert attempts == [4, 4, 1, 1, 1]


def test_a_deletion_whose_answer_is_lost_is_done_once_and_succeeds(driver: Driver) -> None:
    gone = Canned(404, {"error": {"code": "NOT_FOUND", "message": "no such backup"}})
    with replay(Canned(500), gone) as server:
        answer = driver.call(
            lambda pc: pc.delete_backup("b-1"),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert answer is None
    assert [seen.method for seen in server.seen] == ["DELETE", "DELETE"]


def test_a_backup_whose_answer_is_lost_is_made_once_and_the_error_says_so(
    driver: Driver,
) -> None:
    with misbehaving(good_server(OPERATIONS[0])) as server:
        server.script.append(stay_silent_after(b""))
        server.listen()
        with pytest.raises(PineconeTimeoutError) as caught:
            driver.call(
                lambda pc: pc.create_backup("docs", name="nightly"),
                api_key="k",
                host=server.url,
                timeout=0.2,
            )

    assert len(server.performed) == 1
    assert caught.value.outcome_unknown
    assert caught.value.operation == "create_backup"
    assert "list_backups('docs')" in caught.value.hint


def test_a_backup_that_surely_was_not_begun_is_sent_again(driver: Driver) -> None:
    backup = {"backup_id": "b", "source_index_name": "docs", "source_index_id": "i"}
    made = Canned(201, {**backup, "status": "Ready", "cloud": "aws", "region": "r"})
    unavailable = {"status": 503, "error": {"code": "UNAVAILABLE", "message": "later"}}
    turned_away = Canned(503, unavailable, headers={"retry-after": "1"})
    with replay(Canned(429), turned_away, made) as server:
        answer = driver.call(
            lambda pc: pc.create_backup("docs"),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert answer.backup_id == "b"
    assert len(server.seen) == 3


@pytest.mark.parametrize("body", ["<html>Backend fetch failed</html>", {"detail": "busy"}, ""])
def test_a_backup_is_not_sent_again_after_a_gateways_503_with_retry_after(
    driver: Driver, body: object
) -> None:
    answer = Canned(503, body, headers={"retry-after": "5"})
    with replay(answer) as server, pytest.raises(ServiceError) as caught:
        driver.call(
            lambda pc: pc.create_backup("docs"),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert len(server.seen) == 1
    assert caught.value.outcome_unknown
    assert caught.value.retry_after == 5


def test_answers_of_the_api_give_a_client_its_retries_back(driver: Driver) -> None:
    """Who asks for what is not there is answered: the service works."""
    gone = Canned(404, {"error": {"code": "NOT_FOUND", "message": "no such restore job"}})

    def ask(pc: Any) -> None:
        for _ in range(3):
            with pytest.raises(NotFoundError):
                look(pc)

    async def ask_asynchronously(pc: Any) -> None:
        for _ in range(3):
            with pytest.raises(NotFoundError):
                await look(pc)

    with replay(DOWN, gone, DOWN, gone, DOWN, gone) as server:
        driver.call(
            ask if driver.kind == "sync" else ask_asynchronously,
            api_key="k",
            host=server.url,
            retry=RetryPolicy(budget=1.0),
            clock=SkippingClock(),
        )

    assert len(server.seen) == 6
