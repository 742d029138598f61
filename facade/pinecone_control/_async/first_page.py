"""The result of an asynchronous list method: await it for a page, or iterate over all items."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, Generic, NoReturn, TypeVar

from pinecone_control._async.paging import AsyncItems, AsyncPage, AsyncPages
from pinecone_control_api.base import Model

T = TypeVar("T", bound=Model)


class AsyncFirstPage(Generic[T]):
    """A listing that has not been requested yet.

    ``page = await pc.list_restore_jobs()`` makes one request and returns the first page;
    ``async for job in pc.list_restore_jobs()`` goes through all items of all pages.
    """

    def __init__(
        self, fetch: Callable[[str | None], Awaitable[AsyncPage[T]]], token: str | None
    ) -> None:
        self._fetch = fetch
        self._token = token

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._fetch(self._token).__await__()

    def __bool__(self) -> NoReturn:
        raise TypeError("this listing has not been requested yet: await it, or use `async for`")

    def iter_pages(self) -> AsyncPages[T]:
        """Iterate over all pages, fetching each when it is needed.

        Raises:
            PineconeError: a page token was repeated, so the listing would never end.
        """
        return AsyncPages(lambda: self._fetch(self._token))

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self.iter_pages())
