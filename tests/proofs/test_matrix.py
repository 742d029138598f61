"""A selection of the fault matrix: one operation of each kind; `make faults` plays all cells."""

import pytest

from scripts.proofs.fault_matrix.matrix import Cell, cells, run
from scripts.proofs.fault_matrix.operations import OPERATIONS, Operation
from scripts.proofs.fault_matrix.pages import PAGE_FAULTS, PageFault, run_pages

SELECTION = [
    cell
    for cell in [
        *cells(("sync",), ("list_restore_jobs", "create_backup", "delete_backup")),
        *cells(("asyncio",), ("list_restore_jobs", "configure_index")),
        *cells(("trio",), ("create_backup",)),
    ]
    if not cell.fault.is_slow or cell.mode == "lasting"
]


@pytest.mark.parametrize("cell", SELECTION, ids=str)
def test_no_fault_does_a_thing_twice_leaks_or_lasts(cell: Cell) -> None:
    assert run(cell).problems == ()


@pytest.mark.parametrize("flavour", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.is_paged], ids=lambda o: o.name)
@pytest.mark.parametrize("fault", PAGE_FAULTS, ids=lambda fault: fault.name)
def test_no_listing_is_endless_or_yields_an_item_twice(
    fault: PageFault, operation: Operation, flavour: str
) -> None:
    assert run_pages(fault, operation, flavour).problems == ()  # type: ignore[arg-type]


def test_all_operations_of_the_contract_are_in_the_matrix() -> None:
    assert len({operation.name for operation in OPERATIONS}) == 18
