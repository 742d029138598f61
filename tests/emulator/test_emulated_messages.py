"""Error messages that clients assert: from the contract's examples and the official suites."""

import re
from typing import Any

import pytest

from pinecone_control.emulator import Settings
from pinecone_control.emulator.api.error_messages import ErrorMessage, known_messages
from tests.emulator.steps import BYOC, POD, SERVERLESS, Api, refusal

MODEL = {"model": "multilingual-e5-large", "field_map": {"text": "chunk"}}
PLACE = {"cloud": "aws", "region": "us-east-1"}


def create(**body: Any) -> tuple[str, str, Any]:
    return ("POST", "/indexes", {"name": "new", "dimension": 8, "spec": SERVERLESS, **body})


def for_model(**body: Any) -> tuple[str, str, Any]:
    body = {"name": "new", **PLACE, "embed": MODEL, **body}
    return ("POST", "/indexes/create-for-model", body)


def collect(**body: Any) -> tuple[str, str, Any]:
    return ("POST", "/collections", {"name": "copy", "source": "pods", **body})


def from_collection(**pod: Any) -> tuple[str, str, Any]:
    spec = {"pod": {**POD["pod"], "source_collection": "kept", **pod}}
    return create(spec=spec)


SPARSE = {"name": "new", "vector_type": "sparse"}


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        (("GET", "/indexes/none", None), 404, "Index none not found."),
        (("GET", "/backups/none", None), 404, "Backup none not found."),
        (("GET", "/restore-jobs/none", None), 404, "Restore job none not found."),
        (("GET", "/collections/none", None), 404, "Collection none not found."),
        (("DELETE", "/indexes/pods", None), 403, ("Deletion protection is enabled for this index. "
         "Disable deletion protection before retrying.")),
        (create(name="pods"), 409, "Resource already exists."),
        (collect(name="kept"), 409, "Resource already exists."),
        (create(name="-new"), 400, ("Index name must contain only lowercase alphanumeric "
         "characters or hyphens, and must not begin or end with a hyphen.")),
        (collect(name="New"), 400, ("Collection name must contain only lowercase alphanumeric "
         "characters or hyphens, and must not begin or end with a hyphen.")),
        (create(spec={"serverless": {"cloud": "aws", "region": "us-west1"}}), 404,
         "Resource cloud: aws region: us-west1 not found."),
        (for_model(region="us-west1"), 404, "Resource cloud: aws region: us-west1 not found."),
        (("POST", "/indexes", {**SPARSE, "spec": SERVERLESS, "metric": "cosine"}), 400,
         "Sparse vector indexes must use the metric dotproduct."),
        (("POST", "/indexes", {**SPARSE, "spec": SERVERLESS, "dimension": 8}), 400,
         "dimension should not be specified for sparse indexes."),
        (("POST", "/indexes", {**SPARSE, "spec": POD}), 400,
         "Sparse vector type is not supported for pod indexes"),
        (for_model(embed={**MODEL, "model": "unknown"}), 400, "Model unknown not found."),
        (for_model(embed={**MODEL, "field_map": {"other": "chunk"}}), 400,
         "Missing required key 'text' in field_map."),
        (from_collection(source_collection="none"), 404, "Resource none not found."),
        (from_collection(environment="eu-west1-gcp"), 400,
         "Source collection must be in the same environment as the index"),
        (collect(source="none"), 400, "Resource none not found."),
        (collect(source="late"), 400, "Source index is not ready"),
        (create(spec={"pod": {"pod_type": "p1.x1"}}), 422, ("Failed to deserialize the JSON body "
         "into the target type: missing field `environment` in /spec/pod")),
        (("POST", "/indexes", {"name": "new"}), 422,
         "Failed to deserialize the JSON body into the target type: missing field `spec`"),
        (for_model(embed={"model": MODEL["model"]}), 422, ("Failed to deserialize the JSON "
         "body into the target type: missing field `field_map` in /embed")),
    ],
)  # fmt: skip
def test_a_refusal_has_the_services_words(
    api: Api, request_: tuple[str, str, Any], status: int, message: str
) -> None:
    api.ready_index("pods", POD, deletion_protection="enabled")
    api.call("POST", "/collections", {"name": "kept", "source": "pods"})
    api.pass_time(3)
    api.index("late", POD)
    told = refusal(api.call(*request_))
    assert (told[0], told[2]) == (status, message)


