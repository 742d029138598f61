"""Read an OpenAPI contract, and separate its structure from its prose.

All programs that need a contract file (generation, the overlay, `spec-verify`) read it here and so
agree on its contents: YAML 1.2 values (a timestamp or `no` is a string), keys that are strings,
references that are local and have a target, and one name for JSON as media type.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import yaml

from pinecone_control.contract.document import (
    DocumentError,
    Place,
    dereference,
    objects,
    references,
)
from scripts.spec.document_shape import shape_errors

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

Contract: TypeAlias = dict[str, Any]
"""A contract, or an object inside one, as decoded JSON."""

MAX_BYTES = 20_000_000
MAX_NODES = 1_000_000
MAX_DEPTH = 100
FETCH_SECONDS = 60.0


class ContractFileError(Exception):
    """The contract cannot be used. The message is one line that names the file and the reason."""


# ---------------------------------------------------------------------------------------- reading


def read_contract(source: str | Path) -> Contract:
    """Return the contract from a file or URL, as decoded JSON in the order of the file.

    Args:
        source: a path, or an `http://` or `https://` URL. YAML or JSON, at most 20 MB.

    Raises:
        ContractFileError: it cannot be read, is neither YAML nor JSON, is not OpenAPI 3, or
            has a `$ref` that is remote or has no target.
    """
    return parse_contract(read_bytes(source), str(source))


def read_bytes(source: str | Path) -> bytes:
    """Return the bytes of a file or URL, at most 20 MB.

    Raises:
        ContractFileError: it cannot be read, or is too large.
    """
    name = str(source)
    try:
        content = _fetch(name) if name.startswith(("http://", "https://")) else _load(Path(source))
    except FileNotFoundError as error:
        raise ContractFileError(f"{name}: not found") from error
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        reason = getattr(error, "strerror", None) or _one_line(error) or type(error).__name__
        raise ContractFileError(f"{name}: cannot be read: {reason}") from error
    if len(content) > MAX_BYTES:
        raise ContractFileError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB")
    return content


def parse_contract(content: bytes, name: str) -> Contract:
    """Return the contract in these bytes; error messages call it by `name`.

    Raises:
        ContractFileError: as for `read_contract`.
    """
    try:
        document = _plain_json(decode(content))
        return _checked(document)
    except ContractFileError as error:
        raise ContractFileError(f"{name}: {error}") from error
    except RecursionError as error:
        raise ContractFileError(f"{name}: nested too deeply") from error


def _load(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _fetch(url: str) -> bytes:
    give_up = time.monotonic() + FETCH_SECONDS
    content = bytearray()
    with httpx.stream("GET", url, follow_redirects=True, timeout=20.0) as response:
        if response.status_code != httpx.codes.OK:
            raise ContractFileError(f"{url}: the server answered {response.status_code}")
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > MAX_BYTES:
                break
            if time.monotonic() > give_up:
                raise ContractFileError(f"{url}: not complete after {FETCH_SECONDS:g} seconds")
    return bytes(content)


def decode(content: bytes) -> object:
    """Decode a YAML 1.2 or JSON text.

    Raises:
        ContractFileError: the text is neither. The message does not name the file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractFileError("is not UTF-8 text") from error
    if not text.strip():
        raise ContractFileError("is empty")
    if text.lstrip().startswith("<"):
        raise ContractFileError("is HTML or XML, neither YAML nor JSON")
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, object_pairs_hook=_unique_names)
        except ValueError:
            pass  # a YAML text can begin with a brace too
    try:
        _refuse_deep_nesting(text)
        return yaml.load(text, _Yaml12Loader)  # noqa: S506 - a safe loader, see the class
    except (yaml.YAMLError, ValueError, KeyError) as error:
        raise ContractFileError(f"is neither YAML nor JSON: {_yaml_problem(error)}") from error


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ContractFileError(f"the key {twice!r} occurs twice in one mapping")
    return mapping


