"""What the client concludes from an answer, and what it does not: who said so counts."""

import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pinecone_control import (
    ApiError,
    ConflictError,
    NotFoundError,
    PineconeConnectionError,
    RateLimitError,
    ResponseParsingError,
    RetryPolicy,
)
from pinecone_control._core.error_body import proves_absence, read_error_body
from pinecone_control.emulator import Emulator
from scripts.proofs.fault_matrix.certificates import authority_pem, server_context
from scripts.proofs.fault_matrix.matrix import SkippingClock
from scripts.proofs.fault_matrix.operations import OPERATIONS, good_server
from scripts.proofs.fault_matrix.proxy import ForwardingProxy
from scripts.proofs.fault_matrix.server import Answer, misbehaving, say
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

ONCE = RetryPolicy(attempts=1)
HTML = {"content-type": "text/html"}


def not_found(message: str) -> dict[str, Any]:
    return {"status": 404, "error": {"code": "NOT_FOUND", "message": message}}


def test_a_long_text_of_a_server_is_judged_at_once() -> None:
    # Without a bound these take minutes: each word could begin what the pattern looks for.
    for message in ("no a " * 20_000, "no " + "a " * 50_000, "a" * 100_000, "no_" * 30_000):
        error = read_error_body(404, json.dumps(not_found(message)), "application/json")
        proves_absence(404, error, method="GET", path="/indexes/docs")


SAID_BY_OTHERS = {
    "page of a gateway": Canned(404, "<html><h1>404</h1></html>", HTML),
    "nothing": Canned(404),
    "JSON of a gateway": Canned(404, {"message": "no Route matched with those values"}),
    "JSON of a cloud": Canned(404, {"error": {"code": 404, "status": "NOT_FOUND"}}),
    "text": Canned(404, "Not Found", {"content-type": "text/plain"}),
    "another code": Canned(404, {"error": {"code": "UNKNOWN", "message": "docs not found"}}),
    "a path": Canned(404, not_found("Path /v9/indexes/docs not found.")),
    "a project": Canned(404, not_found("Project of this key not found.")),
    "another index": Canned(404, not_found("Index movies not found.")),
    "another kind": Canned(404, not_found("Backup docs not found.")),
    "an index of half the name": Canned(404, not_found("Index doc not found.")),
    "another index in other words": Canned(404, not_found("There is no index named movies.")),
    "another thing of the name": Canned(404, not_found("Namespace docs not found.")),
    "a server": Canned(404, not_found("The resource could not be found on this server.")),
    "another status": Canned(404, {**not_found("Index docs not found."), "status": 200}),
}
SAID_BY_THE_API = [
    not_found("Index docs not found."),
    not_found("There is no index named docs."),
    not_found("Resource docs not found"),
    not_found("Index docs not found in project abc"),
    not_found("No such index"),
    not_found("The index 'docs' could not be found."),
    not_found("Index do... not found"),
    not_found(""),
]


@pytest.fixture(params=SAID_BY_OTHERS.values(), ids=SAID_BY_OTHERS.keys())
def answer(request: pytest.FixtureRequest) -> Canned:
    return request.param


def test_an_index_is_not_taken_for_absent_unless_the_api_says_so(
    driver: Driver, answer: Canned
) -> None:
    with replay(answer) as server, pytest.raises(ApiError) as caught:
        driver.call(lambda pc: pc.has_index("docs"), api_key="k", host=server.url)

    assert caught.value.status_code == 404
    assert not isinstance(caught.value, NotFoundError)


@pytest.mark.parametrize("body", SAID_BY_THE_API, ids=lambda body: body["error"]["message"])
def test_an_index_is_absent_if_the_api_says_so(driver: Driver, body: dict[str, Any]) -> None:
    with replay(Canned(404, body)) as server:
        assert not driver.call(lambda pc: pc.has_index("docs"), api_key="k", host=server.url)
        with pytest.raises(NotFoundError):
            driver.call(lambda pc: pc.describe_index("docs"), api_key="k", host=server.url)


