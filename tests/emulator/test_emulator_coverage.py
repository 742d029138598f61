"""Every answer that the coverage table calls implemented can be had, and fits the contract."""

import copy
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator import ContractBrokenError, Fault, Settings
from pinecone_control.emulator.coverage import IMPLEMENTED, UNDOCUMENTED
from tests.emulator.steps import POD, SERVERLESS, Api, manual_emulator, refusal

Provocation = Callable[[Api], httpx.Response]

DENSE = {"dimension": 8, "spec": SERVERLESS}
MODEL = {
    "cloud": "aws",
    "region": "us-east-1",
    "embed": {"model": "multilingual-e5-large", "field_map": {"text": "body"}},
}


def pod_index(api: Api) -> None:
    api.ready_index("catalog", POD)


def collection(api: Api) -> httpx.Response:
    pod_index(api)
    return api.call("POST", "/collections", {"name": "copy", "source": "catalog"})


def restore(api: Api, **body: object) -> httpx.Response:
    backup = api.ready_backup()["backup_id"]
    return api.call("POST", f"/backups/{backup}/create-index", body)


def with_quota(api: Api, **quota: int) -> None:
    api.emulator.settings = Settings(**quota)


def create_index(**body: object) -> Provocation:
    return lambda api: api.call("POST", "/indexes", {"name": "movies", **DENSE, **body})


def create_for_model(**body: object) -> Provocation:
    return lambda api: api.call(
        "POST", "/indexes/create-for-model", {"name": "texts", **MODEL, **body}
    )


def create_index_over_quota(api: Api) -> httpx.Response:
    with_quota(api, index_quota=0)
    return create_index()(api)


def create_taken_index(api: Api) -> httpx.Response:
    api.index("movies")
    return create_index()(api)


def create_taken_index_for_model(api: Api) -> httpx.Response:
    api.index("texts")
    return create_for_model()(api)


def create_index_for_model_over_quota(api: Api) -> httpx.Response:
    with_quota(api, index_quota=0)
    return create_for_model()(api)


def configure(body: object, name: str = "movies") -> Provocation:
    def provoke(api: Api) -> httpx.Response:
        api.ready_index("movies")
        return api.call("PATCH", f"/indexes/{name}", body)

    return provoke


def configure_pods_over_quota(api: Api) -> httpx.Response:
    pod_index(api)
    with_quota(api, pod_quota=1)
    return api.call("PATCH", "/indexes/catalog", {"spec": {"pod": {"replicas": 2}}})


def delete_index(**body: object) -> Provocation:
    def provoke(api: Api) -> httpx.Response:
        api.index("movies", **body)
        return api.call("DELETE", "/indexes/movies")

    return provoke


def delete_index_with_pending_collection(api: Api) -> httpx.Response:
    collection(api)
    return api.call("DELETE", "/indexes/catalog")


def create_collection_over_quota(api: Api) -> httpx.Response:
    with_quota(api, collection_quota=0)
    return collection(api)


def create_taken_collection(api: Api) -> httpx.Response:
    collection(api)
    return api.call("POST", "/collections", {"name": "copy", "source": "catalog"})


def create_collection_of_serverless(api: Api) -> httpx.Response:
    api.ready_index("movies")
    return api.call("POST", "/collections", {"name": "copy", "source": "movies"})


def describe_collection(api: Api) -> httpx.Response:
    collection(api)
    return api.call("GET", "/collections/copy")


def delete_collection(api: Api) -> httpx.Response:
    collection(api)
    return api.call("DELETE", "/collections/copy")


def create_backup(api: Api) -> httpx.Response:
    api.ready_index("movies")
    return api.call("POST", "/indexes/movies/backups", {})


def create_backup_of_pods(api: Api) -> httpx.Response:
    pod_index(api)
    return api.call("POST", "/indexes/catalog/backups", {})


