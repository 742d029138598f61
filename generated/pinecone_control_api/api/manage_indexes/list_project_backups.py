from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...models.backup_list import BackupList
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    *,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["paginationToken"] = pagination_token

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/backups",
        "params": params,
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BackupList | ErrorResponse | None:
    if response.status_code == 200:
        from ...models.backup_list import BackupList

        return base.read_response(response, BackupList)
    if response.status_code == 401:
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
) -> Response[BackupList | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> Response[BackupList | ErrorResponse]:
    """List the backups of the whole project

    One page of the project's backups, whatever index they were taken from. On the last page
    `pagination` is null or absent.

    Args:
        limit (int | Unset): Largest number of items on a page, 1 to 100; 10 when absent. Leave it
            out beside `paginationToken`, which already carries the page size.
        pagination_token (str | Unset): Where to continue: the `pagination.next` of the page
            before; absent for the first page. Treat it as opaque. Sending a `limit` with it can skip
            or repeat items.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BackupList | ErrorResponse]
    """

    kwargs = _get_kwargs(
        limit=limit,
        pagination_token=pagination_token,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> BackupList | ErrorResponse | None:
    """List the backups of the whole project

    One page of the project's backups, whatever index they were taken from. On the last page
    `pagination` is null or absent.

    Args:
        limit (int | Unset): Largest number of items on a page, 1 to 100; 10 when absent. Leave it
            out beside `paginationToken`, which already carries the page size.
        pagination_token (str | Unset): Where to continue: the `pagination.next` of the page
            before; absent for the first page. Treat it as opaque. Sending a `limit` with it can skip
            or repeat items.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BackupList | ErrorResponse
    """

    response = sync_detailed(
        client=client,
        limit=limit,
        pagination_token=pagination_token,
    )
    return response.parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> Response[BackupList | ErrorResponse]:
    """List the backups of the whole project

    One page of the project's backups, whatever index they were taken from. On the last page
    `pagination` is null or absent.

    Args:
        limit (int | Unset): Largest number of items on a page, 1 to 100; 10 when absent. Leave it
            out beside `paginationToken`, which already carries the page size.
        pagination_token (str | Unset): Where to continue: the `pagination.next` of the page
            before; absent for the first page. Treat it as opaque. Sending a `limit` with it can skip
            or repeat items.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BackupList | ErrorResponse]
    """

    kwargs = _get_kwargs(
        limit=limit,
        pagination_token=pagination_token,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> BackupList | ErrorResponse | None:
    """List the backups of the whole project

    One page of the project's backups, whatever index they were taken from. On the last page
    `pagination` is null or absent.

    Args:
        limit (int | Unset): Largest number of items on a page, 1 to 100; 10 when absent. Leave it
            out beside `paginationToken`, which already carries the page size.
        pagination_token (str | Unset): Where to continue: the `pagination.next` of the page
            before; absent for the first page. Treat it as opaque. Sending a `limit` with it can skip
            or repeat items.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BackupList | ErrorResponse
    """

    response = await asyncio_detailed(
        client=client,
        limit=limit,
        pagination_token=pagination_token,
    )
    return response.parsed