@pytest.mark.parametrize("name", ["a", "path", "index", "not", "page-1", "x" * 100])
def test_a_name_may_be_any_word(name: str) -> None:
    error = read_error_body(404, json.dumps(not_found(f"Index {name} not found.")), "")
    assert proves_absence(404, error, method="GET", path=f"/indexes/{name}")
    error = read_error_body(404, json.dumps(not_found(f"Path /indexes/{name} not found.")), "")
    assert not proves_absence(404, error, method="GET", path=f"/indexes/{name}")


@pytest.mark.parametrize(
    ("said", "is_absent"), [("x" * 100, True), ("x" * 99 + "y", False), ("x" * 100 + "...", True)]
)
def test_a_long_name_may_be_cut(said: str, is_absent: bool) -> None:
    error = read_error_body(404, json.dumps(not_found(f"Index {said} not found.")), "")
    proven = proves_absence(404, error, method="GET", path=f"/indexes/{'x' * 300}")
    assert proven == is_absent


def test_a_wrong_base_path_is_blamed_and_not_the_name(driver: Driver) -> None:
    with (
        Emulator(seed=1) as emulator,
        emulator.serve() as server,
        pytest.raises(ApiError) as caught,
    ):
        driver.call(lambda pc: pc.has_index("docs"), api_key="k", host=f"{server.url}/wrong")

    assert "Check the host and its base path" in caught.value.hint


def test_a_wait_for_a_deletion_does_not_take_it_for_done(driver: Driver, answer: Canned) -> None:
    with replay(answer) as server, pytest.raises(ApiError):
        driver.call(
            lambda pc: pc.wait_for_index_deleted("docs"),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )


def test_a_deletion_that_is_sent_again_does_not_count_as_done(
    driver: Driver, answer: Canned
) -> None:
    with replay(Canned(500), answer) as server, pytest.raises(ApiError) as caught:
        driver.call(
            lambda pc: pc.delete_index("docs"),
            api_key="k",
            host=server.url,
            clock=SkippingClock(),
        )

    assert len(server.seen) == 2
    assert caught.value.outcome_unknown


def test_a_name_is_not_taken_for_free_before_a_create_that_is_reconciled(
    driver: Driver, answer: Canned
) -> None:
    with replay(answer) as server, pytest.raises(ApiError):
        driver.call(
            lambda pc: pc.create_collection("docs", source="pods", reconcile=True),
            api_key="k",
            host=server.url,
        )

    assert [seen.method for seen in server.seen] == ["GET"]


def test_a_name_is_not_taken_for_used_by_the_409_of_a_gateway(driver: Driver) -> None:
    with replay(Canned(409, "<html>", HTML)) as server, pytest.raises(ApiError) as caught:
        driver.call(
            lambda pc: pc.create_collection("docs", source="pods"), api_key="k", host=server.url
        )

    assert not isinstance(caught.value, ConflictError)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422])
def test_the_page_of_a_gateway_is_blamed_on_neither_key_nor_name(
    driver: Driver, status: int
) -> None:
    page = Canned(status, "<html>no</html>", HTML | {"cf-ray": "8c1f-FRA", "server": "cloudflare"})
    with replay(page) as server, pytest.raises(ApiError) as caught:
        driver.call(lambda pc: pc.describe_index("docs"), api_key="k", host=server.url)

    error = caught.value
    assert "A gateway, proxy or firewall" in error.hint
    assert not error.from_api
    assert error.details is not None
    assert error.details["cf-ray"] == "8c1f-FRA"
    assert "cf-ray 8c1f-FRA" in error.what


