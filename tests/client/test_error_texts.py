"""What a person reads at night: what was tried, on what, what came back, and what to do."""

import copy
import pickle
import random
from collections.abc import Callable
from typing import Any

import pytest
from attrs import field, frozen

from pinecone_control import (
    FailedPreconditionError,
    ForbiddenError,
    PineconeError,
    ServerlessSpec,
    errors,
)
from pinecone_control._core.error_messages import look_after
from pinecone_control.emulator import ManualClock
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

JOB_IDS = ["670e8400-e29b-41d4-a716-446655440001", "670e8400-e29b-41d4-a716-446655440002"]
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")


def refused(status: int, code: str, message: str, **headers: str) -> Canned:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Canned(
        status,
        {"status": status, "error": {"code": code, "message": message}},
        {"x-pinecone-request-id": "req-1", **named},
    )


def backup_with(**changes: str) -> dict[str, str]:
    names = dict.fromkeys(("backup_id", "source_index_name", "source_index_id"), "b")
    return {**names, "status": "Ready", "cloud": "aws", "region": "us-east-1", **changes}


def create_index(pc: Any) -> Any:
    return pc.create_index("docs", spec=SPEC, dimension=3)


def create_backup(pc: Any) -> Any:
    return pc.create_backup("docs", name="nightly")


@frozen
class Night:
    """A call that fails, and the two lines that the person on duty reads."""

    error: type[PineconeError]
    use: Callable[[Any], Any]
    answer: Canned
    what: str
    hint: str
    settings: dict[str, Any] = field(factory=dict)


