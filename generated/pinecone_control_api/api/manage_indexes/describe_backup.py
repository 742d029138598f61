from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response

if TYPE_CHECKING:
    from ...models.backup import Backup
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    backup_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/backups/{backup_id}".format(
            backup_id=quote(str(backup_id), safe=""),
        ),
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Backup | ErrorResponse | None:
    if response.status_code == 200:
        from ...models.backup import Backup

        return base.read_response(response, Backup)
    if response.status_code == 401:
        from ...models.error_response import ErrorResponse

        return base.read_response(response, ErrorResponse)
    if response.status_code == 404:
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
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Backup | ErrorResponse]:
    """Describe one backup

    Status, origin and size of a backup. Poll it after `create_backup` until the status is `Ready`.

    Args:
        backup_id (str): Id of the backup.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backup | ErrorResponse]
    """

    kwargs = _get_kwargs(
        backup_id=backup_id,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Backup | ErrorResponse | None:
    """Describe one backup

    Status, origin and size of a backup. Poll it after `create_backup` until the status is `Ready`.

    Args:
        backup_id (str): Id of the backup.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backup | ErrorResponse
    """

    response = sync_detailed(
        backup_id=backup_id,
        client=client,
    )
    return response.parsed


async def asyncio_detailed(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Backup | ErrorResponse]:
    """Describe one backup

    Status, origin and size of a backup. Poll it after `create_backup` until the status is `Ready`.

    Args:
        backup_id (str): Id of the backup.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backup | ErrorResponse]
    """

    kwargs = _get_kwargs(
        backup_id=backup_id,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    backup_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Backup | ErrorResponse | None:
    """Describe one backup

    Status, origin and size of a backup. Poll it after `create_backup` until the status is `Ready`.

    Args:
        backup_id (str): Id of the backup.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backup | ErrorResponse
    """

    response = await asyncio_detailed(
        backup_id=backup_id,
        client=client,
    )
    return response.parsed
