"""Check the links in the Markdown files, and in HTML files given as arguments, without network.

A link is valid if its file exists and its anchor is a heading (Markdown) or an id (HTML) there.
Links to other hosts are not checked.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import field, frozen
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.project import ROOT

_PUNCTUATION: Final = re.compile(r"[^\w\- ]")


@frozen
class Document:
    """The links of a file, and its anchors."""

    links: list[str] = field(factory=list)
    anchors: set[str] = field(factory=set)


def markdown_files() -> list[Path]:
    """Return the project's own Markdown files."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def broken_links(path: Path) -> list[str]:
    """Return the links of a file that have no target."""
    return [link for link in dict.fromkeys(document(path).links) if not has_target(path, link)]


def has_target(path: Path, link: str) -> bool:
    """Return whether a link in a file has a target; links to other hosts are not checked."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
    if not target.exists():
        return False
    if not parts.fragment or target.suffix not in {".md", ".html"}:
        return True
    return unquote(parts.fragment) in document(target).anchors


@cache
def document(path: Path) -> Document:
    """Read a Markdown or HTML file."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        return _Html().read(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return Document(links=list(_links(tokens)), anchors=set(_anchors(tokens)))


def _links(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        for attribute in ("href", "src"):
            if token.attrGet(attribute):
                yield str(token.attrGet(attribute))
        if token.type in {"html_block", "html_inline"}:
            yield from _Html().read(token.content).links
        yield from _links(token.children or ())


def _anchors(tokens: list[Token]) -> Iterator[str]:
    """Yield the anchors that repository hosts give to headings."""
    met: Counter[str] = Counter()
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(part.content for part in heading.children or ())
            anchor = _PUNCTUATION.sub("", text.strip().lower()).replace(" ", "-")
            yield f"{anchor}-{met[anchor]}" if met[anchor] else anchor
            met[anchor] += 1


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._found = Document()

    def read(self, text: str) -> Document:
        """Return the links and anchors of an HTML text."""
        self.feed(text)
        self.close()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect a tag's links and anchors."""
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self._found.links.append(value)
            elif name == "id" or (name == "name" and tag == "a"):
                self._found.anchors.add(value or "")


def report(paths: Iterable[Path]) -> int:
    """Print the broken links of files; return the exit code."""
    paths = list(paths)
    broken = [(path, link) for path in paths for link in broken_links(path)]
    for path, link in broken:
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {link}")
    print(f"{len(paths)} files, {len(broken)} broken links")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(report([Path(name) for name in sys.argv[1:]] or markdown_files()))
