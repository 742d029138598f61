"""Collections: static copies of pod indexes."""

from __future__ import annotations

from operator import attrgetter

from pinecone_control._async.first_page import AsyncFirstPage
from pinecone_control._async.paging import AsyncPage
from pinecone_control._async.session import AsyncSession, expect, expect_deletion
from pinecone_control._checks import switch
from pinecone_control._core import arguments, request_bodies
from pinecone_control._core.identity import expect_resource
from pinecone_control.errors import CallError, NotFoundError
from pinecone_control_api import models
from pinecone_control_api.api.manage_indexes import (
    create_collection,
    delete_collection,
    describe_collection,
    list_collections,
)


class AsyncCollections(AsyncSession):
    """The operations on collections. Serverless indexes have backups instead."""

    def list_collections(self) -> AsyncFirstPage[models.Collection]:
        """List all collections of the project. There is only one page (contract).

        Raises:
            ApiError, PineconeConnectionError, PineconeTimeoutError, ResponseParsingError: see
                `pinecone_control.errors`.
        """

        async def fetch(token: str | None) -> AsyncPage[models.Collection]:
            with self._call("list_collections"):
                listing = expect(
                    models.CollectionList, await list_collections.asyncio_detailed(client=self._api)
                )
            return AsyncPage(
                listing.collections or [],
                None,
                fetch=fetch,
                identity=attrgetter("name"),
                token=token,
            )

        return AsyncFirstPage(fetch, None)

    async def create_collection(
        self, name: str, *, source: str | models.Index, reconcile: bool = False
    ) -> models.Collection:
        """Copy a pod index into a new collection.

        Args:
            name: 1 to 45 characters, lower-case letters, digits and hyphens, a letter or digit at
                both ends (contract); checked here.
            source: name of the pod index to copy.
            reconcile: check beforehand whether the name is free. If it is and the response is lost,
                check whether the collection exists now, and return it. This proves that this call
                created it, unless somebody else creates one with this name at the same moment.

        Returns:
            The collection, which is still initializing.

        Raises:
            PineconeValueError: an argument is invalid.
            BadRequestError, ConflictError, ForbiddenError: the source is not a pod index, the name
                is taken, a quota is reached.
        """
        source_name = arguments.index_name("source", source)
        body = request_bodies.create_collection(name=name, source=source_name)
        switch("reconcile", reconcile)
        was_free = reconcile and await self._collection(name) is None
        try:
            with self._call("create_collection"):
                answer = await create_collection.asyncio_detailed(client=self._api, body=body)
                return expect(models.Collection, answer)
        except CallError as error:
            return await self._reconciled(error, lambda: self._collection(name), wanted=was_free)

    async def _collection(self, name: str) -> models.Collection | None:
        """Return a collection; None if the API says that there is none of this name."""
        try:
            with self._call("describe_collection"):
                return expect_resource(name, await self.describe_collection(name), "name")
        except NotFoundError:
            return None

    async def describe_collection(self, name: str | models.Collection) -> models.Collection:
        """Return one collection.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such collection.
        """
        collection_name = arguments.collection_name("name", name)
        with self._call("describe_collection"):
            answer = await describe_collection.asyncio_detailed(collection_name, client=self._api)
            return expect(models.Collection, answer)

    async def delete_collection(self, name: str | models.Collection) -> None:
        """Delete a collection. The server deletes it in the background.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such collection.
        """
        collection_name = arguments.collection_name("name", name)
        with self._call("delete_collection"):
            expect_deletion(
                await delete_collection.asyncio_detailed(collection_name, client=self._api)
            )