NIGHTS = [
    Night(
        errors.BadRequestError,
        create_index,
        refused(400, "INVALID_ARGUMENT", "Unknown region"),
        "POST /indexes at URL failed: 400 INVALID_ARGUMENT: Unknown region "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Change the request as the message says; it would fail again unchanged.",
    ),
    Night(
        errors.UnauthorizedError,
        create_index,
        Canned(401, "Invalid API key"),
        "POST /indexes at URL failed: 401: Invalid API key [1 attempt in 0.0 s]",
        "The key came from the api_key argument. Check that it is complete, not revoked, and "
        "issued for URL.",
    ),
    Night(
        errors.PaymentRequiredError,
        create_index,
        refused(402, "PAYMENT_REQUIRED", "Unpaid invoices"),
        "POST /indexes at URL failed: 402 PAYMENT_REQUIRED: Unpaid invoices "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Settle the organization's invoices in the Pinecone console, then try again.",
    ),
    Night(
        errors.ForbiddenError,
        create_index,
        refused(403, "FORBIDDEN", "The quota of this project is used up"),
        "POST /indexes at URL failed: 403 FORBIDDEN: The quota of this project is used up "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Raise the quota, or delete resources that you no longer need.",
    ),
    Night(
        errors.ForbiddenError,
        lambda pc: pc.delete_index("docs"),
        refused(403, "FORBIDDEN", "Deletion protection is enabled for this index"),
        "DELETE /indexes/docs at URL failed: 403 FORBIDDEN: Deletion protection is enabled for "
        "this index [request id req-1; 1 attempt in 0.0 s]",
        "Turn deletion protection off first: "
        "configure_index('docs', deletion_protection='disabled').",
    ),
    Night(
        errors.ForbiddenError,
        create_index,
        refused(403, "FORBIDDEN", "Not for you"),
        "POST /indexes at URL failed: 403 FORBIDDEN: Not for you "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Use a key with the permission to do this.",
    ),
    Night(
        errors.NotFoundError,
        lambda pc: pc.describe_backup("b-1"),
        refused(404, "NOT_FOUND", "Backup not found"),
        "GET /backups/b-1 at URL failed: 404 NOT_FOUND: Backup not found "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Check the name or id, and that the key belongs to the same project.",
    ),
    Night(
        errors.ConflictError,
        create_index,
        refused(409, "ALREADY_EXISTS", "Index docs exists"),
        "POST /indexes at URL failed: 409 ALREADY_EXISTS: Index docs exists "
        "[request id req-1; 1 attempt in 0.0 s]",
        "The name is taken. Choose another one, or use the existing resource.",
    ),
    Night(
        errors.FailedPreconditionError,
        lambda pc: pc.delete_backup("b-1"),
        refused(412, "FAILED_PRECONDITION", f"Pending restore jobs: {', '.join(JOB_IDS)}"),
        "DELETE /backups/b-1 at URL failed: 412 FAILED_PRECONDITION: Pending restore jobs: "
        "670e8400-e29b-41d4-a716-446655440001, 670e8400-e29b-41d4-a716-446655440002 "
        "[request id req-1; 1 attempt in 0.0 s]",
        f"Wait for these restore jobs, then try again: wait_for_restore_jobs({JOB_IDS}).",
    ),
    Night(
        errors.UnprocessableEntityError,
        create_index,
        refused(422, "UNPROCESSABLE_ENTITY", "Not an index"),
        "POST /indexes at URL failed: 422 UNPROCESSABLE_ENTITY: Not an index "
        "[request id req-1; 1 attempt in 0.0 s]",
        "Change the request as the message says; it would fail again unchanged.",
    ),
    Night(
        errors.RateLimitError,
        create_index,
        refused(429, "RESOURCE_EXHAUSTED", "Too many", retry_after="40"),
        "POST /indexes at URL failed: 429 RESOURCE_EXHAUSTED: Too many "
        "[request id req-1; 1 attempt in 0.0 s; the next attempt would come after the deadline]",
        "Wait 40 s before the next call, and make fewer calls at a time.",
        {"deadline": 30.0},
    ),
    Night(
        errors.ServiceError,
        create_backup,
        refused(500, "UNKNOWN", "Internal error"),
        "POST /indexes/docs/backups at URL failed: 500 UNKNOWN: Internal error "
        "[request id req-1; 1 attempt in 0.0 s]",
        "The server may have created it. Check with list_backups('docs') before you try again.",
    ),
    Night(
        errors.ServiceError,
        lambda pc: pc.create_index_from_backup("b-1", name="restored"),
        Canned(504, "<html>...</html>", {"content-type": "text/html"}),
        "POST /backups/b-1/create-index at URL failed: 504: Gateway Timeout (an HTML page, "
        "probably a proxy's) [1 attempt in 0.0 s]",
        "The server may have created it. Check with describe_index('restored') before you try "
        "again.",
    ),
    Night(
        errors.ServiceError,
        lambda pc: pc.create_collection("copy", source="pods"),
        Canned(500),
        "POST /collections at URL failed: 500: Internal Server Error [1 attempt in 0.0 s]",
        "The server may have created it. Check with describe_collection('copy') before you try "
        "again.",
    ),
    Night(
        errors.ServiceError,
        lambda pc: pc.configure_index("docs", tags={"team": "search"}),
        Canned(500),
        "PATCH /indexes/docs at URL failed: 500: Internal Server Error [1 attempt in 0.0 s]",
        "The change may have been made. Check with describe_index('docs') before you try again.",
    ),
    Night(
        errors.ServiceError,
        lambda pc: pc.delete_backup("b-1"),
        Canned(503),
        "DELETE /backups/b-1 at URL failed: 503: Service Unavailable "
        "[5 attempts in 7.5 s; no attempts are left]",
        "It may have been deleted. Check with describe_backup('b-1'); deleting again does no harm.",
    ),
    Night(
        errors.ServiceError,
        lambda pc: pc.list_restore_jobs(),
        refused(503, "UNAVAILABLE", "Down for now"),
        "GET /restore-jobs at URL failed: 503 UNAVAILABLE: Down for now "
        "[request id req-1; 5 attempts in 7.5 s; no attempts are left]",
        "The service, or a proxy in front of it, had a problem. Try again later. Give the request "
        "id to support.",
    ),
    Night(
        errors.ApiError,
        lambda pc: pc.describe_index("docs"),
        Canned(302, "", {"location": "https://other.example/"}),
        "GET /indexes/docs at URL failed: 302: a redirect to https://other.example/, not followed "
        "[1 attempt in 0.0 s]",
        "Set host to the API's URL; the key is never sent to another host.",
    ),
    Night(
        errors.ResponseParsingError,
        lambda pc: pc.describe_index("docs"),
        Canned(200, "<html>Sign in</html>", {"x-request-id": "req-2"}),
        "GET /indexes/docs at URL got a 200, but the response cannot be used: Index: not "
        "JSON: JSON is malformed: invalid character (byte 0) [request id req-2]",
        "Check that the host is Pinecone's control plane and that no proxy responds in its place. "
        "If so, the contract may have changed.",
    ),
    Night(
        errors.ResponseParsingError,
        create_backup,
        Canned(201, "{}"),
        "POST /indexes/docs/backups at URL got a 201, but the response cannot be used: "
        "Backup: object missing required field `backup_id`",
        "The server reported success. Check the result before you try again.",
    ),
]


