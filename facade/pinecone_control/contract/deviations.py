"""The known deviations of the real service from the published contract, with their evidence.

The list ships with the generated client: it is the overlay that the client was generated with. A
deviation is either a correction of the contract, which the effective contract then allows, or an
undocumented response that is known to occur.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

_NULL_KEYWORDS: Final = frozenset({"type", "anyOf", "oneOf", "enum"})


@frozen(kw_only=True)
class Deviation:
    """One known deviation.

    Attributes:
        name: its name, such as ``null-pagination``.
        says: the deviation, in a sentence.
        evidence: what is known about it, by source: ``seed`` (the published examples of restore
            jobs), ``contract``, ``docs``, ``measured``, ``reported`` or ``assumed``.
        symptom: what a check against the published contract reports: ``null``, ``enum``,
            ``status`` or ``body``; None if all responses with it are valid.
        places: JSON pointers to the schemas of the published contract that it corrects.
        operations: the operations that show it; empty means all.
        statuses: the undocumented statuses, or those with an undocumented body; empty means any
            error status.
    """

    name: str
    says: str
    evidence: Mapping[str, str] = field(hash=False)
    symptom: str | None = None
    places: tuple[str, ...] = ()
    operations: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset()

    def covers(self, operation: str, status: int, symptom: str) -> bool:
        """Return whether it explains such a response: an undocumented ``status`` or ``body``."""
        return (
            self.symptom == symptom
            and (not self.operations or operation in self.operations)
            and (status in self.statuses if self.statuses else status >= 400)
        )


@cache
def known_deviations() -> tuple[Deviation, ...]:
    """Return the known deviations from the contract that this package was generated from."""
    package = resources.files("pinecone_control_api")
    stated = json.loads(package.joinpath("deviations.json").read_text("utf-8"))
    return tuple(_deviation(name, facts) for name, facts in stated.items())


def of_response(operation: str, status: int, symptom: str) -> Deviation | None:
    """Return the known deviation that explains an undocumented response, or None."""
    found = (each for each in known_deviations() if each.covers(operation, status, symptom))
    return next(found, None)


def of_value(keyword: str, value: object, schemas: frozenset[str]) -> Deviation | None:
    """Return the known deviation that a schema violation is or resembles, or None.

    Args:
        keyword: the keyword of the schema that is broken.
        value: the value that broke it.
        schemas: JSON pointers of the schemas that the validator evaluated on its way there.
    """
    symptom = _symptom(keyword, value)
    candidates = [each for each in known_deviations() if symptom and each.symptom == symptom]
    exact = [each for each in candidates if not schemas.isdisjoint(each.places)]
    return next(iter([*exact, *candidates]), None)


def _symptom(keyword: str, value: object) -> str | None:
    if value is None:
        return "null" if keyword in _NULL_KEYWORDS else None
    return "enum" if keyword == "enum" and isinstance(value, str) else None


def _deviation(name: str, facts: Mapping[str, Any]) -> Deviation:
    return Deviation(
        name=name,
        says=facts["says"],
        evidence=facts["evidence"],
        symptom=facts.get("symptom"),
        places=tuple(facts.get("places", ())),
        operations=frozenset(facts.get("operations", ())),
        statuses=frozenset(facts.get("statuses", ())),
    )
