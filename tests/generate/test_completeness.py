"""The proof of completeness: whatever is taken out of a generated package is missed by name."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from scripts.generate.client import build, read_source
from scripts.generate.completeness import missing
from tests.support.contracts import FROZEN

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.spec.contract_file import Contract

SCHEMAS = "/components/schemas"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return read_source(str(FROZEN)).contract


@pytest.fixture(scope="module")
def generated(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(contract, tmp_path_factory.mktemp("generated"))


@pytest.fixture
def package(generated: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "package"
    shutil.copytree(generated, copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_nothing_is_missing_of_what_was_generated(contract: Contract, package: Path) -> None:
    assert missing(contract, package) == []


def test_deleted_operation_is_missed(contract: Contract, package: Path) -> None:
    (package / "api/manage_indexes/list_restore_jobs.py").unlink()
    assert missing(contract, package) == [
        "/paths/~1restore-jobs/get: the operation 'list_restore_jobs' has no module that runs"
    ]


def test_operation_that_cannot_be_imported_is_missed(contract: Contract, package: Path) -> None:
    (package / "models/restore_job_list.py").unlink()
    assert missing(contract, package) == [
        "/paths/~1restore-jobs/get: the operation 'list_restore_jobs' has no module that runs"
    ]


@pytest.mark.parametrize("function", ["sync", "sync_detailed", "asyncio", "asyncio_detailed"])
def test_deleted_function_is_missed(contract: Contract, package: Path, function: str) -> None:
    path = package / "api/manage_indexes/describe_backup.py"
    path.write_text(path.read_text() + f"\n\ndel {function}\n")
    assert missing(contract, package) == [
        f"/paths/~1backups~1{{backup_id}}/get: the operation 'describe_backup' has no {function}"
    ]


def test_deleted_field_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/restore_job.py", "    percent_complete: float | None = None\n", "")
    (line,) = missing(contract, package)
    pointer = f"{SCHEMAS}/RestoreJobModel/properties/percent_complete"
    assert line == f"{pointer}: RestoreJob has no field 'percent_complete'"


def test_field_of_a_nested_object_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/index_status.py", "    state: str\n", "")
    assert missing(contract, package) == [
        f"{SCHEMAS}/IndexModel/properties/status/properties/state: IndexStatus has no field 'state'"
    ]


def test_field_of_a_request_alone_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/configure_pod_spec.py", "    replicas: int | None = None\n", "")
    pointer = f"{SCHEMAS}/ConfigureIndexRequest/properties/spec/properties/pod/properties/replicas"
    assert missing(contract, package) == [f"{pointer}: ConfigurePodSpec has no field 'replicas'"]


def test_object_that_became_untyped_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/index.py", "    status: IndexStatus\n", "    status: object\n")
    lines = missing(contract, package)
    assert f"{SCHEMAS}/IndexModel/properties/status: no class has its properties" in lines[0]


def test_required_field_that_became_optional_is_missed(contract: Contract, package: Path) -> None:
    replace(
        package / "models/restore_job.py", "    status: str\n", "    status: str | None = None\n"
    )
    (line,) = missing(contract, package)
    pointer = f"{SCHEMAS}/RestoreJobModel/properties/status"
    assert line == f"{pointer}: RestoreJob.status is optional, against the contract"


def test_optional_field_that_became_required_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/backup.py", "    name: str | None = None\n", "    name: str\n")
    lines = missing(contract, package)
    assert (
        f"{SCHEMAS}/BackupModel/properties/name: Backup.name is required, against the contract"
    ) in lines


def test_value_of_an_enum_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "models/metric.py", '"euclidean"', '"manhattan"')
    lines = missing(contract, package)
    assert any(
        line.startswith(f"{SCHEMAS}/CreateIndexRequest/properties/metric/enum: 'euclidean'")
        for line in lines
    )


def test_argument_is_missed(contract: Contract, package: Path) -> None:
    path = package / "api/manage_indexes/list_restore_jobs.py"
    replace(path, "pagination_token: str | Unset = UNSET,", "")
    assert missing(contract, package) == [
        "/paths/~1restore-jobs/get/parameters/1: the parameter 'paginationToken' is not an argument"
    ]


def test_parameter_that_is_not_sent_is_missed(contract: Contract, package: Path) -> None:
    path = package / "api/manage_indexes/list_restore_jobs.py"
    replace(path, 'params["limit"] = limit', "pass")
    assert missing(contract, package) == [
        "/paths/~1restore-jobs/get/parameters/0: the parameter 'limit' is not sent as given"
    ]


def test_request_to_another_path_is_missed(contract: Contract, package: Path) -> None:
    replace(package / "api/manage_indexes/list_restore_jobs.py", '"/restore-jobs"', '"/backups"')
    assert missing(contract, package) == ["/paths/~1restore-jobs/get: requests GET /backups"]


def test_body_that_is_not_sent_in_full_is_missed(contract: Contract, package: Path) -> None:
    path = package / "api/manage_indexes/create_backup.py"
    replace(path, "base.wire_form(body)", '{"name": body.name}')
    assert missing(contract, package) == [
        "/paths/~1indexes~1{index_name}~1backups/post/requestBody: the body is not sent as given"
    ]


def test_response_that_is_not_read_is_missed(contract: Contract, package: Path) -> None:
    path = package / "api/manage_indexes/create_backup.py"
    replace(path, "status_code == 201", "status_code == 200")
    lines = missing(contract, package)
    pointer = "/paths/~1indexes~1{index_name}~1backups/post/responses/201"
    assert any(line.startswith(f"{pointer}: ") for line in lines)


def test_model_that_loses_what_it_read_is_missed(contract: Contract, package: Path) -> None:
    path = package / "models/pagination.py"
    path.write_text(path.read_text() + "\n    def to_dict(self):\n        return {}\n")
    replace(
        package / "models/restore_job_list.py",
        "    pagination: Pagination | None = None\n",
        "    pagination: Pagination | None = None\n\n    def to_dict(self):\n"
        "        return {**super().to_dict(), 'pagination': self.pagination.to_dict()}\n",
    )
    lines = missing(contract, package)
    assert lines == [
        "/paths/~1restore-jobs/get/responses/200: the decoded response differs from the response"
    ]


def test_planted_alternatives_are_all_demanded(contract: Contract, package: Path) -> None:
    schemas = contract["components"]["schemas"]
    planted = {
        **contract,
        "components": {
            **contract["components"],
            "schemas": {
                **schemas,
                "ServerlessSpec": {
                    "type": "object",
                    "required": ["cloud", "region"],
                    "properties": {"cloud": {"type": "string"}, "region": {"type": "string"}},
                    "oneOf": [
                        {"type": "object", "properties": {"mode": {"type": "string"}}},
                        {"type": "object", "properties": {"nodes": {"type": "integer"}}},
                    ],
                },
            },
        },
    }
    lines = missing(planted, package)
    assert (
        f"{SCHEMAS}/ServerlessSpec/oneOf/0/properties/mode: ServerlessSpec has no field 'mode'"
        in lines
    )
    assert (
        f"{SCHEMAS}/ServerlessSpec/oneOf/1/properties/nodes: ServerlessSpec has no field 'nodes'"
        in lines
    )
