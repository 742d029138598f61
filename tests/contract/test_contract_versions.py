"""The contracts of later API versions, and the emulator in each of them."""

import json

import httpx
import pytest

from pinecone_control import Pinecone, PineconeValueError
from pinecone_control.contract import ContractTransport, ContractViolation, contract_of
from pinecone_control.contract.document import sample
from pinecone_control.emulator import Emulator, ManualClock
from scripts.project import PINNED_CONTRACT
from scripts.spec.contract_file import read_contract, structural_digest
from tests.contract.test_every_status import CALLS, furnish

pytestmark = pytest.mark.api_version("2025-04")

PUBLISHED = {
    "2025-04": "sha256:512cd433316f9c595a07875617824ab4ec27a1b32243f47ac009d228ea32f167",
    "2025-10": "sha256:02ec05e54d6e75c409d160538910bdeea2ac1ae28ee5d00537ccd698447e6009",
    "2026-04": "sha256:21febea3e3d607d1d2e22d70aa5068e2957ed844d5339f6a823a2b6f671ef425",
}
"""Digests of the structures that Pinecone publishes, as `make spec-verify` prints them."""


@pytest.mark.skipif(
    structural_digest(read_contract(PINNED_CONTRACT)) != PUBLISHED["2025-04"],
    reason="states what another edition of the contract says",
)
@pytest.mark.parametrize("version", PUBLISHED)
def test_the_contract_of_a_version_has_the_structure_that_is_published(version: str) -> None:
    document = dict(contract_of(version, published=True).document)
    assert structural_digest(document) == PUBLISHED[version]


def test_a_version_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(PineconeValueError, match=r"'2030-01' is not known; .*'2025-10'"):
        contract_of("2030-01")


@pytest.mark.parametrize("version", ["2025-10", "2026-04"])
def test_answers_are_checked_against_the_contract_of_their_version(version: str) -> None:
    contract = contract_of(version)
    described = contract.operations["describe_index"].responses[200] or {}
    good = sample(contract.document, described, required_only=True)
    bad = {**good, "spec": {"serverless": {"cloud": "aws", "region": "us-east-1"}}}
    bodies = iter([good, bad])
    inner = httpx.MockTransport(lambda _: httpx.Response(200, json=next(bodies)))
    signed = {"api-key": "a-key-of-some-length", "x-pinecone-api-version": version}
    check = ContractTransport(inner, contract=contract)
    with httpx.Client(transport=check, base_url="http://pinecone", headers=signed) as client:
        assert json.loads(client.get("/indexes/movies").content) == good
        with pytest.raises(ContractViolation, match=r"/spec/serverless: .*'read_capacity'"):
            client.get("/indexes/movies")


class Announcing(httpx.BaseTransport):
    """Sends another API version than the client."""

    def __init__(self, inner: httpx.BaseTransport, version: str) -> None:
        self._inner = inner
        self._version = version

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["x-pinecone-api-version"] = self._version
        return self._inner.handle_request(request)


@pytest.mark.parametrize("version", PUBLISHED)
@pytest.mark.parametrize("operation", CALLS)
def test_the_emulator_answers_each_operation_by_the_contract_of_the_announced_version(
    operation: str, version: str
) -> None:
    clock = ManualClock()
    with Emulator(clock=clock, seed=1) as emulator:
        check = ContractTransport(emulator.transport(), contract=contract_of(version))
        transport = Announcing(check, version)
        with Pinecone("k", "http://localhost", transport=transport, clock=clock) as pc:
            furnish(pc)
            CALLS[operation](pc)
    assert operation in check.coverage.met("operations")
