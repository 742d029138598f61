from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response, Unset

if TYPE_CHECKING:
    from ...models.backup import Backup
    from ...models.create_backup_request import CreateBackupRequest
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    index_name: str,
    *,
    body: CreateBackupRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/indexes/{index_name}/backups".format(
            index_name=quote(str(index_name), safe=""),
        ),
    }
    if not isinstance(body, Unset):
        headers["Content-Type"] = "application/json"
        _kwargs["json"] = base.wire_form(body)
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Backup | ErrorResponse | None:
    if response.status_code == 201:
        from ...models.backup import Backup

        return base.read_response(response, Backup)
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
) -> Response[Backup | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    index_name: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateBackupRequest,
) -> Response[Backup | ErrorResponse]:
    """Back up an index

    Starts the backup and returns at once; it can be restored when its status is `Ready`. Serverless and
    BYOC only: pod-based indexes have collections instead. Not idempotent: names of backups need not be
    unique, so a request sent twice makes two backups.

    Args:
        index_name (str): Name of the index to copy; serverless or BYOC.
        body (CreateBackupRequest): Body of `create_backup`: labels for the new backup, both
            optional. Example: {'name': 'weekly'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backup | ErrorResponse]
    """

    kwargs = _get_kwargs(
        index_name=index_name,
        body=body,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    index_name: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateBackupRequest,
) -> Backup | ErrorResponse | None:
    """Back up an index

    Starts the backup and returns at once; it can be restored when its status is `Ready`. Serverless and
    BYOC only: pod-based indexes have collections instead. Not idempotent: names of backups need not be
    unique, so a request sent twice makes two backups.

    Args:
        index_name (str): Name of the index to copy; serverless or BYOC.
        body (CreateBackupRequest): Body of `create_backup`: labels for the new backup, both
            optional. Example: {'name': 'weekly'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backup | ErrorResponse
    """

    response = sync_detailed(
        index_name=index_name,
        client=client,
        body=body,
    )
    return response.parsed


async def asyncio_detailed(
    index_name: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateBackupRequest,
) -> Response[Backup | ErrorResponse]:
    """Back up an index

    Starts the backup and returns at once; it can be restored when its status is `Ready`. Serverless and
    BYOC only: pod-based indexes have collections instead. Not idempotent: names of backups need not be
    unique, so a request sent twice makes two backups.

    Args:
        index_name (str): Name of the index to copy; serverless or BYOC.
        body (CreateBackupRequest): Body of `create_backup`: labels for the new backup, both
            optional. Example: {'name': 'weekly'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backup | ErrorResponse]
    """

    kwargs = _get_kwargs(
        index_name=index_name,
        body=body,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    index_name: str,
    *,
    client: AuthenticatedClient | Client,
    body: CreateBackupRequest,
) -> Backup | ErrorResponse | None:
    """Back up an index

    Starts the backup and returns at once; it can be restored when its status is `Ready`. Serverless and
    BYOC only: pod-based indexes have collections instead. Not idempotent: names of backups need not be
    unique, so a request sent twice makes two backups.

    Args:
        index_name (str): Name of the index to copy; serverless or BYOC.
        body (CreateBackupRequest): Body of `create_backup`: labels for the new backup, both
            optional. Example: {'name': 'weekly'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backup | ErrorResponse
    """

    response = await asyncio_detailed(
        index_name=index_name,
        client=client,
        body=body,
    )
    return response.parsed
