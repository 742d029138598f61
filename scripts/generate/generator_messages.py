"""Translate error messages of openapi-python-client into a JSON pointer and a reason.

The generator's messages name its own classes and functions, or print whole parts of the contract.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from openapi_python_client.schema import OpenAPI
from pydantic import ValidationError

from pinecone_control.contract.document import join
from scripts.generate.generator_input import LEADS_TO_ITSELF

if TYPE_CHECKING:
    from scripts.spec.contract_file import Contract

_ERROR: Final = re.compile(r"^(?=WARNING parsing|Unable to (?:process|parse) schema)", re.MULTILINE)
_PART: Final = re.compile(r"^\{$.*?^\}$", re.MULTILINE | re.DOTALL)
"""A part of the contract, which the generator prints after each error."""

_OPERATION: Final = re.compile(r"WARNING parsing (?P<method>[A-Z]+) (?P<path>.+?) within")
_COMPONENT: Final = re.compile(r"#?(?P<pointer>/components/\w+/[^\s/:]+)")
_REASONS: Final = {
    r"Path parameters do not match with path": "its path does not name each path parameter once",
    r"Parameters MUST NOT contain duplicates": "a parameter occurs twice",
    r"Parameters with same Python identifier (\w+)": "several parameters make an argument {0!r}",
    r"is not allowed in (\w+)": "a {0} parameter cannot have this schema",
    r"Path parameter must be required": "a path parameter is not required",
    r"Missing schema": "its body has no schema",
    r"Invalid response status code pattern: (\S+),": "{0!r} is not a status code",
    r"Enum values must all be the same type|Got \{": "the values of an enum are of several types",
    r"Unsupported enum type": "the values of an enum are neither strings nor integers",
    r"onflicting enums named (\w+)": "several enums make a class {0!r}",
    r'duplicate models with name "(\w+)"': "several schemas make a class {0!r}",
    r"Circular": "a schema or reference leads back to itself",
    r"must have items": "an array does not say what its items are",
    r"Properties (\S+) and (\S+) have": "its properties {0!r} and {1!r} make one field",
    r"can't (?:be merge|merge|redefine|combine)": "parts of an `allOf` contradict each other",
    r"in allOf was not processed": "an `allOf` has a part that leads back to it",
    r"Cannot take allOf a non-object": "an `allOf` has a part that is not an object",
    r"Invalid property in union": "there is no type for one of its alternatives",
    r" default value|Invalid value|is not valid for|Cannot convert": "a default has the wrong type",
    r"Could not find|not found|Could not resolve": LEADS_TO_ITSELF,
}
"""Reasons by the generator's message, in the version that `openapi/pin.toml` pins."""


def validation_error(contract: Contract) -> str:
    """Return why the generator does not accept the contract as OpenAPI; empty if it does."""
    try:
        OpenAPI.model_validate(contract)
    except ValidationError as error:
        # pydantic adds names of its own to the places of a union's members.
        found = max(error.errors(), key=lambda each: len(_place(contract, each["loc"])))
        place = _place(contract, found["loc"])
        if found["type"] == "missing":
            return f"{join('', *place)}: has no {found['loc'][-1]!r}"
        return f"{join('', *place)}: is not what OpenAPI allows there"
    return ""


def _place(contract: Contract, steps: tuple[int | str, ...]) -> list[int | str]:
    place: list[int | str] = []
    node: Any = contract
    for step in steps:
        members = range(len(node)) if isinstance(node, list) else node
        if isinstance(members, dict | range) and step in members:
            node = node[step]
            place.append(step)
    return place


def generator_error(output: str) -> str:
    """Return the generator's output as one line that names the place and the reason.

    If the generator rejected an operation because of a schema, the schema is named.
    """
    said = [" ".join(each.split()) for each in _ERROR.split(_PART.sub("", output))[1:]]
    first = next(iter(sorted(said, key=lambda each: bool(_OPERATION.match(each)))), "")
    place = "the contract"
    if operation := _OPERATION.match(first):
        place = join("/paths", operation["path"], operation["method"].lower())
    elif component := _COMPONENT.search(first):
        place = component["pointer"]
    for words, reason in _REASONS.items():
        if found := re.search(words, first):
            return f"{place}: {reason.format(*found.groups())}"
    return f"{place}: the generator cannot make code from it"
