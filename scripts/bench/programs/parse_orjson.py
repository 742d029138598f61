"""Parse a page of restore jobs into dicts with orjson: no models, no checks."""

import sys

import orjson  # type: ignore[import-not-found]

from scripts.bench.prepared_server import page
from scripts.bench.programs.cost import report


def main(times: str) -> None:
    body = page(100)
    report(lambda: len(orjson.loads(body)["data"]), times=int(times))


main(*sys.argv[1:])
