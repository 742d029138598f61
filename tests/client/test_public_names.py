"""What `pinecone_control` and its packages show, and what importing them costs."""

import ast
import py_compile
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = ("pinecone_control", "pinecone_control.contract", "pinecone_control.emulator")


def stub_of(package: str) -> ast.Module:
    file = import_module(package).__file__
    assert file is not None
    return ast.parse(Path(file).with_suffix(".pyi").read_text("utf-8"))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_of_the_stub_can_be_imported(package: str) -> None:
    module = import_module(package)
    listed = [
        alias.name
        for node in stub_of(package).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(listed) == list(module.__all__)
    for name in listed:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_dir_shows_public_names_alone(package: str) -> None:
    module = import_module(package)
    assert set(dir(module)) - {"__version__"} == set(module.__all__)
    assert not [name for name in module.__all__ if name.startswith("_")]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_does_not_exist_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match=rf"module '{package}' has no attribute 'Pinecon'"):
        import_module(package).Pinecon  # noqa: B018 - reading it is the test


def test_importing_the_package_imports_nothing_else() -> None:
    program = (
        "import sys, pinecone_control; sys.exit('attrs' in sys.modules or 'httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("form", ["source", "compiled"])
@pytest.mark.parametrize("container", ["directory", "zip"])
def test_the_package_can_be_imported_from_a_zip_and_as_compiled_code(
    container: str, form: str, tmp_path: Path
) -> None:
    place = tmp_path / "packages"
    for package in ("pinecone_control", "pinecone_control_api"):
        directory = Path(str(import_module(package).__file__)).parent
        for file in directory.rglob("*.[jp]*"):
            copy = place / package / file.relative_to(directory)
            if file.suffix == ".pyc" or not file.is_file():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            if form == "compiled" and file.suffix == ".py":
                py_compile.compile(str(file), str(copy.with_suffix(".pyc")), doraise=True)
            else:
                copy.write_bytes(file.read_bytes())
    if container == "zip":
        place = tmp_path / "packages.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for file in (tmp_path / "packages").rglob("*.*"):
                archive.write(file, file.relative_to(tmp_path / "packages"))
    program = (
        f"import sys; sys.path.insert(0, {str(place)!r})\n"
        "import pinecone_control\n"
        f"assert pinecone_control.__file__.startswith({str(place)!r})\n"
        "from pinecone_control import Index, Pinecone, contract, emulator\n"
        "contract.ContractTransport, emulator.Emulator\n"
        "Pinecone('k').close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
