"""The probes that show whether a server conforms to the contract.

Reading probes change nothing. Writing probes create resources with a name prefix of their own, and
remove them again, whatever happens.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from pinecone_control.contract.shipped_contracts import effective_contract
from pinecone_control_api import resource_states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pinecone_control.contract.server_check.server_under_test import (
        ProbeResponse,
        ServerUnderTest,
    )
    from pinecone_control.contract.violations import Mismatch
    from pinecone_control_api.resource_states import Verdict

PREFIX: Final = "contract-check-"
"""Prefix of the names of all resources that the probes create."""

_OK: Final = frozenset({200})
_MISSING: Final = frozenset({404})
_REFUSED: Final = frozenset({400, 422})
_NO_AUTH: Final = frozenset({401})
_NO_INDEX: Final = f"{PREFIX}none"
_NO_ID: Final = "00000000-0000-4000-8000-000000000000"
_STATES: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, Verdict]]]] = {
    "describe_index": (("status", "state"), resource_states.INDEX),
    "describe_backup": (("status",), resource_states.BACKUP),
    "describe_restore_job": (("status",), resource_states.RESTORE_JOB),
}
"""Path to the state in each resource, and the meaning of each state."""

_PAGE: Final = 2
_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 5.0


class Probes:
    """The probes of one run.

    Args:
        server: the server under test.
        cloud: cloud of the index that the writing probes create. Default ``aws``.
        region: region of that index. Default ``us-east-1``.
        patience: seconds to wait for each resource that was created. Default 600.
        tell: called with each progress message. Default: nothing is reported.
    """

    def __init__(
        self,
        server: ServerUnderTest,
        *,
        cloud: str = "aws",
        region: str = "us-east-1",
        patience: float = 600.0,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._server = server
        self._place = {"cloud": cloud, "region": region}
        self._patience = patience
        self._tell = tell
        self._name = PREFIX + secrets.token_hex(3)

    # ---------------------------------------------------------------------------------- reading

    def read(self) -> None:
        """Probe every reading operation, for resources that exist and for some that do not."""
        self._listed("indexes", "list_indexes", "describe_index", "name", _NO_INDEX)
        self._listed("collections", "list_collections", "describe_collection", "name", _NO_INDEX)
        self._paged("list_project_backups")
        self._described("list_project_backups", "data", "describe_backup", "backup_id", _NO_ID)
        self._backups_of_an_index()
        self._paged("list_restore_jobs")
        self._described(
            "list_restore_jobs", "data", "describe_restore_job", "restore_job_id", _NO_ID
        )
        for operation in effective_contract().operations.values():
            if operation.method == "GET":
                self._unsigned(operation.operation_id)

    def _listed(self, name: str, listing: str, describing: str, key: str, missing: str) -> None:
        response = self._server.ask(listing)
        self._server.note(response, f"all {name}", _OK)
        self._described(listing, name, describing, key, missing)

    def _described(self, listing: str, name: str, describing: str, key: str, missing: str) -> None:
        """Describe the first one that is listed, and one that does not exist."""
        listed = self._server.ask(listing).items(name)
        ids = [each[key] for each in listed if isinstance(each.get(key), str) and each[key]]
        if ids:
            response = self._server.ask(describing, ids[0])
            same = self._same(response, key, ids[0]) if response.is_success else None
            self._server.note(response, "one that is listed", _OK, same)
        else:
            self._server.skip(describing, "one that is listed", "none is listed")
        self._missing(describing, missing)

    def _missing(self, operation: str, *path: str, body: object = None) -> None:
        response = self._server.ask(operation, *path, body=body)
        self._server.note(
            response, "one that does not exist", _MISSING, self._error_status(response)
        )

    def _backups_of_an_index(self) -> None:
        operation = "list_index_backups"
        names = [each.get("name") for each in self._server.ask("list_indexes").items("indexes")]
        if names and isinstance(names[0], str):
            response = self._server.ask(operation, names[0], query={"limit": _PAGE})
            self._server.note(response, "those of an index", _OK, self._page_size(response))
        else:
            self._server.skip(operation, "those of an index", "there is no index")
        self._missing(operation, _NO_INDEX)

    def _paged(self, operation: str) -> None:
        ask, note = self._server.ask, self._server.note
        first = ask(operation, query={"limit": _PAGE})
        note(first, f"a page of {_PAGE}", _OK, self._page_size(first))
        token = first.at("pagination", "next")
        if isinstance(token, str):
            following = ask(operation, query={"paginationToken": token})
            note(following, "the next page", _OK, *self._follows(following, first, token))
        else:
            self._server.skip(operation, "the next page", "there is one page only")
        largest = ask(operation, query={"limit": 100})
        note(largest, "a page of 100", _OK)
        for limit in (0, 101, "ten"):
            note(ask(operation, query={"limit": limit}), f"a page of {limit}", _REFUSED)
        note(ask(operation, query={"paginationToken": "%%%"}), "a malformed token", _REFUSED)

    def _unsigned(self, operation: str) -> None:
        path = effective_contract().operations[operation].path
        values = [_NO_INDEX] * path.count("{")
        response = self._server.ask(operation, *values, is_signed=False)
        self._server.note(response, "without an API key", _NO_AUTH, self._error_status(response))

    # ---------------------------------------------------------------------------------- writing

    def write(self) -> None:
        """Create an index, a backup and a restore, try valid and invalid changes, remove all."""
        try:
            for step in (
                self._write_indexes,
                self._write_backups,
                self._write_collections,
                self._delete_all,
                self._write_unsigned,
            ):
                step()
        finally:
            self.remove()

    def remove(self) -> None:
        """Remove every resource of this run that still exists."""
        ask = self._server.ask
        for index in ask("list_indexes").items("indexes"):
            name = str(index.get("name"))
            if name.startswith(self._name):
                if index.get("deletion_protection") == "enabled":
                    ask("configure_index", name, body={"deletion_protection": "disabled"})
                self._settled("describe_index", name)
                ask("delete_index", name)
        for backup in self._own_backups():
            self._deleted_when_possible(str(backup.get("backup_id")))
        for collection in ask("list_collections").items("collections"):
            if str(collection.get("name")).startswith(self._name):
                ask("delete_collection", str(collection["name"]))

    def _write_indexes(self) -> None:
        ask, note = self._server.ask, self._server.note
        create, configure = "create_index", "configure_index"
        body = {"name": self._name, "dimension": 8, "spec": {"serverless": self._place}}
        response = note(ask(create, body=body), "a serverless index", _success(create))
        if response.is_success:
            self._settled("describe_index", self._name)
        note(ask(create, body=body), "a name that is taken", {409})
        note(ask(create, body={**body, "dimension": 20_001}), "a dimension of 20001", _REFUSED)
        note(ask(create, body={"name": self._name}), "no spec", _REFUSED)
        note(ask(create, body={**body, "name": "Not_A_Name"}), "a malformed name", _REFUSED)
        nowhere = {**self._place, "region": "nowhere"}
        elsewhere = {**body, "name": f"{self._name}-b", "spec": {"serverless": nowhere}}
        note(ask(create, body=elsewhere), "an unknown region", {400, 404})
        tags = ask(configure, self._name, body={"tags": {"made-by": "contract-check"}})
        note(tags, "a tag", _success(configure), self._has_tag(tags))
        protect = ask(configure, self._name, body={"deletion_protection": "enabled"})
        note(protect, "deletion protection", _success(configure))
        note(ask("delete_index", self._name), "one that is protected", {403})
        release = ask(configure, self._name, body={"deletion_protection": "disabled"})
        note(release, "no deletion protection", _success(configure))
        note(ask(configure, self._name, body={"tags": []}), "malformed tags", _REFUSED)
        self._missing(configure, _NO_INDEX, body={"tags": {}})
        self._write_index_for_model()

    def _write_index_for_model(self) -> None:
        ask, note = self._server.ask, self._server.note
        create, name = "create_index_for_model", f"{self._name}-m"
        embed = {"model": "multilingual-e5-large", "field_map": {"text": "body"}}
        body = {"name": name, **self._place, "embed": embed}
        note(ask(create, body=body), "an index with a hosted model", _success(create))
        note(ask(create, body=body), "a name that is taken", {409})
        unknown = {**body, "name": f"{name}-2", "embed": {**embed, "model": "unheard-of"}}
        note(ask(create, body=unknown), "an unknown model", {400, 404})
        note(ask(create, body={**body, "embed": {}}), "no model", _REFUSED)

    def _write_backups(self) -> None:
        ask, note = self._server.ask, self._server.note
        create = "create_backup"
        response = ask(create, self._name, body={"name": self._name})
        note(response, "a backup", _success(create))
        self._missing(create, _NO_INDEX, body={})
        note(ask(create, self._name, body={"name": 1}), "a name that is a number", _REFUSED)
        backup = response.at("backup_id")
        if not isinstance(backup, str):
            self._server.skip("describe_backup", "the new backup", "no backup was created")
            return
        state = self._settled("describe_backup", backup)
        note(state, "the new backup", _OK, self._same(state, "backup_id", backup))
        self._write_restore(backup)

    def _write_restore(self, backup: str) -> None:
        ask, note = self._server.ask, self._server.note
        restore = "create_index_from_backup_operation"
        response = ask(restore, backup, body={"name": f"{self._name}-r"})
        note(response, "a restore", _success(restore))
        job = response.at("restore_job_id")
        if isinstance(job, str):
            state = ask("describe_restore_job", job)
            note(state, "the new job", _OK, self._same(state, "restore_job_id", job))
            if state.at("status") == "Pending":
                note(ask("delete_backup", backup), "one that is being restored", {412})
            note(self._settled("describe_restore_job", job), "the finished job", _OK)
        note(ask(restore, backup, body={"name": self._name}), "a name that is taken", {409})
        note(ask(restore, backup, body={}), "no name", _REFUSED)
        self._missing(restore, _NO_ID, body={"name": f"{self._name}-x"})

    def _write_collections(self) -> None:
        ask, note = self._server.ask, self._server.note
        create, body = "create_collection", {"name": f"{self._name}-c", "source": self._name}
        note(ask(create, body=body), "of an index without pods", {400, 404})
        note(ask(create, body={"name": f"{self._name}-c"}), "no source", _REFUSED)
        self._missing("delete_collection", _NO_INDEX)

    def _delete_all(self) -> None:
        ask, note = self._server.ask, self._server.note
        for backup in self._own_backups():
            deleted = self._deleted_when_possible(str(backup.get("backup_id")))
            note(deleted, "the new backup", _success("delete_backup"))
        self._missing("delete_backup", _NO_ID)
        for suffix in ("", "-m", "-r"):
            name = self._name + suffix
            if ask("describe_index", name).is_success:
                self._settled("describe_index", name)
                note(ask("delete_index", name), f"the new index{suffix}", _success("delete_index"))
        self._missing("delete_index", _NO_INDEX)

    def _write_unsigned(self) -> None:
        for operation in effective_contract().operations.values():
            if operation.method != "GET":
                self._unsigned(operation.operation_id)

    # ---------------------------------------------------------------------------------- helpers

    def _own_backups(self) -> Iterator[dict[str, Any]]:
        query: dict[str, str | int] = {"limit": 100}
        for _ in range(1000):  # a server's listing might have no end
            page = self._server.ask("list_project_backups", query=query)
            yield from (b for b in page.items("data") if b.get("name") == self._name)
            token = page.at("pagination", "next")
            if not isinstance(token, str):
                return
            query = {"paginationToken": token}

    def _deleted_when_possible(self, backup: str) -> ProbeResponse:
        """Delete a backup; while restore jobs still read from it, wait for them."""
        response = self._server.ask("delete_backup", backup)
        for pause in self._pauses(f"until {backup} can be deleted"):
            if response.status != 412:
                break
            self._server.pause(pause)
            response = self._server.ask("delete_backup", backup)
        return response

    def _settled(self, operation: str, name: str) -> ProbeResponse:
        """Describe a resource until it is ready or failed, or the time is up."""
        where, verdicts = _STATES[operation]
        response = self._server.ask(operation, name)
        for pause in self._pauses(f"for {name}"):
            verdict = verdicts.get(str(response.at(*where)), "at work")
            is_serving = verdict != "ready" or response.at("status", "ready") is not False
            if not response.is_success or (verdict != "at work" and is_serving):
                break
            self._server.pause(pause)
            response = self._server.ask(operation, name)
        return response

    def _pauses(self, purpose: str) -> Iterator[float]:
        waited, pause = 0.0, _FIRST_PAUSE
        while waited < self._patience:
            if waited == _FIRST_PAUSE:  # it was not ready at once
                self._tell(f"waiting {purpose}, {self._patience:g} s at most ...")
            yield pause
            waited += pause
            pause = min(2 * pause, _LONGEST_PAUSE)

    # ----------------------------------------------------------------- checks beyond the schemas

    def _page_size(self, response: ProbeResponse) -> Mismatch | None:
        count = len(response.items("data"))
        if count <= _PAGE:
            return None
        return response.mismatch("/data", f"at most {_PAGE} items, as requested", f"{count}")

    def _follows(
        self, response: ProbeResponse, before: ProbeResponse, token: str
    ) -> Iterator[Mismatch | None]:
        if response.at("pagination", "next") == token:
            yield response.mismatch("/pagination/next", "another token", "the one that was sent")
        if response.items("data") and response.items("data") == before.items("data"):
            yield response.mismatch("/data", "other items than on the page before", "the same")
        yield self._page_size(response)

    def _same(self, response: ProbeResponse, key: str, expected: str) -> Mismatch | None:
        got = response.at(key)
        return None if got == expected else response.mismatch(f"/{key}", repr(expected), repr(got))

    def _has_tag(self, response: ProbeResponse) -> Mismatch | None:
        if not response.is_success or response.at("tags", "made-by") == "contract-check":
            return None
        return response.mismatch("/tags", "the tag that was set", repr(response.at("tags")))

    def _error_status(self, response: ProbeResponse) -> Mismatch | None:
        stated = response.at("status")
        if stated in (None, response.status) or response.is_success:
            return None
        return response.mismatch("/status", str(response.status), repr(stated))


def _success(operation: str) -> set[int]:
    """Return the success statuses that the contract documents for an operation."""
    responses = effective_contract().operations[operation].responses
    return {status for status in responses if 200 <= status < 300}


def run(
    server: ServerUnderTest,
    *,
    write: bool,
    tell: Callable[[str], None],
    **settings: Any,
) -> None:
    """Run the reading probes against a server and, with `write`, the writing ones.

    Raises:
        PineconeConnectionError: the server does not answer.
        UnauthorizedError: the server refuses the key.
    """
    server.reach()
    probes = Probes(server, tell=tell, **settings)
    tell("reading ...")
    probes.read()
    if write:
        tell(f"writing resources named {PREFIX}* ...")
        probes.write()
