from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import UNSET, Response, Unset

if TYPE_CHECKING:
    from ...models.error_response import ErrorResponse
    from ...models.restore_job_list import RestoreJobList


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
        "url": "/restore-jobs",
        "params": params,
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | RestoreJobList | None:
    if response.status_code == 200:
        from ...models.restore_job_list import RestoreJobList

        return base.read_response(response, RestoreJobList)
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
) -> Response[ErrorResponse | RestoreJobList]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    pagination_token: str | Unset = UNSET,
) -> Response[ErrorResponse | RestoreJobList]:
    """List the restore jobs of the project

    One page of restore jobs, from all backups. On the last page `pagination` is null or absent.

    The listing is not exhaustive: pages can overlap, the end can come while jobs remain, and a job
    whose target index was deleted is left out. To follow a job, keep its id and call
    `describe_restore_job`.

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
        Response[ErrorResponse | RestoreJobList]
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
) -> ErrorResponse | RestoreJobList | None:
    """List the restore jobs of the project

    One page of restore jobs, from all backups. On the last page `pagination` is null or absent.

    The listing is not exhaustive: pages can overlap, the end can come while jobs remain, and a job
    whose target index was deleted is left out. To follow a job, keep its id and call
    `describe_restore_job`.

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
        ErrorResponse | RestoreJobList
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
) -> Response[ErrorResponse | RestoreJobList]:
    """List the restore jobs of the project

    One page of restore jobs, from all backups. On the last page `pagination` is null or absent.

    The listing is not exhaustive: pages can overlap, the end can come while jobs remain, and a job
    whose target index was deleted is left out. To follow a job, keep its id and call
    `describe_restore_job`.

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
        Response[ErrorResponse | RestoreJobList]
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
) -> ErrorResponse | RestoreJobList | None:
    """List the restore jobs of the project

    One page of restore jobs, from all backups. On the last page `pagination` is null or absent.

    The listing is not exhaustive: pages can overlap, the end can come while jobs remain, and a job
    whose target index was deleted is left out. To follow a job, keep its id and call
    `describe_restore_job`.

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
        ErrorResponse | RestoreJobList
    """

    response = await asyncio_detailed(
        client=client,
        limit=limit,
        pagination_token=pagination_token,
    )
    return response.parsed
