"""Listings that page by themselves: complete, without repeats, never endless."""

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from pinecone_control import Pinecone, PineconeError, PineconeValueError
from pinecone_control.emulator import Emulator
from scripts.proofs.replay import Canned, replay
from tests.support.both_clients import Driver


def job(number: int) -> dict[str, Any]:
    return {
        "restore_job_id": f"job-{number}",
        "backup_id": "backup",
        "target_index_name": "restored",
        "target_index_id": "index",
        "status": "Completed",
        "created_at": "2025-05-15T13:59:51.439479+00:00",
    }


def page(*numbers: int, token: str | None = None) -> Canned:
    pagination = None if token is None else {"next": token}
    return Canned(body={"data": [job(number) for number in numbers], "pagination": pagination})


def numbers(jobs: list[Any]) -> list[int]:
    return [int(each.restore_job_id.removeprefix("job-")) for each in jobs]


@pytest.mark.parametrize(("limit", "requests"), [(100, 10), (7, 143)])
def test_a_thousand_jobs_are_listed_once_each_with_few_requests(
    driver: Driver, limit: int, requests: int
) -> None:
    with Emulator(seed=1) as emulator, emulator.serve() as server:
        emulator.seed("demo", restore_jobs=1000)
        jobs = driver.drain(
            lambda pc: pc.list_restore_jobs(limit=limit), api_key="k", host=server.url
        )
        asked = [each for each in emulator.requests if each.path == "/restore-jobs"]

    assert len({each.restore_job_id for each in jobs}) == len(jobs) == 1000
    assert len(asked) == requests


def test_a_page_holds_one_page_and_says_whether_more_follow(driver: Driver) -> None:
    with replay(page(1, 2, token="t"), page(3)) as server:
        pages = driver.pages(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert [numbers(each.data) for each in pages] == [[1, 2], [3]]
    assert [each.has_next for each in pages] == [True, False]
    assert pages[0].pagination.next == "t"
    assert pages[1].pagination is None


def test_the_next_page_can_be_fetched_by_hand(driver: Driver) -> None:
    if driver.kind != "sync":

        async def use(pc: Any) -> Any:
            first = await pc.list_restore_jobs()
            second = await first.next_page()
            return second, await second.next_page()

    else:

        def use(pc: Any) -> Any:
            second = pc.list_restore_jobs().next_page()
            return second, second.next_page()

    with replay(page(1, token="t"), page(2)) as server:
        second, third = driver.call(use, api_key="k", host=server.url)

    assert numbers(second.data) == [2]
    assert third is None


def test_a_token_can_be_kept_and_continued_from(driver: Driver) -> None:
    with replay(page(3)) as server:
        jobs = driver.drain(
            lambda pc: pc.list_restore_jobs(limit=2, pagination_token="kept"),
            api_key="k",
            host=server.url,
        )

    assert numbers(jobs) == [3]
    assert server.seen[0].query == (("paginationToken", "kept"),)


def test_jobs_that_overlapping_pages_repeat_are_listed_once(driver: Driver) -> None:
    with replay(page(1, 2, 3, token="a"), page(2, 3, 4, token="b"), page(4, 5)) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert numbers(jobs) == [1, 2, 3, 4, 5]


def test_a_job_that_comes_again_and_again_is_listed_once(driver: Driver) -> None:
    pages = [page(1, 10 * n, token=f"t{n}") for n in range(1, 20)]
    with replay(*pages, page(1)) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert numbers(jobs).count(1) == 1
    assert len(jobs) == 20


@pytest.mark.parametrize("listed", [[], [1, 2]], ids=["empty", "the same items"])
def test_a_listing_with_nothing_new_and_ever_new_tokens_ends(
    driver: Driver, listed: list[int]
) -> None:
    pages = [page(*listed, token=str(number)) for number in range(500)]
    with replay(*pages) as server, pytest.raises(PineconeError, match="does not end: 100 pages"):
        driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert 100 < len(server.seen) < 105


def test_many_empty_pages_on_the_way_are_passed_over(driver: Driver) -> None:
    pages = [page(token=str(number)) for number in range(90)]
    with replay(*pages, page(7)) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert len(jobs) == 1


def test_a_token_of_the_server_that_no_url_can_carry_is_an_error(driver: Driver) -> None:
    with (
        replay(page(1, token="x" * 70_000)) as server,
        pytest.raises(PineconeError, match="does not fit in a URL") as caught,
    ):
        driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert len(str(caught.value)) < 400
    assert len(server.seen) == 1


@pytest.mark.parametrize("token", ["\ud800", "x" * 70_000, "é" * 10_000], ids=["half", "long", "é"])
def test_a_token_that_no_url_can_carry_is_refused_where_it_is_given(
    driver: Driver, token: str
) -> None:
    with replay(page(1)) as server, pytest.raises(PineconeValueError, match="pagination_token"):
        driver.drain(
            lambda pc: pc.list_restore_jobs(pagination_token=token), api_key="k", host=server.url
        )
    assert server.seen == []


def test_an_empty_listing_is_falsy_and_any_other_page_is_not(driver: Driver) -> None:
    def listed(*answers: Canned) -> bool:
        with replay(*answers) as server:
            return bool(
                driver.call(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)
            )

    assert not listed(page())
    assert listed(page(1))
    assert listed(page(token="more"))


@pytest.mark.parametrize("copied", [pickle.dumps, copy.deepcopy], ids=["pickled", "copied"])
def test_a_page_that_is_pickled_says_what_to_pickle_instead(
    driver: Driver, copied: Callable[[Any], Any]
) -> None:
    with replay(page(1)) as server:
        got = driver.call(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    with pytest.raises(TypeError, match="Pickle its `data`"):
        copied(got)
    assert pickle.loads(pickle.dumps(got.data)) == got.data


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, token="a"), page(2, token="a"), page(3, token="a")],
        [page(1, token="a"), page(2, token="b"), page(3, token="a"), page(4, token="b")],
    ],
    ids=["the same token again", "tokens in a cycle"],
)
def test_a_token_that_comes_again_is_an_error_and_no_endless_loop(
    driver: Driver, pages: list[Canned]
) -> None:
    with replay(*pages) as server, pytest.raises(PineconeError, match="repeats itself"):
        driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert len(server.seen) == len(pages) - 1


