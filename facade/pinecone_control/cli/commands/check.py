"""`pinecone-control backups check`: is there a backup that is new enough?"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import click
from click.exceptions import Exit

from pinecone_control._core.backup_freshness import BackupFreshness
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.index_choice import IndexChoice
from pinecone_control.cli.options import Length, with_client, with_index_choice
from pinecone_control.cli.output.columns import plain
from pinecone_control.cli.output.terminal import say, styled, write
from pinecone_control.cli.program import REFUSED
from pinecone_control.cli.times import Duration, span, stamp
from pinecone_control.errors import PineconeError

_NAGIOS_CRITICAL: Final = 2
_NAGIOS_UNKNOWN: Final = 3


@click.command(
    epilog="""\b
Examples:
  $ pinecone-control backups check --all-indexes --max-age 26h
  $ pinecone-control backups check movies --max-age 26h --min-count 7 -o json
  $ pinecone-control backups check --all-indexes --max-age 26h --format prometheus > pinecone.prom
  $ pinecone-control backups check --all-indexes --max-age 26h --format nagios

\b
Exit codes: 0 all are fresh, 1 one is not or the service refused, 2 wrong usage.
With --format nagios: 0 OK, 2 CRITICAL, 3 UNKNOWN.
"""
)
@with_index_choice
@click.option(
    "--max-age",
    type=Length(),
    required=True,
    metavar="TIME",
    help="Oldest allowed age of the newest ready backup, such as 26h or 8d.",
)
@click.option(
    "--min-count",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Required number of ready backups; 1 by default.",
)
@click.option(
    "-o",
    "--output",
    "--format",
    "form",
    type=click.Choice(["table", "json", "prometheus", "nagios"]),
    default="table",
    help="Report format; one line per index by default.",
)
@with_client
def check(
    client: ClientOptions,
    choice: IndexChoice,
    *,
    max_age: Duration,
    min_count: int,
    form: str,
) -> None:
    """Check that each index has a ready backup that is new enough.

    Backups of an earlier index with the same name do not count. They are recognized by their
    dimension, metric, cloud, region and source index id.
    """
    now = datetime.now(UTC)
    try:
        with client.connect() as pc:
            chosen = choice.some(pc)
            report = pc.backup_freshness(
                list(chosen.indexes),
                max_age=timedelta(seconds=max_age.seconds),
                min_count=min_count,
                now=now,
            )
    except PineconeError as error:
        if form != "nagios":
            raise
        write(f"PINECONE BACKUPS UNKNOWN - {plain(error.what)}")
        raise Exit(_NAGIOS_UNKNOWN) from error
    for line in _FORMS[form](report):
        write(line)
    if form == "table":
        for name, reason in chosen.left_out.items():
            say(f"{name}: left out, {reason}")
    stale = sum(not each.is_fresh for each in report)
    if form == "table":
        say(f"{len(report)} {'index' if len(report) == 1 else 'indexes'}: {stale} not fresh")
    if stale:
        raise Exit(_NAGIOS_CRITICAL if form == "nagios" else REFUSED)


def _table(report: Sequence[BackupFreshness]) -> list[str]:
    width = max((len(each.index_name) for each in report), default=0)
    return [_line(each, width) for each in report]


def _line(each: BackupFreshness, width: int = 0) -> str:
    verdict = styled(each.problem, "red") if each.problem else styled("fresh", "green")
    if each.latest is None:
        return f"{each.index_name.ljust(width)}  {verdict}"
    name = f" ({plain(each.latest.name)})" if each.latest.name else ""
    found = f"{each.latest.backup_id}{name}, {_age(each)}, {each.count} ready"
    return f"{each.index_name.ljust(width)}  {verdict}: {found}"


def _age(each: BackupFreshness) -> str:
    if each.age is None:
        return "of unknown age"
    # A clock that differs from the service's can see a backup in the future.
    return f"{span(max(each.age, timedelta()))} old"


def _json(report: Sequence[BackupFreshness]) -> list[str]:
    return [
        json.dumps(
            [
                {
                    "index_name": each.index_name,
                    "is_fresh": each.is_fresh,
                    "problem": each.problem or None,
                    "backup_id": each.latest.backup_id if each.latest else None,
                    "backup_name": each.latest.name if each.latest else None,
                    "age_seconds": None if each.age is None else each.age.total_seconds(),
                    "ready_count": each.count,
                    "last_failed_at": _stamp_of_failure(each),
                }
                for each in report
            ],
            indent=2,
        )
    ]


def _stamp_of_failure(each: BackupFreshness) -> str | None:
    moment = None if each.last_failed is None else each.last_failed.created_at
    return None if moment is None else stamp(moment)


def _prometheus(report: Sequence[BackupFreshness]) -> list[str]:
    """Return the text format, for the textfile collector of node_exporter."""
    metrics: tuple[tuple[str, str, Callable[[BackupFreshness], float | None]], ...] = (
        (
            "newest_age_seconds",
            "Age of the newest ready backup.",
            lambda each: None if each.age is None else each.age.total_seconds(),
        ),
        ("ready_count", "Ready backups.", lambda each: each.count),
        (
            "last_failed_timestamp_seconds",
            "When the newest failed backup was started.",
            _seconds_of_failure,
        ),
        ("fresh", "1 if the newest ready backup is new enough.", lambda each: each.is_fresh),
    )
    lines = []
    for name, text, value_of in metrics:
        lines += [f"# HELP pinecone_backup_{name} {text}", f"# TYPE pinecone_backup_{name} gauge"]
        for each in report:
            value = value_of(each)
            if value is not None:
                lines.append(
                    f'pinecone_backup_{name}{{index="{each.index_name}"}} {value + 0:.15g}'
                )
    return lines


def _seconds_of_failure(each: BackupFreshness) -> float | None:
    moment = None if each.last_failed is None else each.last_failed.created_at
    return None if moment is None else moment.timestamp()


def _nagios(report: Sequence[BackupFreshness]) -> list[str]:
    """Return the line of a plugin, with performance data."""
    stale = [each for each in report if not each.is_fresh]
    state = "CRITICAL" if stale else "OK"
    what = (
        ", ".join(f"{each.index_name}: {each.problem}" for each in stale)
        if stale
        else f"{len(report)} indexes have fresh backups"
    )
    data = " ".join(
        f"'{each.index_name}'={each.age.total_seconds():.0f}s;;{each.max_age.total_seconds():.0f};0"
        for each in report
        if each.age is not None
    )
    return [f"PINECONE BACKUPS {state} - {what}{f' | {data}' if data else ''}"]


_FORMS: Final = {"table": _table, "json": _json, "prometheus": _prometheus, "nagios": _nagios}
