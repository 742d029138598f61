"""Which items of a listing are wanted: filtered, sorted, cut; page by page."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from typing import Final, TypeVar

from attrs import define, frozen

from pinecone_control import Page
from pinecone_control.cli import moments
from pinecone_control.cli.columns import Noun, Row, value_at
from pinecone_control.cli.output import Output
from pinecone_control.cli.screen import say
from pinecone_control.errors import PineconeValueError
from pinecone_control.models import Model

T = TypeVar("T", bound=Model)

LARGEST_PAGE: Final = 100
_TABLE_LIMIT: Final = 100
_REMEMBERED_PAGES: Final = 10


@frozen(kw_only=True)
class Selection:
    """What a command line says about which items it wants."""

    limit: int | None = None
    everything: bool = False
    states: tuple[str, ...] = ()
    index: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.everything and self.limit is not None:
            raise PineconeValueError("--all and --limit contradict each other: give one of them")

    def fits(self, row: Row, noun: Noun) -> bool:
        """Whether a row is wanted. A row without a readable date is in no period of time."""
        state = str(value_at(row, noun.state)).casefold()
        if self.states and state not in {wanted.casefold() for wanted in self.states}:
            return False
        if self.index is not None and noun.index and row.get(noun.index) != self.index:
            return False
        if self.since is None and self.until is None:
            return True
        created = moments.when(row.get("created_at"))
        if created is None:
            return False
        return not (self.since and created < self.since) and not (
            self.until and created > self.until
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.states or self.index or self.since or self.until)

    def page_size(self, limit: int | None) -> int:
        """Return the page size that costs the fewest requests."""
        every_row_counts = limit is not None and not self.is_filtered and not self.sort
        return min(limit or LARGEST_PAGE, LARGEST_PAGE) if every_row_counts else LARGEST_PAGE


@define
class _Reach:
    """How far a listing was gone through, and whether something is left."""

    written: int = 0
    left: bool = False


def write_listing(
    fetch: Callable[[int], Page[T]], noun: Noun, selection: Selection, output: Output
) -> None:
    """List what is wanted, each page written before the next is fetched.

    A table shows the first 100 unless more is asked for, and says so; programs get everything.
    """
    writer = output.writer(noun)
    limit = selection.limit
    if limit is None and not selection.everything and output.is_for_people:
        limit = _TABLE_LIMIT
    warn_of_unknown_states(selection, noun)
    reach = _Reach()
    pages = _wanted(fetch(selection.page_size(limit)), noun, selection, reach)
    if selection.sort:
        pages = iter([_sorted([row for rows in pages for row in rows], noun, selection.sort)])
    for rows in _first(pages, limit, reach):
        writer.write(rows)
    writer.close()
    if reach.left and selection.limit is None:
        say(f"the first {reach.written} {noun.many}; for more: --all, or --limit N")


def _wanted(
    listing: Page[T], noun: Noun, selection: Selection, reach: _Reach
) -> Iterator[list[Row]]:
    """Yield the wanted rows of each page; of pages that overlap, each row once."""
    recent: deque[set[Hashable]] = deque(maxlen=_REMEMBERED_PAGES)
    for page in listing.iter_pages():
        reach.left = page.has_next
        identities = page.identities()
        new = {
            identity: item
            for identity, item in zip(identities, page.data, strict=True)
            if not any(identity in known for known in recent)
        }
        recent.append(set(identities))
        rows = [item.to_dict() for item in new.values()]
        yield [row for row in rows if selection.fits(row, noun)]


def _first(pages: Iterator[list[Row]], limit: int | None, reach: _Reach) -> Iterator[list[Row]]:
    """Yield the first `limit` rows; nothing is fetched that is not needed for them."""
    for rows in pages:
        room = len(rows) if limit is None else limit - reach.written
        reach.left = reach.left or len(rows) > room
        reach.written += min(room, len(rows))
        yield rows[:room]
        if limit is not None and reach.written >= limit:
            return


def _sorted(rows: list[Row], noun: Noun, order: str) -> list[Row]:
    """Sort by one column, `-` first for the other way round; rows without a value come last."""
    column = noun.column(order.removeprefix("-"))
    given = [row for row in rows if column.value(row) is not None]
    absent = [row for row in rows if column.value(row) is None]

    def rank(row: Row) -> tuple[bool, float, str]:
        value = column.value(row)
        if column.kind == "moment" and (moment := moments.when(value)) is not None:
            return False, moment.timestamp(), ""
        if isinstance(value, int | float):
            return False, float(value), ""
        return True, 0.0, str(value).casefold()

    return sorted(given, key=rank, reverse=order.startswith("-")) + absent


def warn_of_unknown_states(selection: Selection, noun: Noun) -> None:
    """Say which wanted states no item ever has, as far as the contract knows."""
    known = {state.casefold() for state in noun.states}
    for state in selection.states:
        if state.casefold() not in known:
            say(
                f"note: {noun.many} never have the status {state!r}; known are "
                f"{', '.join(noun.states)}"
            )
