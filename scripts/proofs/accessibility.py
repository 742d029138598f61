"""Check the emulator's live status page with axe, in a browser, at two widths.

``python -m scripts.proofs.accessibility`` prints what axe finds, and whether the page scrolls
horizontally. The exit status is 1 for a finding that axe rates serious or critical and for a page
that is wider than its window, 2 if chromium or npm is not installed.
"""

import html
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control.emulator.api.http_messages import Request, Response
from scripts.docs.emulator_screenshot import act, chromium, look
from scripts.environments import NodeEnvironment, SetupError
from scripts.project import BUILD

AXE: Final = NodeEnvironment(BUILD / "tools" / "axe", "axe-core@4.11.0")
WIDTHS: Final = (390, 1280)
SERIOUS: Final = frozenset({"serious", "critical"})

RUN_AXE: Final = """
addEventListener('load', async () => {
  await new Promise((resume) => setTimeout(resume, 500));
  document.querySelector('details').open = true;
  document.body.style.width = `${location.hash.slice(1)}px`; // a window has 500 px at least
  const { violations } = await axe.run();
  const found = violations.map(({ id, impact, help, nodes }) => (
    { id, impact, help, nodes: nodes.map(({ html }) => html.slice(0, 120)) }));
  const report = document.createElement('script');
  report.type = 'application/json';
  report.id = 'report';
  report.textContent = JSON.stringify({ found, width: document.body.scrollWidth });
  document.body.append(report);
});
"""


class EmulatorWithAxe(Emulator):
    """An emulator whose status page also runs axe."""

    def handle(self, request: Request) -> Response:
        """Return the emulator's response, or one of the check's scripts."""
        scripts: dict[str, str | Path] = {
            "/_emulator/axe.js": (AXE.folder / "node_modules" / "axe-core" / "axe.min.js"),
            "/_emulator/run-axe.js": RUN_AXE,
        }
        wanted = scripts.get(request.path)
        if wanted is not None:
            text = wanted.read_text("utf-8") if isinstance(wanted, Path) else wanted
            return Response(200, text.encode(), {"content-type": "text/javascript"})
        response = super().handle(request)
        if request.path != "/_emulator/":
            return response
        tags = b"".join(b'<script src="%b"></script>' % path.encode() for path in scripts)
        return evolve(response, body=response.body.replace(b"</head>", tags + b"</head>"))


def main() -> int:
    """Check the page at each width; return the exit status."""
    browser = chromium()
    try:
        AXE.set_up()
    except SetupError as error:
        print(f"NOT RUN: {error}", file=sys.stderr)
        return 2
    if browser is None:
        print("NOT RUN: no chromium is installed", file=sys.stderr)
        return 2
    status = 0
    with EmulatorWithAxe(clock=ManualClock(), seed=1) as emulator, emulator.serve() as server:
        emulator.seed("demo")
        act(emulator, server.url)
        for width in WIDTHS:
            report = checked(browser, f"{server.url}/_emulator/#{width}", width)
            serious = [each for each in report["found"] if each["impact"] in SERIOUS]
            print(
                f"{width} px: {len(serious)} serious findings of {len(report['found'])}; the page "
                f"is {report['width']} px wide"
            )
            for each in report["found"]:
                print(f"  {each['impact']}: {each['help']}: {each['nodes'][0]}")
            if serious or report["width"] > width:
                status = 1
    return status


def checked(browser: str, url: str, width: int) -> dict[str, Any]:
    """Return axe's report for one width of the window."""
    options = (f"--window-size={width},1500", "--virtual-time-budget=6000", "--dump-dom")
    dom = look(browser, url, *options).stdout
    found = re.search(r'id="report">(.*?)</script>', dom, re.DOTALL)
    if found is None:
        raise RuntimeError(f"axe did not report: {dom[-500:]}")
    report: dict[str, Any] = json.loads(html.unescape(found[1]))
    return report


if __name__ == "__main__":
    sys.exit(main())