def create_backup_over_quota(api: Api) -> httpx.Response:
    with_quota(api, backup_quota=0)
    return create_backup(api)


def create_unreadable_backup(api: Api) -> httpx.Response:
    api.ready_index("movies")
    return api.call("POST", "/indexes/movies/backups", {"name": 1})


def list_index_backups(api: Api) -> httpx.Response:
    api.backup(api.ready_index()["name"])
    return api.call("GET", "/indexes/movies/backups")


def list_project_backups(api: Api) -> httpx.Response:
    api.ready_backup()
    return api.call("GET", "/backups")


def describe_backup(api: Api) -> httpx.Response:
    return api.call("GET", f"/backups/{api.ready_backup()['backup_id']}")


def delete_backup(api: Api) -> httpx.Response:
    return api.call("DELETE", f"/backups/{api.ready_backup()['backup_id']}")


def delete_backup_being_restored(api: Api) -> httpx.Response:
    return api.call("DELETE", f"/backups/{api.restore_job()['backup_id']}")


def restore_over_quota(api: Api) -> httpx.Response:
    with_quota(api, index_quota=1)
    return restore(api, name="copy")


def describe_restore_job(api: Api) -> httpx.Response:
    return api.call("GET", f"/restore-jobs/{api.restore_job()['restore_job_id']}")


def get(path: str) -> Provocation:
    return lambda api: api.call("GET", path)


def list_indexes(api: Api) -> httpx.Response:
    api.index("movies")
    return api.call("GET", "/indexes")


def list_collections(api: Api) -> httpx.Response:
    collection(api)
    return api.call("GET", "/collections")


def list_restore_jobs(api: Api) -> httpx.Response:
    api.restore_job()
    return api.call("GET", "/restore-jobs")


def describe_index(api: Api) -> httpx.Response:
    api.index("movies")
    return api.call("GET", "/indexes/movies")


PROVOCATIONS: dict[str, dict[int, Provocation]] = {
    "list_indexes": {200: list_indexes},
    "create_index": {
        201: create_index(),
        400: create_index(dimension=20_001),
        403: create_index_over_quota,
        404: create_index(spec={"serverless": {"cloud": "aws", "region": "us-west-1"}}),
        409: create_taken_index,
        422: create_index(spec=None),
    },
    "create_index_for_model": {
        201: create_for_model(),
        400: create_for_model(embed={"model": "unheard-of", "field_map": {}}),
        403: create_index_for_model_over_quota,
        404: create_for_model(region="us-west-1"),
        409: create_taken_index_for_model,
        422: create_for_model(embed={}),
    },
    "describe_index": {200: describe_index, 404: get("/indexes/none")},
    "configure_index": {
        202: configure({"tags": {"team": "search"}}),
        400: configure({"spec": {"pod": {"replicas": 2}}}),
        403: configure_pods_over_quota,
        404: configure({}, name="none"),
        422: configure({"tags": []}),
    },
    "delete_index": {
        202: delete_index(),
        403: delete_index(deletion_protection="enabled"),
        404: lambda api: api.call("DELETE", "/indexes/none"),
        412: delete_index_with_pending_collection,
    },
    "list_collections": {200: list_collections},
    "create_collection": {
        201: collection,
        400: create_collection_of_serverless,
        403: create_collection_over_quota,
        409: create_taken_collection,
        422: lambda api: api.call("POST", "/collections", {"name": "copy"}),
    },
    "describe_collection": {200: describe_collection, 404: get("/collections/none")},
    "delete_collection": {
        202: delete_collection,
        404: lambda api: api.call("DELETE", "/collections/none"),
    },
    "create_backup": {
        201: create_backup,
        400: create_backup_of_pods,
        403: create_backup_over_quota,
        404: lambda api: api.call("POST", "/indexes/none/backups", {}),
        422: create_unreadable_backup,
    },
    "list_index_backups": {
        200: list_index_backups,
        400: lambda api: api.call("GET", f"/indexes/{api.index()['name']}/backups?limit=0"),
        404: get("/indexes/none/backups"),
    },
    "list_project_backups": {200: list_project_backups, 400: get("/backups?limit=0")},
    "describe_backup": {200: describe_backup, 404: get("/backups/none")},
    "delete_backup": {
        202: delete_backup,
        404: lambda api: api.call("DELETE", "/backups/none"),
        412: delete_backup_being_restored,
    },
    "create_index_from_backup_operation": {
        202: lambda api: restore(api, name="copy"),
        400: lambda api: restore(api, name="Copy"),
        403: restore_over_quota,
        404: lambda api: api.call("POST", "/backups/none/create-index", {"name": "copy"}),
        409: lambda api: restore(api, name="movies"),
        422: restore,
    },
    "list_restore_jobs": {200: list_restore_jobs, 400: get("/restore-jobs?limit=0")},
    "describe_restore_job": {200: describe_restore_job, 404: get("/restore-jobs/none")},
}

