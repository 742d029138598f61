"""Indexes: create, list, describe, configure, delete, wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter

from pinecone_control._async.first_page import AsyncFirstPage
from pinecone_control._async.paging import AsyncPage
from pinecone_control._async.reconciling import has_call_tag, with_call_tag
from pinecone_control._async.session import AsyncSession, expect, expect_deletion
from pinecone_control._async.waiting import wait_until_ready
from pinecone_control._checks import switch
from pinecone_control._core import arguments, request_bodies
from pinecone_control._core.identity import expect_resource
from pinecone_control._core.poll_pauses import check_wait_after_create
from pinecone_control._core.wait_conditions import (
    DELETED_INDEX,
    INDEX,
    as_known,
    is_another_index,
    surely_there,
)
from pinecone_control.errors import Call, CallError, NotFoundError, OperationFailedError
from pinecone_control.models import Cloud, DeletionProtection, Metric, VectorType
from pinecone_control_api import models
from pinecone_control_api.api.manage_indexes import (
    configure_index,
    create_index,
    create_index_for_model,
    delete_index,
    describe_index,
    list_indexes,
)


class AsyncIndexes(AsyncSession):
    """The operations on indexes."""

    def list_indexes(self) -> AsyncFirstPage[models.Index]:
        """List all indexes of the project. There is only one page (contract).

        Raises:
            ApiError, PineconeConnectionError, PineconeTimeoutError, ResponseParsingError: see
                `pinecone_control.errors`.
        """

        async def fetch(token: str | None) -> AsyncPage[models.Index]:
            with self._call("list_indexes"):
                listing = expect(
                    models.IndexList, await list_indexes.asyncio_detailed(client=self._api)
                )
            return AsyncPage(
                listing.indexes or [],
                None,
                fetch=fetch,
                identity=attrgetter("name"),
                token=token,
            )

        return AsyncFirstPage(fetch, None)

    async def create_index(
        self,
        name: str,
        *,
        spec: models.ServerlessSpec
        | models.PodSpec
        | models.ByocSpec
        | models.IndexSpec
        | Mapping[str, object],
        dimension: int | None = None,
        metric: Metric | None = None,
        vector_type: VectorType | None = None,
        deletion_protection: DeletionProtection | None = None,
        tags: Mapping[str, str] | None = None,
        reconcile: bool = False,
        wait: bool = False,
        wait_timeout: float = 600.0,
    ) -> models.Index:
        """Create an index. Arguments that are None are not sent; the server's defaults apply.

        Args:
            name: 1 to 45 characters, lower-case letters, digits and hyphens, a letter or digit at
                both ends (contract); checked here.
            spec: where the index runs: a `ServerlessSpec`, `PodSpec` or `ByocSpec`, or a dict in
                the API's form with exactly one of `serverless`, `pod`, `byoc`; checked here. The
                server checks clouds, regions and pod types.
            dimension: dimension of dense vectors, 1 to 20,000 (contract); required for a dense
                index and refused for a sparse one; checked here.
            metric: `cosine`, `euclidean` or `dotproduct`; only `dotproduct` for a sparse index
                (contract); checked here. The server's default for dense vectors is `cosine`.
            vector_type: `dense` or `sparse`; the server's default is `dense`.
            deletion_protection: `enabled` or `disabled`; the server's default is `disabled`.
            tags: keys up to 80, values up to 120 characters (contract); checked here.
            reconcile: if the response is lost, check whether this call created the index, and if so
                return it; without proof, raise the original error. The proof is a tag,
                `pinecone-control-call`, which the index keeps.
            wait: return only when the index is ready.
            wait_timeout: seconds for the wait, ten minutes by default.

        Returns:
            The index. It is still initializing unless `wait` is True.

        Raises:
            PineconeValueError: an argument is invalid.
            ConflictError, ForbiddenError, NotFoundError: the name is taken, a quota is reached, the
                region is unknown.
            OperationFailedError, WaitTimeoutError: the wait failed (only with `wait`).
        """
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        tags = with_call_tag(tags) if switch("reconcile", reconcile) else tags
        body = request_bodies.create_index(
            name=name,
            spec=spec,
            dimension=dimension,
            metric=metric,
            vector_type=vector_type,
            deletion_protection=deletion_protection,
            tags=tags,
        )
        try:
            with self._call("create_index"):
                answer = await create_index.asyncio_detailed(client=self._api, body=body)
                index = expect(models.Index, answer)
                if wait or reconcile:
                    expect_resource(name, index, "name", outcome_unknown=True)
        except CallError as error:
            find = partial(self._index_made_with, tags, name)
            index = await self._reconciled(error, find, wanted=reconcile)
        return await self._when_ready(index, timeout=wait_timeout) if wait else index

    async def create_index_for_model(
        self,
        name: str,
        *,
        cloud: Cloud,
        region: str,
        embed: models.IndexEmbed | Mapping[str, object],
        deletion_protection: DeletionProtection | None = None,
        tags: Mapping[str, str] | None = None,
        reconcile: bool = False,
        wait: bool = False,
        wait_timeout: float = 600.0,
    ) -> models.Index:
        """Create a serverless index that embeds text with a hosted model.

        Args:
            name: as for `create_index`; checked here.
            cloud: `aws`, `gcp` or `azure`.
            region: such as `us-east-1`; the server checks it.
            embed: an `IndexEmbed` or a dict with the model, the field map (both required) and
                optional settings. The server checks the model.
            deletion_protection: `enabled` or `disabled`; the server's default is `disabled`.
            tags: keys up to 80, values up to 120 characters (contract); checked here.
            reconcile: if the response is lost, check whether this call created the index, and if so
                return it; without proof, raise the original error. The proof is a tag,
                `pinecone-control-call`, which the index keeps.
            wait: return only when the index is ready.
            wait_timeout: seconds for the wait, ten minutes by default.

        Returns:
            The index. It is still initializing unless `wait` is True.

        Raises:
            PineconeValueError: an argument is invalid.
            ConflictError, NotFoundError: the name is taken; the cloud, region or model is unknown.
            OperationFailedError, WaitTimeoutError: the wait failed (only with `wait`).
        """
        check_wait_after_create(wait=wait, wait_timeout=wait_timeout)
        tags = with_call_tag(tags) if switch("reconcile", reconcile) else tags
        body = request_bodies.create_index_for_model(
            name=name,
            cloud=cloud,
            region=region,
            embed=embed,
            deletion_protection=deletion_protection,
            tags=tags,
        )
        try:
            with self._call("create_index_for_model"):
                answer = await create_index_for_model.asyncio_detailed(client=self._api, body=body)
                index = expect(models.Index, answer)
                if wait or reconcile:
                    expect_resource(name, index, "name", outcome_unknown=True)
        except CallError as error:
            find = partial(self._index_made_with, tags, name)
            index = await self._reconciled(error, find, wanted=reconcile)
        return await self._when_ready(index, timeout=wait_timeout) if wait else index

    async def _when_ready(self, index: models.Index, *, timeout: float) -> models.Index:
        """Wait for an index that was just created."""
        with self._already_made(f"index {index.name!r}", Call("wait_for_index", index.name)):
            return await self._wait_for_fresh_index(index.name, index, timeout=timeout)

    async def _wait_for_fresh_index(
        self, name: str, made: models.Index | None, *, timeout: float
    ) -> models.Index:
        """Wait for an index that is known to exist because it was just created.

        Args:
            name: name of the index.
            made: the index as the create returned it; None after a restore, which returns none.
            timeout: seconds for the wait.

        Raises:
            OperationFailedError: the index failed, or another one has taken its name.
        """

        async def look() -> models.Index:
            index = await self._this_index(name)
            if made is not None and is_another_index(made, index):
                raise OperationFailedError(
                    f"index {name} is not the one that was created: it was deleted, and another "
                    "one was created with its name",
                    last=index,
                )
            return index

        return await wait_until_ready(
            look, surely_there(INDEX), name, clock=self._clock, timeout=timeout
        )

    async def _index_made_with(
        self, tags: Mapping[str, str] | None, name: str
    ) -> models.Index | None:
        """Return the index of this name if the call with these tags created it, otherwise None."""
        try:
            index = await self._this_index(name)
        except NotFoundError:
            return None
        return index if has_call_tag(index, tags) else None

    async def describe_index(self, name: str | models.Index) -> models.Index:
        """Return one index.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such index.
        """
        index_name = arguments.index_name("name", name)
        with self._call("describe_index"):
            answer = await describe_index.asyncio_detailed(index_name, client=self._api)
            return expect(models.Index, answer)

    async def _this_index(self, name: str) -> models.Index:
        """Return one index, from which a conclusion is drawn."""
        with self._call("describe_index"):
            return expect_resource(name, await self.describe_index(name), "name")

    async def has_index(self, name: str | models.Index) -> bool:
        """Return whether an index with this name exists, in any state.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            ResponseParsingError: the response is about another index.
        """
        try:
            await self._this_index(arguments.index_name("name", name))
        except NotFoundError:
            return False
        return True

    async def configure_index(
        self,
        name: str | models.Index,
        *,
        replicas: int | None = None,
        pod_type: str | None = None,
        deletion_protection: DeletionProtection | None = None,
        tags: Mapping[str, str] | None = None,
        embed: models.ConfigureIndexEmbed | Mapping[str, object] | None = None,
    ) -> models.Index:
        """Change an index. Only the given arguments are sent, and only they change.

        Args:
            name: the index.
            replicas: number of replicas of a pod index, at least 1 (contract); checked here.
            pod_type: pod type of a pod index, such as `p1.x2`; the server checks it.
            deletion_protection: `enabled` or `disabled`.
            tags: tags to set; other tags stay, and an empty value removes its key (contract). Keys
                up to 80, values up to 120 characters; checked here.
            embed: settings of the hosted model with which the index embeds text. The model cannot
                be changed later (contract).

        Returns:
            The index after the server accepted the change; it may still be scaling.

        Raises:
            PineconeValueError: an argument is invalid, or none was given.
            NotFoundError, BadRequestError, ForbiddenError: there is no such index, the change is
                not possible, a quota is reached.
        """
        index_name = arguments.index_name("name", name)
        body = request_bodies.configure_index(
            replicas=replicas,
            pod_type=pod_type,
            deletion_protection=deletion_protection,
            tags=tags,
            embed=embed,
        )
        with self._call("configure_index"):
            answer = await configure_index.asyncio_detailed(index_name, client=self._api, body=body)
            return expect(models.Index, answer)

    async def delete_index(self, name: str | models.Index) -> None:
        """Delete an index and all its vectors. The server deletes it in the background.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: there is no such index.
            ForbiddenError: deletion protection is on (documentation).
            FailedPreconditionError: another operation must end first (contract).
        """
        index_name = arguments.index_name("name", name)
        with self._call("delete_index"):
            expect_deletion(await delete_index.asyncio_detailed(index_name, client=self._api))

    async def wait_for_index(
        self,
        name: str | models.Index | models.RestoreJob,
        *,
        timeout: float = 600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Index], None] | None = None,
    ) -> models.Index:
        """Wait until an index is ready.

        Args:
            name: the name of the index, an `Index`, or the restore job that creates it.
            timeout: seconds for the whole wait, retries included; ten minutes by default.
            poll_interval: seconds between two requests; adaptive by default.
            on_update: called with the index at the first request and when its status changes.

        Raises:
            OperationFailedError: it is InitializationFailed, Terminating or Disabled; `last` is
                its last state.
            WaitTimeoutError: it was not ready in time; `last` is its last state.
            NotFoundError: there is no such index. Given an object instead of a name, which proves
                that it exists, this is raised only after 30 seconds of nothing but 404 (an
                assumption).
        """
        given = name.target_index_name if isinstance(name, models.RestoreJob) else name
        index_name = arguments.index_name("name", given)
        return await wait_until_ready(
            lambda: self._this_index(index_name),
            as_known(INDEX, [name]),
            index_name,
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    async def wait_for_index_deleted(
        self,
        name: str | models.Index,
        *,
        timeout: float = 600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Index | None], None] | None = None,
    ) -> None:
        """Wait until an index is deleted.

        If another index with the same name is created meanwhile, the first one counts as deleted,
        provided that it was seen as Terminating or the two differ in dimension, metric or vector
        type.

        Args:
            name: the index.
            timeout: seconds for the whole wait, retries included; ten minutes by default.
            poll_interval: seconds between two requests; adaptive by default.
            on_update: called with the index at the first request and when its status changes, and
                with None when it is deleted.

        Raises:
            WaitTimeoutError: it still exists; `last` is its last state.
        """
        index_name = arguments.index_name("name", name)

        seen: models.Index | None = None

        async def look() -> models.Index | None:
            nonlocal seen
            try:
                index = await self._this_index(index_name)
            except NotFoundError:
                return None
            if seen is not None and is_another_index(seen, index):
                return None
            seen = index
            return index

        await wait_until_ready(
            look,
            DELETED_INDEX,
            index_name,
            clock=self._clock,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )
