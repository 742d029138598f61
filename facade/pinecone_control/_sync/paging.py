# Derived from _async/paging.py by scripts/generate/derive_sync.py. Do not edit.
"""Pages of a listing, and iteration over all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator
from typing import Final, Generic, NoReturn, TypeVar

from pinecone_control._core.arguments import fits_in_url
from pinecone_control.errors import PineconeError
from pinecone_control_api import models
from pinecone_control_api.base import Model

T = TypeVar("T", bound=Model)

# Pages within which a repeated item is recognized; with the default size, a thousand items.
_REMEMBERED_PAGES: Final = 10
# Consecutive pages without a new item after which a listing counts as endless.
_MOST_IN_VAIN: Final = 100


class Page(Generic[T]):
    """One page of a listing. Iterating it goes through the items of this and all later pages.

    A page is falsy if it is empty and the last one: ``if not page`` means that nothing is listed.

    ``for job in page`` fetches the next page when the loop reaches it, and keeps only one
    page in memory. Pages of the service can overlap if something is created meanwhile
    (documentation); an item of the last ten pages is not repeated.

    Attributes:
        data: this page's items.
        pagination: None on the last page, else an object whose `next` is the token of the next
            page.
    """

    def __init__(
        self,
        data: list[T],
        pagination: models.Pagination | None,
        *,
        fetch: Callable[[str], Page[T]],
        identity: Callable[[T], Hashable],
        token: str | None = None,
    ) -> None:
        self.data = data
        # An empty token would request the first page again: an endless listing.
        self.pagination = pagination if pagination is not None and pagination.next else None
        self._fetch = fetch
        self._identity = identity
        self._token = token

    @property
    def has_next(self) -> bool:
        """Whether the server says that there is another page."""
        return self.pagination is not None

    def next_page(self) -> Page[T] | None:
        """Fetch the page after this one; return None if this is the last.

        Raises:
            PineconeError: the server gave an unusable token for the next page.
        """
        if self.pagination is None:
            return None
        token = self.pagination.next
        if token == self._token:
            raise _repeated_token(token)
        if not fits_in_url(token):
            raise _endless(
                f"cannot continue: its page token does not fit in a URL: {token!r:.60}..."
            )
        return self._fetch(token)

    def iter_pages(self) -> Pages[T]:
        """Iterate over this page and all later ones, fetching each when it is needed.

        Raises:
            PineconeError: the listing would never end, because a page token was repeated or a
                hundred pages in a row were empty.
        """

        def this_page() -> Page[T]:
            return self

        return Pages(this_page)

    def __iter__(self) -> Items[T]:
        return Items(self.iter_pages())

    def identities(self) -> list[Hashable]:
        """Return the unique ids or names of this page's items."""
        return list(map(self._identity, self.data))

    def to_list(self) -> list[dict[str, object]]:
        """Return this page's items as dictionaries with the API's field names."""
        return [item.to_dict() for item in self.data]

    def __bool__(self) -> bool:
        return bool(self.data) or self.has_next

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} cannot be pickled or copied, because it refers to its "
            "client. Pickle its `data`, or what to_list() returns"
        )

    def __str__(self) -> str:
        return json.dumps(self.to_list(), indent=4, ensure_ascii=False)

    def __repr__(self) -> str:
        more = ", more follow" if self.has_next else ""
        return f"<{type(self).__name__} of {len(self.data)} items{more}>"

    def _repr_html_(self) -> str:
        from pinecone_control_api.notebook import html_of_many

        return html_of_many(self.data)


class Pages(Generic[T]):
    """Iterates over pages.

    It is not a generator, so a loop that is left early or cancelled leaves nothing open, and a
    failed request can be repeated by iterating again.
    """

    def __init__(self, first: Callable[[], Page[T]]) -> None:
        self._first = first
        self._current: Page[T] | None = None
        self._tokens: set[str] = set()
        self._empty_in_a_row = 0

    def __iter__(self) -> Pages[T]:
        return self

    @property
    def has_next(self) -> bool:
        """Whether there is another page, by the last one fetched; True before the first."""
        return self._current is None or self._current.has_next

    def __next__(self) -> Page[T]:
        if self._current is None:
            self._current = self._first()
            return self._current
        if self._current.pagination is None:
            raise StopIteration
        token = self._current.pagination.next
        if token in self._tokens:
            raise _repeated_token(token)
        following = self._current.next_page()
        if following is None:
            raise StopIteration
        self._tokens.add(token)
        self._current = following
        self._empty_in_a_row = 0 if following.data else self._empty_in_a_row + 1
        if self._empty_in_a_row > _MOST_IN_VAIN:
            raise _endless(f"does not end: {_MOST_IN_VAIN} pages in a row had no items")
        return following


class Items(Generic[T]):
    """Iterates over the items of all pages, each item once."""

    def __init__(self, pages: Pages[T]) -> None:
        self._pages = pages
        self._rest: Iterator[T] = iter(())
        # Ids of the last ten to twenty pages: both sets only grow, and the older one is dropped.
        self._older: set[Hashable] = set()
        self._newer: set[Hashable] = set()
        self._pages_in_newer = 0
        self._nothing_new_in_a_row = 0

    def __iter__(self) -> Items[T]:
        return self

    def __next__(self) -> T:
        while True:
            for item in self._rest:
                return item
            self._rest = iter(self.next_page())

    def next_page(self) -> list[T]:
        """Fetch a page and return its items, without those of recent pages.

        Raises:
            StopIteration: there was no further page.
            PineconeError: many consecutive pages had no new items.
        """
        items = self._new_items(self._pages.__next__())
        self._nothing_new_in_a_row = 0 if items else self._nothing_new_in_a_row + 1
        if self._nothing_new_in_a_row > _MOST_IN_VAIN:
            raise _endless(f"does not end: {_MOST_IN_VAIN} pages in a row had no new items")
        return items

    @property
    def has_next(self) -> bool:
        """Whether there is another page, by the last one fetched; True before the first."""
        return self._pages.has_next

    def _new_items(self, page: Page[T]) -> list[T]:
        """Return the page's items, each once, without those of recent pages."""
        if self._pages_in_newer == _REMEMBERED_PAGES:
            self._older, self._newer, self._pages_in_newer = self._newer, set(), 0
        self._pages_in_newer += 1
        identities = page.identities()
        fresh = {*identities}
        # Nearly no page repeats an item, and sets find that out in half the time.
        if len(fresh) == len(identities) and not (fresh & self._newer or fresh & self._older):
            self._newer |= fresh
            return page.data
        new = []
        for identity, item in zip(identities, page.data, strict=True):
            if identity not in self._newer:
                self._newer.add(identity)
                if identity not in self._older:
                    new.append(item)
        return new


def _repeated_token(token: str) -> PineconeError:
    return _endless(f"repeats itself: the server gave the page token {token!r:.200} a second time")


def _endless(problem: str) -> PineconeError:
    return PineconeError(
        f"the listing {problem}",
        hint="The items listed so far are valid. List again later; if it happens again, contact "
        "support.",
    )
