"""Every status that the coverage table calls implemented occurs, and fits the contract."""

import copy
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from pinecone_control.contract.shipped_contracts import Contract, effective_contract
from pinecone_control.emulator import ContractBrokenError, Fault, Settings
from pinecone_control.emulator.coverage import IMPLEMENTED, UNDOCUMENTED
from tests.emulator.steps import POD, SERVERLESS, Api, client_of, manual_emulator, refusal

Provocation = Callable[[Api], httpx.Response]

DENSE = {"dimension": 8, "spec": SERVERLESS}
TWO_REPLICAS = {"spec": {"pod": {"replicas": 2}}}
MODEL = {
    "cloud": "aws",
    "region": "us-east-1",
    "embed": {"model": "multilingual-e5-large", "field_map": {"text": "body"}},
}


def call(method: str, path: str, body: object = None) -> Provocation:
    return lambda api: api.call(method, path, body)


def after(prepare: Callable[[Api], object], provoke: Provocation) -> Provocation:
    def prepare_and_provoke(api: Api) -> httpx.Response:
        prepare(api)
        return provoke(api)

    return prepare_and_provoke


def over(provoke: Provocation, **quota: int) -> Provocation:
    """Return the same call under a quota that it exceeds."""

    def set_quota(api: Api) -> None:
        api.emulator.settings = Settings(**quota)

    return after(set_quota, provoke)


def with_backup(method: str, path: str = "", body: object = None) -> Provocation:
    return lambda api: api.call(method, f"/backups/{api.ready_backup()['backup_id']}{path}", body)


def with_restore_job(method: str, path: str) -> Provocation:
    return lambda api: api.call(method, path.format(**api.restore_job()))


def create_index(**body: object) -> Provocation:
    return call("POST", "/indexes", {"name": "movies", **DENSE, **body})


def create_for_model(**body: object) -> Provocation:
    return call("POST", "/indexes/create-for-model", {"name": "texts", **MODEL, **body})


def configure(body: object, name: str = "movies") -> Provocation:
    return after(Api.ready_index, call("PATCH", f"/indexes/{name}", body))


def restore(**body: object) -> Provocation:
    return with_backup("POST", "/create-index", body)


def pod_index(api: Api) -> None:
    api.ready_index("catalog", POD)


def protected_index(api: Api) -> None:
    api.index(deletion_protection="enabled")


def backed_up_index(api: Api) -> None:
    api.ready_index()
    api.backup()


CREATE_COLLECTION = call("POST", "/collections", {"name": "copy", "source": "catalog"})
COLLECTION = after(pod_index, CREATE_COLLECTION)
BACK_UP = call("POST", "/indexes/movies/backups", {})

PROVOCATIONS: dict[str, dict[int, Provocation]] = {
    "list_indexes": {200: after(Api.index, call("GET", "/indexes"))},
    "create_index": {
        201: create_index(),
        400: create_index(dimension=20_001),
        403: over(create_index(), index_quota=0),
        404: create_index(spec={"serverless": {"cloud": "aws", "region": "us-west-1"}}),
        409: after(Api.index, create_index()),
        422: create_index(spec=None),
    },
    "create_index_for_model": {
        201: create_for_model(),
        400: create_for_model(embed={"model": "unheard-of", "field_map": {}}),
        403: over(create_for_model(), index_quota=0),
        404: create_for_model(region="us-west-1"),
        409: after(create_for_model(), create_for_model()),
        422: create_for_model(embed={}),
    },
    "describe_index": {
        200: after(Api.index, call("GET", "/indexes/movies")),
        404: call("GET", "/indexes/none"),
    },
    "configure_index": {
        202: configure({"tags": {"team": "search"}}),
        400: configure(TWO_REPLICAS),
        403: after(
            pod_index,
            over(call("PATCH", "/indexes/catalog", TWO_REPLICAS), pod_quota=1),
        ),
        404: configure({}, name="none"),
        422: configure({"tags": []}),
    },
    "delete_index": {
        202: after(Api.index, call("DELETE", "/indexes/movies")),
        403: after(protected_index, call("DELETE", "/indexes/movies")),
        404: call("DELETE", "/indexes/none"),
        412: after(COLLECTION, call("DELETE", "/indexes/catalog")),
    },
    "list_collections": {200: after(COLLECTION, call("GET", "/collections"))},
    "create_collection": {
        201: COLLECTION,
        400: after(
            Api.ready_index, call("POST", "/collections", {"name": "copy", "source": "movies"})
        ),
        403: over(COLLECTION, collection_quota=0),
        409: after(COLLECTION, CREATE_COLLECTION),
        422: call("POST", "/collections", {"name": "copy"}),
    },
    "describe_collection": {
        200: after(COLLECTION, call("GET", "/collections/copy")),
        404: call("GET", "/collections/none"),
    },
    "delete_collection": {
        202: after(COLLECTION, call("DELETE", "/collections/copy")),
        404: call("DELETE", "/collections/none"),
    },
    "create_backup": {
        201: after(Api.ready_index, BACK_UP),
        400: after(pod_index, call("POST", "/indexes/catalog/backups", {})),
        403: over(after(Api.ready_index, BACK_UP), backup_quota=0),
        404: call("POST", "/indexes/none/backups", {}),
        422: after(Api.ready_index, call("POST", "/indexes/movies/backups", {"name": 1})),
    },
    "list_index_backups": {
        200: after(backed_up_index, call("GET", "/indexes/movies/backups")),
        400: after(Api.index, call("GET", "/indexes/movies/backups?limit=0")),
        404: call("GET", "/indexes/none/backups"),
    },
    "list_project_backups": {
        200: after(Api.ready_backup, call("GET", "/backups")),
        400: call("GET", "/backups?limit=0"),
    },
    "describe_backup": {200: with_backup("GET"), 404: call("GET", "/backups/none")},
    "delete_backup": {
        202: with_backup("DELETE"),
        404: call("DELETE", "/backups/none"),
        412: with_restore_job("DELETE", "/backups/{backup_id}"),
    },
    "create_index_from_backup_operation": {
        202: restore(name="copy"),
        400: restore(name="Copy"),
        403: over(restore(name="copy"), index_quota=1),
        404: call("POST", "/backups/none/create-index", {"name": "copy"}),
        409: restore(name="movies"),
        422: restore(),
    },
    "list_restore_jobs": {
        200: after(Api.restore_job, call("GET", "/restore-jobs")),
        400: call("GET", "/restore-jobs?limit=0"),
    },
    "describe_restore_job": {
        200: with_restore_job("GET", "/restore-jobs/{restore_job_id}"),
        404: call("GET", "/restore-jobs/none"),
    },
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
        client = client_of(emulator)
        with pytest.raises(ContractBrokenError, match="/data/2/percent_complete: 100"):
            client.get("/restore-jobs")


def test_a_status_that_the_contract_lost_does_not_go_unnoticed() -> None:
    document = copy.deepcopy(dict(effective_contract().document))
    del document["paths"]["/restore-jobs/{job_id}"]["get"]["responses"]["404"]
    with manual_emulator(contract=Contract(document)) as emulator:
        client = client_of(emulator)
        with pytest.raises(ContractBrokenError, match="404, which the contract does not document"):
            client.get("/restore-jobs/none")
