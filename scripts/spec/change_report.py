"""List the changes between two contracts, and rate each for the users of the facade.

A change is rated for code that calls `Pinecone` and uses its models, after the client was
regenerated from the new contract:

    breaking     correct code may fail or behave differently
    compatible   correct code works as before; there may be something new
    prose        only descriptions and other texts changed
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field, frozen

from pinecone_control.contract.document import (
    METHODS,
    Place,
    allows_null,
    join,
    operations,
    parts,
    references,
    required,
    split,
    value_at,
)
from scripts.spec.affected_users import UNUSED, Usage, UsageIndex
from scripts.spec.contract_file import (
    PROSE,
    ContractFileError,
    canonical_json,
    structure,
)
from scripts.spec.differences import ABSENT, Difference, compare
from scripts.spec.normal_form import aligned, normalized
from scripts.spec.rating import Rating, kinds, rated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control.contract.document import Operation
    from scripts.spec.contract_file import Contract

ALIKE: Final = 0.8
"""A schema counts as renamed if at least this share of the properties is equal."""
_SCHEMAS: Final = ("components", "schemas")
_SPLIT: Final = frozenset({"parameters", "required"})
_PARAMETER: Final = re.compile(r"\{([^}]+)\}")
_OF_ALTERNATIVES: Final = frozenset(
    {"type", "properties", "required", "additionalProperties", "discriminator", "oneOf", "anyOf"}
)


@frozen
class Change:
    """One change.

    Attributes:
        pointer: JSON pointer into the old contract in normal form (see normal_form.py), or into
            the new one for an addition.
        what: what changed, in words.
        rating: what the change means for users.
        because: the reason for the rating.
        usage: the affected operations, and whether in their requests or responses.
        models: the affected public models.
    """

    pointer: str
    what: str
    rating: Rating
    because: str
    usage: Usage = UNUSED
    models: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "pointer": self.pointer,
            "what": self.what,
            "rating": self.rating,
            "because": self.because,
            "operations": sorted(self.usage.operations),
            "sides": sorted(self.usage.sides),
            "methods": self.usage.methods,
            "models": list(self.models),
        }


def refuse_another_api(old: Contract, new: Contract, name: str) -> None:
    """Refuse a contract that describes another API than the old one.

    Raises:
        ContractFileError: the two have no operation in common, neither by id nor by path.
    """
    mine, theirs = (
        {each.operation_id for each in operations(contract)}
        | {f"{each.method} {each.path}" for each in operations(contract)}
        for contract in (old, new)
    )
    if mine.isdisjoint(theirs):
        title = new.get("info", {}).get("title", "no title")
        raise ContractFileError(
            f"{name}: describes another API ({title!r}): none of its {len(theirs) // 2} operations "
            "is one of the pinned contract"
        )


def changes(old: Contract, new: Contract) -> list[Change]:
    """Return all changes: breaking ones first, otherwise in the order of the old contract."""
    comparison = _Comparison(normalized(old), normalized(new))
    found = [*comparison.changes(), *_prose(old, new)]
    order: tuple[Rating, ...] = ("breaking", "compatible", "prose")
    return sorted(found, key=lambda change: order.index(change.rating))


def renamed_schemas(old: Contract, new: Contract) -> dict[str, str]:
    """Return the new names of renamed schemas, by old name; see `ALIKE`.

    Of several schemas that are equally alike, the one with most references at the same places is
    chosen.
    """
    old_only, new_only = _schemas(old), _schemas(new)
    old_places, new_places = _referring_places(old), _referring_places(new)
    renamed: dict[str, str] = {}
    for name in [name for name in old_only if name not in new_only]:
        others = [
            each for each in new_only if each not in old_only and each not in renamed.values()
        ]
        scores = {
            other: (
                _likeness(old_only[name], new_only[other]),
                len(old_places[name] & new_places[other]),
            )
            for other in others
        }
        best = max(scores, key=lambda other: scores[other], default="")
        if best and scores[best][0] >= ALIKE:
            renamed[name] = best
    return renamed


@define
class _Comparison:
    """The comparison of two contracts in normal form.

    Schemas of `old` that were renamed have their new names in it, and operations that moved are at
    their new places.
    """

    old: Contract
    new: Contract
    _renamed: dict[str, str] = field(init=False)
    _moved: list[tuple[Operation, Operation]] = field(init=False)
    _old_usage: UsageIndex = field(init=False)
    _new_usage: UsageIndex = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._renamed = renamed_schemas(self.old, self.new)
        self._moved = _moved_operations(self.old, self.new)
        old = _with_new_places(_with_new_names(self.old, self._renamed), self._moved)
        new = self.new
        self._old_usage, self._new_usage = UsageIndex(old), UsageIndex(new)
        self.old, self.new = aligned(old, new), aligned(new, old)

    def changes(self) -> Iterator[Change]:
        yield from self._renames()
        yield from self._moves()
        yield from self._operations()
        single = (one for each in compare(self.old, self.new) for one in _split(each))
        found = _without_details([each for each in single if not self._is_implied(each)])
        groups = self._alternatives([each.pointer for each in found])
        for pointer in groups:
            yield self._as_alternatives(pointer)
        for difference in _merged(found):
            settled = any(_is_within(difference.pointer, pointer) for pointer in groups)
            if not settled and not self._is_whole_operation(difference):
                yield self._change(difference)

    # ------------------------------------------------------------------------- whole operations

    def _renames(self) -> Iterator[Change]:
        for before, after in self._renamed.items():
            pointer = join("", *_SCHEMAS, before)
            usage = self._old_usage.of(join("", *_SCHEMAS, after))
            yield Change(
                pointer,
                f"the schema {before} is now called {after}",
                "compatible",
                "models keep their public names: the generator's settings map them",
                usage,
                self._models(pointer),
            )

    def _moves(self) -> Iterator[Change]:
        for was, now in self._moved:
            what = f"{now.operation_id} moved from {_call(was)} to {_call(now)}"
            because = "the regenerated client uses the new path"
            usage = self._new_usage.of(now.pointer)
            yield Change(was.pointer, what, "compatible", because, usage)

    def _operations(self) -> Iterator[Change]:
        for removed, usage in _only_in(self.old, self.new, self._old_usage):
            what = f"the operation {removed.operation_id} ({_call(removed)}) is gone"
            because = "its method has nothing to call"
            yield Change(removed.pointer, what, "breaking", because, usage)
        for added, usage in _only_in(self.new, self.old, self._new_usage):
            what = f"a new operation {added.operation_id} ({_call(added)})"
            yield Change(added.pointer, what, "compatible", "no method calls it yet", usage)

    def _is_whole_operation(self, difference: Difference) -> bool:
        """Return whether a whole path or operation was added or removed."""
        if ABSENT not in (difference.pinned, difference.upstream):
            return False
        match split(difference.pointer):
            case ["paths", _]:
                return True
            case ["paths", _, method]:
                return method in METHODS
        return False

    def _is_implied(self, difference: Difference) -> bool:
        """Return whether another change implies this one.

        A removed property is not listed as no longer required. A new required property is listed
        once: as required if requests have to send it, otherwise as a new property.
        """
        steps = split(difference.pointer)
        removed = difference.upstream is ABSENT
        sent = "request" in self._new_usage.of(difference.pointer).sides
        if steps[-2:-1] == ["properties"]:
            owner, name = steps[:-2], steps[-1]
            needed, before = (_at(each, owner).get("required", ()) for each in (self.new, self.old))
            return difference.pinned is ABSENT and sent and name in needed and name not in before
        name = difference.pinned if removed else difference.upstream
        if steps[-1:] != ["required"] or not isinstance(name, str):
            return False
        before, after = (
            name in _at(each, steps[:-1]).get("properties", ()) for each in (self.old, self.new)
        )
        return before and not after if removed else after and not before and not sent

    # ----------------------------------------------------------------------- single differences

    def _change(self, difference: Difference) -> Change:
        pointer = difference.pointer
        usage = self._old_usage.of(pointer) | self._new_usage.of(pointer)
        models = self._models(pointer)
        could_be_none = self._could_be_none(difference)
        verdict = rated(difference, usage.sides, models, could_be_none=could_be_none)
        return Change(
            pointer,
            verdict.what,
            verdict.rating,
            verdict.because,
            usage,
            models,
        )

    def _models(self, pointer: str) -> tuple[str, ...]:
        """Return the public models at a place, whose schema may have its old or its new name."""
        models = self._new_usage.models(pointer)
        for before, after in self._renamed.items():
            steps = split(pointer)
            for name, other in ((before, after), (after, before)):
                if steps[2:3] == [name]:
                    models = models or self._new_usage.models(
                        join("", *_SCHEMAS, other, *steps[3:])
                    )
        return tuple(models)

    def _could_be_none(self, difference: Difference) -> bool:
        """Return whether the field that became optional or nullable could be None already."""
        match split(difference.pointer):
            case [*owner, "required"] if difference.upstream is ABSENT:
                before = _at(self.old, [*owner, "properties", str(difference.pinned)])
                return allows_null(self.old, before)
            case [*owner, "properties", name, "nullable"]:
                objects = (_at(each, owner) for each in (self.old, self.new))
                return all(name not in each.get("required", ()) for each in objects)
        return False

    # ------------------------------------------------------- one object, or several alternatives

    def _alternatives(self, pointers: list[str]) -> list[str]:
        """Return the schemas that are one object in one contract and alternatives in the other."""
        found: list[str] = []
        for pointer in pointers:
            steps = split(pointer)
            for depth in range(3, len(steps)):
                place = join("", *steps[:depth])
                if steps[depth] not in _OF_ALTERNATIVES or _place(steps[:depth]) is Place.NAMES:
                    continue
                if self._is_regrouped(steps[:depth]):
                    found += [place] if place not in found else []
                    break
        return found

    def _is_regrouped(self, steps: list[str]) -> bool:
        before, after = (_at(each, steps) for each in (self.old, self.new))
        if not isinstance(before, dict) or not isinstance(after, dict):
            return False
        if any(word in each for word in ("oneOf", "anyOf") for each in (before, after)):
            inline = [_properties(self.old, before), _properties(self.new, after)]
            return all(inline) and ("properties" in before) != ("properties" in after)
        return False

    def _as_alternatives(self, pointer: str) -> Change:
        steps = split(pointer)
        was, now = _at(self.old, steps), _at(self.new, steps)
        before, after = _properties(self.old, was), _properties(self.new, now)
        needed_before, needed = required(self.old, was), required(self.new, now)
        lost = sorted(before.keys() - after.keys())
        new = sorted(after.keys() - before.keys())
        written = "alternatives" if "properties" in was else "one object"
        what = f"written as {written}: {', '.join(after) or 'nothing'}"
        usage = self._old_usage.of(pointer) | self._new_usage.of(pointer)
        models = self._models(pointer)
        other = [name for name in after if name in before and after[name] != before[name]]
        newly_needed = sorted(needed - needed_before) if "request" in usage.sides else []
        may_be_none = sorted(needed_before - needed) if "response" in usage.sides else []
        reasons = [
            *(f"{name} can no longer be given or read" for name in lost),
            *(f"{name} is {_named(after[name])} now" for name in other),
            *(f"{name} is required now" for name in newly_needed),
            *(f"{name} may be None now" for name in may_be_none if name not in lost),
        ]
        if reasons:
            return Change(pointer, what, "breaking", "; ".join(reasons), usage, models)
        because = "its model has the same properties" + (f", and {', '.join(new)}" if new else "")
        return Change(pointer, what, "compatible", because, usage, models)


def _split(difference: Difference) -> Iterator[Difference]:
    """Yield the difference, or one for each member if a whole list was added or removed."""
    one = difference.upstream if difference.pinned is ABSENT else difference.pinned
    whole = ABSENT in (difference.pinned, difference.upstream)
    if whole and isinstance(one, list) and split(difference.pointer)[-1] in _SPLIT:
        for member in one:
            pinned, upstream = (ABSENT, member) if one is difference.upstream else (member, ABSENT)
            yield Difference(difference.pointer, "", pinned, upstream)
    else:
        yield difference


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _only_in(
    contract: Contract, other: Contract, usage: UsageIndex
) -> Iterator[tuple[Operation, Usage]]:
    """Yield the operations at places where another contract has none, with their usage."""
    others = {each.pointer for each in operations(other)}
    for each in operations(contract):
        if each.pointer not in others:
            yield each, usage.of(each.pointer)


def _named(schema: Contract) -> str:
    return str(schema.get("$ref", "another type")).rpartition("/")[2]


def _properties(contract: Contract, schema: Contract) -> dict[str, Any]:
    """Return the properties of an object, or those of all its alternatives together."""
    of_parts = (part.get("properties", {}) for _, part in parts(contract, schema))
    return {name: value for properties in of_parts for name, value in properties.items()}


def _without_details(found: list[Difference]) -> list[Difference]:
    """Leave out what else differs in schemas of which the whole type is another."""
    retyped = [
        each.pointer.removesuffix("type")
        for each in found
        if each.pointer.endswith("/type")
        and isinstance(each.pinned, str | tuple)
        and isinstance(each.upstream, str | tuple)
        and kinds(each.pinned).isdisjoint(kinds(each.upstream))
    ]
    return [
        each
        for each in found
        if each.pointer.endswith("/type") or not each.pointer.startswith(tuple(retyped))
    ]


def _merged(found: list[Difference]) -> Iterator[Difference]:
    """Yield the differences; an `enum` that became an `x-enum`, or the reverse, is one."""
    by_pointer = {each.pointer: each for each in found}
    for each in found:
        base, _, word = each.pointer.rpartition("/")
        other = by_pointer.get(f"{base}/{'x-enum' if word == 'enum' else 'enum'}")
        one_sided = ABSENT in (each.pinned, each.upstream)
        if word not in {"enum", "x-enum"} or other is None or not one_sided:
            yield each
        elif each.pinned is not ABSENT:
            before, after = (word, each.pinned), (other.pointer.rpartition("/")[2], other.upstream)
            yield Difference(base, "", {before[0]: before[1]}, {after[0]: after[1]})


def _with_new_names(contract: Contract, renamed: dict[str, str]) -> Contract:
    """Return a copy of the contract in which renamed schemas have their new names."""

    def copy(node: Any) -> Any:
        if isinstance(node, list):
            return [copy(member) for member in node]
        if not isinstance(node, dict):
            return node
        copied = {key: copy(value) for key, value in node.items()}
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if name in renamed:
            copied["$ref"] = f"#/components/schemas/{renamed[name]}"
        return copied

    copied: Contract = copy(contract)
    schemas = copied.get("components", {}).get("schemas", {})
    for before, after in renamed.items():
        schemas[after] = schemas.pop(before)
    return copied


def _referring_places(contract: Contract) -> defaultdict[str, set[str]]:
    """Return the places of the references to each schema, by its name."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for pointer, reference in references(contract):
        places[reference.removeprefix("#/components/schemas/")].add(pointer)
    return places


