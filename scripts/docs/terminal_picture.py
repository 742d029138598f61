"""Draw docs/images/terminal.svg: the command's real output on a terminal, with colours.

``python -m scripts.docs.terminal_picture`` runs the commands below on a pseudo-terminal, against an
emulator with sample data.
"""

import io
import sys
from pathlib import Path
from typing import Final

import pexpect  # type: ignore[import-untyped]  # needs no stubs for the one call
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from pinecone_control.emulator import Emulator, ScaledClock
from scripts.project import DOCS

PICTURE: Final = DOCS / "images" / "terminal.svg"
COMMAND: Final = Path(sys.executable).with_name("pinecone-control")
COLUMNS: Final = 112
PATIENCE: Final = 20.0
TYPED: Final = (
    ("restore-jobs", "list", "--limit", "7"),
    ("backups", "list", "--index", "movies", "--limit", "4"),
    ("indexes", "describe", "movie"),
)
# rich's own template loads a font from a server; this one makes no requests.
_FRAME: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> int:
    """Draw the picture; return the exit code."""
    with Emulator(clock=ScaledClock(1), seed="picture") as emulator, emulator.serve() as serving:
        emulator.seed("demo")
        shown(("indexes", "list"), serving.url)  # the first request creates the sample data
        emulator.clock.advance(7)
        screen = Console(record=True, width=COLUMNS, file=io.StringIO())
        for typed in TYPED:
            screen.print(Text.assemble(("$ ", "dim"), " ".join(("pinecone-control", *typed))))
            screen.print(Text.from_ansi(shown(typed, serving.url)))
    drawn = screen.export_svg(
        title="pinecone-control", theme=MONOKAI, code_format=_FRAME, unique_id="terminal"
    )
    PICTURE.write_text(drawn, "utf-8")
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1024} KiB")
    return 0


def shown(words: tuple[str, ...], url: str) -> str:
    """Run a command on a terminal; return its output, including control sequences."""
    settings = {
        "PINECONE_CONTROLLER_HOST": url,
        "PINECONE_API_KEY": "any",
        "TERM": "xterm-256color",
    }
    child = pexpect.spawn(
        str(COMMAND),
        list(words),
        env={**settings, "LANG": "C.UTF-8", "HOME": "/nowhere"},
        dimensions=(24, COLUMNS),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    text: str = child.read()
    child.close()
    return text.replace("\r\n", "\n").rstrip()


if __name__ == "__main__":
    sys.exit(main())
