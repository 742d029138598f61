from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ... import base, errors
from ...client import AuthenticatedClient, Client
from ...types import Response

if TYPE_CHECKING:
    from ...models.error_response import ErrorResponse
    from ...models.restore_job import RestoreJob


def _get_kwargs(
    job_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/restore-jobs/{job_id}".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | RestoreJob | None:
    if response.status_code == 200:
        from ...models.restore_job import RestoreJob

        return base.read_response(response, RestoreJob)
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
) -> Response[ErrorResponse | RestoreJob]:
    return Response(_parse_response(client=client, response=response), response)


def sync_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorResponse | RestoreJob]:
    """Describe one restore job

    Status and progress of a restore. Poll it until the status is `Completed`, `Failed` or `Cancelled`.
    A 404 can be transient: ask again before you give the job up.

    Args:
        job_id (str): Id of the restore job, as returned when the restore was started.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | RestoreJob]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
    )
    response = client.get_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


def sync(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorResponse | RestoreJob | None:
    """Describe one restore job

    Status and progress of a restore. Poll it until the status is `Completed`, `Failed` or `Cancelled`.
    A 404 can be transient: ask again before you give the job up.

    Args:
        job_id (str): Id of the restore job, as returned when the restore was started.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | RestoreJob
    """

    response = sync_detailed(
        job_id=job_id,
        client=client,
    )
    return response.parsed


async def asyncio_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[ErrorResponse | RestoreJob]:
    """Describe one restore job

    Status and progress of a restore. Poll it until the status is `Completed`, `Failed` or `Cancelled`.
    A 404 can be transient: ask again before you give the job up.

    Args:
        job_id (str): Id of the restore job, as returned when the restore was started.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | RestoreJob]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
    )
    response = await client.get_async_httpx_client().request(**kwargs)
    return _build_response(client=client, response=response)


async def asyncio(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> ErrorResponse | RestoreJob | None:
    """Describe one restore job

    Status and progress of a restore. Poll it until the status is `Completed`, `Failed` or `Cancelled`.
    A 404 can be transient: ask again before you give the job up.

    Args:
        job_id (str): Id of the restore job, as returned when the restore was started.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | RestoreJob
    """

    response = await asyncio_detailed(
        job_id=job_id,
        client=client,
    )
    return response.parsed