def test_a_dimension_other_than_the_collections_is_named(api: Api) -> None:
    api.ready_index("pods", POD)
    api.call("POST", "/collections", {"name": "kept", "source": "pods"})
    api.pass_time(3)
    method, path, body = from_collection()
    told = refusal(api.call(method, path, {**body, "dimension": 9}))
    assert told[2] == "Index and collection must have the same dimension"


def test_what_is_pending_is_listed(api: Api) -> None:
    job = api.restore_job()
    told = refusal(api.call("DELETE", f"/backups/{job['backup_id']}"))
    assert told[0] == 412
    assert told[2] == (
        "Unable to delete backup. There are pending restore jobs for this backup: "
        f"['{job['restore_job_id']}']"
    )
    api.ready_index("pods", POD)
    api.call("POST", "/collections", {"name": "copy", "source": "pods"})
    told = refusal(api.call("DELETE", "/indexes/pods"))
    assert told[0] == 412
    assert told[2] == (
        "Unable to delete an index. There are pending collections for this index: ['copy']"
    )


@pytest.mark.parametrize(
    ("settings", "request_", "message"),
    [
        ({"index_quota": 2}, create(), "Increase your quota or upgrade to create more indexes."),
        (
            {"backup_quota": 0},
            ("POST", "/indexes/movies/backups", {}),
            "Increase your quota or upgrade to create more backups.",
        ),
        (
            {"collection_quota": 0},
            collect(),
            "Collection exceeds quota. Maximum allowed on your account is 0. Currently have 0.",
        ),
        (
            {"pod_quota": 5},
            create(spec={"pod": {**POD["pod"], "replicas": 6}}),
            (
                "The index exceeds the project quota of 5 pods by 2 pods. Upgrade your account or "
                "change the project settings to increase the quota."
            ),
        ),
    ],
)
def test_a_quota_that_is_used_up_is_named(
    api: Api, settings: dict[str, int], request_: tuple[str, str, Any], message: str
) -> None:
    api.ready_index("pods", POD)
    api.ready_index("movies")
    api.emulator.settings = Settings(**settings)
    told = refusal(api.call(*request_))
    assert (told[0], told[2]) == (403, message)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/indexes", {"name": "new", "vector_type": "sparse", "spec": SERVERLESS,
                              "dimension": None, "metric": None, "tags": None,
                              "deletion_protection": None}),
        ("POST", "/indexes", {"name": "new", "dimension": 8, "spec": {"pod": {
            **POD["pod"], "metadata_config": None, "source_collection": None, "replicas": None}}}),
        ("PATCH", "/indexes/movies", {"spec": None, "deletion_protection": None, "tags": None,
                                      "embed": None}),
        ("POST", "/indexes/movies/backups", {"name": None, "description": None}),
    ],
)  # fmt: skip
def test_null_for_an_optional_property_counts_as_absent(
    api: Api, method: str, path: str, body: Any
) -> None:
    api.ready_index("movies", tags={"team": "search"})
    assert api.call(method, path, body).is_success
    assert api.get("/indexes/movies")["tags"] == {"team": "search"}


@pytest.mark.parametrize(
    "body",
    [
        {"name": None, "dimension": 8, "spec": BYOC},
        {"name": "new", "dimension": 8, "spec": None},
        {"name": "new", "dimension": 8, "spec": {"byoc": {"environment": None}}},
        {"name": "new", "dimension": 8, "spec": BYOC, "tags": {"team": None}},
    ],
)
def test_null_for_anything_else_is_a_422(api: Api, body: Any) -> None:
    assert refusal(api.call("POST", "/indexes", body))[0] == 422


def test_every_message_says_where_its_words_come_from() -> None:
    for name, message in known_messages().items():
        assert message.evidence in {"contract", "suite", "assumption"}, name


def test_a_message_repeats_little_of_what_a_client_wrote() -> None:
    message = ErrorMessage(400, "{name}", "assumption").error(name="{x}" * 1000).message
    assert re.fullmatch(r"(\{x\}){100}", message)
