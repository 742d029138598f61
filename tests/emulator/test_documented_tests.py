"""The tests in README and guide run as printed there, in a pytest of their own."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]

CONFTEST = """
import pathlib
import pytest

@pytest.fixture(autouse=True)
def time_that_passed(pinecone_emulator):
    yield
    pathlib.Path("emulated").write_text(str(pinecone_emulator.clock.monotonic()))
"""


def example(file: str, section: str) -> str:
    """Return the only block of code with a test in a section."""
    text = (ROOT / file).read_text("utf-8")
    (found,) = re.findall(
        rf"^## {re.escape(section)}\n(.*?)(?=^## )", text, re.DOTALL | re.MULTILINE
    )
    blocks = re.findall(r"^```python\n(.*?)^```", found, re.DOTALL | re.MULTILINE)
    (block,) = [each for each in blocks if "def test_" in each]
    return block


@pytest.mark.parametrize(
    ("file", "section"),
    [("README.md", "Test against the emulator"), ("docs/emulator.md", "In a test")],
)
def test_a_documented_test_passes_a_restore_of_ten_minutes(
    file: str, section: str, tmp_path: Path
) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_documented.py").write_text(example(file, section))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junit-xml=report.xml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (case,) = ET.parse(tmp_path / "report.xml").iter("testcase")
    emulated = float((tmp_path / "emulated").read_text())
    print(f"{file}: {emulated:.0f} emulated seconds in {case.get('time')} real ones")  # noqa: T201
    assert emulated >= 600