def _yaml_problem(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return _one_line(error)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


class _Yaml12Loader(_SafeLoader):
    """A safe loader for the core schema of YAML 1.2.

    PyYAML follows YAML 1.1, where `on` is a boolean, `12:30` a number and `2025-04-01` a date.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        # Keys stay strings, as in JSON: the status code 200 is the key "200".
        seen: set[str] = set()
        for index, (key, value) in enumerate(node.value):
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value == "<<" or key.value in seen:
                problem = "merge keys are not" if key.value == "<<" else "a repeated key is not"
                raise yaml.constructor.ConstructorError(
                    None, None, f"{problem} YAML 1.2: {key.value!r}", key.start_mark
                )
            seen.add(key.value)
            name = yaml.ScalarNode(_tag("str"), key.value, key.start_mark, key.end_mark)
            node.value[index] = (name, value)
        return super().construct_mapping(node, deep)


def _tag(name: str) -> str:
    return f"tag:yaml.org,2002:{name}"


def _construct_int(_: _Yaml12Loader, node: yaml.ScalarNode) -> int:
    text = node.value
    return int(text, {"0x": 16, "0o": 8}.get(text[:2], 10))


for _name, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN",
        list("-+.0123456789"),
    ),
):
    _Yaml12Loader.add_implicit_resolver(_tag(_name), re.compile(rf"(?:{_pattern})\Z"), _first)
_Yaml12Loader.add_constructor(_tag("int"), _construct_int)


def _refuse_deep_nesting(text: str) -> None:
    # libyaml builds its tree by recursion in C, where deep nesting would crash the process.
    depth = 0
    for event in yaml.parse(text, _SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise ContractFileError("is nested too deeply")


def _plain_json(document: object) -> object:
    """Return the document as plain JSON: aliases expanded, limited in size and depth.

    Raises:
        ContractFileError: it is too large, too deep, or has a value that JSON cannot express.
    """
    nodes = 0

    def copy(node: object, depth: int) -> object:
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ContractFileError("has too many values, or is nested too deeply")
        if isinstance(node, dict):
            return {name: copy(value, depth + 1) for name, value in node.items()}
        if isinstance(node, list):
            return [copy(member, depth + 1) for member in node]
        if isinstance(node, float) and not math.isfinite(node):
            raise ContractFileError(f"holds {node}, which JSON cannot express")
        if node is None or isinstance(node, str | int | float):
            return node
        raise ContractFileError(f"holds a {type(node).__name__}, which JSON cannot express")

    return copy(document, 0)


# --------------------------------------------------------------------------------------- checking


def _checked(document: object) -> Contract:
    if not isinstance(document, dict):
        raise ContractFileError("is not an OpenAPI document: it is not a mapping")
    version = document.get("openapi")
    if not re.match(r"3\.\d", str(version)):
        word = "swagger" if version is None else "openapi"
        version = document.get(word)
        says = "has no `openapi` version" if version is None else f"says `{word}: {version}`"
        raise ContractFileError(f"is not an OpenAPI 3 document: it {says}")
    for wrong in shape_errors(document):
        raise ContractFileError(f"is not an OpenAPI document: {wrong}")
    for pointer, reference in references(document):
        try:
            dereference(document, {"$ref": reference})
        except DocumentError as error:
            raise ContractFileError(f"{error} (at {pointer}/$ref)") from error
    for _, each in objects(document):
        if "content" in each:
            each["content"] = _with_plain_json(each["content"])
    return document


def _with_plain_json(content: Contract) -> Contract:
    """Return the media types with `application/json` for JSON in UTF-8, which all JSON is."""
    plain = {name: _JSON_IN_UTF_8.sub("application/json", name) for name in content}
    if len({*plain.values()}) < len(plain):
        return content
    return {plain[name]: value for name, value in content.items()}


_JSON_IN_UTF_8 = re.compile(
    r"""\A\s*application/json\s*(;\s*charset="?utf-8"?\s*)?\Z""", re.IGNORECASE
)


# -------------------------------------------------------------------------------------- structure

PROSE = frozenset({"$comment", "description", "example", "examples", "summary", "title"})
"""OpenAPI's keywords for texts. Properties that have these names are not prose."""

UNORDERED = frozenset(
    {"allOf", "anyOf", "enum", "oneOf", "parameters", "required", "security", "tags", "type"}
    | {"x-enum", "x-extensible-enum"}
)
"""Keywords of lists whose order has no meaning to a client or a server."""


def without_prose(node: Any, place: Place = Place.OBJECT) -> Any:
    """Return a copy of the contract without `PROSE`, in its order; numbers such as 1.0 become 1."""
    if isinstance(node, dict):
        return {
            key: without_prose(value, place.below(key))
            for key, value in node.items()
            if not (place is Place.OBJECT and key in PROSE)
        }
    if isinstance(node, list):
        return [without_prose(member, place.member) for member in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node


def structure(contract: Contract) -> Contract:
    """Return the structure of a contract: without prose, and sorted where order has no meaning."""
    return _sorted(without_prose(contract), Place.OBJECT)  # type: ignore[no-any-return]


def _sorted(node: Any, place: Place) -> Any:
    if isinstance(node, dict):
        return {
            key: _sorted_list(value, place.below(key))
            if isinstance(value, list) and is_unordered(key, place)
            else _sorted(value, place.below(key))
            for key, value in sorted(node.items())
        }
    return [_sorted(member, place.member) for member in node] if isinstance(node, list) else node


def _sorted_list(members: list[Any], place: Place) -> list[Any]:
    return sorted((_sorted(member, place.member) for member in members), key=canonical_json)


def is_unordered(key: str, place: Place) -> bool:
    """Return whether the order of a list has no meaning.

    Args:
        key: the key of the list.
        place: the kind of mapping that has the key.
    """
    return place is Place.OBJECT and key in UNORDERED


def canonical_json(node: object) -> str:
    """Return a JSON value as canonical text: sorted keys, no spaces, no needless escapes."""
    return json.dumps(node, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def structural_digest(contract: Contract) -> str:
    """Return `sha256:` and the hexadecimal digest of a contract's structure."""
    return "sha256:" + hashlib.sha256(canonical_json(structure(contract)).encode()).hexdigest()
