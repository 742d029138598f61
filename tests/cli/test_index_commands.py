"""`pinecone-control indexes` and `collections`, on the emulator."""

import attrs
import pytest

from pinecone_control import Pinecone, models
from pinecone_control.emulator import Emulator
from tests.cli.shell import Shell, code_of, without_colours

SERVERLESS = ("--cloud", "aws", "--region", "us-east-1")
PODS = ("--environment", "us-east-1-aws", "--pod-type", "p1.x1")


def test_create_makes_a_serverless_index(shell: Shell, pc: Pinecone) -> None:
    ended = shell.run("indexes", "create", "movies", *SERVERLESS, "--dimension", "8", "-o", "json")
    index = pc.describe_index("movies")
    assert (index.name, index.dimension) == (ended.json["name"], 8)
    assert index.spec.serverless is not None


def test_create_sends_only_what_was_given(shell: Shell, emulator: Emulator) -> None:
    shell.run("indexes", "create", "movies", *SERVERLESS, "--dimension", "8")
    assert emulator.requests[-1].body == (
        b'{"name":"movies","spec":{"serverless":{"cloud":"aws","region":"us-east-1"}},"dimension":8}'
    )


def test_create_makes_a_pod_index(shell: Shell, pc: Pinecone) -> None:
    shell.run("indexes", "create", "old", *PODS, "--dimension", "8", "--replicas", "2")
    spec = pc.describe_index("old").spec.pod
    assert spec is not None
    assert spec.replicas == 2


def test_create_makes_an_index_for_a_model(shell: Shell, pc: Pinecone) -> None:
    model = ("--model", "multilingual-e5-large", "--field-map", "text=chunk")
    ended = shell.run("indexes", "create", "docs", *SERVERLESS, *model)
    assert ended.code == 0
    embed = pc.describe_index("docs").embed
    assert embed is not None
    assert embed.field_map == {"text": "chunk"}


def test_create_and_wait_returns_a_ready_index(shell: Shell) -> None:
    ended = shell.run(
        "indexes", "create", "movies", *SERVERLESS, "--dimension", "8", "--wait", "-o", "json"
    )
    assert ended.json["status"] == {"ready": True, "state": "Ready"}


