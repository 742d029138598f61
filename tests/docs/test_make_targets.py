"""Every `make x` that a Markdown file names is there to be made."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.docs.check_links import markdown_files
from tests.docs.blocks import ROOT

_NAMED = re.compile(r"^(?:\$ )?make(?: ([a-z][a-z-]*))?(?= |$)", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_targets_that_a_markdown_file_names_exist(path: Path) -> None:
    assert named(path.read_text("utf-8")) - targets() == set()


def test_targets_are_found_in_code_and_not_in_prose() -> None:
    text = "To make sure: `make lost A=b`, `make`.\n\n```console\n$ make gone  # why\n```\n"
    assert named(text) == {"lost", "gone"}


def named(markdown: str) -> set[str]:
    """The targets that code, in a line or in a block, asks `make` for."""
    codes = [
        token.content
        for token in every(MarkdownIt("commonmark").enable("table").parse(markdown))
        if token.type in {"fence", "code_block", "code_inline"}
    ]
    return {target for code in codes for target in _NAMED.findall(code) if target}


def every(tokens: list[Token]) -> list[Token]:
    """Tokens and those inside them."""
    return [each for token in tokens for each in (token, *every(token.children or []))]


def targets() -> set[str]:
    """What the Makefile can make."""
    return set(_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
