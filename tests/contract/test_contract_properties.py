"""Client, emulator and check accept what the contract's schemas allow, in both directions."""

import json
import re
from importlib import import_module
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pinecone_control.contract import ContractTransport
from pinecone_control.contract.document import Operation, Schema, sample
from pinecone_control.contract.shipped_contracts import effective_contract
from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control_api import API_VERSION
from pinecone_control_api.client import AuthenticatedClient
from tests.contract.drawn_values import fitting, invalid_copies

CONTRACT = effective_contract()
OPERATIONS = list(CONTRACT.operations.values())
SIGNED = {"api-key": "a-key-of-some-length", "x-pinecone-api-version": API_VERSION}
QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

ANSWERS = [
    pytest.param(operation, status, schema, id=f"{operation.operation_id}-{status}")
    for operation in OPERATIONS
    for status, schema in operation.responses.items()
    if schema is not None and status in {200, 201, 202, 404}
]
BODIES = [
    pytest.param(operation, operation.body, id=operation.operation_id)
    for operation in OPERATIONS
    if operation.body is not None
]
PAGED = [
    pytest.param(operation, id=operation.operation_id)
    for operation in OPERATIONS
    if any(parameter.location == "query" for parameter in operation.parameters)
]


def path_of(operation: Operation) -> str:
    return re.sub(r"\{\w+\}", "movies", operation.path)


def watched(inner: httpx.BaseTransport) -> tuple[httpx.Client, ContractTransport]:
    check = ContractTransport(inner, mode="collect")
    return httpx.Client(transport=check, base_url="http://localhost", headers=SIGNED), check


@pytest.mark.parametrize(("operation", "schema"), BODIES)
@given(data=st.data())
@QUICK
def test_a_body_that_fits_is_no_violation_and_gets_a_documented_answer(
    operation: Operation, schema: Schema, data: st.DataObject
) -> None:
    body = data.draw(fitting(CONTRACT, schema))
    with Emulator(clock=ManualClock(), seed=1, check_responses=True) as emulator:
        client, check = watched(emulator.transport())
        response = client.request(operation.method, path_of(operation), json=body)
    assert check.violations == []
    assert response.status_code != 500, response.text


@pytest.mark.parametrize(("operation", "schema"), BODIES)
@given(data=st.data())
@QUICK
def test_an_invalid_body_is_reported_and_refused(
    operation: Operation, schema: Schema, data: st.DataObject
) -> None:
    whole = data.draw(fitting(CONTRACT, schema))
    broken = invalid_copies(CONTRACT, schema, whole)
    assume(broken)
    body = data.draw(st.sampled_from(broken))
    with Emulator(clock=ManualClock(), seed=1, check_responses=True) as emulator:
        client, check = watched(emulator.transport())
        response = client.request(operation.method, path_of(operation), json=body)
    assert [violation.mismatch.side for violation in check.violations] == ["request"]
    assert response.status_code in {400, 404, 422}


@pytest.mark.parametrize("operation", PAGED)
@given(limit=st.integers(-5, 200), token=st.none() | st.text("abcXYZ123=", max_size=20))
@QUICK
def test_parameters_are_judged_alike_by_the_check_and_the_emulator(
    operation: Operation, limit: int, token: str | None
) -> None:
    query = {"limit": limit} | ({} if token is None else {"paginationToken": token})
    with Emulator(clock=ManualClock(), seed=1, check_responses=True) as emulator:
        emulator.seed()
        client, check = watched(emulator.transport())
        response = client.get(path_of(operation), params=query)
    in_order = 1 <= limit <= 100
    assert bool(check.violations) != in_order
    if token is None and response.status_code != 404:
        assert response.is_success == in_order


@pytest.mark.parametrize(("operation", "status", "schema"), ANSWERS)
@given(data=st.data())
@QUICK
def test_an_answer_that_fits_is_no_violation_and_nothing_of_it_is_lost(
    operation: Operation, status: int, schema: Schema, data: st.DataObject
) -> None:
    value = data.draw(fitting(CONTRACT, schema))
    check = ContractTransport(answering(status, value), mode="collect")
    assert read(operation, check).to_dict() == value
    assert check.violations == []


@pytest.mark.parametrize(("operation", "status", "schema"), ANSWERS)
@given(data=st.data())
@QUICK
def test_an_invalid_response_is_reported(
    operation: Operation, status: int, schema: Schema, data: st.DataObject
) -> None:
    whole = data.draw(fitting(CONTRACT, schema))
    broken = invalid_copies(CONTRACT, schema, whole)
    assume(broken)
    value = data.draw(st.sampled_from(broken))
    client, check = watched(answering(status, value))
    client.request(
        operation.method, path_of(operation), json=None if operation.body is None else {}
    )
    assert "response" in {violation.mismatch.side for violation in check.violations}


def answering(status: int, value: Any) -> httpx.MockTransport:
    headers = {"content-type": "application/json"}
    content = json.dumps(value).encode()
    return httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, content=content))


def read(operation: Operation, check: ContractTransport) -> Any:
    """Return the generated client's result for a response to its own request."""
    module = import_module(f"pinecone_control_api.api.manage_indexes.{operation.operation_id}")
    client = AuthenticatedClient(
        base_url="http://localhost",
        token=SIGNED["api-key"],
        prefix="",
        auth_header_name="Api-Key",
        headers={"X-Pinecone-Api-Version": API_VERSION},
        httpx_args={"transport": check},
    )
    named = {p.name: "movies" for p in operation.parameters if p.location == "path"}
    if operation.body is not None:
        model = import_module("pinecone_control_api.models")
        reference = operation.body["$ref"].rpartition("/")[2]
        least = sample(CONTRACT.document, operation.body, required_only=True)
        named["body"] = getattr(model, reference).from_dict(least)
    return module.sync(client=client, **named)