def test_create_of_an_index_that_fails_is_code_4_with_wait(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.plan("index", outcome="InitializationFailed")
    words = ("indexes", "create", "movies", *SERVERLESS, "--dimension", "8", "--wait")
    assert shell.run(*words).code == 4


def test_create_under_a_taken_name_is_code_1(shell: Shell) -> None:
    words = ("indexes", "create", "movies", *SERVERLESS, "--dimension", "8")
    assert shell.run(*words).code == 0
    assert shell.run(*words).code == 1


@pytest.mark.parametrize(
    "place",
    [(), ("--cloud", "aws"), (*SERVERLESS, *PODS), (*SERVERLESS, "--pod-type", "p1.x1")],
    ids=["nowhere", "cloud-alone", "both", "mixed"],
)
def test_create_that_does_not_say_where_is_code_2(shell: Shell, place: tuple[str, ...]) -> None:
    assert shell.run("indexes", "create", "movies", *place, "--dimension", "8").code == 2


def test_list_shows_kind_and_region(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo")
    ended = shell.run("indexes", "list", "--columns", "name,kind,region", "-o", "csv")
    assert "movies,serverless,us-east-1" in ended.lines
    assert "legacy-catalog,pod,us-east-1-aws" in ended.lines


def test_list_shows_a_tag_as_a_column(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo")
    ended = shell.run("indexes", "list", "--columns", "name,tags.team", "-o", "csv")
    assert "movies,search" in ended.lines


def test_configure_protects_and_sets_tags(shell: Shell, pc: Pinecone) -> None:
    shell.run("indexes", "create", "movies", *SERVERLESS, "--dimension", "8", "--tag", "old=1")
    shell.run(
        "indexes", "configure", "movies", "--protect", "--tag", "team=search", "--tag", "old="
    )
    index = pc.describe_index("movies")
    assert index.deletion_protection == "enabled"
    assert index.to_dict()["tags"] == {"team": "search"}


def test_two_values_of_one_tag_are_code_2(shell: Shell) -> None:
    ended = shell.run("indexes", "configure", "movies", "--tag", "team=a", "--tag", "team=b")
    assert ended.code == 2
    assert "--tag" in ended.err


def test_configure_of_nothing_is_code_2(shell: Shell) -> None:
    assert shell.run("indexes", "configure", "movies").code == 2


def test_protected_index_is_not_deleted_and_the_way_out_is_told(
    shell: Shell, emulator: Emulator
) -> None:
    emulator.seed("demo")
    ended = shell.run("indexes", "delete", "movies", "--yes")
    assert ended.code == 1
    assert "indexes configure movies --unprotect" in ended.err


def test_delete_and_wait_returns_when_the_index_is_gone(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    emulator.seed("demo")
    assert shell.run("indexes", "delete", "support-tickets", "--yes", "--wait").code == 0
    assert not pc.has_index("support-tickets")


def test_delete_asks_with_the_names_on_a_terminal(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo")
    with shell.terminal("indexes", "delete", "support-tickets") as child:
        child.expect("Delete support-tickets with all vectors")
        child.sendline("n")
        assert code_of(child) == 1


def test_waiting_for_an_index_shows_its_state(shell: Shell, pc: Pinecone) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("movies", spec=spec, dimension=8)
    ended = shell.run("indexes", "wait", "movies", "-q")
    assert ended.out == "movies\n"
    assert "index movies: Ready" in ended.err


def test_collection_is_made_listed_and_deleted(
    shell: Shell, pc: Pinecone, emulator: Emulator
) -> None:
    shell.run("indexes", "create", "old", *PODS, "--dimension", "8", "--wait")
    made = shell.run("collections", "create", "copy", "--source", "old", "-o", "json")
    assert made.json["name"] == "copy"
    assert shell.run("collections", "list", "-q").lines == ["copy"]
    emulator.clock.advance(60)
    assert shell.run("collections", "describe", "copy", "-o", "json").json["status"] == "Ready"
    assert shell.run("collections", "delete", "copy", "--yes").lines == ["copy: deleted"]
    emulator.clock.advance(60)
    assert pc.list_collections().data == []


def test_collection_of_a_taken_name_is_refused_when_dry(shell: Shell, emulator: Emulator) -> None:
    emulator.seed("demo")
    words = ("collections", "create", "copy", "--source", "legacy-catalog")
    assert shell.run(*words).code == 0
    ended = shell.run(*words, "--dry-run")
    assert ended.code == 1
    assert "a collection named 'copy' already exists" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("indexes", "create", "new", *SERVERLESS, "--dimension", "8"),
        ("indexes", "create", "new", *SERVERLESS, "--model", "multilingual-e5-large"),
        ("indexes", "configure", "support-tickets", "--tag", "team=search"),
        ("indexes", "delete", "support-tickets"),
        ("collections", "create", "new", "--source", "legacy-catalog"),
        ("backups", "create", "support-tickets"),
    ],
    ids=" ".join,
)
def test_dry_run_changes_nothing(shell: Shell, emulator: Emulator, words: tuple[str, ...]) -> None:
    emulator.seed("demo")
    ended = shell.run(*words, "--dry-run")
    assert ended.code == 0
    assert "would be" in ended.out + ended.err
    assert {request.method for request in emulator.requests} <= {"GET"}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("indexes", "create", "movies", *SERVERLESS, "--dimension", "8"), "already exists"),
        (("backups", "restore", "--latest", "movies", "--name", "movies"), "already exists"),
        (("collections", "create", "new", "--source", "movies"), "movies is not a pod index"),
        (("backups", "create", "legacy-catalog"), "legacy-catalog has no backups: it is a pod"),
        (("backups", "restore", "movies-2026-11-19", "--name", "new"), "is not ready"),
    ],
    ids=str,
)
def test_dry_run_is_refused_as_the_command_would_be(
    shell: Shell, emulator: Emulator, words: tuple[str, ...], what: str
) -> None:
    emulator.seed("demo")
    ended = shell.run(*words, "--dry-run")
    assert ended.code == 1
    assert what in ended.err
    assert "\nhint: " in ended.err
    assert shell.run(*words).code == 1


@pytest.mark.parametrize(
    ("noun", "model"),
    [
        ("indexes", models.Index),
        ("collections", models.Collection),
        ("backups", models.Backup),
        ("restore-jobs", models.RestoreJob),
    ],
)
def test_every_field_of_the_contract_is_a_column(
    shell: Shell, noun: str, model: type[models.Model]
) -> None:
    (header,) = shell.run(noun, "list", "-o", "csv").lines[:1]
    columns = {name.partition(".")[0] for name in header.split(",")}
    assert {field.name for field in attrs.fields(model)} - columns == set()


def test_dry_deletion_goes_on_after_a_protected_index(shell: Shell, pc: Pinecone) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pc.create_index("kept", spec=spec, dimension=8, deletion_protection="enabled")
    pc.create_index("gone", spec=spec, dimension=8)
    ended = shell.run("indexes", "delete", "kept", "gone", "--dry-run")
    assert ended.code == 1
    assert ended.lines == ["gone: would be deleted"]
    assert "index kept has deletion protection" in ended.err
    assert "1 of 2 failed" in ended.err


@pytest.mark.parametrize("width", [40, 60, 80])
def test_narrow_terminal_shows_whole_names(shell: Shell, pc: Pinecone, width: int) -> None:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    names = [f"index-number-{number}-of-two" for number in (1, 2)]
    for name in names:
        pc.create_index(name, spec=spec, dimension=8)
    shown = without_colours(shell.on_terminal("indexes", "list", width=width).out)
    heading, *rows = shown.splitlines()[:3]
    assert heading.split()[:2] == ["NAME", "STATUS"]
    assert [row.split()[0] for row in rows] == names
    assert all(len(row) <= width for row in rows)
