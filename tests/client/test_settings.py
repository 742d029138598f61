"""What a client is told, and how it refuses what cannot be right, before anything is sent."""

import copy
import inspect
import os
import pickle
import ssl
import traceback
from pathlib import Path
from typing import Any

import pytest

from pinecone_control import AsyncPinecone, Pinecone, PineconeValueError, RetryPolicy
from pinecone_control._http.proxies_and_tls import tls_for
from pinecone_control.contract.shipped_contracts import pinned_contract
from scripts.proofs.fault_matrix.certificates import authority_pem
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver

KEY = "pcsk-this-key-must-never-show"


@pytest.fixture(params=[Pinecone, AsyncPinecone], ids=["Pinecone", "AsyncPinecone"])
def client(request: pytest.FixtureRequest) -> type[Pinecone]:
    return request.param


def test_no_key_is_refused_and_the_variable_named(client: type[Pinecone]) -> None:
    with pytest.raises(PineconeValueError, match="PINECONE_API_KEY"):
        client()


def test_key_and_host_come_from_the_variables_that_the_official_sdk_reads(
    client: type[Pinecone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_API_KEY", "k")
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", "http://127.0.0.1:1")
    assert repr(client()) == f"{client.__name__}(host='http://127.0.0.1:1')"


def test_the_default_host_is_the_server_of_the_contract(client: type[Pinecone]) -> None:
    server, *_ = pinned_contract().document["servers"]
    assert server["url"] in repr(client(api_key="k"))


@pytest.mark.parametrize("key", ["k\n", "k y", "k\x00", "ключ", " "])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    client: type[Pinecone], key: str
) -> None:
    with pytest.raises(PineconeValueError, match="API key") as caught:
        client(api_key=key)
    assert key.strip() == "" or key not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "not a url",
        "api.pinecone.io",
        "ftp://api.pinecone.io",
        "http://",
        "https://h:port",
        "://",
        "https://xn--",
        "https://xn--a.example",
    ],
)
def test_a_host_that_is_no_url_is_refused_with_an_example(
    client: type[Pinecone], host: str
) -> None:
    with pytest.raises(PineconeValueError, match=r"host must be a URL such as https://"):
        client(api_key="k", host=host)


@pytest.mark.parametrize("host", ["api.pinecone.io", "https://u:p@h"])
def test_a_host_of_the_environment_that_is_no_url_is_refused_by_the_name_of_its_variable(
    client: type[Pinecone], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", host)
    with pytest.raises(PineconeValueError, match=r"^PINECONE_CONTROLLER_HOST must"):
        client(api_key="k")


@pytest.mark.parametrize(
    "host",
    ["https://u:p@h", "https://@h", "https://h?x=1", "https://h?", "https://h#f", "https://h#"],
)
def test_a_host_with_user_query_or_fragment_is_refused(client: type[Pinecone], host: str) -> None:
    with pytest.raises(PineconeValueError, match="host"):
        client(api_key="k", host=host)


@pytest.mark.parametrize("host", ["http://pinecone.example", "http://127.evil.example"])
def test_plain_http_to_another_machine_is_refused_unless_told_so(
    client: type[Pinecone], host: str
) -> None:
    with pytest.raises(PineconeValueError, match="unencrypted"):
        client(api_key="k", host=host)
    assert client(api_key="k", host="http://pinecone.example", allow_plain_http=True)


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_plain_http_to_this_machine_is_fine(client: type[Pinecone], host: str) -> None:
    assert client(api_key="k", host=host)


@pytest.mark.parametrize("setting", ["timeout", "deadline"])
@pytest.mark.parametrize(
    "value",
    [0, -1, float("nan"), float("inf"), 10**400, 1e300, "3", True, None],
    ids=lambda value: str(value)[:9],
)
def test_seconds_must_be_a_number_above_zero(
    client: type[Pinecone], setting: str, value: object
) -> None:
    with pytest.raises(PineconeValueError, match=setting):
        client(api_key="k", **{setting: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers", [{"X": "a\r\nEvil: 1"}, {"Api-Key": "other"}, {"X y": "1"}, {"": "1"}, {"X": 1}]
)
def test_headers_that_could_be_split_or_replace_the_key_are_refused(
    client: type[Pinecone], headers: dict[str, str]
) -> None:
    with pytest.raises(PineconeValueError, match=r"(?i)header"):
        client(api_key="k", headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "other.example"},
        {"content-length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "close"},
        {"X-Team": " search"},
        {"X-Team": "é"},
        {"X-Team": "x" * 10_000},
        {"X(Team)": "search"},
    ],
    ids=str,
)
def test_headers_that_are_the_clients_own_or_cannot_be_sent_are_refused(
    driver: Driver, client: type[Pinecone], headers: dict[str, str]
) -> None:
    with pytest.raises(PineconeValueError, match=next(iter(headers)).replace("(", r"\(")[:3]):
        client(api_key="k", headers=headers)
    with pytest.raises(PineconeValueError):
        driver.call(lambda pc: pc.with_options(headers=headers), api_key="k")


@pytest.mark.parametrize("suffix", ["é", "a\nEvil: 1", "a\r\n", "\ud800", 7], ids=repr)
def test_a_user_agent_suffix_that_no_header_can_carry_is_refused(
    client: type[Pinecone], suffix: Any
) -> None:
    with pytest.raises(PineconeValueError, match="user_agent_suffix"):
        client(api_key="k", user_agent_suffix=suffix)


@pytest.mark.parametrize(
    "proxy",
    [
        "no proxy",
        "http://[::1",
        "user:secret@proxy:3128",
        "http://user:secret@proxy:99999",
        "http://user:secret@proxy:port",
        "http://",
        "http://user:secret\ud800@proxy",
        "http://proxy\n:1",
        7,
    ],
)
def test_a_proxy_that_is_no_url_is_refused_without_its_password(
    client: type[Pinecone], proxy: Any
) -> None:
    with pytest.raises(PineconeValueError, match="proxy must be a URL") as caught:
        client(api_key="k", proxy=proxy)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["http://user:secret@proxy:99999", "http://proxy:port"])
