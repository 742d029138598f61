"""`make spec-update`: a whole update to another contract, or none."""

import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from scripts.project import PIN
from scripts.spec import project_copy
from scripts.spec.contract_file import read_contract, structural_digest
from scripts.spec.pin import read_pin
from tests.spec import changed
from tests.spec.changed import Contract, Plant, planted_in, schemas
from tests.support.contracts import FROZEN, frozen_contract

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]


def run(tree: Path, *command: object) -> "subprocess.CompletedProcess[str]":
    """Run a module of a project, with that project's own code."""
    roots = (tree / "facade", tree / "generated", tree)
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots))},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def spec_update(
    new: Path, out: Path, *options: object, of: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Update into a separate folder, so that the project under test is unchanged."""
    return run(of, "scripts.spec.update", new, "--out", out, *options, "--quick")


@pytest.fixture(scope="session")
def frozen_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project, or a copy that pins the frozen contract if this one pins another."""
    frozen = structural_digest(frozen_contract())
    if read_pin(PIN)["structural_digest"] == frozen:
        return ROOT
    tree = tmp_path_factory.mktemp("frozen") / "tree"
    done = spec_update(FROZEN, tree)
    assert done.returncode == 0, done.stderr
    return tree


# ---------------------------------------------------------------------------- to another version


@pytest.fixture(scope="module")
def next_tree(frozen_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree for a version with a header parameter, open enums, alternatives and equal titles."""
    folder = tmp_path_factory.mktemp("update")
    new = planted_in(folder, changed.next_version, changed.another_server)
    done = spec_update(new, folder / "tree", of=frozen_project)
    assert done.returncode == 0, done.stderr
    assert "hand-written files of the facade that had to change: 0" in done.stdout
    assert "a whole tree for API version 2025-12" in done.stdout
    return folder / "tree"


def test_the_facade_of_the_new_tree_works_against_a_server_of_that_version(
    next_tree: Path,
) -> None:
    tests = "tests/contract/test_every_status.py"
    done = run(next_tree, "pytest", "-q", "-p", "no:cacheprovider", tests)
    assert done.returncode == 0, done.stdout[-3000:]


def test_calls_go_to_the_server_of_the_new_contract(next_tree: Path) -> None:
    (next_tree / "show_host.py").write_text(
        "from pinecone_control import Pinecone\nprint(Pinecone('k'))\n"
    )
    assert "https://next.example" in run(next_tree, "show_host").stdout


def test_the_new_version_goes_out_with_every_request(next_tree: Path) -> None:
    (next_tree / "show.py").write_text(
        "import httpx\n"
        "from pinecone_control import Pinecone\n"
        "def answer(request):\n"
        "    print(request.headers['x-pinecone-api-version'])\n"
        "    return httpx.Response(200, json={'indexes': []})\n"
        "Pinecone('k', transport=httpx.MockTransport(answer)).list_indexes()\n"
    )
    assert run(next_tree, "show").stdout == f"{changed.NEXT_VERSION}\n"


def test_the_new_contract_is_pinned(next_tree: Path) -> None:
    pin = (next_tree / "openapi" / "pin.toml").read_text()
    assert 'file = "db_control_2025-12.oas.yaml"' in pin
    assert 'api_version = "2025-12"' in pin
    files = [path.name for path in (next_tree / "openapi").glob("*.oas.yaml")]
    assert files == ["db_control_2025-12.oas.yaml"]
    assert run(next_tree, "scripts.generate.client", "--check").returncode == 0


def test_public_names_of_the_models_stay_although_enums_were_opened(next_tree: Path) -> None:
    (next_tree / "names.py").write_text(
        "from pinecone_control import models\n"
        "for name in models.__all__: getattr(models, name)\n"
        "print(models.Metric)\n"
    )
    assert run(next_tree, "names").stdout == (
        "typing.Literal['cosine', 'dotproduct', 'euclidean']\n"
    )


# -------------------------------------------------------------------------------- single changes


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (changed.title_collision, "0 breaking, 0 compatible"),
        (changed.removed_enum_value, "what to tell users of a breaking change"),
        (changed.required_property_in_a_request, '"owner" is required now'),
        (changed.refusal_added, "does not mention: list_restore_jobs 429"),
        (changed.new_operation, "a method for the new operation purge_backups"),
        (
            partial(changed.renamed_schema, before="CreateBackupRequest", after="NewBackup"),
            "whether NewBackup is CreateBackupRequest renamed",
        ),
        (
            partial(changed.renamed_schema, before="CollectionModel", after="Snapshot"),
            "whether Snapshot is CollectionModel renamed",
        ),
        (changed.inline_one_of, "hand-written files of the facade that had to change: 0"),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_a_change_that_loses_nothing_is_applied(
    frozen_project: Path, tmp_path: Path, plant: Plant, says: str
) -> None:
    new = planted_in(tmp_path, plant)
    done = spec_update(new, tmp_path / "tree", "--dry-run", of=frozen_project)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert "Nothing was written: a dry run." in done.stdout


def without_the_states_of_backups(contract: Contract) -> None:
    backup = schemas(contract)["BackupModel"]
    del backup["properties"]["status"]
    backup["required"].remove("status")


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (
            changed.removed_operation,
            "the name describe_restore_job cannot be kept",
        ),
        (without_the_states_of_backups, "matches nothing in this contract"),
    ],
    ids=["removed operation", "a place that the overlay corrects by name"],
)
def test_a_change_that_loses_something_fails_the_update(
    frozen_project: Path, tmp_path: Path, plant: Plant, says: str
) -> None:
    done = spec_update(planted_in(tmp_path, plant), tmp_path / "tree", of=frozen_project)
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")
    assert not (tmp_path / "tree").exists()


def test_a_public_name_that_cannot_be_kept_is_named(frozen_project: Path, tmp_path: Path) -> None:
    def without_metadata(contract: Contract) -> None:
        del schemas(contract)["PodSpec"]["properties"]["metadata_config"]

    done = spec_update(planted_in(tmp_path, without_metadata), tmp_path / "tree", of=frozen_project)
    assert done.returncode == 1
    assert "the public name PodMetadataConfig cannot be kept" in done.stderr


def test_keep_saves_the_copy_of_a_failed_update(frozen_project: Path, tmp_path: Path) -> None:
    new, kept = planted_in(tmp_path, changed.removed_operation), tmp_path / "kept"
    done = spec_update(new, tmp_path / "tree", "--keep", kept, of=frozen_project)
    assert done.returncode == 1
    assert f"The tree as it is now is in {kept}." in done.stderr
    pin = read_pin(kept / "openapi" / "pin.toml")
    assert pin["structural_digest"] == structural_digest(read_contract(new))
    assert not (tmp_path / "tree").exists()


def test_the_update_starts_without_a_generated_client() -> None:
    tools = "scripts.spec.update, scripts.spec.diff, scripts.spec.watch, scripts.generate.client"
    program = f"import sys; sys.modules['pinecone_control_api'] = None; import {tools}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# ----------------------------------------------------------------------------------------- input


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [", "is neither YAML nor JSON"),
        ("openapi: 2.0.0\npaths: {}", "is not an OpenAPI 3 document"),
        ("openapi: 3.0.3\npaths: {/a: {$ref: '#/nowhere'}}", "leads nowhere"),
        ("x" * 50_000_000, "larger than 20 MB"),
    ],
    ids=["no YAML", "OpenAPI 2", "dangling", "50 MB"],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content)
    done = spec_update(path, tmp_path / "tree")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "tree").exists()


def test_another_api_changes_nothing(tmp_path: Path) -> None:
    done = spec_update(planted_in(tmp_path, changed.another_api), tmp_path / "tree")
    assert done.returncode == 2
    assert "describes another API" in done.stderr
    assert not (tmp_path / "tree").exists()


def test_a_version_that_cannot_name_a_file_is_refused(tmp_path: Path) -> None:
    def climb(contract: Contract) -> None:
        contract["info"]["version"] = "../../2099"

    done = spec_update(planted_in(tmp_path, climb), tmp_path / "tree")
    assert done.returncode == 2
    assert "cannot name a file" in done.stderr


def test_contract_without_a_server_is_refused(tmp_path: Path) -> None:
    new = planted_in(tmp_path, lambda contract: contract.update(servers=[{"url": "/v1"}]))
    done = spec_update(new, tmp_path / "tree")
    assert done.returncode == 2
    assert "/servers: has no absolute URL" in done.stderr


def test_a_file_of_another_digest_is_refused(tmp_path: Path) -> None:
    done = spec_update(FROZEN, tmp_path / "tree", "--sha256", "0" * 64)
    assert done.returncode == 2
    assert "its digest is not 000" in done.stderr


@pytest.mark.parametrize("option", ["--out", "--keep"])
def test_a_file_in_place_of_a_folder_is_refused_before_anything_runs(
    tmp_path: Path, option: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    done = run(ROOT, "scripts.spec.update", FROZEN, option, file, "--quick")
    assert done.returncode == 2
    assert (
        done.stderr == f"spec-update: {file}: is a file, or inside a file\nNothing was written.\n"
    )


@pytest.mark.parametrize("option", ["--out", "--keep"])
def test_folder_that_cannot_be_written_is_refused_before_anything_runs(option: str) -> None:
    done = run(ROOT, "scripts.spec.update", FROZEN, option, "/proc/tree", "--quick")
    assert done.returncode == 2
    assert done.stderr.startswith("spec-update: /proc/tree: cannot be written: ")
    assert done.stderr.count("\n") == len(["the reason", "Nothing was written."])


def test_pinned_file_itself_is_no_update(tmp_path: Path) -> None:
    done = spec_update(PIN.parent / read_pin(PIN)["file"], tmp_path / "tree")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("It is the pinned contract. Nothing was written.\n")
    assert not (tmp_path / "tree").exists()


def test_older_version_is_for_a_person_to_decide(frozen_project: Path, tmp_path: Path) -> None:
    new = planted_in(tmp_path, lambda contract: contract["info"].update(version="2024-10"))
    done = spec_update(new, tmp_path / "tree", "--dry-run", of=frozen_project)
    assert done.returncode == 0, done.stderr
    assert "whether to go back to 2024-10, before 2025-04" in done.stdout


def test_interrupted_update_writes_nothing(frozen_project: Path, tmp_path: Path) -> None:
    new, out = planted_in(tmp_path, changed.refusal_added), tmp_path / "tree"
    command = [sys.executable, "-u", "-m", "scripts.spec.update", str(new), "--out", str(out)]
    with subprocess.Popen(
        command, cwd=frozen_project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as update:
        assert update.stdout is not None
        assert update.stderr is not None
        begun = (line for line in iter(update.stdout.readline, "") if "the facade finds" in line)
        assert next(begun)
        update.send_signal(signal.SIGINT)
        assert update.stderr.read() == "interrupted. Nothing was written.\n"
    assert update.returncode == 130
    assert not out.exists()


def test_tree_that_cannot_be_written_whole_is_removed(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a").touch()
    (tmp_path / "tree" / "b").symlink_to("nowhere")
    with pytest.raises(shutil.Error):
        project_copy.copy_out(tmp_path / "tree", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_empty_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    done = spec_update(FROZEN, tmp_path)
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# -------------------------------------------------------------------------------------- in place


@pytest.fixture
def project(frozen_project: Path, tmp_path: Path) -> Path:
    """A copy of the project that tests may change."""
    with project_copy.copied(frozen_project) as copy:
        shutil.copytree(copy.tree, tmp_path / "project")
    return tmp_path / "project"


def test_without_a_folder_the_tree_itself_is_updated(project: Path, tmp_path: Path) -> None:
    new = planted_in(tmp_path, changed.next_version)
    done = run(project, "scripts.spec.update", new, "--quick")
    assert done.returncode == 0, done.stderr
    assert (project / "openapi" / "db_control_2025-12.oas.yaml").exists()
    assert [path.name for path in (project / "openapi").glob("*.oas.yaml")] == [
        "db_control_2025-12.oas.yaml"
    ]
    assert run(project, "scripts.generate.client", "--check").returncode == 0
    assert run(project, "scripts.generate.derive_sync", "--check").returncode == 0
    assert run(project, "scripts.spec.diff", new, "--fail-on", "prose").returncode == 0


@pytest.mark.parametrize(
    ("plant", "option"),
    [(changed.removed_operation, "--quick"), (changed.next_version, "--dry-run")],
)
def test_a_failure_and_a_dry_run_leave_the_tree_as_it_was(
    project: Path, tmp_path: Path, plant: Plant, option: str
) -> None:
    before = contents(project)
    run(project, "scripts.spec.update", planted_in(tmp_path, plant), "--quick", option)
    assert contents(project) == before


def contents(tree: Path) -> dict[Path, bytes]:
    files = (path for path in tree.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path: path.read_bytes() for path in files}


# -------------------------------------------------------------------------------- the copied tree


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of two files."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("old")
    (tmp_path / "docs" / "b.md").write_text("old")
    return tmp_path


def test_only_what_was_changed_in_the_copy_is_put_in_place(small: Path) -> None:
    with project_copy.copied(small) as copy:
        (copy.tree / "docs" / "a.md").write_text("new")
        (small / "docs" / "b.md").write_text("somebody's work")
        (small / "docs" / "c.md").write_text("somebody's work")
        assert copy.put_in_place() == [Path("docs/a.md")]
    written = {path.name: path.read_text() for path in (small / "docs").iterdir()}
    assert written == {"a.md": "new", "b.md": "somebody's work", "c.md": "somebody's work"}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(small: Path) -> None:
    with project_copy.copied(small) as copy:
        (copy.tree / "docs" / "a.md").write_text("new")
        (small / "docs" / "a.md").write_text("somebody's work")
        with pytest.raises(project_copy.ChangedMeanwhileError, match=r"docs/a\.md"):
            copy.put_in_place()
    assert (small / "docs" / "a.md").read_text() == "somebody's work"


def test_an_update_that_cannot_be_written_as_a_whole_is_undone(small: Path) -> None:
    with project_copy.copied(small) as copy:
        (copy.tree / "docs" / "a.md").write_text("new")
        (copy.tree / "docs" / "folder").mkdir()
        (copy.tree / "docs" / "folder" / "z.md").touch()
        (small / "docs" / "folder").mkdir()
        (small / "docs" / "folder" / "z.md").mkdir()
        with pytest.raises(OSError, match=r"z\.md"):
            copy.put_in_place()
    assert (small / "docs" / "a.md").read_text() == "old"
