"""The frozen contract with changes planted in it, and one of the kind that 2025-10 brought."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pinecone_control.contract.document import objects, operations, resolve
from tests.support.contracts import frozen_contract

NEXT_VERSION = "2025-12"

Contract = dict[str, Any]
Plant = Callable[[Contract], None]


def planted_in(folder: Path, *plants: Plant) -> Path:
    """A file with the frozen contract, changed."""
    contract = frozen_contract()
    for plant in plants:
        plant(contract)
    path = folder / "new.oas.json"
    path.write_text(json.dumps(contract))
    return path


def schemas(contract: Contract) -> Contract:
    found: Contract = contract["components"]["schemas"]
    return found


def properties(contract: Contract, schema: str) -> Contract:
    found: Contract = schemas(contract)[schema]["properties"]
    return found


def definitions(contract: Contract) -> list[Contract]:
    """The operation objects themselves, to plant in."""
    return [resolve(contract, f"#{each.pointer}") for each in operations(contract)]


# ------------------------------------------------------------------------------- single changes


def required_property_in_a_request(contract: Contract) -> None:
    schema = schemas(contract)["CreateCollectionRequest"]
    schema["properties"]["owner"] = {"type": "string"}
    schema["required"].append("owner")


def removed_enum_value(contract: Contract) -> None:
    schemas(contract)["DeletionProtection"]["enum"].remove("enabled")


def removed_enum_value_of_an_answer(contract: Contract) -> None:
    properties(contract, "CollectionModel")["status"]["enum"].remove("Terminating")


def renamed_schema(contract: Contract, before: str, after: str) -> None:
    text = json.dumps(contract).replace(
        f'"#/components/schemas/{before}"', f'"#/components/schemas/{after}"'
    )
    contract.clear()
    contract.update(json.loads(text))
    named = schemas(contract)
    named[after] = named.pop(before)


def new_operation(contract: Contract) -> None:
    item = contract["paths"]["/backups"]
    item["post"] = {**copy.deepcopy(item["get"]), "operationId": "purge_backups", "parameters": []}


def removed_operation(contract: Contract) -> None:
    del contract["paths"]["/restore-jobs/{job_id}"]


def moved_operation(contract: Contract) -> None:
    contract["paths"]["/jobs/{job_id}"] = contract["paths"].pop("/restore-jobs/{job_id}")


def refusal_added(contract: Contract) -> None:
    responses = contract["paths"]["/restore-jobs"]["get"]["responses"]
    responses["429"] = copy.deepcopy(responses["500"])


def success_added(contract: Contract) -> None:
    responses = contract["paths"]["/restore-jobs"]["get"]["responses"]
    responses["206"] = copy.deepcopy(responses["200"])


def title_collision(contract: Contract) -> None:
    for name in ("RestoreJobModel", "BackupModel"):
        schemas(contract)[name]["title"] = "Job"


def inline_one_of(contract: Contract) -> None:
    for schema in (schemas(contract)["IndexSpec"], properties(contract, "IndexModel")["spec"]):
        kinds = schema.pop("properties")
        schema.pop("additionalProperties", None)
        schema["oneOf"] = [
            {
                "type": "object",
                "properties": {kind: value},
                "required": [kind],
                "additionalProperties": False,
            }
            for kind, value in kinds.items()
        ]


def version_header(contract: Contract) -> None:
    for operation in definitions(contract):
        operation.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": "X-Pinecone-Api-Version",
                "required": True,
                "schema": {"type": "string", "default": NEXT_VERSION},
            }
        )


def open_enums(contract: Contract) -> None:
    """Every `enum` becomes an `x-enum`."""
    for _, each in list(objects(contract)):
        if "enum" in each:
            each["x-enum"] = each.pop("enum")


def read_capacity(contract: Contract) -> None:
    """Answers state a required object of two kinds, told apart by a discriminator."""
    on_demand = {
        "type": "object",
        "properties": {
            "mode": {"type": "string"},
            "status": {"$ref": "#/components/schemas/CapacityStatus"},
        },
    }
    dedicated = copy.deepcopy(on_demand)
    dedicated["properties"]["node_type"] = {"type": "string"}
    schemas(contract).update(
        CapacityStatus={
            "type": "object",
            "properties": {"state": {"type": "string"}},
            "required": ["state"],
        },
        OnDemand={**on_demand, "required": ["mode", "status"], "additionalProperties": False},
        Dedicated={
            **dedicated,
            "required": ["mode", "status", "node_type"],
            "additionalProperties": False,
        },
        Capacity={
            "oneOf": [
                {"$ref": "#/components/schemas/OnDemand"},
                {"$ref": "#/components/schemas/Dedicated"},
            ],
            "discriminator": {
                "propertyName": "mode",
                "mapping": {
                    "OnDemand": "#/components/schemas/OnDemand",
                    "Dedicated": "#/components/schemas/Dedicated",
                },
            },
        },
    )
    answer = copy.deepcopy(schemas(contract)["ServerlessSpec"])
    answer["properties"]["read_capacity"] = {"$ref": "#/components/schemas/Capacity"}
    answer["required"].append("read_capacity")
    schemas(contract)["ServerlessSpecResponse"] = answer
    spec = properties(contract, "IndexModel")["spec"]
    text = json.dumps(spec).replace('schemas/ServerlessSpec"', 'schemas/ServerlessSpecResponse"')
    properties(contract, "IndexModel")["spec"] = json.loads(text)


def next_version(contract: Contract) -> None:
    """All kinds of change that a real new version brought, together."""
    contract["info"]["version"] = NEXT_VERSION
    version_header(contract)
    inline_one_of(contract)
    read_capacity(contract)
    open_enums(contract)
    title_collision(contract)


def another_server(contract: Contract) -> None:
    contract["servers"] = [{"url": "https://next.example"}]


def another_api(contract: Contract) -> None:
    contract["info"]["title"] = "Trees"
    get = {"operationId": "list_trees", "responses": {"200": {"description": "Trees."}}}
    contract["paths"] = {"/trees": {"get": get}}
