"""Which indexes a command is about: those named, or all that fit."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import click
from attrs import define, field, frozen

from pinecone_control.cli.lookup import no_such_index
from pinecone_control.errors import PineconeError

if TYPE_CHECKING:
    from pinecone_control import Index, Pinecone

_WITHOUT_DATA: Final = frozenset({"InitializationFailed", "Terminating"})
REHEARSAL_TAG: Final = "pinecone-control-rehearsal"
"""Tag of an index that `backups rehearse` has made; its value is when."""


@define
class Chosen:
    """The indexes that were chosen, and those left out with the reason.

    Attributes:
        indexes: those chosen, by name.
        left_out: the reasons, by the names of those left out.
    """

    indexes: "dict[str, Index]" = field(factory=dict)
    left_out: dict[str, str] = field(factory=dict)


@frozen(kw_only=True)
class IndexChoice:
    """What a command line says about which indexes it means."""

    index_names: tuple[str, ...] = ()
    all_indexes: bool = False
    exclude: tuple[str, ...] = ()
    with_tag: Mapping[str, str] | None = None
    without_tag: Mapping[str, str] | None = None
    without_restored: bool = False
    given: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        if self.all_indexes == bool(self.index_names):
            raise click.UsageError("name indexes, or give --all-indexes, but not both")
        narrowing = self.exclude or self.with_tag or self.without_tag or self.without_restored
        if narrowing and not self.all_indexes:
            raise click.UsageError(
                "--exclude, --with-tag, --without-tag and --without-restored need --all-indexes"
            )

    def among(self, pc: "Pinecone") -> Chosen:
        """Return the indexes that are meant.

        Raises:
            PineconeError: one that was named does not exist; the message names one like it.
        """
        every = {index.name: index for index in pc.list_indexes()}
        if not self.all_indexes:
            for name in self.index_names:
                if name not in every:
                    raise no_such_index(pc, name)
            return Chosen({name: every[name] for name in self.index_names})
        restored = (
            {job.target_index_name for job in pc.list_restore_jobs()}
            if self.without_restored
            else frozenset[str]()
        )
        chosen = Chosen()
        for name, index in every.items():
            reason = self._reason_against(index) or ("restored" if name in restored else "")
            if reason:
                chosen.left_out[name] = reason
            else:
                chosen.indexes[name] = index
        return chosen

    def some(self, pc: "Pinecone") -> Chosen:
        """Return the indexes that are meant, as `among` does; there must be one.

        Raises:
            PineconeError: there is none.
        """
        chosen = self.among(pc)
        if not chosen.indexes:
            raise PineconeError("no index is left to work on")
        return chosen

    def arguments(self) -> list[str]:
        """Return the choice as words of a command line."""
        words = ["--all-indexes"] if self.all_indexes else list(self.index_names)
        for option, values in (
            ("--exclude", self.exclude),
            ("--with-tag", _pairs(self.with_tag)),
            ("--without-tag", _pairs(self.without_tag)),
        ):
            for value in values:
                words += [option, value]
        return [*words, "--without-restored"] if self.without_restored else words

    def _reason_against(self, index: "Index") -> str:
        state, tags = index.status.state, dict(index.tags or {})
        if index.spec.pod is not None:
            return "a pod index, which has collections instead of backups"
        if state in _WITHOUT_DATA:
            return state
        if REHEARSAL_TAG in tags:
            return "a copy that a rehearsal made"
        pattern = next((each for each in self.exclude if fnmatchcase(index.name, each)), None)
        if pattern is not None:
            return f"excluded by the pattern {pattern}"
        for name, value in (self.without_tag or {}).items():
            if tags.get(name) == value:
                return f"excluded by the tag {name}={value}"
        for name, value in (self.with_tag or {}).items():
            if tags.get(name) != value:
                return f"it does not have the tag {name}={value}"
        return ""


def _pairs(tags: Mapping[str, str] | None) -> list[str]:
    return [f"{name}={value}" for name, value in (tags or {}).items()]
