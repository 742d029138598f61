"""Run all phases of schemathesis against the emulator over HTTP.

``python -m scripts.proofs.fuzz_emulator --contract FILE`` takes any contract file of the API: the
pinned one, or the one that Pinecone publishes. The fuzzer gets a copy of it with three additions,
all stated below as data: known responses of the emulator beyond the contract, links from a response
to the next request, and the identifiers of existing resources.

The run fails on any finding, and also where it proved nothing: a phase that did not run, an
operation that never reached a 2xx, links that were not followed. ``--plant`` puts a bug into the
responses, and fails unless it is found.
"""

import argparse
import json
import shutil
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from attrs import Factory, evolve, frozen

from pinecone_control import Pinecone
from pinecone_control._core.header_names import API_VERSION
from pinecone_control.contract.document import operations, parts
from pinecone_control.contract.shipped_contracts import Contract as ServedContract
from pinecone_control.emulator import Emulator, ScaledClock, Settings
from pinecone_control.emulator.api.http_messages import Request, Response
from pinecone_control.emulator.coverage import UNDOCUMENTED, UNDOCUMENTED_EVERYWHERE
from pinecone_control.emulator.state.resources import Json
from scripts.environments import PythonEnvironment, SetupError
from scripts.generate.client import GenerationError, Source, read_source
from scripts.project import BUILD, PINNED_CONTRACT
from scripts.spec.contract_file import Contract, ContractFileError
from scripts.spec.overlay import OverlayError

FOLDER: Final = BUILD / "fuzz"
TOOL: Final = PythonEnvironment(
    BUILD / "tools" / "schemathesis", ("schemathesis==4.32.0",), constraints=None
)

KEY: Final = "fuzz"
SEED: Final = 1
EXAMPLES: Final = 100
BUDGET: Final = 600.0
"""Seconds for the whole run, including fuzzing and the stateful phase."""

GRACE: Final = 60.0
PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
OK: Final = range(200, 300)

# No durations: the fuzzer can use a created resource in its very next request, and must not find
# a deleted one again.
SETTINGS: Final = Settings(
    index_seconds=0,
    index_deletion_seconds=0,
    collection_seconds=0,
    collection_deletion_seconds=0,
    backup_seconds=0,
    restore_seconds=5,
)
SPEED: Final = 10

EXCLUDED_CHECKS: Final = {
    "positive_data_acceptance": "the contract documents 400 and 412 for requests that fit it",
}

NOTHING: Final = {"type": "object", "nullable": True, "enum": [None]}
"""A schema that only null fits, in OpenAPI 3.0."""

NULL_PAGINATION: Final = ("BackupList", "RestoreJobList")
"""Schemas whose `pagination` is null on the last page, as in the real service."""

_ON_INDEX: Final = {"index_name": "$response.body#/name"}
_ON_BACKUP: Final = {"backup_id": "$response.body#/backup_id"}
_ON_COLLECTION: Final = {"collection_name": "$response.body#/name"}
_ON_FIRST_BACKUP: Final = {"backup_id": "$response.body#/data/0/backup_id"}
_NEXT_PAGE: Final = {"paginationToken": "$response.body#/pagination/next"}
_INDEX_LINKS: Final = {
    "describe_index": _ON_INDEX,
    "configure_index": _ON_INDEX,
    "create_backup": _ON_INDEX,
    "list_index_backups": _ON_INDEX,
    "delete_index": _ON_INDEX,
}
LINKS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "create_index": _INDEX_LINKS,
    "create_index_for_model": _INDEX_LINKS,
    "create_backup": {
        "describe_backup": _ON_BACKUP,
        "create_index_from_backup_operation": _ON_BACKUP,
        "delete_backup": _ON_BACKUP,
    },
    "create_index_from_backup_operation": {
        "describe_restore_job": {"job_id": "$response.body#/restore_job_id"},
    },
    "create_collection": {
        "describe_collection": _ON_COLLECTION,
        "delete_collection": _ON_COLLECTION,
    },
    "list_restore_jobs": {
        "describe_restore_job": {"job_id": "$response.body#/data/0/restore_job_id"},
        "list_restore_jobs": _NEXT_PAGE,
    },
    "list_project_backups": {
        "describe_backup": _ON_FIRST_BACKUP,
        "list_project_backups": _NEXT_PAGE,
    },
    "list_index_backups": {
        "describe_backup": _ON_FIRST_BACKUP,
        "list_index_backups": {"index_name": "$request.path.index_name", **_NEXT_PAGE},
    },
}
"""Links from the success of one operation to others, with the parameters for them."""

