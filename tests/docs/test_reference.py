"""The site: the API reference shows every public name, and everything a client can do."""

import inspect
import json
from pathlib import Path
from types import ModuleType

import pytest

import pinecone_control
from pinecone_control import AsyncPinecone, Pinecone, contract, emulator, errors, models
from scripts.docs import build as build_docs
from scripts.docs.check_links import broken_links, document
from scripts.docs.site import OPERATIONS
from scripts.project import DOCS

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_docs.build(folder)
    return folder


def described(site: Path) -> set[str]:
    """The names that have a description on some page of the reference."""
    return set().union(*(document(page).anchors for page in (site / "reference").glob("*.html")))


@pytest.mark.parametrize("module", [pinecone_control, errors, models, emulator, contract])
def test_every_public_name_has_a_description(site: Path, module: ModuleType) -> None:
    names = getattr(module, "__all__", None) or [
        name for name in vars(module) if name in pinecone_control.__all__
    ]
    if module is pinecone_control:
        told_elsewhere = {*vars(errors), *models.__all__, "errors", "models"}
        names = [name for name in names if name not in told_elsewhere]
    assert {f"{module.__name__}.{name}" for name in names} <= described(site)


@pytest.mark.parametrize("client", [Pinecone, AsyncPinecone])
def test_every_method_of_a_client_has_a_description(site: Path, client: type) -> None:
    methods = {
        f"pinecone_control.{client.__name__}.{name}"
        for name, _ in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_")
    }
    assert len(methods) > 20
    assert methods <= described(site)


def test_every_operation_of_the_low_level_client_has_a_description(site: Path) -> None:
    operations = f"{OPERATIONS}."
    modules = {name for name in described(site) if name.startswith(operations)}
    assert len({name.removeprefix(operations).split(".")[0] for name in modules}) == 18


def test_every_guide_is_on_the_site(site: Path) -> None:
    guides = {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert guides <= {page.stem for page in site.glob("*.html")}


def test_search_finds_guides_and_reference(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert {"retries.html", "reference/client.html"} <= places


def test_no_link_of_the_site_leads_nowhere(site: Path) -> None:
    broken = {page.name: broken_links(page) for page in site.rglob("*.html")}
    assert {page: links for page, links in broken.items() if links} == {}