def test_a_proxy_of_the_environment_that_is_no_url_names_its_variables(
    client: type[Pinecone], proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(PineconeValueError, match=r"HTTPS_PROXY.* must be a URL") as caught:
        client(api_key="k")
    assert "secret" not in str(caught.value)


def test_a_socks_proxy_without_its_package_says_what_to_install(client: type[Pinecone]) -> None:
    with pytest.raises(PineconeValueError, match=r"httpx\[socks\]"):
        client(api_key="k", proxy="socks5://127.0.0.1:1080")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("retry", None), ("verify", None), ("headers", [("a", "b")]), ("transport", "http")],
)
def test_a_setting_of_another_type_is_refused(
    client: type[Pinecone], setting: str, value: object
) -> None:
    with pytest.raises(PineconeValueError, match=setting):
        client(api_key="k", **{setting: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "setting",
    [
        {"attempts": 0},
        {"attempts": 2.5},
        {"backoff": "x"},
        {"budget": 0},
        {"backoff_cap": float("inf")},
        {"backoff": 10**400},
    ],
    ids=lambda setting: str(setting)[:20],
)
def test_a_retry_policy_that_cannot_work_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(PineconeValueError, match=f"{next(iter(setting))} must be"):
        RetryPolicy(**setting)


@pytest.mark.parametrize("value", [0, 1.5, True, "1", 2**70])
def test_a_limit_of_bytes_must_be_a_number_that_can_be_counted_to(
    client: type[Pinecone], value: Any
) -> None:
    with pytest.raises(PineconeValueError, match="max_response_bytes"):
        client(api_key="k", max_response_bytes=value)


def test_an_upper_case_scheme_still_checks_certificates() -> None:
    tls = tls_for("HTTPS://api.pinecone.io", verify=True)

    assert tls is not None
    assert tls.verify_mode == ssl.CERT_REQUIRED
    assert "https://api.pinecone.io" in repr(Pinecone("k", "HTTPS://api.pinecone.io"))


def test_an_environment_proxy_is_not_used_for_this_machine(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with replay(Canned(body={"data": []})) as server:
        driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)
    assert len(server.seen) == 1


def test_header_names_know_no_case(driver: Driver) -> None:
    with replay(Canned(body={"data": []})) as server:
        driver.drain(
            lambda pc: pc.with_options(headers={"x-team": "b"}).list_restore_jobs(),
            api_key="k",
            host=server.url,
            headers={"user-agent": "mine", "X-Team": "a"},
        )
    assert server.seen[0].headers["user-agent"] == "mine"
    assert server.seen[0].headers["x-team"] == "b"


def test_a_certificate_file_that_cannot_be_read_is_refused(client: type[Pinecone]) -> None:
    with pytest.raises(PineconeValueError, match="certificates"):
        client(api_key="k", verify="/no/such/file.pem")


def test_a_certificate_path_that_no_file_can_have_is_refused(client: type[Pinecone]) -> None:
    with pytest.raises(PineconeValueError, match="certificates"):
        client(api_key="k", verify="a\0b")


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"])
@pytest.mark.parametrize("verify", [True, "authorities"], ids=str)
def test_a_variable_of_tls_that_names_what_is_not_there_is_named(
    client: type[Pinecone],
    variable: str,
    verify: bool | str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if isinstance(verify, str):
        (tmp_path / verify).write_bytes(authority_pem())
        verify = str(tmp_path / verify)
    path = str(tmp_path / "no" / "such")
    monkeypatch.setenv(variable, path)
    if verify is True or variable == "SSLKEYLOGFILE":
        with pytest.raises(PineconeValueError, match=variable) as caught:
            client(api_key="k", verify=verify)
        assert path in str(caught.value)
        assert "environment variable" in caught.value.hint
    else:
        assert client(api_key="k", verify=verify)
    assert client(api_key="k", host="http://127.0.0.1:1"), "without TLS they do not matter"


def test_a_file_of_certificates_that_is_none_is_named_with_its_variable(
    client: type[Pinecone], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "authorities.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
    with pytest.raises(PineconeValueError, match="SSL_CERT_FILE"):
        client(api_key="k")


def test_variables_of_tls_that_name_what_is_there_are_used(
    client: type[Pinecone], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "authorities.pem").write_bytes(authority_pem())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
    assert client(api_key="k")
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'none'}{os.pathsep}{tmp_path}")
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    assert client(api_key="k")


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_the_environment_can_allow_plain_http_and_it_is_said_loudly(
    client: type[Pinecone],
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("PINECONE_CONTROL_ALLOW_PLAIN_HTTP", value)
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", "http://emulator:5080")
    assert client(api_key="k")
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "unencrypted to http://emulator:5080" in record.getMessage()


@pytest.mark.parametrize("value", ["", "0", "false", "no"])
def test_the_environment_can_leave_plain_http_refused(
    client: type[Pinecone], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_CONTROL_ALLOW_PLAIN_HTTP", value)
    with pytest.raises(PineconeValueError, match="PINECONE_CONTROL_ALLOW_PLAIN_HTTP=1"):
        client(api_key="k", host="http://emulator:5080")


def test_a_value_that_is_neither_yes_nor_no_is_refused(
    client: type[Pinecone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_CONTROL_ALLOW_PLAIN_HTTP", "maybe")
    with pytest.raises(PineconeValueError, match="must be 1 or 0"):
        client(api_key="k", host="http://emulator:5080")


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "no url"},
        {"timeout": 0},
        {"headers": {"X": "é"}},
        {"verify": "/no/such/file.pem"},
        {"proxy": "no proxy"},
        {"transport": "http"},
        {"retry": None},
        {"environment": "us-west1-gcp"},
        {"keyword": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("from_environment", [False, True], ids=["argument", "environment"])
def test_no_error_of_a_constructor_shows_the_key_in_its_traceback(
    client: type[Pinecone],
    wrong: dict[str, Any],
    from_environment: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {} if from_environment else {"api_key": KEY}
    if from_environment:
        monkeypatch.setenv("PINECONE_API_KEY", KEY)
    with pytest.raises((PineconeValueError, TypeError)) as caught:
        client(**given, **wrong)
    monkeypatch.delenv("PINECONE_API_KEY", raising=False)

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    shown = [str(f.locals) for f in frames if "pinecone_control" in f.filename]
    assert shown
    assert KEY not in "".join(shown) + str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Api-Key": KEY}},
        {"headers": {"Authorization": f"Bearer {KEY}", "X-Team": "\n"}},
        {"host": f"https://user:{KEY}@api.example"},
        {"host": f"https://user:{KEY}@ä.example"},
        {"host": KEY},
        {"proxy": f"http://user:{KEY}@proxy:99999"},
        {"proxy": f"http://user:{KEY}@xn--a:3128"},
        {"proxy": f"http://user:{KEY}@proxy:3128", "verify": "/none"},
        {"proxy": f"http://user:{KEY}@proxy:3128", "transport": "http"},
        *(
            {setting: wrong}
            for setting in inspect.signature(Pinecone).parameters
            if setting not in {"api_key", "user_agent_suffix", "unknown"}
            for wrong in (KEY, [KEY])
        ),
    ],
    ids=str,
)
def test_no_error_of_a_constructor_shows_a_secret_in_a_wrong_place(
    client: type[Pinecone], wrong: dict[str, Any]
) -> None:
    with pytest.raises(PineconeValueError) as caught:
        client("k", **wrong)

    error: BaseException | None = caught.value
    while error is not None:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True).stack
        shown = [str(f.locals) for f in frames if "pinecone_control" in f.filename]
        assert KEY not in "".join(shown) + str(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "wrong",
    [{"headers": {"X-A": KEY, "X-B": "\n"}}, {"timeout": KEY}, {"deadline": KEY}, {"retry": KEY}],
    ids=str,
)
def test_no_error_of_with_options_shows_a_secret_in_a_wrong_place(
    client: type[Pinecone], wrong: dict[str, Any]
) -> None:
    with pytest.raises(PineconeValueError) as caught:
        client("k", "http://127.0.0.1:9").with_options(**wrong)

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    shown = [str(f.locals) for f in frames if "pinecone_control" in f.filename]
    assert KEY not in "".join(shown) + str(caught.value)


def test_a_key_given_by_a_wrong_name_shows_in_no_traceback(client: type[Pinecone]) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'apikey'") as caught:
        client(apikey=KEY)  # type: ignore[arg-type]

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    assert KEY not in "".join(str(f.locals) for f in frames if "pinecone_control" in f.filename)


def test_a_client_that_could_not_be_made_has_a_repr(client: type[Pinecone]) -> None:
    assert repr(client.__new__(client)) == f"{client.__name__}()"


@pytest.mark.parametrize(
    ("keyword", "instead"),
    [
        ("environment", "leave it out"),
        ("proxy_url", "proxy="),
        ("additional_headers", "headers="),
        ("ssl_ca_certs", "verify="),
        ("pool_threads", "not needed"),
        ("source_tag", "user_agent_suffix="),
        ("retry_config", "RetryPolicy"),
    ],
)
def test_a_keyword_of_an_earlier_sdk_gets_a_sentence(
    client: type[Pinecone], keyword: str, instead: str
) -> None:
    with pytest.raises(PineconeValueError, match=instead) as caught:
        client(api_key="k", **{keyword: "x"})  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"{client.__name__} does not take {keyword}=")


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_that_is_pickled_or_copied_says_what_to_do_instead(
    client: type[Pinecone], copied: Any
) -> None:
    with pytest.raises(TypeError, match=r"Create it where it is used; with_options\(\)"):
        copied(client(api_key="k"))


def test_errors_of_python_name_the_public_class(client: type[Pinecone]) -> None:
    with pytest.raises(TypeError, match=rf"^{client.__name__}\.create_backup\(\)"):
        client(api_key="k").create_backup()  # type: ignore[call-arg]


def test_the_key_shows_in_no_repr_and_is_never_pickled(client: type[Pinecone]) -> None:
    pc = client(api_key="very-secret-key")
    everything = repr(pc) + repr(vars(pc)) + repr(pc._settings) + repr(pc._api)
    assert "very-secret-key" not in everything
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(pc._settings)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.deepcopy(pc._settings)


def test_own_headers_and_user_agent_suffix_are_sent(driver: Driver) -> None:
    with replay(Canned(body={"data": []})) as server:
        driver.drain(
            lambda pc: pc.list_restore_jobs(),
            api_key="k",
            host=server.url,
            headers={"X-Team": "search"},
            user_agent_suffix="backup-cron/1.2",
        )
    assert server.seen[0].headers["x-team"] == "search"
    assert server.seen[0].headers["user-agent"].endswith(" backup-cron/1.2")


def test_an_empty_user_agent_suffix_adds_nothing(driver: Driver) -> None:
    with replay(Canned(body={"data": []})) as server:
        driver.drain(
            lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url, user_agent_suffix=""
        )
    assert server.seen[0].headers["user-agent"].endswith(")")


def test_with_options_changes_a_copy_on_the_same_connections() -> None:
    with replay(Canned(body={"data": []})) as server, Pinecone("k", server.url) as pc:
        pc.list_restore_jobs()
        pc.with_options(headers={"X-Team": "search"}).list_restore_jobs()
        pc.list_restore_jobs()
    assert [seen.headers.get("x-team") for seen in server.seen] == [None, "search", None]
    assert {seen.headers["api-key"] for seen in server.seen} == {"k"}
    assert len({seen.client for seen in server.seen}) == 1


def test_a_host_may_have_a_path(driver: Driver) -> None:
    with replay(Canned(body={"data": []})) as server:
        driver.drain(
            lambda pc: pc.list_restore_jobs(), api_key="k", host=f"{server.url}/gateway/pinecone/"
        )
    assert server.seen[0].path == "/gateway/pinecone/restore-jobs"
