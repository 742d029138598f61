"""The code blocks of a Markdown file, and what is said about them in comments before them."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

# Before a block, invisible to a reader of the rendered page:
#   <!-- not run: why -->      it cannot be run
#   <!-- given: statements --> what its text takes for granted, run before it
_COMMENT = re.compile(r"<!--\s*(not run(?: here)?|given):\s*(.*?)\s*-->\s*\Z", re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*(?:\\\n.*)*)", re.MULTILINE)


@frozen
class Block:
    """One code block."""

    path: Path
    line: int
    """Line of the file in which its first line of code is."""
    language: str
    text: str
    given: str = ""
    not_run: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    @property
    def is_test(self) -> bool:
        return self.language == "python" and bool(
            re.search(r"^(async )?def test_", self.text, re.MULTILINE)
        )

    @property
    def file_name(self) -> str:
        """The name of the file that a block says it is, in a comment on its first line."""
        said = re.match(r"# (\S+\.py)\n", self.text)
        return said[1] if said else ""

    def commands(self) -> list[str]:
        """What is typed at a prompt in a `console` block; the rest of it is output."""
        return _COMMAND.findall(self.text)


def blocks_of(path: Path) -> list[Block]:
    """All code blocks of a file, in order."""
    return list(_blocks(path))


def _blocks(path: Path) -> Iterator[Block]:
    comment = ""
    for token in MarkdownIt("commonmark").parse(path.read_text("utf-8")):
        if token.type == "html_block":
            comment = token.content
        elif token.type in {"fence", "code_block"}:
            said = _COMMENT.search(comment)
            kind, words = (said[1], said[2]) if said else ("", "")
            yield Block(
                path,
                (token.map or [0])[0] + (2 if token.type == "fence" else 1),
                token.info.strip() if token.type == "fence" else "indented",
                token.content,
                given=words if kind == "given" else "",
                not_run=words if kind.startswith("not run") else "",
            )
            comment = ""
        else:
            comment = ""