@pytest.mark.parametrize(
    "delete",
    [
        lambda pc: pc.delete_index("docs"),
        lambda pc: pc.delete_backup("docs"),
        lambda pc: pc.delete_collection("docs"),
    ],
    ids=["index", "backup", "collection"],
)
@pytest.mark.parametrize(
    "made_up",
    [
        Canned(200, "<html>Sign in</html>", HTML),
        Canned(202, "<html>Are you human?</html>", HTML),
        Canned(202, b"", {"x-amzn-waf-action": "challenge"}),
        Canned(200, {"status": "ok"}),
        Canned(200, "OK", {"content-type": "text/plain"}),
        Canned(200, b"x", {"content-encoding": "gzip"}),
    ],
    ids=["sign-in page", "page with 202", "challenge of AWS WAF", "JSON", "text", "unreadable"],
)
def test_a_deletion_is_not_taken_for_done_by_a_success_that_a_gateway_made_up(
    driver: Driver, delete: Callable[[Any], Any], made_up: Canned
) -> None:
    with replay(made_up) as server, pytest.raises(ResponseParsingError) as caught:
        driver.call(delete, api_key="k", host=server.url)

    assert len(server.seen) == 1
    assert caught.value.outcome_unknown
    assert "Check" in caught.value.hint


@pytest.mark.parametrize("answer", [Canned(202), Canned(200), Canned(204), Canned(202, "{}")])
def test_a_deletion_is_done_by_an_empty_success_or_the_contracts_202(
    driver: Driver, answer: Canned
) -> None:
    with replay(answer) as server:
        driver.call(lambda pc: pc.delete_index("docs"), api_key="k", host=server.url)


LISTINGS: dict[str, Callable[[Any], Any]] = {
    "indexes": lambda pc: pc.list_indexes(),
    "collections": lambda pc: pc.list_collections(),
    "backups": lambda pc: pc.list_backups(),
    "backups of an index": lambda pc: pc.list_backups("docs"),
    "restore jobs": lambda pc: pc.list_restore_jobs(),
}


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS.keys())
@pytest.mark.parametrize(
    "body",
    [{"status": "ok"}, {"message": "sign in"}, {"error": {"code": "NOT_FOUND"}, "status": 404}],
    ids=["health", "message", "error"],
)
def test_nothing_is_taken_for_an_empty_listing_but_a_listing(
    driver: Driver, listing: Callable[[Any], Any], body: Any
) -> None:
    with replay(Canned(200, body)) as server, pytest.raises(ResponseParsingError):
        driver.drain(listing, api_key="k", host=server.url)


@pytest.mark.parametrize(
    "body", [{}, {"data": []}, {"data": None, "pagination": None}, {"data": [], "new": 1}]
)
def test_an_empty_listing_may_leave_out_what_the_contract_does_not_require(
    driver: Driver, body: Any
) -> None:
    with replay(Canned(200, body)) as server:
        assert driver.drain(LISTINGS["backups"], api_key="k", host=server.url) == []


@pytest.mark.parametrize("status", [210, 299])
@pytest.mark.parametrize(
    ("call", "is_unknown"),
    [
        (lambda pc: pc.describe_index("docs"), False),
        (lambda pc: pc.create_backup("docs"), True),
        (lambda pc: pc.create_collection("docs", source="pods"), True),
    ],
    ids=["describe", "create-backup", "create-collection"],
)
def test_a_success_whose_status_has_no_name_cannot_be_used(
    driver: Driver, call: Callable[[Any], Any], is_unknown: bool, status: int
) -> None:
    with replay(Canned(status, {})) as server, pytest.raises(ResponseParsingError) as caught:
        driver.call(call, api_key="k", host=server.url)

    assert caught.value.status_code == status
    assert caught.value.outcome_unknown is is_unknown


def test_an_undocumented_success_tells_the_request_and_its_attempts(driver: Driver) -> None:
    with (
        replay(Canned(503), Canned(503), Canned(204)) as server,
        pytest.raises(ResponseParsingError) as caught,
    ):
        driver.call(
            lambda pc: pc.describe_index("docs"),
            api_key="k",
            host=server.url,
            retry=RetryPolicy(attempts=3, backoff=0.01),
        )

    assert caught.value.request == "GET /indexes/docs"
    assert caught.value.attempts == len(server.seen) == 3


