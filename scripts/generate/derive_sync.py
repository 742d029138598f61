"""Derive the synchronous client from the asynchronous one.

`facade/pinecone_control/_async/` is written by hand; `_sync/` is the same with the words below
replaced, formatted by ruff. Run with `--check` to compare only.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

FACADE: Final = Path(__file__).parents[2] / "facade" / "pinecone_control"
SOURCE: Final = FACADE / "_async"
TARGET: Final = FACADE / "_sync"

# The synchronous listing is fetched at once, so it has no object to await.
ASYNC_ONLY: Final = frozenset({"first_page.py"})

# In this order. Longer names come before the names they contain.
REPLACEMENTS: Final = [
    (r"from pinecone_control\._async\.first_page import AsyncFirstPage\n", ""),
    (r"AsyncFirstPage\((\w+), ", r"\1("),
    (r"AsyncFirstPage\[", "Page["),
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAwaitable\[(.+?)\]\]", r"\1]"),
    (r"\bfrom collections\.abc import (.*)\bAwaitable, ", r"from collections.abc import \1"),
    (r"\bStopAsyncIteration\b", "StopIteration"),
    (r"\b__a(iter|next|enter|exit)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
    (r"\baread\b", "read"),
    (r"\bhttpx\.AsyncByteStream\b", "httpx.SyncByteStream"),
    (r"\bAsyncIterable\b", "Iterable"),
    (r"\basync_(\w+)", r"\1"),
    (r"\bhandle_async_request\b", "handle_request"),
    (r"\basyncio_detailed\b", "sync_detailed"),
    (r"\b([gs])et_async_httpx_client\b", r"\1et_httpx_client"),
    (r"\bpinecone_control\._async\b", "pinecone_control._sync"),
    (r"\bAsync(?=[A-Z])", ""),
]
HEADER: Final = "# Derived from _async/{name} by scripts/generate/derive_sync.py. Do not edit.\n"
PACKAGE: Final = (
    '"""The synchronous client, derived from `_async/` by `make derive`. Never edited."""\n'
)


def derive(source: Path, target: Path) -> None:
    """Write the synchronous twin of each module of `source` into `target`, an empty folder."""
    (target / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    for module in sorted(source.glob("*.py")):
        if module.name in ASYNC_ONLY or module.name == "__init__.py":
            continue
        text = module.read_text(encoding="utf-8")
        for pattern, replacement in REPLACEMENTS:
            text = re.sub(pattern, replacement, text)
        header = HEADER.format(name=module.name)
        (target / module.name).write_text(header + text, encoding="utf-8")
    _ruff("check", "--fix-only", "--quiet", "--select", "I,F401", str(target))
    _ruff("format", "--quiet", str(target))


def put_in_place(fresh: Path, kept: Path) -> None:
    """Replace file by file what differs, and remove what is no longer derived."""
    kept.mkdir(parents=True, exist_ok=True)
    for name in differences(fresh, kept):
        if (fresh / name).exists():
            shutil.copyfile(fresh / name, kept / f".{name}.new")
            (kept / f".{name}.new").replace(kept / name)
        else:
            (kept / name).unlink()


def _ruff(*arguments: str) -> None:
    command = [sys.executable, "-m", "ruff", *arguments, "--config", str(_config())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"the derived code is not valid Python: {done.stderr.strip()}")


def differences(fresh: Path, kept: Path) -> list[str]:
    """Name the files that differ, are missing or should not be there."""
    names = {path.name for folder in (fresh, kept) for path in folder.glob("*.py")}
    return sorted(name for name in names if _text(fresh / name) != _text(kept / name))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _config() -> Path:
    return Path(__file__).parents[2] / "pyproject.toml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checks_only = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        derive(SOURCE, Path(folder))
        if not checks_only:
            put_in_place(Path(folder), TARGET)
            return 0
        stale = differences(Path(folder), TARGET)
    for name in stale:
        print(f"facade/pinecone_control/_sync/{name} is not what _async/ gives: run `make derive`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
