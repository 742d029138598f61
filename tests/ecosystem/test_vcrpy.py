"""vcrpy: a cassette holds each attempt, and is played without a server."""

from pathlib import Path
from typing import Any

import vcr
import yaml

from tests.ecosystem.calls import KEY, Call, Client


def test_a_cassette_is_recorded_and_played(client: Client, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "cassette.yaml"
    urls: list[str] = []

    def use(pc: Any) -> Any:
        urls.append(str(pc.http_client._host))
        return call.use(pc)

    recorder = vcr.VCR(filter_headers=["Api-Key"])
    with recorder.use_cassette(str(file), record_mode="all"):
        recorded = client.make(Call(use, call.attempts, call.faults))
    with recorder.use_cassette(str(file), record_mode="none"):
        played = client.ask(urls[0], call.use)

    text = file.read_text("utf-8")
    exchanges = yaml.safe_load(text)["interactions"]
    assert [
        (each["request"]["method"], each["response"]["status"]["code"]) for each in exchanges
    ] == call.each
    assert KEY not in text
    assert str(played) == str(recorded)