Findings = Iterator[str]


@frozen
class Known:
    """Resources that exist when the fuzzer starts."""

    identifiers: dict[str, dict[str, list[str]]]
    bodies: dict[str, Json]


@frozen
class Report:
    """The reports of schemathesis about its run.

    Attributes:
        summary: its JSON report.
        statuses: by operation (method and path template), how often each status was returned.
        cases: by phase, the number of requests.
        followed: by phase, the number of requests that followed a link.
    """

    summary: dict[str, Any]
    statuses: dict[str, Counter[int]] = Factory(lambda: defaultdict(Counter))
    cases: Counter[str] = Factory(Counter)
    followed: Counter[str] = Factory(Counter)


def main() -> int:
    """Run the fuzzer; return the exit status."""
    parser = argparse.ArgumentParser(description="schemathesis against the emulator.")
    parser.add_argument(
        "--contract", default=str(PINNED_CONTRACT), help="path or URL [the pinned one]"
    )
    parser.add_argument("--max-examples", type=int, default=EXAMPLES, help="by operation [100]")
    parser.add_argument("--plant", action="store_true", help="add a bug that must be found")
    arguments = parser.parse_args()
    try:
        source = read_source(arguments.contract)
        TOOL.set_up()
    except (ContractFileError, GenerationError, OverlayError, SetupError) as error:
        print(f"NOT RUN: {error}", file=sys.stderr)
        return 2
    contract = source.published
    report, output = fuzz(source, arguments.max_examples, is_planted=arguments.plant)
    if arguments.plant:
        return judge_plant(report, output)
    findings = list(shortcomings(contract, report))
    print(described(contract, report))
    if findings:
        print(*(f"FAILED: {each}" for each in findings), sep="\n", file=sys.stderr)
    return int(bool(findings))


def fuzz(source: Source, examples: int, *, is_planted: bool) -> tuple[Report, str]:
    """Run schemathesis once; return its report and what it printed.

    The emulator serves the corrected contract, the fuzzer knows the one that is published.
    """
    contract = source.published
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    kind = EmulatorWithMistake if is_planted else Emulator
    with kind(
        clock=ScaledClock(SPEED),
        seed=SEED,
        api_keys=[KEY],
        settings=SETTINGS,
        check_responses=not is_planted,
        contract=ServedContract(source.contract),
    ) as emulator:
        emulator.seed("demo")
        with emulator.serve() as serving:
            prepared = FOLDER / "contract.json"
            known = resources(serving.url)
            prepared.write_text(json.dumps(with_additions(contract, known)), "utf-8")
            version = str(contract["info"]["version"])
            output = followed(command(prepared, serving.url, version, examples))
    return read_report(), output


