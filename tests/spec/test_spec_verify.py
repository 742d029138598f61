"""`make spec-verify`: what counts as a difference between two contracts, and what does not."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pinecone_control.contract.document import join, split
from scripts.project import PIN, PINNED_CONTRACT
from scripts.spec.contract_file import read_contract, structural_digest
from scripts.spec.differences import differences
from scripts.spec.pin import read_pin
from tests.support.contracts import FROZEN, FROZEN_PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SCHEMAS = "/components/schemas"
LIST_JOBS = "/paths/~1restore-jobs/get"


def spec_verify(upstream: str | Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "scripts.spec.verify",
        str(upstream),
        "--pin",
        str(FROZEN_PIN),
        *options,
    ]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def parent_and_key(contract: Any, pointer: str) -> tuple[Any, Any]:
    *names, last = split(pointer)
    for name in names:
        contract = contract[int(name) if isinstance(contract, list) else name]
    return contract, int(last) if isinstance(contract, list) else last


class Upstream:
    """A copy of a contract to plant changes in; it is compared with the frozen one."""

    def __init__(self, folder: Path) -> None:
        self.contract = copy.deepcopy(read_contract(FROZEN))
        self.path = folder / "upstream.yaml"

    def change(self, pointer: str, value: object) -> None:
        parent, key = parent_and_key(self.contract, pointer)
        parent[key] = value

    def remove(self, pointer: str) -> None:
        parent, key = parent_and_key(self.contract, pointer)
        del parent[key]

    def verify(self, *options: str) -> subprocess.CompletedProcess[str]:
        text = yaml.safe_dump(self.contract, sort_keys=False, allow_unicode=True)
        self.path.write_text(text, encoding="utf-8")
        return spec_verify(self.path, *options)


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    return Upstream(tmp_path)


# ------------------------------------------------------------------------------------- differences


@pytest.mark.parametrize(
    ("pointer", "value", "line"),
    [
        pytest.param(
            f"{SCHEMAS}/IndexModel/properties/name/maxLength",
            64,
            f"{SCHEMAS}/IndexModel/properties/name/maxLength: pinned 45, upstream 64",
            id="constraint",
        ),
        pytest.param(
            f"{SCHEMAS}/DeletionProtection/default",
            "enabled",
            f'{SCHEMAS}/DeletionProtection/default: pinned "disabled", upstream "enabled"',
            id="default",
        ),
        pytest.param(
            f"{LIST_JOBS}/operationId",
            "list_jobs",
            f'{LIST_JOBS}/operationId: pinned "list_restore_jobs", upstream "list_jobs"',
            id="operation id",
        ),
        pytest.param(
            f"{SCHEMAS}/BackupModel/properties/expires_at",
            {"type": "string"},
            f'{SCHEMAS}/BackupModel/properties/expires_at: only in upstream: {{"type":"string"}}',
            id="added property",
        ),
        pytest.param(
            f"{SCHEMAS}/BackupModel/properties/example",
            {"type": "string"},
            f'{SCHEMAS}/BackupModel/properties/example: only in upstream: {{"type":"string"}}',
            id="added property named like prose",
        ),
        pytest.param(
            f"{SCHEMAS}/RestoreJobModel/properties/percent_complete/type",
            "integer",
            f"{SCHEMAS}/RestoreJobModel/properties/percent_complete/type: "
            'pinned "number", upstream "integer"',
            id="type",
        ),
    ],
)
def test_a_changed_or_added_value_is_named_with_both_sides(
    upstream: Upstream, pointer: str, value: object, line: str
) -> None:
    upstream.change(pointer, value)
    answer = upstream.verify()
    assert answer.returncode == 1
    assert line in [found.strip() for found in answer.stdout.splitlines()]
    assert "\n1 difference between" in answer.stdout


@pytest.mark.parametrize(
    "pointer",
    [
        pytest.param("/paths/~1backups~1{backup_id}/delete/responses/412", id="response code"),
        pytest.param(f"{SCHEMAS}/BackupModel/properties/description", id="description property"),
        pytest.param(f"{SCHEMAS}/BackupModel/required", id="whole required list"),
        pytest.param("/paths/~1restore-jobs~1{job_id}", id="path"),
        pytest.param("/security", id="security"),
        pytest.param("/servers/0", id="server"),
    ],
)
def test_a_removed_part_is_named_as_only_in_pinned(upstream: Upstream, pointer: str) -> None:
    upstream.remove(pointer)
    answer = upstream.verify()
    assert answer.returncode == 1
    assert f"{pointer}: only in pinned" in answer.stdout


def test_removed_security_scheme_is_refused_while_it_is_required(upstream: Upstream) -> None:
    upstream.remove("/components/securitySchemes/ApiKeyAuth")
    reason = "is not a security scheme"
    assert_refused(upstream.verify(), "/security/0/ApiKeyAuth", reason)


def test_a_removed_enum_value_is_named(upstream: Upstream) -> None:
    parent, key = parent_and_key(upstream.contract, f"{SCHEMAS}/ServerlessSpec/properties/cloud")
    parent[key]["enum"].remove("azure")
    answer = upstream.verify()
    assert answer.returncode == 1
    pointer = f"{SCHEMAS}/ServerlessSpec/properties/cloud/enum"
    assert f'{pointer}: enum value "azure" only in pinned' in answer.stdout


def test_a_no_longer_required_property_is_named(upstream: Upstream) -> None:
    upstream.contract["components"]["schemas"]["RestoreJobModel"]["required"].remove("status")
    answer = upstream.verify()
    assert answer.returncode == 1
    pointer = f"{SCHEMAS}/RestoreJobModel/required"
    assert f'{pointer}: required property "status" only in pinned' in answer.stdout


def test_a_removed_parameter_is_named_and_its_neighbours_are_not(upstream: Upstream) -> None:
    parameters = upstream.contract["paths"]["/restore-jobs"]["get"]["parameters"]
    position = [parameter["name"] for parameter in parameters].index("limit")
    del parameters[position]
    answer = upstream.verify()
    assert answer.returncode == 1
    pointer = f"{LIST_JOBS}/parameters/{position}"
    assert f'{pointer}: query parameter "limit" only in pinned' in answer.stdout
    assert "paginationToken" not in answer.stdout
    assert "\n1 difference between" in answer.stdout


def test_a_changed_parameter_is_found_by_name_wherever_it_stands(upstream: Upstream) -> None:
    parameters = upstream.contract["paths"]["/restore-jobs"]["get"]["parameters"]
    position = [parameter["name"] for parameter in parameters].index("limit")
    parameters[position]["schema"]["maximum"] = 1000
    parameters.reverse()
    answer = upstream.verify()
    assert answer.returncode == 1
    pointer = f"{LIST_JOBS}/parameters/{position}/schema/maximum"
    line = f'{pointer}: pinned 100, upstream 1000 (query parameter "limit")'
    assert line in answer.stdout


def test_differences_stand_below_the_operation_or_schema_they_belong_to(
    upstream: Upstream,
) -> None:
    upstream.remove(f"{LIST_JOBS}/responses/401")
    upstream.change(f"{SCHEMAS}/IndexModel/properties/name/maxLength", 64)
    lines = upstream.verify().stdout.splitlines()
    for title in ("GET /restore-jobs (list_restore_jobs)", "schema IndexModel"):
        assert title in lines
    assert "2 differences between the pinned contract and upstream" in lines


def test_true_is_not_one(upstream: Upstream) -> None:
    upstream.change(f"{SCHEMAS}/PodSpec/properties/replicas/default", True)
    assert upstream.verify().returncode == 1


def test_the_loss_of_any_single_part_is_found_where_it_happened() -> None:
    pinned = read_contract(FROZEN)
    # Enough to meet every kind of part; all eleven paths would only take longer.
    some_paths = ("/indexes/{index_name}", "/restore-jobs")
    pinned["paths"] = {path: pinned["paths"][path] for path in some_paths}
    other = copy.deepcopy(pinned)
    checked = 0
    for pointer, mapping, key in list(structural_keys(other)):
        whole = dict(mapping)
        del mapping[key]
        found = list(differences(pinned, other))
        mapping.clear()
        mapping.update(whole)
        assert found, pointer
        assert all(each.pointer.startswith(pointer.rpartition("/")[0]) for each in found), pointer
        checked += 1
    assert checked > 500


def structural_keys(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every key of the contract, apart from prose in the places where it is prose."""
    prose = {"title", "summary", "description", "example", "examples"}
    names_follow = split(pointer)[-1:] in (["properties"], ["schemas"])
    if isinstance(node, dict):
        for key, value in node.items():
            if names_follow or key not in prose:
                yield join(pointer, key), node, key
                yield from structural_keys(value, join(pointer, key))
    elif isinstance(node, list):
        for index, member in enumerate(node):
            yield from structural_keys(member, join(pointer, str(index)))


