"""Write docs/operations.md: the method, request and result of each operation.

With `--check`, nothing is written; the page is only compared.
"""

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any, Final

from pinecone_control import Pinecone
from pinecone_control.contract.document import Operation
from pinecone_control.contract.shipped_contracts import effective_contract
from scripts.project import DOCS, write_or_check
from scripts.spec.public_names import METHOD_OF

TARGET: Final = DOCS / "operations.md"

TITLE: Final = """# Operations

This table lists every operation of the contract, the method of `Pinecone` that calls it, the
request that the method sends, and what it returns. `AsyncPinecone` has the same methods as
coroutines. `make tables` writes this page from the contract and the code; do not edit it.

| operation | method | request | body or query | returns |
|---|---|---|---|---|
"""
COMPOSED: Final = """
These methods are built on the operations above:

| method | returns |
|---|---|
"""
NOT_CALLS: Final = {"close", "with_options"}


def table() -> str:
    """Return the text of the page."""
    rows = sorted(_rows())
    called = {METHOD_OF.get(operation, operation) for operation, _ in rows}
    composed = (
        f"| `{name}{_arguments(member)}` | {_result(member)} |\n"
        for name, member in inspect.getmembers(Pinecone, inspect.isfunction)
        if not name.startswith("_") and name not in called | NOT_CALLS
    )
    return TITLE + "".join(row for _, row in rows) + COMPOSED + "".join(composed)


def _rows() -> Iterator[tuple[str, str]]:
    for name, operation in effective_contract().operations.items():
        method = getattr(Pinecone, METHOD_OF.get(name, name))
        cells = [
            f"`{name}`",
            f"`{method.__name__}{_arguments(method)}`",
            f"`{operation.method} {operation.path}`",
            _sent(operation),
            _result(method),
        ]
        yield name, f"| {' | '.join(cells)} |\n"


def _sent(operation: Operation) -> str:
    if operation.body is not None:
        return f"`{operation.body['$ref'].rsplit('/', 1)[-1]}`"
    return ", ".join(f"`{each.name}`" for each in operation.parameters if each.location == "query")


def _arguments(method: Any) -> str:
    shown: list[str] = []
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        shown.append(parameter.name + default)
    return f"({', '.join(shown)})"


def _result(method: Any) -> str:
    annotation = inspect.signature(method).return_annotation
    name = getattr(annotation, "__name__", None)
    text = name if name and "[" not in str(annotation) else str(annotation)
    short = re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", text)
    return "nothing" if short == "None" else f"`{short.replace(' | ', '` or `')}`"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    return write_or_check(TARGET, table(), check=parser.parse_args().check, remedy="make tables")


if __name__ == "__main__":
    sys.exit(main())
