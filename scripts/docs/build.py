"""Build the documentation site with mkdocs into build/docs, and check every link in it.

See `mkdocs.yml` and `site.py` in this folder.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from scripts.docs import check_links
from scripts.project import BUILD, ROOT

TARGET: Final = BUILD / "docs"
SETTINGS: Final = Path(__file__).with_name("mkdocs.yml")


def build(target: Path) -> None:
    """Write the site into a folder, which is emptied first.

    Raises:
        SystemExit: mkdocs failed or printed a warning.
    """
    command = (sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict")
    options = ("--config-file", str(SETTINGS), "--site-dir", str(target))
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run([*command, *options], cwd=ROOT, env=quiet, check=False)
    if done.returncode != 0:
        sys.exit(f"mkdocs ended with {done.returncode}")
    (target / "404.html").unlink()  # it works only at the root of a host


def main() -> int:
    """Build and check; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET, help="folder to write, emptied first")
    target: Path = parser.parse_args().out
    build(target)
    pages = sorted(target.rglob("*.html"))
    print(f"{len(pages)} pages, from {target / 'index.html'} on")
    return check_links.report([*check_links.markdown_files(), *pages])


if __name__ == "__main__":
    sys.exit(main())
