from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response

if TYPE_CHECKING:
    from ...models.collection_list import CollectionList
    from ...models.error_response import ErrorResponse


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/collections",
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CollectionList | ErrorResponse | None:
    if response.status_code == 200:
        from ...models.collection_list import CollectionList

        return base.read_response(response, CollectionList)
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
) -> Response[CollectionList | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[CollectionList | ErrorResponse]:
    """List all collections of the project

    Returns every collection in a single response, without pages. Collections come from pod-based
    indexes only; serverless ones have backups.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CollectionList | ErrorResponse]
    """

    kwargs = _get_kwargs()
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> CollectionList | ErrorResponse | None:
    """List all collections of the project

    Returns every collection in a single response, without pages. Collections come from pod-based
    indexes only; serverless ones have backups.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CollectionList | ErrorResponse
    """

    response = sync_detailed(
        client=client,
    )
    return response.parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[CollectionList | ErrorResponse]:
    """List all collections of the project

    Returns every collection in a single response, without pages. Collections come from pod-based
    indexes only; serverless ones have backups.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CollectionList | ErrorResponse]
    """

    kwargs = _get_kwargs()
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> CollectionList | ErrorResponse | None:
    """List all collections of the project

    Returns every collection in a single response, without pages. Collections come from pod-based
    indexes only; serverless ones have backups.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CollectionList | ErrorResponse
    """

    response = await asyncio_detailed(
        client=client,
    )
    return response.parsed