def _moved_operations(old: Contract, new: Contract) -> list[tuple[Operation, Operation]]:
    """Return the operations that moved to another path or method, as they were and as they are."""
    before = {each.pointer: each for each in operations(old)}
    after = {each.pointer: each for each in operations(new)}
    gone = {each.operation_id: each for each in before.values() if each.pointer not in after}
    came = {each.operation_id: each for each in after.values() if each.pointer not in before}
    return [(gone[name], came[name]) for name in gone if name and name in came]


def _with_new_places(contract: Contract, moved: list[tuple[Operation, Operation]]) -> Contract:
    """Return a copy of the contract in which moved operations are at their new places.

    A path parameter that has another name in the new path is renamed.
    """
    paths = {path: {**item} for path, item in contract.get("paths", {}).items()}
    for was, now in moved:
        stated = paths[was.path].pop(was.method.lower())
        names, others = (_PARAMETER.findall(each.path) for each in (was, now))
        renamed = dict(
            zip(
                [name for name in names if name not in others],
                [name for name in others if name not in names],
                strict=False,
            )
        )
        if parameters := stated.get("parameters"):
            stated = {**stated, "parameters": [_renamed(each, renamed) for each in parameters]}
        paths.setdefault(now.path, {})[now.method.lower()] = stated
    return {**contract, "paths": paths}


