from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response, Unset

if TYPE_CHECKING:
    from ...models.collection import Collection
    from ...models.create_collection_request import CreateCollectionRequest
    from ...models.error_response import ErrorResponse


def _get_kwargs(
    *,
    body: CreateCollectionRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/collections",
    }
    if not isinstance(body, Unset):
        headers["Content-Type"] = "application/json"
        _kwargs["json"] = base.wire_form(body)
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Collection | ErrorResponse | None:
    if response.status_code == 201:
        from ...models.collection import Collection

        return base.read_response(response, Collection)
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
) -> Response[Collection | ErrorResponse]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateCollectionRequest,
) -> Response[Collection | ErrorResponse]:
    """Copy a pod-based index into a collection

    A collection is a static copy of an index, from which new indexes can be created, also with another
    pod type. Pod-based indexes only; back up serverless ones with `create_backup`. Poll
    `describe_collection` until the status is `Ready`.

    Args:
        body (CreateCollectionRequest): Body of `create_collection`: the index to copy and the
            name of the copy. Example: {'name': 'product-photos-june', 'source': 'product-photos'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Collection | ErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateCollectionRequest,
) -> Collection | ErrorResponse | None:
    """Copy a pod-based index into a collection

    A collection is a static copy of an index, from which new indexes can be created, also with another
    pod type. Pod-based indexes only; back up serverless ones with `create_backup`. Poll
    `describe_collection` until the status is `Ready`.

    Args:
        body (CreateCollectionRequest): Body of `create_collection`: the index to copy and the
            name of the copy. Example: {'name': 'product-photos-june', 'source': 'product-photos'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Collection | ErrorResponse
    """

    response = sync_detailed(
        client=client,
        body=body,
    )
    return response.parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateCollectionRequest,
) -> Response[Collection | ErrorResponse]:
    """Copy a pod-based index into a collection

    A collection is a static copy of an index, from which new indexes can be created, also with another
    pod type. Pod-based indexes only; back up serverless ones with `create_backup`. Poll
    `describe_collection` until the status is `Ready`.

    Args:
        body (CreateCollectionRequest): Body of `create_collection`: the index to copy and the
            name of the copy. Example: {'name': 'product-photos-june', 'source': 'product-photos'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Collection | ErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateCollectionRequest,
) -> Collection | ErrorResponse | None:
    """Copy a pod-based index into a collection

    A collection is a static copy of an index, from which new indexes can be created, also with another
    pod type. Pod-based indexes only; back up serverless ones with `create_backup`. Poll
    `describe_collection` until the status is `Ready`.

    Args:
        body (CreateCollectionRequest): Body of `create_collection`: the index to copy and the
            name of the copy. Example: {'name': 'product-photos-june', 'source': 'product-photos'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Collection | ErrorResponse
    """

    response = await asyncio_detailed(
        client=client,
        body=body,
    )
    return response.parsed
