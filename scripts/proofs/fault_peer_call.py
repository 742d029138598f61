"""Make one call with one client and print its outcome as JSON. Runs in that client's environment.

That environment has only the standard library and the client.
"""

import json
import sys
import time


def call(client: str, operation: str, host: str) -> None:
    """Make the call with the client's defaults, but with a second per attempt if possible."""
    if client == "ours":
        from pinecone_control import Pinecone as Ours

        ours = Ours("pcsk-a-key-for-tests-only", host, timeout=1.0)
        if operation == "create_backup":
            ours.create_backup("docs", name="nightly")
        else:
            list(ours.list_restore_jobs())
        return
    from pinecone import Pinecone  # type: ignore[import-not-found]

    settings = {"timeout": 1.0} if client == "sdk-10.2.0" else {}
    pc = Pinecone(api_key="pcsk-a-key-for-tests-only", host=host, **settings)
    match client, operation:
        case "sdk-10.2.0", "create_backup":
            pc.backups.create(index_name="docs", name="nightly")
        case "sdk-10.2.0", _:
            list(pc.restore_jobs.list())
        case _, "create_backup":
            pc.create_backup(index_name="docs", backup_name="nightly")
        case _:
            list(pc.list_restore_jobs())


def main(client: str, operation: str, host: str) -> None:
    """Report the outcome, whether it was an error of the client's own, and the duration."""
    started = time.monotonic()
    outcome, is_foreign = "ok", False
    try:
        call(client, operation, host)
    except Exception as error:  # noqa: BLE001 - every error is reported
        outcome = type(error).__name__
        is_foreign = not type(error).__module__.startswith("pinecone")
    seconds = time.monotonic() - started
    print(json.dumps({"outcome": outcome, "is_foreign": is_foreign, "seconds": seconds}))


main(*sys.argv[1:])
