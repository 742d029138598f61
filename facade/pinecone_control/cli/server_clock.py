"""The time by the server's clock, which ages of the server's resources refer to."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pinecone_control.cli.times import span

if TYPE_CHECKING:
    import httpx

    from pinecone_control import Pinecone

_TOLERANCE: Final = timedelta(minutes=1)


class ServerClock:
    """Compares this machine's clock with the Date header of a client's first response.

    Args:
        pc: a client that has not sent anything yet.
    """

    def __init__(self, pc: "Pinecone") -> None:
        self._ahead: timedelta | None = None
        pc.http_client.event_hooks["response"].append(self._note)

    def _note(self, response: "httpx.Response") -> None:
        if self._ahead is None and "date" in response.headers:
            try:
                told = parsedate_to_datetime(response.headers["date"])
            except ValueError:
                return
            self._ahead = datetime.now(UTC) - told.replace(tzinfo=told.tzinfo or UTC)

    @property
    def ahead(self) -> timedelta:
        """How far this machine's clock is ahead; zero if unknown, or for a minute or less."""
        ahead = self._ahead or timedelta()
        return ahead if abs(ahead) > _TOLERANCE else timedelta()

    @property
    def difference(self) -> str:
        """The difference in words; empty if there is none."""
        if not self.ahead:
            return ""
        side = "ahead of" if self.ahead > timedelta() else "behind"
        return f"the clock of this machine is {span(abs(self.ahead))} {side} the server's"

    def now(self) -> datetime:
        return datetime.now(UTC) - self.ahead
