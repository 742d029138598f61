"""What is refused is refused in one line; what is generated becomes the right fields and types.

`make any-contract` generates all planted contracts and calls what comes out. Here are the refusals,
and some of the clients.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.generate import client
from scripts.generate.generator_input import field_name, generator_input
from scripts.generate.server import server_module
from scripts.proofs.planted_contracts import GENERATED, REFUSED, planted

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_client_is_generated_for_is_refused_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant, reason = REFUSED[name]
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(planted(plant)))
    assert client.main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err.splitlines()
    line, last = [each for each in told if not each.startswith("warning: ")]
    assert line.startswith(reason)
    assert last == "Nothing was written."


@pytest.mark.parametrize("name", GENERATED)
def test_what_is_generated_is_taken_in(name: str) -> None:
    assert generator_input(planted(GENERATED[name]))["paths"]


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        ("name", "name"),
        ("_id", "id"),
        ("x-kind", "x_kind"),
        ("class", "class_"),
        ("list", "list_"),
        ("to_dict", "to_dict_"),
        ("2fa", "field_2fa"),
        ("é", "field"),
    ],
)
def test_field_is_called_as_on_the_wire_where_python_allows_it(wire: str, field: str) -> None:
    assert field_name(wire) == field


def test_tags_of_alternatives_become_one_field_with_all_values() -> None:
    contract = generator_input(planted(GENERATED["one-value discriminator tags"]))
    thing = contract["components"]["schemas"]["Thing"]
    assert thing["properties"]["kind"]["enum"] == ["a", "b"]
    assert thing["required"] == ["kind"]


def test_schema_of_an_answer_may_contain_itself(tmp_path: Path) -> None:
    out = Path(generated(GENERATED["schema of an answer that contains itself"], tmp_path))
    assert "inner: Node | None" in (out / "pinecone_control_api/models/node.py").read_text()


@pytest.mark.parametrize("ranges", ["4XX", "4XX and 5XX"])
def test_default_answer_is_proven_with_a_status_outside_of_ranges(
    ranges: str, tmp_path: Path
) -> None:
    generated(GENERATED[f"default answer beside {ranges}"], tmp_path)


USED = """
import json, pickle, sys
sys.path.insert(0, sys.argv[1])
from pinecone_control_api.models import Thing
text = sys.argv[2]
thing = Thing.from_json(text)
assert json.dumps(thing.to_dict()) == text, thing.to_dict()
assert pickle.loads(pickle.dumps(thing)) == thing == thing.replace()
made = Thing(name="n", **json.loads(sys.argv[3]))
print(made.to_json(), sorted(thing.additional_properties))
"""


@pytest.mark.parametrize(
    ("name", "wire", "fields", "made"),
    [
        ("property x-kind", {"name": "n", "x-kind": "k", "x_kind": 1}, {"x_kind": "k"}, "x-kind"),
        ("property list", {"name": "n", "list": ["a"], "list_": 1}, {"list_": ["b"]}, "list"),
        ("schema that refers to itself", {"name": "n", "parts": [{"name": "m", "new": 1}]}, {}, ""),
    ],
)
def test_generated_model_reads_and_writes_the_names_of_the_wire(
    tmp_path: Path, name: str, wire: dict[str, object], fields: dict[str, object], made: str
) -> None:
    out = generated(GENERATED[name], tmp_path)
    command = [sys.executable, "-c", USED, out, json.dumps(wire), json.dumps(fields)]
    used = subprocess.run(command, check=False, capture_output=True, text=True)
    assert used.returncode == 0, used.stderr
    assert f'"{made}": ' in used.stdout or not made
    assert ("x_kind" in used.stdout or "list_" in used.stdout) is bool(made)


def generated(plant: Callable[[dict[str, object]], object], tmp_path: Path) -> str:
    source, out = tmp_path / "contract.json", tmp_path / "out"
    source.write_text(json.dumps(planted(plant)))
    done = subprocess.run(
        [sys.executable, "-m", "scripts.generate.client", "--spec", source, "--out", out],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return str(out)


@pytest.mark.parametrize(
    ("servers", "url"),
    [
        ([{"url": "https://one.example/"}, {"url": "https://two.example"}], "https://one.example"),
        (
            [{"url": "https://{at}.example", "variables": {"at": {"default": "eu"}}}],
            "https://eu.example",
        ),
        ([{"url": "/v1"}], ""),
        ([], ""),
    ],
)
def test_server_is_the_first_of_the_contract_by_its_whole_url(
    servers: list[dict[str, object]], url: str
) -> None:
    assert f'URL = "{url}"\n' in server_module({"servers": servers})
