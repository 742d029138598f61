"""Creates whose answer is lost, and the option that finds out whether they were carried out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import frozen

from pinecone_control import (
    ConflictError,
    NotFoundError,
    Pinecone,
    PineconeConnectionError,
    PineconeValueError,
    PodSpec,
    ServerlessSpec,
)
from pinecone_control.emulator import Emulator, Fault, ManualClock
from tests.support.both_clients import Driver

TAG = "pinecone-control-call"
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
EMBED = {"model": "multilingual-e5-large", "field_map": {"text": "text"}}


@frozen
class Scene:
    """An emulator with an index, a backup that has tags, and a pod index."""

    emulator: Emulator
    url: str
    backup_id: str

    def call(self, driver: Driver, use: Callable[[Any], Any], clock: Any = None) -> Any:
        return driver.call(use, api_key="k", host=self.url, clock=clock or self.emulator.clock)

    @property
    def writes(self) -> int:
        return sum(request.method == "POST" for request in self.emulator.requests)


@pytest.fixture
def scene() -> Iterator[Scene]:
    clock = ManualClock()
    with (
        Emulator(seed=1, clock=clock) as emulator,
        Pinecone("k", "http://e", transport=emulator.transport(), clock=clock) as pc,
        emulator.serve() as server,
    ):
        pc.create_index("docs", spec=SPEC, dimension=3, tags={"team": "search"}, wait=True)
        pc.create_index("pods", spec=PodSpec(environment="e", pod_type="p1.x1"), dimension=3)
        pc.wait_for_index("pods")
        backup = pc.create_backup("docs", wait=True)
        emulator.requests.clear()
        yield Scene(emulator, server.url, backup.backup_id)


def creates(scene: Scene) -> dict[str, Callable[[Any], Any]]:
    return {
        "create_index": lambda pc: pc.create_index("new", spec=SPEC, dimension=3, reconcile=True),
        "create_index_for_model": lambda pc: pc.create_index_for_model(
            "new", cloud="aws", region="us-east-1", embed=EMBED, reconcile=True
        ),
        "create_collection": lambda pc: pc.create_collection("new", source="pods", reconcile=True),
        "create_index_from_backup": lambda pc: pc.create_index_from_backup(
            scene.backup_id, name="new", reconcile=True
        ),
    }


OPERATIONS = list(creates(Scene(None, "", "")))  # type: ignore[arg-type]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_was_made_although_the_answer_was_lost_is_returned(
    driver: Driver, scene: Scene, operation: str
) -> None:
    scene.emulator.faults.add(Fault(operation=operation, drop=True, when="after"))
    made = scene.call(driver, creates(scene)[operation])

    assert scene.writes == 1
    if operation == "create_index_from_backup":
        job = scene.call(driver, lambda pc: pc.describe_restore_job(made.restore_job_id))
        assert (job.target_index_name, job.target_index_id) == ("new", made.index_id)
    else:
        assert made.name == "new"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_was_not_made_raises_the_original_error(
    driver: Driver, scene: Scene, operation: str
) -> None:
    scene.emulator.faults.add(Fault(operation=operation, drop=True, when="before"))
    with pytest.raises(PineconeConnectionError) as caught:
        scene.call(driver, creates(scene)[operation])

    assert caught.value.outcome_unknown
    assert scene.writes == 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_name_that_was_taken_before_is_a_conflict_as_ever(
    driver: Driver, scene: Scene, operation: str
) -> None:
    other = creates(scene)[operation]
    scene.call(driver, other)
    with pytest.raises(ConflictError):
        scene.call(driver, other)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each != "create_collection"])
def test_an_index_that_somebody_else_made_meanwhile_is_not_taken_for_ones_own(
    driver: Driver, scene: Scene, operation: str
) -> None:
    class Meanwhile(ManualClock):
        def _nap(self, end: float) -> float:
            with Pinecone("k", scene.url) as other:
                if not other.has_index("new"):
                    other.create_index("new", spec=SPEC, dimension=3)
            return super()._nap(end)

    scene.emulator.faults.add(Fault(operation=operation, drop=True, when="before"))
    with pytest.raises(PineconeConnectionError) as caught:
        scene.call(driver, creates(scene)[operation], clock=Meanwhile())

    assert caught.value.outcome_unknown


def test_a_collection_whose_name_was_not_free_is_never_taken_for_ones_own(
    driver: Driver, scene: Scene
) -> None:
    scene.call(driver, lambda pc: pc.create_collection("new", source="pods"))
    scene.emulator.faults.add(Fault(operation="create_collection", drop=True, when="after"))
    with pytest.raises(PineconeConnectionError):
        scene.call(driver, creates(scene)["create_collection"])


def test_a_restored_index_keeps_the_backups_tags(driver: Driver, scene: Scene) -> None:
    scene.call(driver, creates(scene)["create_index_from_backup"])
    tags = scene.call(driver, lambda pc: pc.describe_index("new")).tags

    assert {**tags, TAG: "x"} == {"team": "search", TAG: "x"}
    assert TAG in tags


def test_trouble_while_looking_does_not_hide_what_was_made(driver: Driver, scene: Scene) -> None:
    scene.emulator.faults.add(Fault(operation="create_index", drop=True, when="after"))
    scene.emulator.faults.add(Fault(operation="describe_index", status=503, times=6))
    assert scene.call(driver, creates(scene)["create_index"]).name == "new"


def test_without_the_option_nothing_is_looked_for_and_no_tag_is_set(
    driver: Driver, scene: Scene
) -> None:
    made = scene.call(driver, lambda pc: pc.create_index("new", spec=SPEC, dimension=3))
    scene.emulator.faults.add(Fault(operation="create_index", drop=True, when="after"))
    with pytest.raises(PineconeConnectionError):
        scene.call(driver, lambda pc: pc.create_index("newer", spec=SPEC, dimension=3))

    assert TAG not in (made.tags or {})
    assert scene.writes == len(scene.emulator.requests) == 2


def test_a_refusal_is_raised_at_once(driver: Driver, scene: Scene) -> None:
    with pytest.raises(NotFoundError):
        scene.call(
            driver,
            lambda pc: pc.create_index_from_backup(
                "00000000-0000-0000-0000-000000000000", name="new", reconcile=True
            ),
        )


def test_tags_that_are_none_are_refused_before_anything_is_sent(
    driver: Driver, scene: Scene
) -> None:
    with pytest.raises(PineconeValueError, match="tags must map"):
        scene.call(
            driver,
            lambda pc: pc.create_index("new", spec=SPEC, dimension=3, tags=["x"], reconcile=True),
        )

    assert scene.writes == 0