# ---------------------------------------------------------------------------------------- equality


def test_equal_contracts_are_reported_in_one_line_with_counts_and_digest() -> None:
    answer = spec_verify(FROZEN)
    assert answer.returncode == 0
    first, *notes = answer.stdout.splitlines()
    assert "18 operations, 24 schemas, " + structural_digest(read_contract(FROZEN)) in first
    assert all(note.startswith("note: ") for note in notes)


def test_reworded_prose_is_no_difference(upstream: Upstream) -> None:
    upstream.contract = read_contract(PINNED_CONTRACT)
    reworded = 0
    stack: list[Any] = [upstream.contract]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            for word in ("title", "summary", "description"):
                if isinstance(node.get(word), str):
                    node[word] = "Said in other words."
                    reworded += 1
            for word in {"example", "examples"} & node.keys():
                if word == "examples" or not isinstance(node[word], dict):
                    del node[word]
            stack += [value for key, value in node.items() if key not in {"example", "examples"}]
    assert reworded > 100
    assert upstream.verify("--pin", str(PIN)).returncode == 0


def test_order_without_meaning_is_no_difference(upstream: Upstream) -> None:
    upstream.contract = reversed_order(upstream.contract)
    assert upstream.verify().returncode == 0


def reversed_order(node: Any, key: str = "") -> Any:
    if isinstance(node, dict):
        return {name: reversed_order(node[name], name) for name in reversed(node)}
    if isinstance(node, list):
        members = [reversed_order(member) for member in node]
        unordered = key in {"required", "enum", "tags", "parameters", "security", "oneOf"}
        return members[::-1] if unordered else members
    return node