def test_an_empty_token_ends_the_listing(driver: Driver) -> None:
    with replay(page(1, token="")) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert numbers(jobs) == [1]
    assert len(server.seen) == 1


def test_an_empty_page_in_the_middle_does_not_end_the_listing(driver: Driver) -> None:
    with replay(page(1, token="a"), page(token="b"), page(2)) as server:
        jobs = driver.drain(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert numbers(jobs) == [1, 2]


def test_a_printed_page_is_a_json_array_with_the_names_and_values_of_the_wire(
    driver: Driver,
) -> None:
    with replay(page(1, 2)) as server:
        (only,) = driver.pages(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert json.loads(str(only)) == [job(1), job(2)]
    assert str(only).startswith('[\n    {\n        "restore_job_id": "job-1",')
    assert repr(only).endswith("Page of 2 items>")
    assert only._repr_html_().count("<tr>") == 3


def test_a_page_in_a_notebook_is_escaped(driver: Driver) -> None:
    nasty = {**job(1), "target_index_name": "<script>alert(1)</script>"}
    with replay(Canned(body={"data": [nasty]})) as server:
        (only,) = driver.pages(lambda pc: pc.list_restore_jobs(), api_key="k", host=server.url)

    assert "<script>" not in only._repr_html_()


@pytest.mark.parametrize("limit", [0, 101, -1, 2.5, "10", True, None])
def test_a_page_size_that_the_contract_does_not_allow_is_refused_before_sending(
    driver: Driver, limit: object
) -> None:
    with replay(page(1)) as server, pytest.raises(PineconeValueError, match="1 to 100"):
        driver.drain(lambda pc: pc.list_restore_jobs(limit=limit), api_key="k", host=server.url)

    assert server.seen == []


@pytest.mark.parametrize("token", ["", 7, b"t"])
def test_a_page_token_that_is_none_is_refused_before_sending(driver: Driver, token: object) -> None:
    with replay(page(1)) as server, pytest.raises(PineconeValueError, match="pagination_token"):
        driver.drain(
            lambda pc: pc.list_restore_jobs(pagination_token=token), api_key="k", host=server.url
        )

    assert server.seen == []


def test_jobs_created_while_listing_do_not_make_others_appear_twice() -> None:
    with (
        Emulator(seed=1) as emulator,
        Pinecone("k", "http://emulator", transport=emulator.transport()) as pc,
    ):
        emulator.seed("demo", restore_jobs=50)
        backup = next(b for b in pc.list_backups() if b.is_ready)
        listing = iter(pc.list_restore_jobs(limit=10))
        ids = [next(listing).restore_job_id for _ in range(10)]
        for number in range(3):
            pc.create_index_from_backup(backup.backup_id, name=f"meanwhile-{number}")
        ids += [each.restore_job_id for each in listing]

    assert len(ids) == len(set(ids)) == 50
