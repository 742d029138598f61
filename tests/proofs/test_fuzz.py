"""Whatever bytes a server sends, only this package's errors come out; `make fuzz` tries more."""

import subprocess
import sys

import pytest

from scripts.proofs.fuzz import KINDS

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("kind", KINDS)
def test_any_answer_gives_a_result_or_an_own_error(kind: str) -> None:
    endings = KINDS[kind](150, 1)

    assert endings.total() >= 100
    assert endings["a result"] > 0
    assert len(endings) > 2


def test_the_fuzzing_shows_progress_ends_in_time_and_says_what_it_ran() -> None:
    arguments = ["--minutes", "0.0001", "--processes", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "scripts.proofs.fuzz", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "bodies, " in done.stdout
    assert "a result" in done.stdout
    assert "the time was up before 100,000 answers of each kind were tried" in done.stdout