def test_json_in_place_of_yaml_is_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "upstream.json"
    path.write_text(json.dumps(read_contract(FROZEN), indent="\t"), encoding="utf-8")
    assert spec_verify(path).returncode == 0


def test_flow_style_and_unquoted_status_codes_are_no_difference(upstream: Upstream) -> None:
    text = yaml.safe_dump(upstream.contract, default_flow_style=True, width=70)
    assert "'401': " in text
    upstream.path.write_text(text.replace("'401': ", "401: "), encoding="utf-8")
    assert spec_verify(upstream.path).returncode == 0


def test_a_number_written_with_a_point_is_no_difference(upstream: Upstream) -> None:
    pointer = f"{SCHEMAS}/RestoreJobModel/properties/percent_complete/maximum"
    upstream.change(pointer, 100)
    assert upstream.verify().returncode == 0
    upstream.change(pointer, 100.0)
    assert upstream.verify().returncode == 0


def test_another_edition_with_equal_structure_is_noted(upstream: Upstream) -> None:
    upstream.change("/info/description", "Said in other words.")
    answer = upstream.verify()
    assert answer.returncode == 0
    assert "another edition: sha256 " in answer.stdout
    assert read_pin(FROZEN_PIN)["upstream"]["sha256"] in answer.stdout


def test_a_pin_that_records_another_structure_is_noted(tmp_path: Path) -> None:
    recorded = read_pin(FROZEN_PIN)["structural_digest"]
    stale = FROZEN_PIN.read_text(encoding="utf-8").replace(recorded, "sha256:0000")
    (tmp_path / "pin.toml").write_text(stale, encoding="utf-8")
    (tmp_path / FROZEN.name).write_bytes(FROZEN.read_bytes())
    answer = spec_verify(FROZEN, "--pin", str(tmp_path / "pin.toml"))
    assert answer.returncode == 0
    assert f"structural digest is {recorded}; pin.toml records sha256:0000" in answer.stdout


