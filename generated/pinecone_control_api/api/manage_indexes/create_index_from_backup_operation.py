from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response, Unset

if TYPE_CHECKING:
    from ...models.create_index_from_backup_request import CreateIndexFromBackupRequest
    from ...models.create_index_from_backup_response import (
        CreateIndexFromBackupResponse,
    )
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    backup_id: str,
    *,
    body: CreateIndexFromBackupRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/backups/{backup_id}/create-index".format(
            backup_id=quote(str(backup_id), safe=""),
        ),
    }
    if not isinstance(body, Unset):
        headers["Content-Type"] = "application/json"
        _kwargs["json"] = base.wire_form(body)
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CreateIndexFromBackupResponse | ErrorResponse | None:
    if response.status_code == 202:
        from ...models.create_index_from_backup_response import (
            CreateIndexFromBackupResponse,
        )

        return base.read_response(response, CreateIndexFromBackupResponse)
    if response.status_code == 400:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 401:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 402:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 403:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 404:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 409:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 422:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 500:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CreateIndexFromBackupResponse | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexFromBackupRequest,
) -> Response[CreateIndexFromBackupResponse | ErrorResponse]:
    """Restore a backup into a new index

    Creates an index, starts a restore job that fills it, and returns the ids of both. Keep the job's id
    and follow it with `describe_restore_job`: listings may leave a job out. An index name that is
    already taken gives 409, so a request sent twice never restores twice.

    Args:
        backup_id (str): Id of the backup to restore, one whose status is `Ready`.
        body (CreateIndexFromBackupRequest): Body of `create_index_from_backup`: the index to
            restore into. Its data and shape come from the backup, and so do its tags unless given
            here. Example: {'name': 'support-articles-restored'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreateIndexFromBackupResponse | ErrorResponse]
    """

    kwargs = _get_kwargs(
        backup_id=backup_id,
        body=body,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexFromBackupRequest,
) -> CreateIndexFromBackupResponse | ErrorResponse | None:
    """Restore a backup into a new index

    Creates an index, starts a restore job that fills it, and returns the ids of both. Keep the job's id
    and follow it with `describe_restore_job`: listings may leave a job out. An index name that is
    already taken gives 409, so a request sent twice never restores twice.

    Args:
        backup_id (str): Id of the backup to restore, one whose status is `Ready`.
        body (CreateIndexFromBackupRequest): Body of `create_index_from_backup`: the index to
            restore into. Its data and shape come from the backup, and so do its tags unless given
            here. Example: {'name': 'support-articles-restored'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreateIndexFromBackupResponse | ErrorResponse
    """

    response = sync_detailed(
        backup_id=backup_id,
        client=client,
        body=body,
    )
    return response.parsed


async def asyncio_detailed(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexFromBackupRequest,
) -> Response[CreateIndexFromBackupResponse | ErrorResponse]:
    """Restore a backup into a new index

    Creates an index, starts a restore job that fills it, and returns the ids of both. Keep the job's id
    and follow it with `describe_restore_job`: listings may leave a job out. An index name that is
    already taken gives 409, so a request sent twice never restores twice.

    Args:
        backup_id (str): Id of the backup to restore, one whose status is `Ready`.
        body (CreateIndexFromBackupRequest): Body of `create_index_from_backup`: the index to
            restore into. Its data and shape come from the backup, and so do its tags unless given
            here. Example: {'name': 'support-articles-restored'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CreateIndexFromBackupResponse | ErrorResponse]
    """

    kwargs = _get_kwargs(
        backup_id=backup_id,
        body=body,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexFromBackupRequest,
) -> CreateIndexFromBackupResponse | ErrorResponse | None:
    """Restore a backup into a new index

    Creates an index, starts a restore job that fills it, and returns the ids of both. Keep the job's id
    and follow it with `describe_restore_job`: listings may leave a job out. An index name that is
    already taken gives 409, so a request sent twice never restores twice.

    Args:
        backup_id (str): Id of the backup to restore, one whose status is `Ready`.
        body (CreateIndexFromBackupRequest): Body of `create_index_from_backup`: the index to
            restore into. Its data and shape come from the backup, and so do its tags unless given
            here. Example: {'name': 'support-articles-restored'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CreateIndexFromBackupResponse | ErrorResponse
    """

    response = await asyncio_detailed(
        backup_id=backup_id,
        client=client,
        body=body,
    )
    return response.parsed
