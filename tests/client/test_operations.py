"""Every operation of the contract: its method, the request it sends, the model it returns."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from attrs import field, frozen

from pinecone_control import AsyncFirstPage, AsyncPinecone, Pinecone
from pinecone_control.contract.shipped_contracts import effective_contract
from pinecone_control.emulator import Emulator, ManualClock
from pinecone_control.models import (
    Backup,
    ByocSpec,
    Collection,
    CreateIndexFromBackupResponse,
    Index,
    IndexEmbed,
    PodSpec,
    RestoreJob,
    ServerlessSpec,
)
from scripts.docs.operations_table import METHOD_OF
from tests.support.both_clients import Driver

OPERATIONS = effective_contract().operations


def test_the_contract_has_eighteen_operations() -> None:
    assert len(OPERATIONS) == 18


@pytest.mark.parametrize("client", [Pinecone, AsyncPinecone])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_of_the_contract_has_a_documented_method(
    operation: str, client: type
) -> None:
    method = getattr(client, METHOD_OF.get(operation, operation))
    assert inspect.getdoc(method)
    assert "Raises:" in (inspect.getdoc(method) or "")


def public_methods(client: type) -> dict[str, Callable[..., Any]]:
    return {
        name: member
        for name, member in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }


def test_both_clients_have_the_same_methods() -> None:
    assert public_methods(Pinecone).keys() == public_methods(AsyncPinecone).keys()


@pytest.mark.parametrize("name", public_methods(Pinecone))
def test_both_clients_take_the_same_arguments(name: str) -> None:
    ours, twin = (
        inspect.signature(public_methods(client)[name]) for client in (Pinecone, AsyncPinecone)
    )
    assert list(ours.parameters) == list(twin.parameters)
    for one, other in zip(ours.parameters.values(), twin.parameters.values(), strict=True):
        assert (one.kind, one.default) == (other.kind, other.default)
        assert str(one.annotation).replace("Async", "") == str(other.annotation).replace(
            "Async", ""
        )


@frozen
class Case:
    """One way to call an operation, and what must go over the wire."""

    operation: str
    use: Callable[[Any], Any]
    method: str
    path: str
    result: type | None
    body: bytes = b""
    query: Mapping[str, str] = field(factory=dict)


SERVERLESS = ServerlessSpec(cloud="aws", region="us-east-1")
CASES = [
    Case("list_indexes", lambda pc: pc.list_indexes(), "GET", "/indexes", Index),
    Case(
        "create_index",
        lambda pc: pc.create_index(
            "fresh",
            spec=SERVERLESS,
            dimension=1536,
            metric="cosine",
            tags={"team": "search"},
            deletion_protection="enabled",
        ),
        "POST",
        "/indexes",
        Index,
        b'{"name":"fresh","spec":{"serverless":{"cloud":"aws","region":"us-east-1"}},'
        b'"dimension":1536,"metric":"cosine","deletion_protection":"enabled",'
        b'"tags":{"team":"search"}}',
    ),
    Case(
        "create_index",
        lambda pc: pc.create_index(
            "fresh",
            spec=PodSpec(environment="us-east-1-aws", pod_type="p1.x1"),
            dimension=3,
        ),
        "POST",
        "/indexes",
        Index,
        b'{"name":"fresh","spec":{"pod":{"environment":"us-east-1-aws","pod_type":"p1.x1"}},'
        b'"dimension":3}',
    ),
    Case(
        "create_index",
        lambda pc: pc.create_index("fresh", spec=ByocSpec(environment="mine"), dimension=3),
        "POST",
        "/indexes",
        Index,
        b'{"name":"fresh","spec":{"byoc":{"environment":"mine"}},"dimension":3}',
    ),
    Case(
        "create_index",
        lambda pc: pc.create_index(
            name="fresh", spec={"serverless": SERVERLESS}, vector_type="sparse"
        ),
        "POST",
        "/indexes",
        Index,
        b'{"name":"fresh","spec":{"serverless":{"cloud":"aws","region":"us-east-1"}},'
        b'"vector_type":"sparse"}',
    ),
    Case(
        "create_index_for_model",
        lambda pc: pc.create_index_for_model(
            "fresh",
            cloud="aws",
            region="us-east-1",
            embed=IndexEmbed(model="multilingual-e5-large", field_map={"text": "body"}),
        ),
        "POST",
        "/indexes/create-for-model",
        Index,
        b'{"name":"fresh","cloud":"aws","region":"us-east-1",'
        b'"embed":{"model":"multilingual-e5-large","field_map":{"text":"body"}}}',
    ),
    Case("describe_index", lambda pc: pc.describe_index("docs"), "GET", "/indexes/docs", Index),
    Case(
        "configure_index",
        lambda pc: pc.configure_index("pods", pod_type="p1.x2"),
        "PATCH",
        "/indexes/pods",
        Index,
        b'{"spec":{"pod":{"pod_type":"p1.x2"}}}',
    ),
    Case(
        "configure_index",
        lambda pc: pc.configure_index("pods", replicas=2),
        "PATCH",
        "/indexes/pods",
        Index,
        b'{"spec":{"pod":{"replicas":2}}}',
    ),
    Case(
        "configure_index",
        lambda pc: pc.configure_index("docs", tags={"stage": ""}, deletion_protection="enabled"),
        "PATCH",
        "/indexes/docs",
        Index,
        b'{"deletion_protection":"enabled","tags":{"stage":""}}',
    ),
    Case("delete_index", lambda pc: pc.delete_index("docs"), "DELETE", "/indexes/docs", None),
    Case("list_collections", lambda pc: pc.list_collections(), "GET", "/collections", Collection),
    Case(
        "create_collection",
        lambda pc: pc.create_collection("fresh", source="pods"),
        "POST",
        "/collections",
        Collection,
        b'{"name":"fresh","source":"pods"}',
    ),
    Case(
        "describe_collection",
        lambda pc: pc.describe_collection("copy"),
        "GET",
        "/collections/copy",
        Collection,
    ),
    Case(
        "delete_collection",
        lambda pc: pc.delete_collection("copy"),
        "DELETE",
        "/collections/copy",
        None,
    ),
    Case(
        "create_backup",
        lambda pc: pc.create_backup("docs", name="nightly", description="before the update"),
        "POST",
        "/indexes/docs/backups",
        Backup,
        b'{"name":"nightly","description":"before the update"}',
    ),
    Case(
        "create_backup",
        lambda pc: pc.create_backup(index_name="docs"),
        "POST",
        "/indexes/docs/backups",
        Backup,
        b"{}",
    ),
    Case(
        "list_index_backups",
        lambda pc: pc.list_backups("docs", limit=5),
        "GET",
        "/indexes/docs/backups",
        Backup,
        query={"limit": "5"},
    ),
    Case(
        "list_project_backups",
        lambda pc: pc.list_backups(),
        "GET",
        "/backups",
        Backup,
        query={"limit": "100"},
    ),
    Case(
        "describe_backup",
        lambda pc: pc.describe_backup("{backup}"),
        "GET",
        "/backups/{backup}",
        Backup,
    ),
    Case(
        "delete_backup",
        lambda pc: pc.delete_backup(backup_id="{backup}"),
        "DELETE",
        "/backups/{backup}",
        None,
    ),
    Case(
        "create_index_from_backup_operation",
        lambda pc: pc.create_index_from_backup(
            "{backup}", name="fresh", tags={"from": "backup"}, deletion_protection="disabled"
        ),
        "POST",
        "/backups/{backup}/create-index",
        CreateIndexFromBackupResponse,
        b'{"name":"fresh","tags":{"from":"backup"},"deletion_protection":"disabled"}',
    ),
    Case(
        "list_restore_jobs",
        lambda pc: pc.list_restore_jobs(),
        "GET",
        "/restore-jobs",
        RestoreJob,
        query={"limit": "100"},
    ),
    Case(
        "describe_restore_job",
        lambda pc: pc.describe_restore_job(job_id="{job}"),
        "GET",
        "/restore-jobs/{job}",
        RestoreJob,
    ),
]


@frozen
class Scene:
    """An emulator with one of everything, served over a real socket."""

    emulator: Emulator
    url: str
    ids: dict[str, str]

    def fill_in(self, text: str) -> str:
        for name, value in self.ids.items():
            text = text.replace(f"{{{name}}}", value)
        return text


class FillingIn:
    """A client whose methods get the ids of the scene where a case writes `{backup}`, `{job}`."""

    def __init__(self, client: Any, scene: Scene) -> None:
        self._client = client
        self._scene = scene

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            given = [self._scene.fill_in(a) if isinstance(a, str) else a for a in args]
            named = {
                k: self._scene.fill_in(v) if isinstance(v, str) else v for k, v in kwargs.items()
            }
            return method(*given, **named)

        return call


@pytest.fixture
def scene() -> Iterator[Scene]:
    clock = ManualClock()
    with (
        Emulator(seed=1, clock=clock, check_responses=True) as emulator,
        Pinecone("k", "http://e", transport=emulator.transport(), clock=clock) as pc,
    ):
        pc.create_index("docs", spec=SERVERLESS, dimension=3, wait=True)
        pc.create_index("pods", spec=PodSpec(environment="e", pod_type="p1.x1"), dimension=3)
        pc.wait_for_index("pods")
        pc.create_collection("copy", source="pods")
        backup = pc.create_backup("docs", wait=True)
        restored = pc.create_index_from_backup(backup.backup_id, name="restored")
        pc.wait_for_restore_job(restored.restore_job_id)
        clock.advance(60)
        emulator.requests.clear()
        with emulator.serve() as server:
            yield Scene(
                emulator,
                server.url,
                {"backup": backup.backup_id, "job": restored.restore_job_id},
            )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.operation)
def test_a_method_sends_exactly_its_request_and_returns_its_model(
    driver: Driver, scene: Scene, case: Case
) -> None:
    answer = driver.call(lambda pc: case.use(FillingIn(pc, scene)), api_key="k", host=scene.url)

    (sent,) = scene.emulator.requests
    assert (sent.method, sent.path) == (case.method, scene.fill_in(case.path))
    assert sent.query == case.query
    assert sent.body == case.body
    assert OPERATIONS[case.operation].method == sent.method
    if case.result is None:
        assert answer is None
    elif hasattr(answer, "data"):
        assert answer.data
        assert all(type(item) is case.result for item in answer.data)
    else:
        assert type(answer) is case.result


def test_every_operation_of_the_contract_is_among_the_cases() -> None:
    assert {case.operation for case in CASES} == set(OPERATIONS)


def test_an_asynchronous_listing_that_was_not_awaited_is_neither_true_nor_false(
    scene: Scene,
) -> None:
    listing = AsyncPinecone("k", scene.url).list_backups()
    with pytest.raises(TypeError, match="await it"):
        bool(listing)


def test_an_asynchronous_listing_sends_nothing_before_it_is_used(scene: Scene) -> None:
    pc = AsyncPinecone("k", scene.url)
    assert isinstance(pc.list_restore_jobs(), AsyncFirstPage)
    assert list(scene.emulator.requests) == []


def test_has_index_tells_whether_an_index_exists(driver: Driver, scene: Scene) -> None:
    assert driver.call(lambda pc: pc.has_index("docs"), api_key="k", host=scene.url) is True
    assert driver.call(lambda pc: pc.has_index("none"), api_key="k", host=scene.url) is False


BY_MODEL: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "/indexes/docs": ("index", lambda pc, index: pc.describe_index(index)),
    "/indexes/docs/backups": ("index", lambda pc, index: pc.create_backup(index, name="again")),
    "/backups/ID": ("backup", lambda pc, backup: pc.describe_backup(backup)),
    "/backups/ID/create-index": (
        "backup",
        lambda pc, backup: pc.create_index_from_backup(backup, name="copy"),
    ),
    "/restore-jobs/ID": ("restore", lambda pc, restore: pc.describe_restore_job(restore)),
    "/restore-jobs": ("restore", lambda pc, restore: pc.wait_for_restore_jobs([restore])),
    "/collections/pods-copy": (
        "collection",
        lambda pc, collection: pc.describe_collection(collection),
    ),
}


@pytest.mark.parametrize("path", BY_MODEL)
def test_a_model_can_be_given_where_its_id_is_wanted(driver: Driver, path: str) -> None:
    clock = ManualClock()
    with Emulator(seed=1, clock=clock) as emulator, emulator.serve() as server:
        with Pinecone("k", server.url, clock=clock) as pc:
            pods = PodSpec(environment="e", pod_type="p1.x1")
            pc.create_index("pods", spec=pods, dimension=3, wait=True)
            index = pc.create_index("docs", spec=SERVERLESS, dimension=3, wait=True)
            backup = pc.create_backup("docs", wait=True)
            restore = pc.create_index_from_backup(backup.backup_id, name="restored")
            collection = pc.create_collection("pods-copy", source="pods")
        given = {"index": index, "backup": backup, "restore": restore, "collection": collection}
        ids = {"backup": backup.backup_id, "restore": restore.restore_job_id}
        kind, use = BY_MODEL[path]
        emulator.requests.clear()
        driver.call(lambda pc: use(pc, given[kind]), api_key="k", host=server.url, clock=clock)

        assert emulator.requests[0].path == path.replace("ID", ids.get(kind, ""))
