"""Take the screenshots of the emulator's status page for the documentation.

``python -m scripts.docs.emulator_screenshot`` needs chromium. The emulator serves its sample data
on a manual clock, so that the pictures are always the same.
"""

import shutil
import subprocess
import sys
import tempfile
from typing import Final

from pinecone_control import NotFoundError, Pinecone
from pinecone_control.emulator import Emulator, Fault, ManualClock
from scripts.project import DOCS

PICTURES: Final = {"emulator.png": "1280,1720", "emulator-phone.png": "390,1500"}
"""File name and window size of each picture."""

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def main() -> int:
    """Take the pictures; return the exit code, which is 2 if chromium is not installed."""
    browser = chromium()
    if browser is None:
        print("no chromium is installed", file=sys.stderr)
        return 2
    clock = ManualClock()
    with Emulator(clock=clock, seed=1) as emulator, emulator.serve() as serving:
        emulator.seed("demo")
        act(emulator, serving.url)
        for name, size in PICTURES.items():
            picture = DOCS / "images" / name
            picture.parent.mkdir(exist_ok=True)
            options = [f"--window-size={size}", "--virtual-time-budget=2000"]
            options += [f"--screenshot={picture}", "--force-device-scale-factor=1.25"]
            look(browser, f"{serving.url}/_emulator/", *options)
            print(f"{name}: {picture.stat().st_size // 1024} KiB")
    return 0


def act(emulator: Emulator, url: str) -> None:
    """Make some calls, so that the status page has a request log to show."""
    with Pinecone("key", url) as pc:
        pc.list_indexes()
        backup = next(each for each in pc.list_backups("movies") if each.status == "Ready")
        pc.create_index_from_backup(backup.backup_id, name="movies-staging")
        emulator.clock.advance(1.3)
        emulator.faults.add(Fault(operation="list_restore_jobs", status=503, retry_after=0))
        list(pc.list_restore_jobs())
        try:
            pc.describe_index("movie")
        except NotFoundError:
            pc.describe_index("movies")
        emulator.clock.advance(0.9)


def chromium() -> str | None:
    """Return the path of chromium, if it is installed."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def look(browser: str, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page in the browser, with a temporary profile."""
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={profile}", *options, url],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )


if __name__ == "__main__":
    sys.exit(main())
