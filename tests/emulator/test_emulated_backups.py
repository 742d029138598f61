import pytest

from pinecone_control.emulator import Settings
from tests.emulator.steps import BYOC, SERVERLESS, Api, refusal


def test_a_backup_initializes_and_becomes_ready(api: Api) -> None:
    api.ready_index()
    backup = api.backup(name="nightly", description="before the bulk update")
    assert (backup["status"], backup["name"]) == ("Initializing", "nightly")
    assert "record_count" not in backup
    api.pass_time(3)
    ready = api.get(f"/backups/{backup['backup_id']}")
    assert ready["status"] == "Ready"
    assert ready["description"] == "before the bulk update"
    assert (ready["record_count"], ready["size_bytes"]) == (0, 0)


def test_the_next_backup_can_be_made_to_fail_late(api: Api) -> None:
    api.ready_index()
    api.emulator.plan("backup", seconds=300, outcome="InitializationFailed")
    backup = api.backup()
    api.pass_time(299)
    assert api.get(f"/backups/{backup['backup_id']}")["status"] == "Initializing"
    api.pass_time(1)
    assert api.get(f"/backups/{backup['backup_id']}")["status"] == "InitializationFailed"


def test_a_backup_copies_the_properties_of_its_index(api: Api) -> None:
    api.ready_index(dimension=16, metric="euclidean", tags={"team": "search"})
    backup = api.ready_backup()
    assert (backup["dimension"], backup["metric"]) == (16, "euclidean")
    assert (backup["cloud"], backup["region"]) == ("aws", "us-east-1")
    assert backup["tags"] == {"team": "search"}
    assert backup["source_index_name"] == "movies"


def test_a_byoc_index_can_be_backed_up(api: Api) -> None:
    api.ready_index("own", BYOC)
    assert api.ready_backup("own")["status"] == "Ready"


def test_an_index_that_is_not_ready_is_not_backed_up(api: Api) -> None:
    api.index()
    assert refusal(api.call("POST", "/indexes/movies/backups", {}))[0] == 400


def test_two_backups_of_an_index_are_two(api: Api) -> None:
    api.ready_index()
    first, second = api.backup(name="same"), api.backup(name="same")
    assert first["backup_id"] != second["backup_id"]


def test_backups_outlive_their_index(api: Api) -> None:
    backup = api.ready_backup()
    api.call("DELETE", "/indexes/movies")
    api.pass_time(1)
    assert api.get("/backups")["data"] == [backup]
    assert api.restore(backup["backup_id"])["status"] == "Pending"


def test_backups_are_listed_from_the_newest_by_index_and_by_project(api: Api) -> None:
    api.ready_index("one")
    api.ready_index("two")
    for number in range(5):
        api.backup("one" if number % 2 else "two", name=f"b{number}")
    everything = [b["name"] for page in api.pages("/backups", limit=2) for b in page["data"]]
    of_one = [
        b["name"] for page in api.pages("/indexes/one/backups", limit=1) for b in page["data"]
    ]
    assert everything == ["b4", "b3", "b2", "b1", "b0"]
    assert of_one == ["b3", "b1"]


def test_a_backup_that_is_being_restored_stays_and_the_jobs_are_named(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    jobs = [api.restore(backup, name)["restore_job_id"] for name in ("one", "two")]
    status, code, message = refusal(api.call("DELETE", f"/backups/{backup}"))
    assert (status, code) == (412, "FAILED_PRECONDITION")
    assert all(job in message for job in jobs)
    api.pass_time(10)
    assert api.call("DELETE", f"/backups/{backup}").status_code == 202
    assert refusal(api.call("GET", f"/backups/{backup}"))[0] == 404


def test_a_restored_index_inherits_from_its_backup(api: Api) -> None:
    source = api.ready_index(dimension=16, metric="euclidean", tags={"team": "search"})
    api.restore(api.ready_backup()["backup_id"])
    index = api.get("/indexes/restored")
    assert (index["dimension"], index["metric"]) == (16, "euclidean")
    assert index["spec"] == source["spec"]
    assert index["spec"]["serverless"].items() >= SERVERLESS["serverless"].items()
    assert index["tags"] == {"team": "search"}
    assert index["deletion_protection"] == "disabled"


@pytest.mark.parametrize(
    ("given", "tags"),
    [({"env": "test"}, {"env": "test"}), ({"team": ""}, None), ({}, {"team": "search"})],
)
def test_tags_that_are_given_replace_those_of_the_backup(
    api: Api, given: dict[str, str], tags: dict[str, str] | None
) -> None:
    api.ready_index(tags={"team": "search"})
    api.restore(api.ready_backup()["backup_id"], tags=given, deletion_protection="enabled")
    index = api.get("/indexes/restored")
    assert index.get("tags") == tags
    assert index["deletion_protection"] == "enabled"


def test_the_answer_to_a_restore_names_job_and_index(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    answer = api.call("POST", f"/backups/{backup}/create-index", {"name": "copy"}).json()
    job = api.get(f"/restore-jobs/{answer['restore_job_id']}")
    assert job["target_index_id"] == answer["index_id"]


def test_a_backup_that_is_not_ready_is_not_restored(api: Api) -> None:
    api.ready_index()
    backup = api.backup()["backup_id"]
    response = api.call("POST", f"/backups/{backup}/create-index", {"name": "copy"})
    assert refusal(response)[0] == 400


def test_a_refused_request_leaves_nothing_behind(api: Api) -> None:
    backup = api.ready_backup()["backup_id"]
    body = {"name": "copy", "tags": {"not allowed": "x"}}
    assert refusal(api.call("POST", f"/backups/{backup}/create-index", body))[0] == 400
    assert api.get("/restore-jobs")["data"] == []
    assert [index["name"] for index in api.get("/indexes")["indexes"]] == ["movies"]


def test_a_quota_frees_up_when_a_backup_is_deleted(api: Api) -> None:
    api.emulator.settings = Settings(backup_quota=1)
    first = api.ready_backup()["backup_id"]
    assert refusal(api.call("POST", "/indexes/movies/backups", {}))[:2] == (403, "FORBIDDEN")
    api.call("DELETE", f"/backups/{first}")
    assert api.call("POST", "/indexes/movies/backups", {}).status_code == 201
