"""The layer rules of docs/architecture.md: who may import whom."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

FACADE = Path(__file__).parents[1] / "facade"
ARCHITECTURE = Path(__file__).parents[1] / "docs" / "architecture.md"
PACKAGE = "pinecone_control"
LAYERS = (
    ("_extras",),
    ("_lazy_imports", "errors", "models", "clock"),
    ("_checks",),
    ("retry",),
    ("_core",),
    ("_http",),
    ("_async", "_sync"),
    ("__init__",),
    ("contract",),
    ("emulator",),
    ("pytest_plugin", "cli"),
    ("__main__",),
)
"""From the bottom up. A module imports from its own room and from lower layers."""
WITHOUT_HTTPX = ("errors", "models", "clock", "retry", "_core")
ON_PUBLIC_NAMES = ("cli", "emulator")
INTERNAL = ("_async", "_sync")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(FACADE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted((FACADE / PACKAGE).rglob("*.py"))}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions and for type checkers alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                member = f"{node.module}.{each.name}"
                yield member if member in MODULES else node.module


IMPORTS: Mapping[str, set[str]] = {
    name: set(imported(path)) - {name} for name, path in MODULES.items()
}


def room(module: str) -> str:
    """`pinecone_control.cli.app` is in the room `cli`."""
    return module.split(".")[1] if "." in module else "__init__"


def layer(module: str) -> int:
    return next(height for height, rooms in enumerate(LAYERS) if room(module) in rooms)


def edges() -> Iterator[tuple[str, str]]:
    for module, targets in IMPORTS.items():
        yield from ((module, target) for target in targets if target in MODULES)


def test_every_module_has_a_layer() -> None:
    rooms = {each for rooms in LAYERS for each in rooms}
    assert {room(module) for module in MODULES} == rooms


def test_imports_lead_to_the_own_room_or_down() -> None:
    upwards = [
        f"{module} imports {target}"
        for module, target in edges()
        if room(module) != room(target) and layer(target) >= layer(module)
    ]
    assert upwards == []


def test_modules_form_no_circle() -> None:
    graph = {module: targets & MODULES.keys() for module, targets in IMPORTS.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_command_line_and_emulator_use_public_names_of_the_client() -> None:
    inside = [
        f"{module} imports {target}"
        for module, target in edges()
        if room(module) in ON_PUBLIC_NAMES and room(target) in INTERNAL
    ]
    assert inside == []


def test_pure_modules_run_without_httpx() -> None:
    pure = [module for module in MODULES if room(module) in WITHOUT_HTTPX]
    program = f"import sys, {', '.join(pure)}; sys.exit('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0


def test_architecture_page_draws_these_layers() -> None:
    drawing = ARCHITECTURE.read_text("utf-8").split("## Layers")[1].split("```")[1]
    drawn = [tuple(re.findall(r"\w+", line.split("  ")[0])) for line in drawing.splitlines()[1:]]
    assert tuple(reversed(drawn)) == LAYERS


def test_waived_lint_rules_are_few_and_have_reasons() -> None:
    waivers = [
        (path.name, line.split("# noqa", 1)[1])
        for path in MODULES.values()
        for line in path.read_text("utf-8").splitlines()
        if "# noqa" in line
    ]
    without_a_reason = [each for each in waivers if not re.match(r": [A-Z0-9, ]+ - \w+", each[1])]
    assert without_a_reason == []
    assert len(waivers) <= 30