def test_the_pin_records_the_digest_of_the_pinned_contract() -> None:
    assert structural_digest(read_contract(PINNED_CONTRACT)) == read_pin(PIN)["structural_digest"]


# --------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"openapi: [3.0.3", "is neither YAML nor JSON", id="not YAML"),
        pytest.param(b'{"openapi": "3.0.3"', "is neither YAML nor JSON", id="JSON cut short"),
        pytest.param(b"\x89PNG\r\n\xff\x00", "is not UTF-8 text", id="binary"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"<html>no</html>", "is HTML or XML", id="HTML"),
        pytest.param(b"- openapi: 3.0.3", "is not an OpenAPI document", id="list"),
        pytest.param(b"swagger: '2.0'", "says `swagger: 2.0`", id="Swagger 2"),
        pytest.param(b"openapi: 4.0.0", "says `openapi: 4.0.0`", id="OpenAPI 4"),
        pytest.param(b"openapi: 3.0.3\npaths: none", "/paths is not a mapping", id="no paths"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep nesting"),
        pytest.param(b"a: &a [*a]", "nested too deeply", id="endless alias"),
    ],
)
def test_a_file_that_is_no_contract_is_refused_in_one_line(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    assert_refused(spec_verify(path), str(path), reason)


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert_refused(spec_verify(tmp_path / "absent.yaml"), "absent.yaml", "not found")


def test_a_directory_is_refused_in_one_line(tmp_path: Path) -> None:
    assert_refused(spec_verify(tmp_path), str(tmp_path), "cannot be read")


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("#/components/schemas/Absent", "leads nowhere"),
        ("https://example.com/other.yaml#/Schema", "is remote"),
        ("other.yaml#/Schema", "is remote"),
        ("#/components/schemas/IndexList/properties/indexes/items", "leads back to itself"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused_where_it_stands(
    upstream: Upstream, reference: str, reason: str
) -> None:
    pointer = f"{SCHEMAS}/IndexList/properties/indexes/items/$ref"
    upstream.change(pointer, reference)
    answer = upstream.verify()
    assert_refused(answer, str(upstream.path), f"{reference!r} {reason}")
    assert f"(at {pointer})" in answer.stderr


def test_a_pin_without_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    pin = tmp_path / "pin.toml"
    pin.write_text("", encoding="utf-8")
    assert_refused(spec_verify(FROZEN, "--pin", str(pin)), str(pin), "has no 'file'")


def assert_refused(answer: subprocess.CompletedProcess[str], name: str, reason: str) -> None:
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
    assert name in answer.stderr
    assert reason in " ".join(answer.stderr.split())


# -------------------------------------------------------------------------------------------- URLs


@pytest.fixture
def website(tmp_path: Path) -> Iterator[str]:
    """A web server that offers a copy of the pinned contract as `/pinned.yaml`."""
    (tmp_path / "pinned.yaml").write_bytes(FROZEN.read_bytes())
    handler = partial(QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        pass


def test_upstream_may_be_a_url(website: str) -> None:
    assert spec_verify(f"{website}/pinned.yaml").returncode == 0


def test_a_url_that_answers_404_is_refused_in_one_line(website: str) -> None:
    answer = spec_verify(f"{website}/absent.yaml")
    assert_refused(answer, f"{website}/absent.yaml", "the server answered 404")


def test_a_url_without_a_server_is_refused_in_one_line() -> None:
    assert_refused(spec_verify("http://127.0.0.1:1/x.yaml"), "127.0.0.1:1", "cannot be read")
