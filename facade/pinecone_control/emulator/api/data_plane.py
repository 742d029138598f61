"""The data plane, as far as tests of the control plane need it: the statistics of an index.

Over HTTP, the host of an index leads back to the emulator. Every other request there is refused
with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinecone_control.emulator.api.authentication import authenticate
from pinecone_control.emulator.api.http_error import HttpError
from pinecone_control.emulator.api.http_messages import Response, Result
from pinecone_control.emulator.state.resources import DOMAIN

if TYPE_CHECKING:
    from pinecone_control.emulator.api.http_messages import Request
    from pinecone_control.emulator.context import Context
    from pinecone_control.emulator.state.resources import Index, Json


_NO_DATA_PLANE: Final = (
    "The emulator has no data plane: the host of an index answers describe_index_stats, and "
    "vectors can be neither written nor queried."
)


def is_data_plane(path: str) -> bool:
    """Return whether a path begins with the host of an index."""
    return path.split("/", 2)[1].endswith(f".{DOMAIN}") if path.startswith("/") else False


class DataPlane:
    """Serves the requests to the hosts of indexes."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def handle(self, request: Request) -> Response:
        """Return the response to one request."""
        _, host, *rest = request.path.split("/")
        try:
            index = self._index(host, authenticate(request, self._context))
        except HttpError as error:
            return error.response()
        if rest == ["describe_index_stats"] and request.method in {"GET", "POST"}:
            return Result(200, _statistics(index)).response({})
        return HttpError(501, _NO_DATA_PLANE).response()

    def _index(self, host: str, project: str) -> Index:
        now = self._context.clock.microseconds()
        with self._context.store.transaction(now) as tables:
            for index in tables.indexes.all(project, now):
                if index.host == host:
                    return index
        raise HttpError(404, "No index of this project has this host.")


def _statistics(index: Index) -> Json:
    count = index.record_count
    dimension = {} if index.dimension is None else {"dimension": index.dimension}
    return {
        **dimension,
        "namespaces": {"__default__": {"vectorCount": count}} if count else {},
        "indexFullness": 0,
        "totalVectorCount": count,
        "metric": index.metric,
        "vectorType": index.vector_type,
    }