def followed(line: list[str]) -> str:
    """Run a command; print its output as it appears, and return it."""
    said = []
    with subprocess.Popen(
        line, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        ending = threading.Timer(BUDGET + GRACE, process.kill)
        ending.start()
        for each in process.stdout or ():
            said.append(each)
            print(each, end="", file=sys.stderr, flush=True)
        ending.cancel()
    return "".join(said)


def command(prepared: Path, url: str, version: str, examples: int) -> list[str]:
    """Return the command line of schemathesis."""
    return [
        *TOOL.command("schemathesis"),
        "run",
        str(prepared),
        f"--url={url}",
        f"--header=Api-Key: {KEY}",
        f"--header=X-Pinecone-Api-Version: {version}",
        f"--max-time={BUDGET:.0f}",
        f"--phases={','.join(PHASES)}",
        f"--exclude-checks={','.join(EXCLUDED_CHECKS)}",
        f"--max-examples={examples}",
        f"--seed={SEED}",
        "--generation-database=none",
        "--continue-on-failure",
        "--report=json,ndjson",
        f"--report-json-path={FOLDER / 'summary.json'}",
        f"--report-ndjson-path={FOLDER / 'events.ndjson'}",
        "--no-color",
    ]


# ------------------------------------------------------------------------------------- input


def resources(url: str) -> Known:
    """Create the resources that the sample data lacks, and return the names of all."""
    with Pinecone(KEY, url) as pc:
        for name in ("kept", "deleted"):
            pc.create_collection(name, source="legacy-catalog")
        jobs = [job.restore_job_id for job in pc.list_restore_jobs(limit=5).data]
        ready = [backup.backup_id for backup in pc.list_backups() if backup.status == "Ready"]
    identifiers = {
        "describe_index": {"index_name": ["movies", "legacy-catalog", "support-tickets"]},
        "configure_index": {"index_name": ["legacy-catalog"]},
        "list_index_backups": {"index_name": ["movies"]},
        "create_backup": {"index_name": ["support-tickets", "movies"]},
        "delete_index": {"index_name": ["movies-restored"]},
        "describe_backup": {"backup_id": ready[:2]},
        "create_index_from_backup_operation": {"backup_id": ready[:2]},
        "delete_backup": {"backup_id": ready[-1:]},
        "describe_restore_job": {"job_id": jobs},
        "describe_collection": {"collection_name": ["kept"]},
        "delete_collection": {"collection_name": ["deleted"]},
    }
    model = {"model": "multilingual-e5-large", "field_map": {"text": "chunk"}}
    bodies: dict[str, Json] = {
        "create_collection": {"name": "copied", "source": "legacy-catalog"},
        "create_index_for_model": {
            "name": "texts",
            "cloud": "aws",
            "region": "us-east-1",
            "embed": model,
        },
        "configure_index": {"tags": {"env": "test"}},
        "create_index_from_backup_operation": {"name": "restored"},
        "create_backup": {"name": "nightly"},
    }
    return Known(identifiers, bodies)


def with_additions(contract: Contract, known: Known) -> Contract:
    """Return a copy of the contract with known deviations, links and real identifiers."""
    contract = deepcopy(contract)
    by_id: dict[str, Contract] = {}
    for each in list(operations(contract)):
        # Parameters of a path go to its operations, which each have identifiers of their own.
        by_id[each.operation_id] = deepcopy(each.definition)
        item = contract["paths"][each.path]
        item.pop("parameters", None)
        item[each.method.lower()] = by_id[each.operation_id]
    for name, operation in by_id.items():
        _document(operation, name)
        _link(operation, name, by_id)
        _identify(operation, known.identifiers.get(name, {}))
        if name in known.bodies:
            content = operation["requestBody"]["content"]["application/json"]
            content.setdefault("examples", {})["real"] = {"value": known.bodies[name]}
        _announce(operation, contract["info"]["version"])
        if "requestBody" in operation:
            for content in operation["requestBody"]["content"].values():
                _allow_nulls(contract, content["schema"])
    for name in NULL_PAGINATION:
        properties = contract["components"]["schemas"][name]["properties"]
        properties["pagination"] = {"anyOf": [properties["pagination"], NOTHING]}
    return contract


def _announce(operation: Contract, version: str) -> None:
    """Fix the version header: other versions are refused, or get other responses."""
    for parameter in operation["parameters"]:
        if parameter.get("name", "").lower() == API_VERSION.lower():
            parameter.update(required=False, schema={"type": "string", "enum": [version]})


def _allow_nulls(contract: Contract, schema: Contract) -> None:
    """Allow null for optional properties of requests: the emulator treats it as absent."""
    for _, part in list(parts(contract, schema)):
        required = part.get("required", ())
        for name, below in part.get("properties", {}).items():
            if NOTHING in below.get("anyOf", ()):
                continue
            _allow_nulls(contract, below)
            if name not in required:
                part["properties"][name] = {"anyOf": [below, NOTHING]}


def _document(operation: Contract, name: str) -> None:
    for status, known in {**UNDOCUMENTED.get(name, {}), **UNDOCUMENTED_EVERYWHERE}.items():
        schema = {"$ref": "#/components/schemas/ErrorResponse"}
        answer = {
            "description": known.occasion,
            "content": {"application/json": {"schema": schema}},
        }
        operation["responses"].setdefault(str(status), answer)


def _link(operation: Contract, name: str, by_id: dict[str, Contract]) -> None:
    for status, answer in operation["responses"].items():
        answer.pop("links", None)  # the published ones lead to the data plane
        if int(status) in OK and name in LINKS:
            answer["links"] = {
                target: {"operationId": target, "parameters": parameters}
                for target, parameters in LINKS[name].items()
                if target in by_id
            }


def _identify(operation: Contract, identifiers: dict[str, list[str]]) -> None:
    for parameter in operation["parameters"]:
        if parameter.get("name") in identifiers:
            parameter.pop("example", None)
            values = identifiers[parameter["name"]]
            parameter["examples"] = {str(n): {"value": v} for n, v in enumerate(values)}


class EmulatorWithMistake(Emulator):
    """An emulator that describes every restore job as 120 % complete."""

    def handle(self, request: Request) -> Response:
        """Return the emulator's response with the planted mistake."""
        response = super().handle(request)
        if not request.path.startswith("/restore-jobs/") or response.status != OK.start:
            return response
        job = json.loads(response.body)
        return evolve(response, body=json.dumps({**job, "percent_complete": 120}).encode())


# ------------------------------------------------------------------------------------ output


def read_report() -> Report:
    """Read the reports of the run."""
    report = Report(json.loads((FOLDER / "summary.json").read_text("utf-8")))
    with (FOLDER / "events.ndjson").open("rb") as events:
        for line in events:
            finished = json.loads(line).get("ScenarioFinished")
            if finished is not None:
                _note(report, finished)
    return report


def _note(report: Report, finished: dict[str, Any]) -> None:
    recorder = finished["recorder"]
    for case_id, interaction in recorder.get("interactions", {}).items():
        case, response = recorder["cases"].get(case_id), interaction["response"]
        if case is not None and response is not None:
            operation = f"{case['value']['method']} {case['value']['path']}"
            report.statuses[operation][response["status_code"]] += 1
            report.cases[finished["phase"]] += 1
            report.followed[finished["phase"]] += bool(case["is_transition_applied"])


def shortcomings(contract: Contract, report: Report) -> Findings:
    """Return the reasons why the run proves nothing, or not enough."""
    for failure in report.summary["failures"]:
        yield f"{failure['title']} ({failure['type']}): {', '.join(failure['operations'])}"
    for error in report.summary["errors"]:
        yield f"schemathesis: {error['title']}"
    for phase in PHASES:
        status = report.summary["phases"][phase]["status"]
        if status != "success":
            yield f"the phase {phase} ended as {status}"
        if not report.cases[phase]:
            yield f"the phase {phase} made no request"
    if not report.followed["stateful"]:
        yield "no link was followed"
    for operation in _labels(contract):
        if not any(status in OK for status in report.statuses[operation]):
            yield f"{operation} never reached a 2xx: {dict(report.statuses[operation])}"
    if not report.summary["complete"]:
        yield f"it stopped early: {report.summary['stop_reason']}"


def described(contract: Contract, report: Report) -> str:
    """Return a table of the requests that were made."""
    lines = [
        f"{phase:>9}: {report.cases[phase]} requests, {report.followed[phase]} by a link"
        for phase in PHASES
    ]
    for operation in _labels(contract):
        counts = sorted(report.statuses[operation].items())
        lines.append(f"  {operation:40} {', '.join(f'{s} {n}x' for s, n in counts)}")
    return "\n".join(lines)


def judge_plant(report: Report, output: str) -> int:
    """Return whether the planted bug, and nothing else, was found."""
    found = {
        operation
        for failure in report.summary["failures"]
        if failure["type"] == "JsonSchemaError"
        for operation in failure["operations"]
    }
    if found == {"GET /restore-jobs/{job_id}"} and "120" in output:
        print("the planted bug was found: percent_complete 120 in GET /restore-jobs/{job_id}")
        return 0
    print(output, f"FAILED: the planted bug was not found: {found or 'nothing was'}", sep="\n")
    return 1


def _labels(contract: Contract) -> list[str]:
    return [f"{each.method} {each.path}" for each in operations(contract)]


if __name__ == "__main__":
    sys.exit(main())
