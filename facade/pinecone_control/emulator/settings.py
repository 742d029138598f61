"""Settings of an emulator: durations, quotas, regions, and limits of its HTTP server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

KNOWN_REGIONS: Mapping[str, frozenset[str]] = {
    "aws": frozenset({"us-east-1", "us-west-2", "eu-west-1"}),
    "gcp": frozenset({"us-central1", "us-east1", "europe-west4"}),
    "azure": frozenset({"eastus2"}),
}
"""Regions of serverless indexes (assumption: the public list, plus the contract's example)."""


@frozen(kw_only=True)
class Settings:
    """Settings of an emulator for what the contract does not define.

    Durations are seconds on the emulator's clock. All of them are short assumptions, because the
    real service guarantees none. Quotas limit what a project has at one time; None means no limit.
    A request beyond a quota gets the contract's 403.

    Attributes:
        index_seconds: from creating an index to Ready. Default 1.
        index_deletion_seconds: how long a deleted index is shown as Terminating. Default 1.
        scaling_seconds: how long a reconfigured pod index shows a scaling state. Default 3.
        collection_seconds: from creating a collection to Ready. Default 3.
        collection_deletion_seconds: how long a deleted one is shown as Terminating. Default 1.
        backup_seconds: from creating a backup to Ready. Default 3.
        restore_seconds: from creating an index from a backup to Completed. Default 10.
        index_quota: indexes of one project.
        pod_quota: pods of all pod indexes of one project.
        collection_quota: collections of one project.
        backup_quota: backups of one project.
        regions: regions by cloud; None accepts any. An unknown one gets the contract's 404.
        shows_progress: whether a restore job that has not completed states `percent_complete`.
            Default True: the contract's example shows 42.2, while the documentation says that only
            completed jobs state it.
        lists_jobs_of_deleted_indexes: whether a listing shows a restore job whose target index is
            gone. Default True; the documentation of a later version says that the real listing
            leaves them out, so that its pages are shorter than requested.
        body_limit: maximum bytes of a request body; a longer one gets a 413. Default 64 KiB: real
            ones have a few KiB at most, and one of 2 MiB can delay other clients by a second
            (measured).
        allowed_origins: origins, such as ``http://localhost:3000``, whose pages may send requests
            to the HTTP server. Default none: only the emulator's own page may.
        allowed_hosts: further host names that requests to the HTTP server may state, such as that
            of a container. Loopback and the address that it listens on are always allowed.
    """

    index_seconds: float = 1.0
    index_deletion_seconds: float = 1.0
    scaling_seconds: float = 3.0
    collection_seconds: float = 3.0
    collection_deletion_seconds: float = 1.0
    backup_seconds: float = 3.0
    restore_seconds: float = 10.0
    index_quota: int | None = None
    pod_quota: int | None = None
    collection_quota: int | None = None
    backup_quota: int | None = None
    regions: Mapping[str, frozenset[str]] | None = Factory(lambda: KNOWN_REGIONS)
    shows_progress: bool = True
    lists_jobs_of_deleted_indexes: bool = True
    body_limit: int = 64 * 1024
    allowed_origins: Collection[str] = frozenset()
    allowed_hosts: Collection[str] = frozenset()