CASES = [
    pytest.param(operation, status, provoke, id=f"{operation}-{status}")
    for operation, provocations in PROVOCATIONS.items()
    for status, provoke in provocations.items()
]


@pytest.mark.parametrize(("operation", "status", "provoke"), CASES)
def test_every_implemented_status_has_an_occasion(
    api: Api, operation: str, status: int, provoke: Provocation
) -> None:
    response = provoke(api)
    assert response.status_code == status, response.text
    assert api.emulator.requests[-1].operation == operation
    if status >= 400:
        refusal(response)


@pytest.mark.parametrize("operation", sorted(IMPLEMENTED))
def test_every_operation_refuses_a_missing_key(api: Api, operation: str) -> None:
    stated = effective_contract().operations[operation]
    response = api.as_project("").call(stated.method, stated.path)
    assert refusal(response)[:2] == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("operation", sorted(IMPLEMENTED))
@pytest.mark.parametrize("status", [402, 500])
def test_what_has_no_occasion_can_be_injected(api: Api, operation: str, status: int) -> None:
    stated = effective_contract().operations[operation]
    api.emulator.faults.add(Fault(operation=operation, status=status))
    assert refusal(api.call(stated.method, stated.path))[0] == status


def test_the_occasions_are_those_that_the_coverage_table_promises() -> None:
    promised = {
        (operation, status)
        for table in (IMPLEMENTED, UNDOCUMENTED)
        for operation, answers in table.items()
        for status in answers
        if status != 401
    }
    shown = {
        (operation, status) for operation in PROVOCATIONS for status in PROVOCATIONS[operation]
    }
    assert shown == promised


def test_the_published_coverage_table_is_current() -> None:
    command = [sys.executable, "-m", "scripts.docs.emulator_coverage", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_an_answer_that_breaks_the_contract_does_not_go_unnoticed() -> None:
    document = copy.deepcopy(dict(effective_contract().document))
    job = document["components"]["schemas"]["RestoreJobModel"]
    job["properties"]["percent_complete"]["maximum"] = 99
    with manual_emulator(contract=Contract(document)) as emulator:
        emulator.seed("demo")
        client = httpx.Client(transport=emulator.transport(), headers={"Api-Key": "key"})
        with pytest.raises(ContractBrokenError, match="/data/2/percent_complete: 100"):
            client.get("http://emulator/restore-jobs")


def test_a_status_that_the_contract_lost_does_not_go_unnoticed() -> None:
    document = copy.deepcopy(dict(effective_contract().document))
    del document["paths"]["/restore-jobs/{job_id}"]["get"]["responses"]["404"]
    with manual_emulator(contract=Contract(document)) as emulator:
        client = httpx.Client(transport=emulator.transport(), headers={"Api-Key": "key"})
        with pytest.raises(ContractBrokenError, match="404, which the contract does not document"):
            client.get("http://emulator/restore-jobs/none")
