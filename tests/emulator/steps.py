"""Steps that the tests of the emulator share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from pinecone_control.emulator import Emulator, ManualClock

Answer = dict[str, Any]

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
POD = {"pod": {"environment": "us-east-1-aws", "pod_type": "p1.x1"}}
BYOC = {"byoc": {"environment": "aws-us-east-1-b921"}}


@dataclass
class Api:
    """A project of an emulator, as a client sees it."""

    emulator: Emulator
    client: httpx.Client
    connect_as: Callable[[str], httpx.Client]

    @classmethod
    def in_process(cls, emulator: Emulator) -> "Api":
        """Return the project of the key ``key``, without a socket."""

        def connect_as(api_key: str) -> httpx.Client:
            return client_of(emulator, api_key)

        return cls(emulator, connect_as("key"), connect_as)

    def as_project(self, api_key: str) -> "Api":
        return Api(self.emulator, self.connect_as(api_key), self.connect_as)

    def call(self, method: str, path: str, body: object = None, **query: Any) -> httpx.Response:
        return self.client.request(method, path, json=body, params=query or None)

    def get(self, path: str, **query: Any) -> Answer:
        response = self.call("GET", path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def pass_time(self, seconds: float) -> None:
        self.emulator.clock.advance(seconds)

    def index(self, name: str = "movies", spec: object = SERVERLESS, **body: Any) -> Answer:
        if body.get("vector_type") != "sparse":
            body.setdefault("dimension", 8)
        response = self.call("POST", "/indexes", {"name": name, "spec": spec, **body})
        assert response.status_code == 201, response.text
        return response.json()

    def stats(self, index: str = "movies") -> httpx.Response:
        """Return the statistics from the host of an index, by socket or in process."""
        host = self.get(f"/indexes/{index}")["host"]
        path = host if "/" in host else f"/{host}"
        return self.client.get(f"{path}/describe_index_stats")

    def ready_index(self, name: str = "movies", spec: object = SERVERLESS, **body: Any) -> Answer:
        self.index(name, spec, **body)
        self.pass_time(1)
        return self.get(f"/indexes/{name}")

    def backup(self, index: str = "movies", **body: Any) -> Answer:
        response = self.call("POST", f"/indexes/{index}/backups", body)
        assert response.status_code == 201, response.text
        return response.json()

    def ready_backup(self, index: str = "movies", **body: Any) -> Answer:
        if self.call("GET", f"/indexes/{index}").status_code == 404:
            self.ready_index(index)
        backup = self.backup(index, **body)
        self.pass_time(3)
        return self.get(f"/backups/{backup['backup_id']}")

    def restore(self, backup_id: str, name: str = "restored", **body: Any) -> Answer:
        path = f"/backups/{backup_id}/create-index"
        response = self.call("POST", path, {"name": name, **body})
        assert response.status_code == 202, response.text
        return self.get(f"/restore-jobs/{response.json()['restore_job_id']}")

    def restore_job(self) -> Answer:
        """Return a restore job that has just started, with everything that it needs."""
        return self.restore(self.ready_backup()["backup_id"])

    def job(self, job: Answer) -> Answer:
        return self.get(f"/restore-jobs/{job['restore_job_id']}")

    def pages(self, path: str, **query: Any) -> Iterator[Answer]:
        page = self.get(path, **query)
        yield page
        while page["pagination"] is not None:
            page = self.get(path, paginationToken=page["pagination"]["next"])
            yield page


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    """Return status, code and message of an error, which must have the documented shape."""
    body = response.json()
    assert set(body) == {"error", "status"}
    assert body["status"] == response.status_code
    return body["status"], body["error"]["code"], body["error"]["message"]


def client_of(emulator: Emulator, api_key: str = "key") -> httpx.Client:
    """Return a client without a socket; an empty key is not sent."""
    headers = {"Api-Key": api_key} if api_key else {}
    transport = emulator.transport()
    return httpx.Client(base_url="http://emulator", headers=headers, transport=transport)


def manual_emulator(**options: Any) -> Emulator:
    return Emulator(clock=ManualClock(), seed="specification", check_responses=True, **options)
