from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response

if TYPE_CHECKING:
    from ...models.collection import Collection
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    collection_name: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/collections/{collection_name}".format(
            collection_name=quote(str(collection_name), safe=""),
        ),
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Collection | ErrorResponse | None:
    if response.status_code == 200:
        from ...models.collection import Collection

        return base.read_response(response, Collection)
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
) -> Response[Collection | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    collection_name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Collection | ErrorResponse]:
    """Describe one collection

    Size, contents and current status of a collection, the copy of a pod-based index.

    Args:
        collection_name (str): Name of the collection.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Collection | ErrorResponse]
    """

    kwargs = _get_kwargs(
        collection_name=collection_name,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    collection_name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Collection | ErrorResponse | None:
    """Describe one collection

    Size, contents and current status of a collection, the copy of a pod-based index.

    Args:
        collection_name (str): Name of the collection.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Collection | ErrorResponse
    """

    response = sync_detailed(
        collection_name=collection_name,
        client=client,
    )
    return response.parsed


async def asyncio_detailed(
    collection_name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Collection | ErrorResponse]:
    """Describe one collection

    Size, contents and current status of a collection, the copy of a pod-based index.

    Args:
        collection_name (str): Name of the collection.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Collection | ErrorResponse]
    """

    kwargs = _get_kwargs(
        collection_name=collection_name,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    collection_name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Collection | ErrorResponse | None:
    """Describe one collection

    Size, contents and current status of a collection, the copy of a pod-based index.

    Args:
        collection_name (str): Name of the collection.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Collection | ErrorResponse
    """

    response = await asyncio_detailed(
        collection_name=collection_name,
        client=client,
    )
    return response.parsed
