"""Derive the synchronous client from the asynchronous one.

`facade/pinecone_control/_async/` is written by hand. `_sync/` is made from it with the replacements
below, and formatted by ruff. An unused replacement is an error. With `--check`, nothing is written;
the result is only compared.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from scripts.project import PYPROJECT, ROOT, write_or_check

FACADE: Final = ROOT / "facade" / "pinecone_control"
SOURCE: Final = FACADE / "_async"
TARGET: Final = FACADE / "_sync"

# A synchronous list method returns its first page at once, so it needs no object to await.
ASYNC_ONLY: Final = frozenset({"first_page.py"})

# Applied in this order: longer names before the names that they contain.
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
    (r"\ba(iter|next)\(", r"\1("),
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
    '"""The synchronous client, derived from `_async/` by `make derive`. Do not edit."""\n'
)


def derive(source: Path) -> dict[str, str]:
    """Return the source of each synchronous module, by file name.

    Raises:
        SystemExit: a replacement is unused, or the result is not valid Python.
    """
    uses = dict.fromkeys((pattern for pattern, _ in REPLACEMENTS), 0)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        (target / "__init__.py").write_text(PACKAGE, "utf-8")
        for module in sorted(source.glob("*.py")):
            if module.name in ASYNC_ONLY or module.name == "__init__.py":
                continue
            text = module.read_text("utf-8")
            for pattern, replacement in REPLACEMENTS:
                text, count = re.subn(pattern, replacement, text)
                uses[pattern] += count
            header = HEADER.format(name=module.name)
            (target / module.name).write_text(header + text, "utf-8")
        if unused := [pattern for pattern, count in uses.items() if count == 0]:
            sys.exit(f"these replacements are not used in {source}: {unused}")
        _ruff("check", "--fix-only", "--quiet", "--select", "I,F401", str(target))
        _ruff("format", "--quiet", str(target))
        return {path.name: path.read_text("utf-8") for path in sorted(target.glob("*.py"))}


def write(modules: dict[str, str], target: Path, *, check: bool) -> int:
    """Write these modules, and delete all others; or compare only. Return the exit code."""
    target.mkdir(parents=True, exist_ok=True)
    codes = [
        write_or_check(target / name, text, check=check, remedy="make derive")
        for name, text in modules.items()
    ]
    for stray in [path for path in target.glob("*.py") if path.name not in modules]:
        if check:
            print(f"{stray} has no asynchronous source: run `make derive`")
        else:
            stray.unlink()
        codes.append(int(check))
    return max(codes)


def _ruff(*arguments: str) -> None:
    command = [sys.executable, "-m", "ruff", *arguments, "--config", str(PYPROJECT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"the derived code is not valid Python: {done.stderr.strip()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    return write(derive(SOURCE), TARGET, check=parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