def test_a_retry_after_date_counts_from_the_answers_own_date(driver: Driver) -> None:
    dates = {
        "Date": "Thu, 15 May 2025 12:00:00 GMT",
        "Retry-After": "Thu, 15 May 2025 12:00:30 GMT",
    }
    with misbehaving(good_server(OPERATIONS[0])) as server:
        server.script.append(say(Answer(429, b"", dates)))
        server.listen()
        with pytest.raises(RateLimitError) as caught:
            driver.call(
                lambda pc: pc.describe_index("docs"), api_key="k", host=server.url, deadline=10.0
            )

    assert caught.value.retry_after == 30


def test_a_407_is_the_proxys(driver: Driver) -> None:
    with replay(Canned(407)) as server, pytest.raises(ApiError) as caught:
        driver.call(lambda pc: pc.describe_index("docs"), api_key="k", host=server.url)

    assert "The proxy refused" in caught.value.hint


def test_a_407_before_the_tunnel_is_the_proxys(driver: Driver) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with ForwardingProxy(refusal) as proxy, pytest.raises(PineconeConnectionError) as caught:
        driver.call(
            lambda pc: pc.describe_index("docs"),
            api_key="k",
            host="https://127.0.0.1:1",
            proxy=proxy.url,
            retry=ONCE,
        )

    assert "The proxy refused" in caught.value.hint


def certificate_without_key_identifiers() -> tuple[str, bytes]:
    """Return an authority as many were made by hand, and a certificate of it with its key."""
    now, day = datetime.now(UTC), timedelta(days=1)

    def certificate(subject: str, issuer: str, key: Any, signed_by: Any, extension: Any) -> Any:
        subject_name, issuer_name = (
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)])
            for each in (subject, issuer)
        )
        number = x509.random_serial_number()
        return (
            x509.CertificateBuilder(issuer_name, subject_name, key.public_key(), number)
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(extension, critical=True)
            .sign(signed_by, hashes.SHA256())
            .public_bytes(pem)
        )

    pem = serialization.Encoding.PEM
    own, authoritys = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    is_authority = x509.BasicConstraints(ca=True, path_length=None)
    name = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        certificate("authority", "authority", authoritys, authoritys, is_authority).decode(),
        certificate("server", "authority", own, authoritys, name)
        + own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def refused_certificate(
    driver: Driver, tls: ssl.SSLContext, *, verify: Any
) -> PineconeConnectionError:
    """Return the error of a call to a server whose certificate the client refuses."""
    with misbehaving(good_server(OPERATIONS[0]), tls=tls, scheme="https") as server:
        server.listen()
        with pytest.raises(PineconeConnectionError) as caught:
            driver.call(
                lambda pc: pc.describe_index("docs"), api_key="k", host=server.url, verify=verify
            )
    return caught.value


def test_a_certificate_refused_for_its_form_is_not_blamed_on_the_authority(
    driver: Driver, tmp_path: Any
) -> None:
    authority, certificate = certificate_without_key_identifiers()
    (tmp_path / "server.pem").write_bytes(certificate)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(tmp_path / "server.pem")
    strict = ssl.create_default_context(cadata=authority)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT  # what Python 3.13 switches on by itself
    error = refused_certificate(driver, shown, verify=strict)
    assert "certificate refused" in error.what
    assert "key usage and key identifiers" in error.hint
    assert "verify=" not in error.hint


@pytest.mark.parametrize(
    ("shown", "hint"),
    [
        ({"days": -1}, "has expired"),
        ({"host": "other.example"}, "is for another name"),
        ({"authority": "unknown"}, "verify="),
    ],
    ids=["expired", "other name", "unknown authority"],
)
def test_a_refused_certificate_says_what_is_wrong_with_it(
    driver: Driver, shown: dict[str, Any], hint: str, tmp_path: Any
) -> None:
    (tmp_path / "authority.pem").write_bytes(authority_pem())
    authority = str(tmp_path / "authority.pem")
    assert hint in refused_certificate(driver, server_context(**shown), verify=authority).hint
