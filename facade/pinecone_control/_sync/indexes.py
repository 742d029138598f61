# Derived from _async/indexes.py by scripts/generate/derive_sync.py. Do not edit.
"""Indexes: create, list, describe, configure, delete, wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter

from pinecone_control._checks import switch
from pinecone_control._core import arguments, request_bodies
from pinecone_control._core.lifecycles import (
    DELETED_INDEX,
    FRESH_GRACE,
    INDEX,
    as_known,
    is_another_index,
)
from pinecone_control._core.poll_pauses import check_wait_after_create
from pinecone_control._sync.paging import Page
from pinecone_control._sync.reconciling import has_call_tag, with_call_tag
from pinecone_control._sync.session import Session, expect, expect_deletion
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


class Indexes(Session):
    """The operations on indexes."""

    def list_indexes(self) -> Page[models.Index]:
        """List all indexes of the project: one page, always (contract).

        Raises:
            ApiError, PineconeConnectionError, PineconeTimeoutError, ResponseParsingError: see
                `pinecone_control.errors`.
        """

        def fetch(token: str | None) -> Page[models.Index]:
            with self._call("list_indexes"):
                listing = expect(models.IndexList, list_indexes.sync_detailed(client=self._api))
            return Page(
                listing.indexes or [],
                None,
                fetch=fetch,
                identity=attrgetter("name"),
                token=token,
            )

        return fetch(None)

    def create_index(
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
        """Create an index. What is None is not sent, and the server's default applies.

        Args:
            name: 1 to 45 characters, lower-case letters, digits and hyphens, a letter or digit at
                both ends (contract); checked here.
            spec: where it runs: a `ServerlessSpec`, `PodSpec` or `ByocSpec`, or the wire's form
                as a dict with exactly one of `serverless`, `pod`, `byoc`; checked here. Clouds,
                regions and pod types are left to the server to judge.
            dimension: of dense vectors, 1 to 20,000 (contract); needed for a dense index, refused
                for a sparse one; checked here.
            metric: `cosine`, `euclidean` or `dotproduct`; a sparse index has `dotproduct`
                (contract); checked here. The server takes `cosine` for dense vectors.
            vector_type: `dense` or `sparse`; the server takes `dense`.
            deletion_protection: `enabled` or `disabled`; the server takes `disabled`.
            tags: keys up to 80, values up to 120 characters (contract); checked here.
            reconcile: if the answer is lost, look whether the index exists now and was made by this
                call, and return it; what cannot be proven raises as ever. The proof is a tag,
                `pinecone-control-call`, that the index then has.
            wait: return only when the index is ready.
            wait_timeout: seconds for the wait, ten minutes by default.

        Returns:
            The index; still initializing unless `wait` is True.

        Raises:
            PineconeValueError: an argument cannot be right.
            ConflictError, ForbiddenError, NotFoundError: name taken, quota, unknown region.
            OperationFailedError, WaitTimeoutError: with `wait`.
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
                answer = create_index.sync_detailed(client=self._api, body=body)
                index = expect(models.Index, answer)
        except CallError as error:
            index = self._index_made_after_all(error, name, tags, wanted=reconcile)
        return self._when_ready(index, timeout=wait_timeout) if wait else index

    def create_index_for_model(
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
            region: such as `us-east-1`; left to the server to judge.
            embed: model and field map (both needed), and its optional settings: a `IndexEmbed`
                or a dict. The model is left to the server to judge.
            deletion_protection: `enabled` or `disabled`; the server takes `disabled`.
            tags: keys up to 80, values up to 120 characters (contract); checked here.
            reconcile: if the answer is lost, look whether the index exists now and was made by this
                call, and return it; what cannot be proven raises as ever. The proof is a tag,
                `pinecone-control-call`, that the index then has.
            wait: return only when the index is ready.
            wait_timeout: seconds for the wait, ten minutes by default.

        Returns:
            The index; still initializing unless `wait` is True.

        Raises:
            PineconeValueError: an argument cannot be right.
            ConflictError, NotFoundError: name taken, unknown cloud, region or model.
            OperationFailedError, WaitTimeoutError: with `wait`.
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
                answer = create_index_for_model.sync_detailed(client=self._api, body=body)
                index = expect(models.Index, answer)
        except CallError as error:
            index = self._index_made_after_all(error, name, tags, wanted=reconcile)
        return self._when_ready(index, timeout=wait_timeout) if wait else index

    def _when_ready(self, index: models.Index, *, timeout: float) -> models.Index:
        """Wait for an index that was just created."""
        with self._already_made(f"index {index.name!r}", Call("wait_for_index", index.name)):
            return self._wait_for_fresh_index(index.name, index, timeout=timeout)

    def _wait_for_fresh_index(
        self, name: str, made: models.Index | None, *, timeout: float
    ) -> models.Index:
        """Wait for an index that is known to exist: it was just made, as `made` where that came."""

        def look() -> models.Index:
            index = self.describe_index(name)
            if made is not None and is_another_index(made, index):
                raise OperationFailedError(
                    f"index {name} is not the one that was created: somebody has deleted that one "
                    "and made another of its name",
                    last=index,
                )
            return index

        return self._wait(look, INDEX, name, timeout=timeout, absence_grace=FRESH_GRACE)

    def _index_made_after_all(
        self, error: CallError, name: str, tags: Mapping[str, str] | None, *, wanted: bool
    ) -> models.Index:
        """Return the index that a failed create with these tags has made; see `_reconciled`."""
        return self._reconciled(error, lambda: self._index_made_with(tags, name), wanted=wanted)

    def _index_made_with(self, tags: Mapping[str, str] | None, name: str) -> models.Index | None:
        """Return the index of this name if the call with these tags made it."""
        try:
            index = self.describe_index(name)
        except NotFoundError:
            return None
        return index if has_call_tag(index, tags) else None

    def describe_index(self, name: str | models.Index) -> models.Index:
        """Return one index.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: no such index.
        """
        index_name = arguments.index_name("name", name)
        with self._call("describe_index"):
            answer = describe_index.sync_detailed(index_name, client=self._api)
            return expect(models.Index, answer)

    def has_index(self, name: str | models.Index) -> bool:
        """Return whether an index of this name exists, in whatever state.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
        """
        try:
            self.describe_index(name)
        except NotFoundError:
            return False
        return True

    def configure_index(
        self,
        name: str | models.Index,
        *,
        replicas: int | None = None,
        pod_type: str | None = None,
        deletion_protection: DeletionProtection | None = None,
        tags: Mapping[str, str] | None = None,
        embed: models.ConfigureIndexEmbed | Mapping[str, object] | None = None,
    ) -> models.Index:
        """Change an index. Only what is given is sent, and only that changes.

        Args:
            name: the index.
            replicas: of a pod index, at least 1 (contract); checked here.
            pod_type: of a pod index, such as `p1.x2`; left to the server to judge.
            deletion_protection: `enabled` or `disabled`.
            tags: merged into those there are; an empty value removes its key (contract). Keys up
                to 80, values up to 120 characters; checked here.
            embed: model settings; makes the index embed text itself. Its model cannot be changed
                later (contract).

        Returns:
            The index after the change was accepted; it may still be scaling.

        Raises:
            PineconeValueError: an argument cannot be right, or none was given.
            NotFoundError, BadRequestError, ForbiddenError: no such index, not possible, quota.
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
            answer = configure_index.sync_detailed(index_name, client=self._api, body=body)
            return expect(models.Index, answer)

    def delete_index(self, name: str | models.Index) -> None:
        """Delete an index and all its vectors. The server does it in the background.

        Raises:
            PineconeValueError: `name` is empty, `.`, `..` or has a slash.
            NotFoundError: no such index.
            ForbiddenError: deletion protection is on (documentation).
            FailedPreconditionError: something pending stands in the way (contract).
        """
        index_name = arguments.index_name("name", name)
        with self._call("delete_index"):
            expect_deletion(delete_index.sync_detailed(index_name, client=self._api))

    def wait_for_index(
        self,
        name: str | models.Index | models.RestoreJob,
        *,
        timeout: float = 600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Index], None] | None = None,
    ) -> models.Index:
        """Wait until an index is ready.

        Args:
            name: the index: its name, what a call has returned of it, or the restore job that has
                made it.
            timeout: seconds for the whole wait, retries included; ten minutes by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with the index at the first look and at each change of its status.

        Raises:
            OperationFailedError: it is InitializationFailed, Terminating or Disabled; `last` is
                its last state.
            WaitTimeoutError: it was not ready in time; `last` is its last state.
            NotFoundError: no such index. One that was not given by its name was there a moment
                ago: then it was unknown for 30 seconds on end (an assumption).
        """
        given = name.target_index_name if isinstance(name, models.RestoreJob) else name
        index_name = arguments.index_name("name", given)
        return self._wait(
            lambda: self.describe_index(index_name),
            as_known(INDEX, [name]),
            index_name,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )

    def wait_for_index_deleted(
        self,
        name: str | models.Index,
        *,
        timeout: float = 600.0,
        poll_interval: float | None = None,
        on_update: Callable[[models.Index | None], None] | None = None,
    ) -> None:
        """Wait until an index is gone.

        An index that is deleted and made again under its name meanwhile counts as gone, where the
        two can be told apart: by their vectors, or because the first was seen Terminating.

        Args:
            name: the index.
            timeout: seconds for the whole wait, retries included; ten minutes by default.
            poll_interval: seconds between two looks; adaptive by default.
            on_update: called with the index at each change of its status, and with None when it
                is gone.

        Raises:
            WaitTimeoutError: it still exists; `last` is its last state.
        """
        index_name = arguments.index_name("name", name)

        seen: models.Index | None = None

        def look() -> models.Index | None:
            nonlocal seen
            try:
                index = self.describe_index(index_name)
            except NotFoundError:
                return None
            if seen is not None and is_another_index(seen, index):
                return None
            seen = index
            return index

        self._wait(
            look,
            DELETED_INDEX,
            index_name,
            timeout=timeout,
            poll_interval=poll_interval,
            on_update=on_update,
        )
