from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response, Unset

if TYPE_CHECKING:
    from ...models.configure_index_request import ConfigureIndexRequest
    from ...models.error_response import ErrorResponse
    from ...models.index import Index


def _get_kwargs(
    index_name: str,
    *,
    body: ConfigureIndexRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/indexes/{index_name}".format(
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
) -> ErrorResponse | Index | None:
    if response.status_code == 202:
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
    index_name: str,
    *,
    client: AuthenticatedClient | Client,
    body: ConfigureIndexRequest,
) -> Response[ErrorResponse | Index]:
    """Change the settings of an index

    What the body leaves out stays as it is; tags are merged key by key. Every index takes tags and
    deletion protection; serverless ones also `embed`, pod-based ones also replicas and pod size. The
    pod type is fixed: to change it, create another index from a collection of this one.

    The change happens in the background. Watch `status` through `describe_index`.

    Args:
        index_name (str): Name of the index to change.
        body (ConfigureIndexRequest): Body of `configure_index`: the settings to change. What is
            absent stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Index]
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
    body: ConfigureIndexRequest,
) -> ErrorResponse | Index | None:
    """Change the settings of an index

    What the body leaves out stays as it is; tags are merged key by key. Every index takes tags and
    deletion protection; serverless ones also `embed`, pod-based ones also replicas and pod size. The
    pod type is fixed: to change it, create another index from a collection of this one.

    The change happens in the background. Watch `status` through `describe_index`.

    Args:
        index_name (str): Name of the index to change.
        body (ConfigureIndexRequest): Body of `configure_index`: the settings to change. What is
            absent stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Index
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
    body: ConfigureIndexRequest,
) -> Response[ErrorResponse | Index]:
    """Change the settings of an index

    What the body leaves out stays as it is; tags are merged key by key. Every index takes tags and
    deletion protection; serverless ones also `embed`, pod-based ones also replicas and pod size. The
    pod type is fixed: to change it, create another index from a collection of this one.

    The change happens in the background. Watch `status` through `describe_index`.

    Args:
        index_name (str): Name of the index to change.
        body (ConfigureIndexRequest): Body of `configure_index`: the settings to change. What is
            absent stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | Index]
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
    body: ConfigureIndexRequest,
) -> ErrorResponse | Index | None:
    """Change the settings of an index

    What the body leaves out stays as it is; tags are merged key by key. Every index takes tags and
    deletion protection; serverless ones also `embed`, pod-based ones also replicas and pod size. The
    pod type is fixed: to change it, create another index from a collection of this one.

    The change happens in the background. Watch `status` through `describe_index`.

    Args:
        index_name (str): Name of the index to change.
        body (ConfigureIndexRequest): Body of `configure_index`: the settings to change. What is
            absent stays as it is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | Index
    """

    response = await asyncio_detailed(
        index_name=index_name,
        client=client,
        body=body,
    )
    return response.parsed