def caught(
    driver: Driver, night: Night, monkeypatch: pytest.MonkeyPatch
) -> tuple[PineconeError, str]:
    """Return the error of a night on a clock that only waits move, waits at their longest."""
    monkeypatch.setattr(random, "random", lambda: 1.0)
    with replay(night.answer) as server, pytest.raises(PineconeError) as raised:
        driver.call(night.use, api_key="k", host=server.url, clock=ManualClock(), **night.settings)
    return raised.value, server.url


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.answer.status)
def test_an_error_says_what_was_tried_what_came_back_and_what_to_do(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, url = caught(Driver("sync"), night, monkeypatch)

    assert type(error) is night.error
    assert str(error).replace(url, "URL") == f"{night.what}\n{night.hint}"


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.answer.status)
@pytest.mark.parametrize(
    "copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy]
)
def test_an_error_keeps_all_it_knows_in_a_copy_and_a_pickle(
    night: Night, copied: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    error, _ = caught(Driver("sync"), night, monkeypatch)
    twin = copied(error)

    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
    assert twin.args == error.args


@pytest.mark.parametrize(
    "details",
    [
        "9" * 6000,
        "1e400",
        "NaN",
        r'"\ud800"',
        *("[" * levels + "]" * levels for levels in (100, 900, 3000)),
        '{"a":' * 900 + "1" + "}" * 900,
    ],
    ids=lambda details: details[:8],
)
def test_details_that_no_program_can_hold_do_no_harm(driver: Driver, details: str) -> None:
    error = f'{{"code":"INVALID_ARGUMENT","message":"no","details":{{"a":{details}}}}}'
    body = f'{{"status":400,"error":{error}}}'
    with replay(Canned(400, body)) as server, pytest.raises(errors.BadRequestError) as caught:
        driver.call(lambda pc: pc.describe_index("docs"), api_key="k", host=server.url)

    twin = pickle.loads(pickle.dumps(copy.deepcopy(caught.value)))
    assert str(twin) == str(caught.value)
    assert twin.body.startswith(body[:1000])


@pytest.mark.parametrize("copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
@pytest.mark.parametrize(
    "error",
    [
        errors.WaitTimeoutError("late", hint="wait", last=3),
        errors.OperationFailedError("failed", last=[1]),
        errors.PineconeTimeoutError("slow", attempts=2),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_of_time_keeps_all_it_knows_too(
    error: PineconeError, copied: Callable[[Any], Any]
) -> None:
    twin = copied(error)
    assert (repr(twin), str(twin), vars(twin)) == (repr(error), str(error), vars(error))


def test_an_error_can_be_picked_out_of_a_group() -> None:
    missing = errors.NotFoundError("gone", status_code=404, code=None, message="gone")
    unsure = errors.PineconeTimeoutError("slow", outcome_unknown=True)
    group = ExceptionGroup("two restores", [missing, unsure])

    found, rest = group.split(errors.NotFoundError)

    assert found is not None
    assert found.exceptions == (missing,)
    assert rest is not None
    assert rest.exceptions == (unsure,)


def test_a_412_names_the_pending_restore_jobs(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = next(night for night in NIGHTS if night.error is FailedPreconditionError)
    error, _ = caught(driver, night, monkeypatch)

    assert isinstance(error, FailedPreconditionError)
    assert error.pending_restore_job_ids == JOB_IDS


def test_a_412_does_not_name_the_backup_itself_as_a_job(driver: Driver) -> None:
    backup, job = "c2f0a4d8-1b6e-4d3f-9e57-7a8b9c0d1e2f", "17c6b5a4-d3e2-4f10-9b8a-7c6d5e4f3a2b"
    message = f"Backup {backup} is in use by pending restore jobs: {job}."  # the contract's example
    with (
        replay(refused(412, "FAILED_PRECONDITION", message)) as server,
        pytest.raises(FailedPreconditionError) as raised,
    ):
        driver.call(lambda pc: pc.delete_backup(backup), api_key="k", host=server.url)

    assert raised.value.pending_restore_job_ids == [job]


def test_a_403_tells_quota_from_deletion_protection(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = [night for night in NIGHTS if night.error is ForbiddenError]
    reasons = []
    for night in forbidden:
        error, _ = caught(Driver("sync"), night, monkeypatch)
        assert isinstance(error, ForbiddenError)
        reasons.append((error.quota_reached, error.deletion_protected))

    assert reasons == [(True, False), (False, True), (False, False)]


@pytest.mark.parametrize(
    ("message", "quota", "protection"),
    [
        ("You have reached the max indexes of the project's quota.", True, False),
        ("Request exceeds your organization's limits.", True, False),
        ("Deletion protection is enabled for this index.", False, True),
        ("Set `deletion_protection` to disabled first.", False, True),
        ("The key may not read climax-1.", False, False),
        ("The key may not read max-1 or protect-me.", False, False),
        ("The key may not read 'my max quota' or \"protected\".", False, False),
        ("The role is unlimited elsewhere.", False, False),
    ],
)
def test_a_403_is_read_by_whole_words_outside_of_names(
    message: str, quota: bool, protection: bool
) -> None:
    error = ForbiddenError("no", status_code=403, code="FORBIDDEN", message=message)

    assert (error.quota_reached, error.deletion_protected) == (quota, protection)


@pytest.mark.parametrize("path", ["/", "", "//", "/indexes", "/x"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_lost_answer_of_any_path_has_a_hint(method: str, path: str) -> None:
    assert look_after(method, path, "docs").method


def test_a_401_names_the_variable_that_the_key_came_from(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_API_KEY", "key-from-the-environment")
    with replay(Canned(401, "Invalid API key")) as server, pytest.raises(PineconeError) as raised:
        driver.call(create_index, host=server.url)

    assert "The key came from PINECONE_API_KEY" in str(raised.value)
    assert "key-from-the-environment" not in str(raised.value)


FLOOD = "no\n\x1b[2Jroot@host# all is well " * 1000


@pytest.mark.parametrize(
    ("answer", "use"),
    [
        (refused(400, "X", FLOOD), create_index),
        (refused(400, FLOOD, "no"), create_index),
        (
            Canned(200, backup_with(status=FLOOD)),
            lambda pc: pc.wait_for_backup("b", timeout=0.01),
        ),
        (Canned(200, backup_with(backup_id=FLOOD)), lambda pc: pc.wait_for_backup("b")),
    ],
    ids=["message", "code", "state", "id"],
)
def test_a_text_of_a_server_cannot_forge_lines_or_fill_the_screen(
    driver: Driver, answer: Canned, use: Callable[[Any], Any]
) -> None:
    with replay(answer) as server, pytest.raises(PineconeError) as raised:
        driver.call(use, api_key="k", host=server.url)

    what, *rest = str(raised.value).split("\n")
    assert len(what) < 600
    assert "\x1b" not in what
    assert len(rest) == 1