def _renamed(parameter: Contract, names: dict[str, str]) -> Contract:
    if parameter.get("in") != "path" or parameter.get("name") not in names:
        return parameter
    return {**parameter, "name": names[parameter["name"]]}


def _likeness(one: Contract, other: Contract) -> float:
    """Return 1.0 for schemas with the same structure, otherwise the share of equal properties."""
    if canonical_json(structure(one)) == canonical_json(structure(other)):
        return 1.0
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    same = [name for name in mine if name in theirs and mine[name] == theirs[name]]
    return len(same) / max(len(mine), len(theirs), 1)


def _schemas(contract: Contract) -> dict[str, Contract]:
    schemas: dict[str, Contract] = contract.get("components", {}).get("schemas", {})
    return schemas


def _at(contract: Contract, steps: list[str]) -> Any:
    """Return the value at a place in a contract, or an empty object if there is none."""
    try:
        return value_at(contract, steps)
    except LookupError:
        return {}


def _is_within(pointer: str, outer: str) -> bool:
    """Return whether a difference is part of a change from one object to alternatives, or back."""
    if not pointer.startswith(f"{outer}/"):
        return False
    return split(pointer[len(outer) :])[0] in _OF_ALTERNATIVES


# ------------------------------------------------------------------------------------------ prose


