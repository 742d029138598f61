"""No link of README and guides leads nowhere; what the reference is made of can be looked up."""

from pathlib import Path

import pytest

from scripts.docs.check_links import ROOT, broken_links, markdown_files


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_markdown_file_lead_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# A `wait` & more\n\n# Twice\n\n# Twice\n")
    (tmp_path / "page.md").write_text(
        "# Here\n[a](other.md) [b](other.md#a-wait--more) [c](#here) [d](other.md#twice-1)\n"
        "[e](https://pinecone.io/nothing) ![f](lost.png)\n\n"
        '[g](lost.md) [h](other.md#lost) [i](#lost) <img src="away.png">\n\n'
        '<p><img src="gone.png"></p>\n'
    )
    assert broken_links(tmp_path / "page.md") == [
        "lost.png",
        "lost.md",
        "other.md#lost",
        "#lost",
        "away.png",
        "gone.png",
    ]


def test_links_of_html_are_checked_against_its_ids(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<p id="a"><a href="#a">a</a><a href="#b">b</a></p>')
    assert broken_links(tmp_path / "page.html") == ["#b"]
