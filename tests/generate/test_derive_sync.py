"""`make derive`: the synchronous client is the asynchronous one with words replaced."""

import shutil
from pathlib import Path

import pytest

from scripts.generate.derive_sync import SOURCE, TARGET, derive


def test_the_synchronous_client_is_what_derive_writes() -> None:
    assert derive(SOURCE) == {path.name: path.read_text() for path in TARGET.glob("*.py")}


def test_a_class_of_any_name_is_derived(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "new.py").write_text(
        "class AsyncCarrier:\n    async def go(self) -> None:\n        await self.go()\n"
    )
    assert derive(tmp_path)["new.py"].endswith(
        "class Carrier:\n    def go(self) -> None:\n        self.go()\n"
    )


def test_an_unused_replacement_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text("async def go() -> None: ...\n")
    with pytest.raises(
        SystemExit, match=r"these replacements are not used in .*StopAsyncIteration"
    ):
        derive(tmp_path)
