"""Run Stoplight's Prism as an independent, validating proxy between our client and emulator.

    python -m scripts.proofs.prism

Prism checks every request and response against the effective contract, as our own check does; the
results are compared. This needs npm; Prism is installed into build/peers/prism, once.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

import httpx

from pinecone_control import Pinecone
from pinecone_control.contract.exchange_checker import Checker
from pinecone_control.contract.message_checks import ReceivedResponse, SentRequest
from pinecone_control.contract.server_check.probes import run
from pinecone_control.contract.server_check.server_under_test import ServerUnderTest
from scripts.emulator_process import running_emulator
from scripts.environments import SetupError
from scripts.peers import PRISM_VERSION, running_prism
from scripts.project import EFFECTIVE_CONTRACT

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY: Final = "a-key-of-some-length"

WEAKNESSES: Final = {
    "request query unknown": "Prism accepts query parameters that the contract does not have",
    "request header version": "2025-04 does not declare the header, so Prism does not require it",
}
"""Mismatches that Prism does not report, by side, part and rule. `_walk` provokes each."""


def main() -> int:
    """Compare; return 0 if Prism finds nothing that we do not, 1 if it does, 2 if it cannot run."""
    try:
        with (
            running_emulator("--speed", "20") as upstream,
            running_prism("proxy", EFFECTIVE_CONTRACT, upstream) as url,
        ):
            transport = _ComparingTransport(httpx.HTTPTransport())
            _walk(url, transport)
    except (RuntimeError, SetupError, OSError) as error:
        print(f"prism: {error}", file=sys.stderr)
        return 2
    print(*transport.lines(), sep="\n")
    return 1 if transport.unexplained else 0


def _walk(url: str, transport: _ComparingTransport) -> None:
    """Send all requests of `contract check --write`, and a typical sequence of client calls."""
    with ServerUnderTest(url, KEY, transport) as service:
        run(service, write=True, tell=lambda _: None)
    with httpx.Client(base_url=url, transport=transport, headers={"api-key": KEY}) as client:
        client.get("/backups", params={"colour": "red"})
    with Pinecone(KEY, url, transport=transport) as pc:
        spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
        pc.create_index("walk", spec=spec, dimension=3, wait=True)
        backup = pc.create_backup("walk", wait=True)
        job = pc.create_index_from_backup(backup.backup_id, name="walk-again")
        pc.wait_for_restore_job(job.restore_job_id)
        _ = list(pc.list_restore_jobs()), list(pc.list_backups()), list(pc.list_indexes())
        for name in ("walk", "walk-again"):
            pc.wait_for_index(name)
            pc.delete_index(name)


class _ComparingTransport(httpx.BaseTransport):
    """Sends requests through Prism, and compares its findings with ours."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._checker = Checker()
        self.exchanges = 0
        self.both: Counter[str] = Counter()
        self.ours: Counter[str] = Counter()
        self.unexplained: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        response = self._inner.handle_request(request)
        response.read()
        sent = SentRequest.of(request)
        operation, asked = self._checker.request(sent)
        received = ReceivedResponse.of(response, response.content)
        before = Counter(self._checker.coverage.deviations)
        answered = self._checker.response(operation, received)
        known = +(self._checker.coverage.deviations - before)
        self.exchanges += 1
        ours = {"request": {f"request {f.part} {f.keyword}" for f in asked}}
        ours["response"] = {f"response {f.part} {f.keyword}" for f in answered}
        ours["response"] |= {f"known deviation {name}" for name in known}
        self._compare(operation or sent.target, ours, _prism_findings(response))
        return httpx.Response(
            response.status_code, headers=response.headers, content=response.content
        )

    def close(self) -> None:
        """Do nothing: two clients share this transport until the process ends."""

    def _compare(
        self, operation: str, ours: dict[str, set[str]], prism: dict[str, list[str]]
    ) -> None:
        for side in ("request", "response"):
            if ours[side] and prism[side]:
                self.both.update(ours[side])
            elif ours[side]:
                self.ours.update(ours[side])
            else:
                self.unexplained.update(f"{operation}: {line}" for line in prism[side])

    def lines(self) -> Iterator[str]:
        yield f"Prism {PRISM_VERSION} checked {self.exchanges} exchanges."
        yield from _counted("Both found:", self.both)
        yield from _counted("We found, and Prism did not:", self.ours)
        yield from _counted("Prism found, and we did not:", self.unexplained)


def _counted(title: str, found: Counter[str]) -> Iterator[str]:
    yield title
    for name, count in sorted(found.items()):
        note = f" ({WEAKNESSES[name]})" if name in WEAKNESSES else ""
        yield f"  {count:4} {name}{note}"
    if not found:
        yield "     nothing"


def _prism_findings(response: httpx.Response) -> dict[str, list[str]]:
    """Return what Prism reports about a request and its response."""
    found: dict[str, list[str]] = {"request": [], "response": []}
    for each in json.loads(response.headers.get("sl-violations", "[]")):
        side, *where = each["location"]
        found[side].append(f"{side} {'/'.join(where)}: {each['message']}")
    return found


if __name__ == "__main__":
    sys.exit(main())
