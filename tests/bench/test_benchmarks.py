"""Each benchmark is run once in a tiny form, so that none rots; no time is judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pinecone_control_api.models.restore_job_list import RestoreJobList
from scripts.bench.memory import DRAIN
from scripts.bench.prepared_server import page
from scripts.bench.rounds import Bench, Spread, prepared_answers
from scripts.bench.table import Finding, markdown

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
ROWS = ("1,2", "3", "4", "5,6", "7", "8", "9", "10", "11")


@pytest.mark.parametrize("rows", ROWS)
def test_a_benchmark_runs_in_its_tiny_form(rows: str, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = subprocess.run(
        [*(sys.executable, "-m", "scripts.bench", "--tiny"), "--rows", rows, "--json", results],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(results.read_text("utf-8"))["findings"]
    assert {str(finding["row"]) for finding in found} == set(rows.split(","))
    assert all(finding["median"] >= 0 for finding in found)
    assert "| reached |" in done.stdout


def test_every_row_of_the_table_is_run() -> None:
    assert [int(row) for rows in ROWS for row in rows.split(",")] == list(range(1, 12))


@pytest.mark.parametrize(
    ("value", "bound", "reached"),
    [
        (1.0, "at most", True),
        (1.01, "at most", False),
        (1.0, "at least", True),
        (0.99, "at least", False),
    ],
)
def test_a_limit_is_reached_when_it_is_met(value: float, bound: str, reached: bool) -> None:
    finding = Finding(1, "work", "figure", Spread((value,)), limit=1.0, bound=bound)

    assert finding.reached is reached


def test_the_median_of_the_rounds_counts_and_the_spread_is_shown() -> None:
    finding = Finding(1, "work", "figure", Spread((0.5, 3.0, 0.7)), limit=1.0)

    assert finding.reached is True
    assert markdown([finding]).splitlines()[-1] == (
        "| 1 | work | figure | 0.7      | 0.5 to 3 | at most 1 | yes     |"
    )


def test_a_ratio_compares_what_was_measured_in_the_same_round() -> None:
    assert (Spread((1.0, 4.0)) / Spread((2.0, 1.0))).values == (0.5, 4.0)


def test_a_prepared_page_is_one_of_the_contract() -> None:
    listing = RestoreJobList.from_json(page(100))

    assert len({job.restore_job_id for job in listing.data}) == 100
    assert listing.additional_properties == {}
    assert all(job.additional_properties == {} for job in listing.data)


def test_the_peak_of_a_program_is_its_own_and_not_that_of_who_started_it() -> None:
    large = bytearray(b"x") * 100_000_000
    with prepared_answers() as host:
        cost = Bench(tiny=True).run(DRAIN, host, 1_000, 100, "drop")

    assert len(large) / 1024**2 > 2 * cost["peak"]


def test_kept_restore_jobs_are_seen_in_the_peak() -> None:
    with prepared_answers() as host:
        dropped, kept = (
            Bench(tiny=True).run(DRAIN, host, 20_000, 1_000, what) for what in ("drop", "keep")
        )

    assert kept["peak"] > dropped["peak"] + 10
