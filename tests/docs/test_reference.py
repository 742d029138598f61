"""The API reference shows every public name, and everything a client can do."""

import inspect
from pathlib import Path

import pytest

import pinecone_control
from pinecone_control import AsyncPinecone, Pinecone
from scripts.docs import build as build_docs
from scripts.docs.check_links import broken_links, document


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    build_docs.build(folder)
    return folder


def test_every_public_name_has_a_description(reference: Path) -> None:
    pages = [reference / "pinecone_control.html", *(reference / "pinecone_control").glob("*.html")]
    described = set().union(*(document(page).anchors for page in pages))
    modules = {"errors", "models"}
    assert set(pinecone_control.__all__) - modules <= described
    assert all((reference / "pinecone_control" / f"{name}.html").exists() for name in modules)


@pytest.mark.parametrize("client", [Pinecone, AsyncPinecone])
def test_every_method_of_a_client_has_a_description(reference: Path, client: type) -> None:
    methods = {
        f"{client.__name__}.{name}"
        for name, _ in inspect.getmembers(client, inspect.isfunction)
        if not name.startswith("_")
    }
    assert len(methods) > 20
    assert methods <= document(reference / "pinecone_control.html").anchors


def test_every_operation_of_the_low_level_client_has_a_page(reference: Path) -> None:
    folder = reference / "pinecone_control_api" / "api" / "manage_indexes"
    assert len(list(folder.glob("*.html"))) == 18


def test_no_link_of_the_reference_leads_nowhere(reference: Path) -> None:
    assert {page.name: broken_links(page) for page in reference.rglob("*.html")} == {
        page.name: [] for page in reference.rglob("*.html")
    }
