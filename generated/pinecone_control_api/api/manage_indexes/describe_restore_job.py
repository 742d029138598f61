from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.restore_job import RestoreJob
from ...types import Response


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
        response_200 = RestoreJob.from_response(response)

        return response_200

    if response.status_code == 401:
        response_401 = ErrorResponse.from_response(response)

        return response_401

    if response.status_code == 404:
        response_404 = ErrorResponse.from_response(response)

        return response_404

    if response.status_code == 500:
        response_500 = ErrorResponse.from_response(response)

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | RestoreJob]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


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

    response = client.get_httpx_client().request(
        **kwargs,
    )

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

    return sync_detailed(
        job_id=job_id,
        client=client,
    ).parsed


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

    return (
        await asyncio_detailed(
            job_id=job_id,
            client=client,
        )
    ).parsed
