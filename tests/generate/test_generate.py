"""`make generate`: the same every time, complete or nothing, and never half written."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from scripts.generate.client import UsageError, build, read_source
from scripts.project import OPENAPI, PIN, PINNED_CONTRACT
from scripts.spec.contract_file import Contract, read_contract, structural_digest
from scripts.spec.pin import read_pin
from tests.support.contracts import frozen_contract

pytestmark = pytest.mark.journey

if TYPE_CHECKING:
    import types

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"
PACKAGE = "pinecone_control_api"


def generate(*options: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.generate.client", *map(str, options)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def tree(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def contract() -> Contract:
    return frozen_contract()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def saved(contract: Contract, tmp_path: Path) -> Path:
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(contract))
    return path


def overlay_with(action: dict[str, Any], tmp_path: Path) -> Path:
    overlay = yaml.safe_load((OPENAPI / "overlay.yaml").read_text())
    overlay["actions"].append(action)
    path = tmp_path / "overlay.yaml"
    path.write_text(yaml.safe_dump(overlay))
    return path


def imported(out: Path, name: str) -> types.ModuleType:
    location = importlib.util.spec_from_file_location(
        name, out / PACKAGE / "__init__.py", submodule_search_locations=[str(out / PACKAGE)]
    )
    assert location is not None
    assert location.loader is not None
    module = importlib.util.module_from_spec(location)
    sys.modules[name] = module
    location.loader.exec_module(module)
    return importlib.import_module(f"{name}.models")


# ------------------------------------------------------------------------------------ the output


def test_generated_is_what_generate_writes() -> None:
    done = generate("--check")
    assert done.returncode == 0, done.stderr


def test_generating_twice_gives_the_same_files(out: Path) -> None:
    assert generate("--spec", PINNED_CONTRACT, "--out", out).returncode == 0
    first = tree(out)
    assert generate("--spec", PINNED_CONTRACT, "--out", out).returncode == 0
    assert tree(out) == first == tree(GENERATED)


def test_result_does_not_depend_on_path_or_working_settings(out: Path, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "ruff"
    settings.mkdir(parents=True)
    (settings / "ruff.toml").write_text("line-length = 60\n")
    done = generate(
        "--spec",
        PINNED_CONTRACT,
        "--out",
        out,
        PATH="/nowhere",
        XDG_CONFIG_HOME=str(settings.parent),
    )
    assert done.returncode == 0, done.stderr
    assert tree(out) == tree(GENERATED)


def test_effective_contract_lies_beside_the_code_with_its_digests() -> None:
    written = json.loads((GENERATED / PACKAGE / "contract.json").read_text())
    pin, pinned = written.pop("x-pin"), read_pin(PIN)
    generator = pinned["generator"]
    assert pin == {
        "api_version": pinned["api_version"],
        "pinned_structural_digest": structural_digest(read_contract(PINNED_CONTRACT)),
        "effective_structural_digest": structural_digest(written),
        "generator": f"{generator['name']} {generator['version']}",
    }


def test_output_that_was_not_generated_is_not_overwritten(out: Path) -> None:
    theirs = out / PACKAGE / "theirs.py"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("precious")
    done = generate("--spec", PINNED_CONTRACT, "--out", out)
    assert done.returncode == 2
    assert "was not generated" in done.stderr
    assert theirs.read_text() == "precious"


def test_other_generator_version_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    contract = read_source().contract
    contract["x-pin"]["generator"] = "openapi-python-client 0.1.0"
    with pytest.raises(UsageError, match=r"pins 0\.1\.0"):
        build(contract, tmp_path)


# --------------------------------------------------------------------------------------- --check


@pytest.fixture
def copied(out: Path) -> Path:
    shutil.copytree(GENERATED, out, ignore=shutil.ignore_patterns("__pycache__"))
    return out


def test_check_names_a_file_changed_by_hand(copied: Path) -> None:
    path = copied / PACKAGE / "models" / "backup.py"
    path.write_text(path.read_text() + "# a change\n")
    done = generate("--check", "--out", copied)
    assert (done.returncode, done.stderr) == (1, f"differs: {PACKAGE}/models/backup.py\n")


def test_check_names_a_file_that_is_gone(copied: Path) -> None:
    (copied / PACKAGE / "py.typed").unlink()
    done = generate("--check", "--out", copied)
    assert (done.returncode, done.stderr) == (1, f"missing: {PACKAGE}/py.typed\n")


def test_check_names_files_that_nothing_generates(copied: Path) -> None:
    (copied / PACKAGE / "models" / "extra.py").touch()
    (copied / "stray.txt").touch()
    done = generate("--check", "--out", copied)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"not generated: {PACKAGE}/models/extra.py",
        "not generated: stray.txt",
    ]


# ------------------------------------------------------------------------------------ the overlay


def test_overlay_action_that_matches_nothing_stops_generation(tmp_path: Path) -> None:
    overlay = overlay_with(
        {"target": "$.components.schemas.Gone", "update": {"nullable": True}}, tmp_path
    )
    before = tree(GENERATED)
    done = generate("--overlay", overlay)
    assert done.returncode == 2
    assert "($.components.schemas.Gone) matches nothing in this contract" in done.stderr
    assert tree(GENERATED) == before


def test_other_contract_is_generated_with_a_warning_for_each_such_action(
    contract: Contract, tmp_path: Path, out: Path
) -> None:
    del contract["components"]["schemas"]["RestoreJobModel"]["properties"]["status"]
    contract["components"]["schemas"]["RestoreJobModel"]["required"].remove("status")
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 0, done.stderr
    (warning,) = done.stderr.splitlines()
    assert warning.startswith("warning: overlay action 1 ")
    assert warning.endswith("matches nothing in this contract")


# ------------------------------------------------------------------- contracts that change shape


def test_titles_that_collide_lose_nothing(contract: Contract, tmp_path: Path, out: Path) -> None:
    for schema in contract["components"]["schemas"].values():
        schema["title"] = "Serverless"
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 0, done.stderr


def test_inline_alternatives_become_fields_of_one_class(
    contract: Contract, tmp_path: Path, out: Path
) -> None:
    alternatives = [
        {
            "type": "object",
            "title": "Kind",
            "required": [name],
            "properties": {name: {"$ref": f"#/components/schemas/{schema}"}},
            "additionalProperties": False,
        }
        for name, schema in (("serverless", "ServerlessSpec"), ("pod", "PodSpec"))
    ]
    contract["components"]["schemas"]["IndexSpec"] = {"type": "object", "oneOf": alternatives}
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 0, done.stderr
    models = imported(out, "with_alternatives")
    spec = models.IndexSpec.from_dict({"serverless": {"cloud": "aws", "region": "us-east-1"}})
    assert spec.serverless.region == "us-east-1"
    assert spec.pod is None


def test_referenced_alternatives_become_fields_of_one_class(
    contract: Contract, tmp_path: Path, out: Path
) -> None:
    def mode(**more: Any) -> dict[str, Any]:
        properties = {"mode": {"type": "string"}, **more}
        return {"type": "object", "required": ["mode"], "properties": properties}

    contract["components"]["schemas"] |= {
        "OnDemand": mode(),
        "Dedicated": mode(nodes={"type": "integer"}),
        "Capacity": {
            "oneOf": [
                {"$ref": f"#/components/schemas/{name}"} for name in ("OnDemand", "Dedicated")
            ],
            "discriminator": {"propertyName": "mode"},
        },
    }
    properties = contract["components"]["schemas"]["ServerlessSpec"]["properties"]
    properties["capacity"] = {"$ref": "#/components/schemas/Capacity"}
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 0, done.stderr
    models = imported(out, "with_references")
    wire = {"cloud": "aws", "region": "r", "capacity": {"mode": "Dedicated", "nodes": 2}}
    assert models.ServerlessSpec.from_dict(wire).capacity.nodes == 2


def test_required_version_header_is_no_argument(
    contract: Contract, tmp_path: Path, out: Path
) -> None:
    header = {
        "in": "header",
        "name": "X-Pinecone-Api-Version",
        "required": True,
        "schema": {"type": "string", "default": "2025-04"},
    }
    assert generate("--spec", saved(contract, tmp_path), "--out", tmp_path).returncode == 0
    contract["paths"]["/restore-jobs"]["get"]["parameters"].append(header)
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 0, done.stderr
    assert tree(out / PACKAGE / "api") == tree(tmp_path / PACKAGE / "api")


# ----------------------------------------------------------------------------- what would be lost


def refused(contract: Contract, tmp_path: Path) -> str:
    """Generate into a directory that holds a package, which must survive, and return the reason."""
    out = tmp_path / "out"
    shutil.copytree(GENERATED, out, ignore=shutil.ignore_patterns("__pycache__"))
    before = tree(out)
    done = generate("--spec", saved(contract, tmp_path), "--out", out)
    assert done.returncode == 1
    assert tree(out) == before
    return done.stderr


def test_warning_of_the_generator_is_fatal_and_put_into_words(
    contract: Contract, tmp_path: Path
) -> None:
    schemas = contract["components"]["schemas"]
    schemas["indexModel"] = copy.deepcopy(schemas["IndexModel"])
    line = "/components/schemas/indexModel: several schemas make a class 'Index'"
    assert line in refused(contract, tmp_path)


def test_operation_that_would_be_lost_is_named(contract: Contract, tmp_path: Path) -> None:
    contract["paths"]["/restore-jobs"]["get"]["operationId"] = "describe_restore_job"
    # Two operations of one name: the generator lets the second overwrite the first.
    assert "/paths/~1restore-jobs/get" in refused(contract, tmp_path)


def test_property_that_cannot_name_a_field_is_named(contract: Contract, tmp_path: Path) -> None:
    for name in ("class", "class_"):
        contract["components"]["schemas"]["BackupModel"]["properties"][name] = {"type": "string"}
    assert refused(contract, tmp_path).startswith(
        "/components/schemas/BackupModel/properties/class: another field has the name 'class_'"
    )


def test_alternatives_that_contradict_each_other_are_named(
    contract: Contract, tmp_path: Path
) -> None:
    kinds = [{"type": "object", "properties": {"size": {"type": t}}} for t in ("string", "integer")]
    contract["components"]["schemas"]["IndexSpec"] = {"oneOf": kinds}
    assert "/components/schemas/IndexSpec: its alternatives disagree about 'size'" in refused(
        contract, tmp_path
    )


def test_alternatives_in_a_circle_are_refused(contract: Contract, tmp_path: Path) -> None:
    itself = {"$ref": "#/components/schemas/IndexSpec"}
    contract["components"]["schemas"]["IndexSpec"] = {"type": "object", "oneOf": [itself]}
    assert "its alternatives contain it again" in refused(contract, tmp_path)


# ------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "not found"),
        ("a: [", "is neither YAML nor JSON"),
        ("swagger: '2.0'", "is not an OpenAPI 3 document"),
        ("openapi: 3.0.3\npaths: {}", "has no operations"),
        ("openapi: 3.0.3\npaths: {/a: {$ref: 'http://other.invalid/a'}}", "is remote"),
        ("openapi: 3.0.3\npaths: {/a: {$ref: '#/components/none'}}", "leads nowhere"),
    ],
)
def test_unusable_contract_is_one_line_and_nothing_is_written(
    tmp_path: Path, out: Path, content: str | None, reason: str
) -> None:
    spec = tmp_path / "contract.yaml"
    if content is not None:
        spec.write_text(content)
    done = generate("--spec", spec, "--out", out)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{spec}: ")
    assert reason in line
    assert not out.exists()


def test_other_contract_is_never_written_over_ours(tmp_path: Path, contract: Contract) -> None:
    done = generate("--spec", saved(contract, tmp_path))
    assert done.returncode == 2
    assert "--spec needs --out" in done.stderr


def test_output_that_is_a_file_is_refused(out: Path) -> None:
    out.write_text("precious")
    done = generate("--spec", PINNED_CONTRACT, "--out", out)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert out.read_text() == "precious"
