"""Demonstrate the main task on the emulator: list restore jobs, page through them, and wait.

No account is needed, and nothing leaves this machine. It takes about ten seconds.
"""

import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Final

from pinecone_control import Pinecone
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.output.columns import RESTORE_JOB
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.waiting import wait_for_jobs
from scripts.emulator_process import running_emulator

SNIPPET: Final = """\
from pinecone_control import Pinecone

pc = Pinecone(api_key="YOUR_API_KEY")

restore_jobs = pc.list_restore_jobs()

print(restore_jobs)
"""
_KEY: Final = "YOUR_API_KEY"
_PAGE_SIZE: Final = 50
_SHOWN_ROWS: Final = 8
_SHOWN_LINES: Final = 21


def main() -> int:
    """Run the demonstration; return the exit code."""
    began = time.monotonic()
    with running_emulator() as url, Pinecone(api_key=_KEY, host=url) as pc:
        say(f"1. An emulator of the control plane runs on {url}, with sample data.")
        show_listing(pc)
        show_snippet(url)
        show_waiting(pc)
    say(f"Done: the emulator is shut down, after {time.monotonic() - began:.0f} seconds.")
    return 0


def show_listing(pc: Pinecone) -> None:
    """List all restore jobs, page by page."""
    say(f"2. Its restore jobs, {_PAGE_SIZE} to a page; the loop fetches each page when needed:")
    pages = list(pc.list_restore_jobs(limit=_PAGE_SIZE).iter_pages())
    jobs = [job for page in pages for job in page.data]
    Output().listing(jobs[:_SHOWN_ROWS], RESTORE_JOB)
    print(
        f"... and {len(jobs) - _SHOWN_ROWS} more: {len(jobs)} jobs, {len(pages)} pages, "
        f"{len(pages)} requests."
    )


def show_snippet(url: str) -> None:
    """Run the documentation's example as a program of its own."""
    say("3. The same in five lines, run as a program (only the host comes from the environment):")
    print(indented(SNIPPET))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "list_restore_jobs.py")
        script.write_text(SNIPPET, "utf-8")
        environment = {**os.environ, "PINECONE_CONTROLLER_HOST": url}
        run = subprocess.run(
            [sys.executable, script], env=environment, capture_output=True, text=True, check=True
        )
    lines = run.stdout.splitlines()
    print("\n".join(lines[:_SHOWN_LINES]))
    print(f"    ... {len(lines) - _SHOWN_LINES - 1:,} more lines ...\n{lines[-1]}")


def show_waiting(pc: Pinecone) -> None:
    """Wait for the restore job that is in progress."""
    say("4. The newest job is still running; wait for it:")
    newest = next(islice(pc.list_restore_jobs(limit=1), 1))
    jobs = wait_for_jobs(pc, ClientOptions(), [newest.restore_job_id], timeout=60.0)
    Output().listing(jobs, RESTORE_JOB)


def say(text: str) -> None:
    """Print the heading of the next step."""
    print(f"\n{text}\n", flush=True)


def indented(text: str) -> str:
    """Return the text of a program, indented."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
