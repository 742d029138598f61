"""Indexes and backups for the tests of commands about backups."""

from pinecone_control import Pinecone

SERVERLESS = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
REHEARSAL = "pinecone-control-rehearsal"


def made_index(pc: Pinecone, name: str, **settings: object) -> None:
    pc.create_index(name, spec=SERVERLESS, wait=True, **{"dimension": 8, **settings})  # type: ignore[arg-type]


def made_backup(pc: Pinecone, index: str, name: str | None = None) -> str:
    return pc.create_backup(index, name=name, wait=True).backup_id


def copies(pc: Pinecone) -> list[str]:
    """The indexes that a rehearsal has made."""
    return [index.name for index in pc.list_indexes() if REHEARSAL in dict(index.tags or {})]
