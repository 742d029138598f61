"""The contracts that ship with this package, with validators of their schemas."""

from __future__ import annotations

import json
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from pinecone_control.contract.document import Document
from pinecone_control.contract.schema_validator import Validator, as_json_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_control.contract.document import Schema


class Contract(Document):
    """An OpenAPI 3.0 document with a validator for each of its schemas."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self._validators: dict[str, Validator] = {}

    def validator(self, schema: Schema) -> Validator:
        """Return the validator of a schema of this contract; each is compiled once."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Validator(schema, self._components)
        return self._validators[key]

    @cached_property
    def _components(self) -> dict[str, Any]:
        return {"schemas": {name: as_json_schema(each) for name, each in self.schemas.items()}}


@cache
def effective_contract() -> Contract:
    """Return the contract that this package was generated from: the pinned one, corrected."""
    return _shipped("contract.json")


@cache
def pinned_contract() -> Contract:
    """Return the contract as published, without the corrections and without descriptions."""
    return _shipped("pinned.json")


def _shipped(name: str) -> Contract:
    text = resources.files("pinecone_control_api").joinpath(name).read_text("utf-8")
    return Contract(json.loads(text))