def _prose(old: Contract, new: Contract) -> Iterator[Change]:
    """Yield the changes of titles, descriptions, examples and other texts."""
    for difference in compare(old, new):
        if is_prose(difference.pointer):
            word = split(difference.pointer)[-1]
            yield Change(difference.pointer, f"another {word}", "prose", "only a text changed")
    twice = _titles_given_twice(new) - _titles_given_twice(old)
    if twice:
        yield Change(
            "/components/schemas",
            f"several schemas have the title {' / '.join(sorted(twice))}",
            "prose",
            "classes are named by the place of their schema; the overlay removes titles",
        )


def _titles_given_twice(contract: Contract) -> set[str]:
    titles = Counter(schema.get("title") for schema in _schemas(contract).values())
    return {title for title, count in titles.items() if isinstance(title, str) and count > 1}


def is_prose(pointer: str) -> bool:
    """Return whether a place in a contract is inside a text for readers, such as a description."""
    steps = split(pointer)
    return any(
        step in PROSE and _place(steps[:depth]) is Place.OBJECT for depth, step in enumerate(steps)
    )


def _place(steps: list[str]) -> Place:
    """Return the kind of mapping at a place, which says what its keys mean."""
    place = Place.OBJECT
    for step in steps:
        place = place.member if step.isdecimal() else place.below(step)
    return place
