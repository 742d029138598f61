"""Other transports and event loops: hishel, truststore, uvloop, gevent."""

import asyncio
import ssl
import subprocess
import sys
from typing import Any

import hishel.httpx
import pytest
import truststore
import uvloop

from pinecone_control import AsyncPinecone, Pinecone
from pinecone_control.emulator import Emulator
from tests.ecosystem.calls import KEY, Call, Client

URL = "https://127.0.0.1:9"


def test_hishel_can_be_the_transport_below(client: Client, call: Call) -> None:
    import httpx

    with Emulator() as emulator, emulator.serve() as server:
        for fault in call.faults:
            emulator.faults.add(fault)
        transport: Any = (
            hishel.httpx.CacheTransport(next_transport=httpx.HTTPTransport())
            if client.flavour == "sync"
            else hishel.httpx.AsyncCacheTransport(next_transport=httpx.AsyncHTTPTransport())
        )
        assert client.ask(server.url, call.use, transport=transport) is not None


def test_a_context_of_truststore_is_taken() -> None:
    with Pinecone(KEY, URL, verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)):
        pass


def test_a_context_made_before_truststore_took_over_is_taken() -> None:
    context = ssl.create_default_context()
    truststore.inject_into_ssl()
    try:
        with Pinecone(KEY, URL, verify=context), Pinecone(KEY, URL):
            pass
    finally:
        truststore.extract_from_ssl()


def test_uvloop_can_be_the_event_loop(call: Call) -> None:
    with Emulator() as emulator, emulator.serve() as server:
        for fault in call.faults:
            emulator.faults.add(fault)
        pc = AsyncPinecone(KEY, server.url)

        async def main() -> Any:
            return await call.use(pc)

        for _ in range(2):
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                if call.attempts[0][0] == "GET":
                    assert runner.run(main()) is not None


GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from pinecone_control import Pinecone
with Pinecone("k", sys.argv[1]) as pc:
    jobs = [gevent.spawn(lambda: len(pc.list_indexes().data)) for _ in range(20)]
    gevent.joinall(jobs, timeout=30, raise_error=True)
    print(sum(job.value for job in jobs))
"""


@pytest.mark.filterwarnings("ignore")
def test_greenlets_of_gevent_share_a_client() -> None:
    with Emulator() as emulator, emulator.serve() as server:
        done = subprocess.run(
            [sys.executable, "-c", GEVENT, server.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert (done.stdout.strip(), done.returncode) == ("0", 0), done.stderr
