"""Filter, sort and limit a listing, and write it page by page or each time that it changes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Final, TypeVar

from attrs import define, frozen

from pinecone_control import Page
from pinecone_control.cli.errors import PASSING
from pinecone_control.cli.output import terminal
from pinecone_control.cli.output.columns import Column, Resource, did_you_mean, value_at
from pinecone_control.cli.output.formats import Output
from pinecone_control.cli.output.terminal import say
from pinecone_control.cli.times import stamp, timestamp
from pinecone_control.errors import PineconeValueError
from pinecone_control.models import Model

T = TypeVar("T", bound=Model)

LARGEST_PAGE: Final = 100
_TABLE_LIMIT: Final = 100
_WATCHABLE: Final = ("jsonl", "yaml")


@frozen(kw_only=True)
class Selection:
    """The options of a command line that select, sort and limit the items of a listing."""

    limit: int | None = None
    everything: bool = False
    states: tuple[str, ...] = ()
    index: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: str | None = None
    watch: bool = False
    interval: float = 2.0

    def __attrs_post_init__(self) -> None:
        if self.everything and self.limit is not None:
            raise PineconeValueError("--all and --limit cannot be used together")

    def check(self, resource: Resource) -> None:
        """Refuse a status that is not known for this kind of resource.

        Raises:
            PineconeValueError: naming the known statuses.
        """
        known = {state.casefold(): state for state in resource.states}
        for state in self.states:
            if state.casefold() not in known:
                raise PineconeValueError(
                    f"{resource.many} never have the status {state!r}"
                    f"{did_you_mean(state.capitalize(), known.values())}",
                    hint=f"The statuses are: {', '.join(known.values())}",
                )

    def fits(self, item: Model, resource: Resource) -> bool:
        """Return whether an item is selected. Without a readable date it matches no period."""
        state = str(value_at(item, resource.state)).casefold()
        if self.states and state not in {wanted.casefold() for wanted in self.states}:
            return False
        if self.index and resource.index and value_at(item, resource.index) != self.index:
            return False
        if self.since is None and self.until is None:
            return True
        created = timestamp(value_at(item, "created_at"))
        if created is None:
            return False
        return not (self.since and created < self.since) and not (
            self.until and created > self.until
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.states or self.index or self.since or self.until)

    def page_size(self, limit: int | None) -> int:
        """Return the page size that takes the fewest requests."""
        every_item_counts = limit is not None and not self.is_filtered and not self.sort
        return min(limit or LARGEST_PAGE, LARGEST_PAGE) if every_item_counts else LARGEST_PAGE


@define
class _Progress:
    """How many items of a listing were written, and whether there are more."""

    written: int = 0
    left: bool = False


def write_listing(
    fetch: Callable[..., Page[T]], resource: Resource, selection: Selection, output: Output
) -> None:
    """Write the selected items, each page before the next is fetched; or watch the listing.

    A table shows the first 100 items unless more are requested, and says so. All other formats
    show every item.

    Args:
        fetch: the client's method that lists; it takes the page size as `limit`.
        resource: the kind of resource.
        selection: which items to write.
        output: the format.
    """
    selection.check(resource)
    output.chosen(resource)
    if selection.watch:
        _watch(fetch, resource, selection, output)
        return
    progress = _Progress()
    pages = _pages(fetch, resource, selection, output, progress)
    output.pages(pages, resource)
    if progress.left and selection.limit is None:
        say(f"only the first {progress.written} {resource.many} are shown; see --all and --limit N")


def _pages(
    fetch: Callable[..., Page[T]],
    resource: Resource,
    selection: Selection,
    output: Output,
    progress: _Progress,
) -> Iterator[list[T]]:
    """Yield the items to write, page by page, and record how far the listing is."""
    limit = selection.limit
    if limit is None and not selection.everything and output.is_for_people:
        limit = _TABLE_LIMIT
    pages = _selected(fetch(limit=selection.page_size(limit)), resource, selection, progress)
    if selection.sort:
        items = [item for page in pages for item in page]
        pages = iter([_sorted(items, resource, selection.sort)])
    return _first(pages, limit, progress)


def _selected(
    listing: Page[T], resource: Resource, selection: Selection, progress: _Progress
) -> Iterator[list[T]]:
    """Yield the selected items of each page, each item once."""
    items = iter(listing)
    with suppress(StopIteration):
        while True:
            page = items.next_page()
            progress.left = items.has_next
            yield [item for item in page if selection.fits(item, resource)]


def _first(pages: Iterator[list[T]], limit: int | None, progress: _Progress) -> Iterator[list[T]]:
    """Yield the first `limit` items, fetching only the pages that they need."""
    for items in pages:
        room = len(items) if limit is None else limit - progress.written
        progress.left = progress.left or len(items) > room
        progress.written += min(room, len(items))
        yield items[:room]
        if limit is not None and progress.written >= limit:
            return


def _sorted(items: list[T], resource: Resource, order: str) -> list[T]:
    """Return the items sorted by columns, descending after a `-`; those without a value last."""
    for name in reversed([name.strip() for name in order.split(",") if name.strip()]):
        column = resource.column(name.removeprefix("-"))
        given = [item for item in items if column.value(item) is not None]
        absent = [item for item in items if column.value(item) is None]
        given.sort(key=lambda item: _rank(column, item), reverse=name.startswith("-"))
        items = given + absent
    return items


def _rank(column: Column, item: Model) -> tuple[bool, float, str]:
    value = column.value(item)
    if column.kind == "time" and (moment := timestamp(value)) is not None:
        return False, moment.timestamp(), ""
    if isinstance(value, int | float):
        return False, float(value), ""
    return True, 0.0, str(value).casefold()


def unpaged(fetch: Callable[[], Page[T]]) -> Callable[..., Page[T]]:
    """Return a method that lists everything on one page as one that accepts a page size."""
    return lambda limit: fetch()  # noqa: ARG005 - there is only one page


# ------------------------------------------------------------------------------------- watching


def _watch(
    fetch: Callable[..., Page[T]], resource: Resource, selection: Selection, output: Output
) -> None:
    """Show a listing as it changes, until `q` or ctrl-C."""
    from pinecone_control.cli.output.progress import keyboard, live_table

    if not (output.is_for_people or output.quiet or output.form in _WATCHABLE):
        raise PineconeValueError(f"--watch works only with tables, {', '.join(_WATCHABLE)} and -q")
    columns = output.shown(resource)
    is_live = output.is_for_people and terminal.is_terminal(sys.stdout)
    shown = live_table(resource, columns) if is_live else nullcontext(_changes(resource, output))
    items: list[T] = []
    with keyboard() as quit_pressed, shown as show:
        while True:
            trouble = ""
            try:
                pages = _pages(fetch, resource, selection, output, _Progress())
                items = [item for page in pages for item in page]
            except PASSING as error:
                trouble = error.what
            show(items, trouble)
            if quit_pressed(selection.interval):
                return


def _changes(resource: Resource, output: Output) -> Callable[[Sequence[Model], str], None]:
    """Return a function that writes each new or changed item in the requested format."""
    before: dict[str, str] = {}
    columns = [column for column in output.shown(resource) if column.kind != "time"]

    def show(items: Sequence[Model], trouble: str) -> None:
        if trouble:
            say(trouble)
        for item in reversed(items):
            key = str(resource.key.value(item))
            line = "  ".join(column.cell(item, None) for column in columns)
            if before.get(key) != line:
                before[key] = line
                if output.is_for_people:
                    terminal.write(f"{stamp(datetime.now().astimezone())}  {line}")
                else:
                    output.listing([item], resource)
        sys.stdout.flush()

    return show
