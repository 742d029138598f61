"""The retry rules, as a table over the pure decision."""

import math
from datetime import UTC, datetime

import httpx
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pinecone_control import RetryPolicy
from pinecone_control._core.error_body import ErrorBody
from pinecone_control._core.retry_budget import RetryBudget
from pinecone_control._core.retry_decision import Failure, GiveUp, Resend, decide, means_done
from pinecone_control._http.failures import failure_of_answer, parse_retry_after

NOT_SENT = Failure("not sent", "connection refused")
NO_ANSWER = Failure("no answer", "the connection broke")
BAD_CERTIFICATE = Failure("not sent", "certificate refused", permanent=True)


def refused(status: int, retry_after: float | None = None) -> Failure:
    return Failure(
        "refused", str(status), status, retry_after, error=ErrorBody(code="CODE", from_api=True)
    )


GATEWAY_503 = Failure("refused", "503", 503, retry_after=5.0)
GATEWAY_429 = Failure("refused", "429", 429)


def decided(
    method: str,
    failure: Failure,
    *,
    attempt: int = 1,
    time_left: float = 100.0,
    budget_left: float = 10.0,
    draw: float = 0.5,
    policy: RetryPolicy | None = None,
) -> Resend | GiveUp:
    return decide(
        policy or RetryPolicy(),
        method=method,
        attempt=attempt,
        failure=failure,
        time_left=time_left,
        budget_left=budget_left,
        draw=draw,
    )


WRITES = ["POST", "PATCH"]
REPEATABLE = ["GET", "DELETE"]


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize(
    "failure", [NOT_SENT, NO_ANSWER, *map(refused, (408, 429, 500, 502, 503, 504))]
)
def test_get_and_delete_are_sent_again_after_what_may_pass(method: str, failure: Failure) -> None:
    assert isinstance(decided(method, failure), Resend)


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "failure", [NOT_SENT, refused(429), refused(429, 2), GATEWAY_429, refused(503, 2)]
)
def test_a_write_is_sent_again_where_the_server_surely_did_nothing(
    method: str, failure: Failure
) -> None:
    assert isinstance(decided(method, failure), Resend)


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "failure",
    [NO_ANSWER, *map(refused, (101, 199, 303, 408, 500, 502, 503, 504, 529)), GATEWAY_503],
)
def test_a_write_is_never_sent_again_after_a_doubtful_failure(
    method: str, failure: Failure
) -> None:
    assert decided(method, failure) == GiveUp()
    assert failure.leaves_unknown(method, doubtful_before=False)


@pytest.mark.parametrize("method", WRITES + REPEATABLE)
@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 409, 412, 422, 501, 529])
def test_a_refusal_that_will_not_change_is_raised_at_once(method: str, status: int) -> None:
    assert decided(method, refused(status)) == GiveUp()


@pytest.mark.parametrize("method", WRITES + REPEATABLE)
def test_an_untrusted_certificate_is_raised_at_once(method: str) -> None:
    assert decided(method, BAD_CERTIFICATE) == GiveUp()


@pytest.mark.parametrize(
    ("method", "proves_absence", "after_doubt", "done"),
    [
        ("DELETE", True, True, True),
        ("DELETE", True, False, False),
        ("DELETE", False, True, False),
        ("GET", True, True, False),
        ("POST", True, True, False),
    ],
)
def test_only_proven_absence_on_a_resent_delete_means_done(
    method: str, proves_absence: bool, after_doubt: bool, done: bool
) -> None:
    failure = evolve(refused(404), proves_absence=proves_absence)
    assert means_done(method, failure, after_doubt=after_doubt) is done


@pytest.mark.parametrize("status", [400, 401, 403, 404, 412, 429])
def test_a_refusal_after_doubt_settles_nothing(status: int) -> None:
    assert refused(status).leaves_unknown("DELETE", doubtful_before=True)
    assert not refused(status).leaves_unknown("DELETE", doubtful_before=False)


def test_a_gateways_refusal_after_doubt_settles_nothing() -> None:
    page = Failure("refused", "403", 403)
    assert page.leaves_unknown("DELETE", doubtful_before=True)
    assert not page.leaves_unknown("DELETE", doubtful_before=False)


def test_reading_never_leaves_anything_unknown() -> None:
    assert not NO_ANSWER.leaves_unknown("GET", doubtful_before=True)


def test_the_last_attempt_is_the_last() -> None:
    policy = RetryPolicy(attempts=3)
    assert isinstance(decided("GET", NO_ANSWER, attempt=2, policy=policy), Resend)
    assert isinstance(decided("GET", NO_ANSWER, attempt=3, policy=policy), GiveUp)


