"""Every documented status of every operation, through the facade and the contract check.

Refusals are injected; the tests of the emulator specify what causes them.
"""

from collections.abc import Callable

import pytest

from pinecone_control import ApiError, Pinecone, PodSpec, RetryPolicy, ServerlessSpec
from pinecone_control.contract import ContractTransport
from pinecone_control.contract.shipped_contracts import effective_contract
from pinecone_control.emulator import Emulator, Fault, ManualClock

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
PODS = PodSpec(environment="us-east-1-aws", pod_type="p1.x1", replicas=1, shards=1)
EMBED = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}

CALLS: dict[str, Callable[[Pinecone], object]] = {
    "list_indexes": lambda pc: pc.list_indexes(),
    "create_index": lambda pc: pc.create_index("new", spec=SPEC, dimension=3),
    "create_index_for_model": lambda pc: pc.create_index_for_model(
        "texts", cloud="aws", region="us-east-1", embed=EMBED
    ),
    "describe_index": lambda pc: pc.describe_index("movies"),
    "configure_index": lambda pc: pc.configure_index("movies", tags={"team": "search"}),
    "delete_index": lambda pc: pc.delete_index("movies"),
    "list_collections": lambda pc: pc.list_collections(),
    "create_collection": lambda pc: pc.create_collection("copy", source="catalog"),
    "describe_collection": lambda pc: pc.describe_collection("frozen"),
    "delete_collection": lambda pc: pc.delete_collection("frozen"),
    "create_backup": lambda pc: pc.create_backup("movies"),
    "list_index_backups": lambda pc: pc.list_backups("movies"),
    "list_project_backups": lambda pc: pc.list_backups(),
    "describe_backup": lambda pc: pc.describe_backup(backup(pc)),
    "delete_backup": lambda pc: pc.delete_backup(backup(pc)),
    "create_index_from_backup_operation": lambda pc: pc.create_index_from_backup(
        backup(pc), name="restored"
    ),
    "list_restore_jobs": lambda pc: pc.list_restore_jobs(),
    "describe_restore_job": lambda pc: pc.describe_restore_job(
        pc.create_index_from_backup(backup(pc), name="again").restore_job_id
    ),
}

DOCUMENTED = [
    (operation.operation_id, status)
    for operation in effective_contract().operations.values()
    for status in sorted(operation.responses)
]


def backup(pc: Pinecone) -> str:
    return next(iter(pc.list_backups("movies"))).backup_id


def furnish(pc: Pinecone) -> None:
    pc.create_index("movies", spec=SPEC, dimension=3, wait=True)
    pc.create_index("catalog", spec=PODS, dimension=3, wait=True)
    pc.create_backup("movies", name="nightly", wait=True)
    pc.create_collection("frozen", source="catalog")


@pytest.mark.parametrize(("operation", "status"), DOCUMENTED)
def test_every_documented_status_is_met_and_in_order(operation: str, status: int) -> None:
    clock = ManualClock()
    with Emulator(clock=clock, seed=1, check_responses=True) as emulator:
        check = ContractTransport(emulator.transport())
        with Pinecone(
            "k",
            "http://localhost",
            transport=check,
            clock=clock,
            retry=RetryPolicy(attempts=1),
        ) as pc:
            furnish(pc)
            if status >= 400:
                emulator.faults.add(Fault(operation=operation, status=status, times=None))
                with pytest.raises(ApiError) as refused:
                    CALLS[operation](pc)
                assert refused.value.status_code == status
            else:
                CALLS[operation](pc)
    assert f"{operation} {status}" in check.coverage.met("statuses")
