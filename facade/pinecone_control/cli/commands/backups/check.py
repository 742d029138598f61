"""`pinecone-control backups check`: is there a backup that is new enough?"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import click
from click.exceptions import Exit

from pinecone_control._core.backup_freshness import BackupFreshness
from pinecone_control.cli.client import ClientOptions
from pinecone_control.cli.errors import REFUSED, fact_of
from pinecone_control.cli.name_resolution import IndexChoice
from pinecone_control.cli.option_groups import with_client, with_index_choice
from pinecone_control.cli.options import DURATION, whole_number
from pinecone_control.cli.output.columns import INDEX, plain
from pinecone_control.cli.output.terminal import say, styled, write
from pinecone_control.cli.server_clock import ServerClock
from pinecone_control.cli.times import Duration, span, stamp
from pinecone_control.errors import PineconeError

_NAGIOS_CRITICAL: Final = 2
_NAGIOS_UNKNOWN: Final = 3
_NAGIOS_WORDS: Final = frozenset({"nagios", "-onagios", "--output=nagios", "--format=nagios"})
"""The words of a command line, not parsed yet, that ask for Nagios's format."""


class _Check(click.Command):
    """With `--format nagios`, any error is UNKNOWN, as the Monitoring Plugins guidelines ask."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        with _unknown_if(for_nagios=not _NAGIOS_WORDS.isdisjoint(args)):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _unknown_if(for_nagios=ctx.params["form"] == "nagios"):
            return super().invoke(ctx)


@contextmanager
def _unknown_if(*, for_nagios: bool) -> Iterator[None]:
    try:
        yield
    except (click.UsageError, PineconeError) as error:
        if not for_nagios:
            raise
        what = fact_of(error) if isinstance(error, PineconeError) else error.format_message()
        write(f"PINECONE BACKUPS UNKNOWN - {_unpiped(what)}")
        raise Exit(_NAGIOS_UNKNOWN) from error


@click.command(
    cls=_Check,
    epilog="""\b
Examples:
  $ pinecone-control backups check --all-indexes --max-age 26h
  $ pinecone-control backups check movies --max-age 26h --min-count 7 -o json
  $ pinecone-control backups check --all-indexes --max-age 26h --format prometheus > pinecone.prom
  $ pinecone-control backups check --all-indexes --max-age 26h --format nagios

\b
Exit codes: 0 all indexes pass, 1 an index fails or the service refused the request, 2 wrong usage.
With --format nagios: 0 OK, 2 CRITICAL, 3 UNKNOWN.
""",
)
@with_index_choice
@click.option(
    "--max-age",
    type=DURATION,
    required=True,
    metavar="TIME",
    help="Greatest allowed age of the newest ready backup, such as 26h or 8d.",
)
@click.option(
    "--min-count",
    type=whole_number(1),
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
    with client.connect() as pc:
        clock = ServerClock(pc)
        chosen = choice.some(pc)
        report = pc.backup_freshness(
            list(chosen.indexes),
            max_age=timedelta(seconds=max_age.seconds),
            min_count=min_count,
            now=clock.now(),
        )
    if clock.difference:
        say(f"warning: {clock.difference}; the ages are by the server's clock")
    write(_FORMS[form](report))
    stale = sum(not each.is_fresh for each in report)
    if form == "table":
        for name, reason in chosen.left_out.items():
            say(f"{name}: left out, {reason}")
        say(f"{INDEX.counted(len(report))}: {len(report) - stale} fresh, {stale} not fresh")
    if stale:
        raise Exit(_NAGIOS_CRITICAL if form == "nagios" else REFUSED)


Report = Sequence[BackupFreshness]


def _table(report: Report) -> str:
    width = max(len(each.index_name) for each in report)
    return "\n".join(f"{each.index_name.ljust(width)}  {_found(each)}" for each in report)


def _found(each: BackupFreshness) -> str:
    verdict = styled(each.problem, "red") if each.problem else styled("fresh", "green")
    if each.latest is None:
        return verdict
    name = f" ({plain(each.latest.name)})" if each.latest.name else ""
    age = "of unknown age" if each.age is None else f"{span(each.age)} old"
    return f"{verdict}: {each.latest.backup_id}{name}, {age}, {each.count} ready"


def _json(report: Report) -> str:
    found = [
        {
            "index_name": each.index_name,
            "is_fresh": each.is_fresh,
            "problem": each.problem or None,
            "backup_id": each.latest and each.latest.backup_id,
            "backup_name": each.latest and each.latest.name,
            "age_seconds": _age(each),
            "ready_count": each.count,
            "last_failed_at": (moment := _failed_at(each)) and stamp(moment),
        }
        for each in report
    ]
    return json.dumps(found, indent=2)


def _age(each: BackupFreshness) -> float | None:
    return None if each.age is None else each.age.total_seconds()


def _failed_at(each: BackupFreshness) -> datetime | None:
    return None if each.last_failed is None else each.last_failed.created_at


_METRICS: Final[tuple[tuple[str, str, Callable[[BackupFreshness], float | None]], ...]] = (
    ("newest_age_seconds", "Age of the newest ready backup.", _age),
    ("ready_count", "Ready backups.", lambda each: each.count),
    (
        "last_failed_timestamp_seconds",
        "When the newest failed backup was started.",
        lambda each: moment.timestamp() if (moment := _failed_at(each)) else None,
    ),
    ("fresh", "1 if the newest ready backup is new enough.", lambda each: each.is_fresh),
)


def _prometheus(report: Report) -> str:
    """Return the report in Prometheus's text format, for node_exporter's textfile collector."""
    lines = []
    for name, text, value_of in _METRICS:
        metric = f"pinecone_backup_{name}"
        lines += [f"# HELP {metric} {text}", f"# TYPE {metric} gauge"]
        for each in report:
            if (value := value_of(each)) is not None:
                # Prometheus escapes quotes and backslashes as JSON does.
                label = json.dumps(each.index_name, ensure_ascii=False)
                lines.append(f"{metric}{{index={label}}} {value + 0:.15g}")
    return "\n".join(lines)


def _nagios(report: Report) -> str:
    """Return the report as the output line of a Nagios plugin, with performance data."""
    stale = [f"{each.index_name}: {each.problem}" for each in report if not each.is_fresh]
    state = "CRITICAL" if stale else "OK"
    what = _unpiped(", ".join(stale) or f"fresh backups of {INDEX.counted(len(report))}")
    data = " ".join(
        f"{_label(each.index_name)}={each.age.total_seconds():.0f}s"
        f";;{each.max_age.total_seconds():.0f};0"
        for each in report
        if each.age is not None
    )
    return f"PINECONE BACKUPS {state} - {what}{f' | {data}' if data else ''}"


def _label(name: str) -> str:
    """Return a name as the quoted label of performance data."""
    quoted = _unpiped(name).replace("'", "''")
    return f"'{quoted}'"


def _unpiped(text: str) -> str:
    """Return text as one line without a |, after which Nagios reads performance data."""
    return plain(text).replace("|", "/")


_FORMS: Final = {"table": _table, "json": _json, "prometheus": _prometheus, "nagios": _nagios}
