from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response, Unset

if TYPE_CHECKING:
    from ...models.create_index_request import CreateIndexRequest
    from ...models.error_response import ErrorResponse
    from ...models.index import Index


def _get_kwargs(
    *,
    body: CreateIndexRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/indexes",
    }
    if not isinstance(body, Unset):
        headers["Content-Type"] = "application/json"
        _kwargs["json"] = base.wire_form(body)
    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | Index | None:
    if response.status_code == 201:
        from ...models.index import Index

        return base.read_response(response, Index)
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
) -> Response[ErrorResponse | Index]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexRequest,
) -> Response[ErrorResponse | Index]:
    """Create a serverless, pod-based or BYOC index

    `spec` says where the index runs; name, dimension, metric and vector type stay as given here. The
    answer comes before the index is usable: poll `describe_index` until `status.ready` is true. A name
    that is already taken gives 409, so sending the request twice never makes two indexes.

    Args:
        body (CreateIndexRequest): Body of `create_index`: name, vector shape and deployment of
            the new index.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Index]
    """

    kwargs = _get_kwargs(
        body=body,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexRequest,
) -> ErrorResponse | Index | None:
    """Create a serverless, pod-based or BYOC index

    `spec` says where the index runs; name, dimension, metric and vector type stay as given here. The
    answer comes before the index is usable: poll `describe_index` until `status.ready` is true. A name
    that is already taken gives 409, so sending the request twice never makes two indexes.

    Args:
        body (CreateIndexRequest): Body of `create_index`: name, vector shape and deployment of
            the new index.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Index
    """

    response = sync_detailed(
        client=client,
        body=body,
    )
    return response.parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexRequest,
) -> Response[ErrorResponse | Index]:
    """Create a serverless, pod-based or BYOC index

    `spec` says where the index runs; name, dimension, metric and vector type stay as given here. The
    answer comes before the index is usable: poll `describe_index` until `status.ready` is true. A name
    that is already taken gives 409, so sending the request twice never makes two indexes.

    Args:
        body (CreateIndexRequest): Body of `create_index`: name, vector shape and deployment of
            the new index.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Index]
    """

    kwargs = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CreateIndexRequest,
) -> ErrorResponse | Index | None:
    """Create a serverless, pod-based or BYOC index

    `spec` says where the index runs; name, dimension, metric and vector type stay as given here. The
    answer comes before the index is usable: poll `describe_index` until `status.ready` is true. A name
    that is already taken gives 409, so sending the request twice never makes two indexes.

    Args:
        body (CreateIndexRequest): Body of `create_index`: name, vector shape and deployment of
            the new index.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Index
    """

    response = await asyncio_detailed(
        client=client,
        body=body,
    )
    return response.parsed
