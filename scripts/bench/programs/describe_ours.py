"""Describe one restore job repeatedly with this client."""

import sys

from pinecone_control import Pinecone
from scripts.bench.programs.cost import report


def main(host: str, times: str) -> None:
    pc = Pinecone("jobs-1", host)
    pc.describe_restore_job("some")
    report(lambda: bool(pc.describe_restore_job("some")), times=int(times))


main(*sys.argv[1:])