def test_waits_grow_to_a_cap_and_are_drawn_from_zero() -> None:
    policy = RetryPolicy(attempts=100, backoff=0.5, backoff_cap=8.0)
    highest = [
        decided("GET", NO_ANSWER, attempt=n, draw=1.0, policy=policy) for n in (1, 2, 3, 5, 9, 99)
    ]
    assert highest == [Resend(0.5), Resend(1.0), Resend(2.0), Resend(8.0), Resend(8.0), Resend(8.0)]
    assert decided("GET", NO_ANSWER, attempt=9, draw=0.0, policy=policy) == Resend(0.0)


def test_retry_after_is_waited_out_in_full_and_jitter_comes_on_top() -> None:
    assert decided("GET", refused(429, 7), draw=0.0) == Resend(7.0)
    assert decided("GET", refused(429, 0), draw=1.0) == Resend(0.5)
    assert decided("GET", refused(429, 7), draw=1.0) == Resend(10.5)
    assert decided("GET", refused(429, 60), draw=1.0) == Resend(68.0)


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    assert isinstance(decided("GET", refused(429, 7), time_left=7.0, draw=0.0), GiveUp)


def test_an_empty_budget_pauses_retries() -> None:
    assert isinstance(decided("GET", NO_ANSWER, budget_left=0.9), GiveUp)


def test_a_budget_is_spent_by_retries_and_given_back_by_successes() -> None:
    budget = RetryBudget(2)
    for _ in range(3):
        budget.spend()
    assert budget.left_for(0.0) == 0
    for _ in range(40):
        budget.succeeded(0)
    assert budget.left_for(0.0) == 2


def test_a_success_gives_back_the_retries_of_its_own_call_and_half_of_one_more() -> None:
    budget = RetryBudget(8)
    for _ in range(7):
        budget.spend()
    budget.succeeded(3)
    assert budget.left_for(0.0) == 4.5


def test_after_ten_seconds_of_failures_alone_a_call_that_begins_is_tried_once() -> None:
    budget = RetryBudget(8)
    for now in (100.0, 105.0, 112.0, 130.0):
        budget.failed(now)

    assert budget.left_for(100.0) == budget.left_for(110.0) == 8
    assert budget.left_for(110.1) == budget.left_for(130.0) == 0


def test_one_success_or_a_minute_without_a_failure_gives_a_call_its_retries_again() -> None:
    worked, forgotten = RetryBudget(8), RetryBudget(8)
    for budget in (worked, forgotten):
        budget.failed(100.0)
        budget.failed(120.0)
    worked.succeeded(0)
    worked.failed(121.0)
    forgotten.failed(180.1)

    assert worked.left_for(121.0) == 8
    assert forgotten.left_for(180.1) == 8


FAILURES = st.one_of(
    st.sampled_from([NOT_SENT, NO_ANSWER, BAD_CERTIFICATE]),
    st.builds(refused, st.integers(300, 599), st.none() | st.floats(0, 1e9)),
)


@given(
    method=st.sampled_from(WRITES + REPEATABLE),
    failure=FAILURES,
    attempt=st.integers(1, 10_000),
    time_left=st.floats(-10, 1e6),
    budget_left=st.floats(0, 10),
    draw=st.floats(0, 1),
)
def test_no_decision_breaks_a_bound(
    method: str,
    failure: Failure,
    attempt: int,
    time_left: float,
    budget_left: float,
    draw: float,
) -> None:
    policy = RetryPolicy(attempts=20_000)
    decision = decided(
        method,
        failure,
        attempt=attempt,
        time_left=time_left,
        budget_left=budget_left,
        draw=draw,
        policy=policy,
    )
    if isinstance(decision, Resend):
        assert 0 <= decision.wait < time_left
        assert decision.wait >= (failure.retry_after or 0)
        assert decision.wait <= (failure.retry_after or 0) + policy.backoff_cap
        assert budget_left >= 1
        assert method in REPEATABLE or not failure.doubtful


NOW = datetime(2025, 5, 15, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0", 0.0),
        (" 2.5 ", 2.5),
        ("-4", 0.0),
        ("1e99", 1e99),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("Thu, 15 May 2025 12:00:30 GMT", 30.0),
        ("Thu, 15 May 2025 11:00:00 GMT", 0.0),
        ("Thu, 15 May 2025 12:00:30", 30.0),
        ("Thu, 99 May 2025 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert parse_retry_after(header, now=NOW) == seconds


@pytest.mark.parametrize("headers", [("2", "30"), ("30", "2"), ("30", "soon"), ("2, 30",)])
def test_of_several_retry_after_headers_the_longest_is_honoured(headers: tuple[str, ...]) -> None:
    answer = httpx.Response(
        429,
        headers=[("retry-after", header) for header in headers],
        request=httpx.Request("GET", "https://h"),
    )
    assert failure_of_answer(answer).retry_after == 30


@given(st.text(max_size=60))
def test_no_retry_after_header_breaks_the_client(header: str) -> None:
    seconds = parse_retry_after(header, now=NOW)
    assert seconds is None or (seconds >= 0 and math.isfinite(seconds))
