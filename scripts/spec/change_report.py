"""List the changes between two contracts, and rate each for the users of the facade.

A change is rated for code that calls `Pinecone` and uses its models, after the client was
regenerated from the new contract:

    breaking     correct code may fail or behave differently
    compatible   correct code works as before; there may be something new
    prose        only descriptions and other texts changed

The way from two contracts to the list: both are brought into normal form (normal_form.py). Schemas
that were renamed and operations that moved get their new names and places in the old contract
(renames.py). Then the structures are compared (differences.py), differences that only follow from
others are left out, and each that remains is rated (rating.py) by whether requests or responses
contain it (affected_users.py).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field, frozen

from pinecone_control.contract.document import (
    METHODS,
    Place,
    allows_null,
    dereference,
    join,
    operations,
    parts,
    required,
    split,
    value_at,
)
from scripts.spec.affected_users import UNUSED, Usage, UsageIndex
from scripts.spec.contract_file import PROSE, ContractFileError
from scripts.spec.differences import ABSENT, Difference, compare
from scripts.spec.normal_form import BESIDE_A_REFERENCE, aligned, normalized
from scripts.spec.rating import RATINGS, Rating, allowed_types, rated
from scripts.spec.renames import (
    moved_operations,
    renamed_schemas,
    renamed_security_schemes,
    schemas_of,
    with_new_names,
    with_new_places,
    with_new_security_schemes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinecone_control.contract.document import Operation
    from scripts.spec.contract_file import Contract

_SCHEMAS: Final = ("components", "schemas")
_LISTED_BY_MEMBER: Final = frozenset({"parameters", "required"})
"""Keywords whose members are listed one by one, even if the whole list is new or gone."""

_OF_ALTERNATIVES: Final = frozenset(
    {"type", "properties", "required", "additionalProperties", "discriminator", "oneOf", "anyOf"}
)
"""Keywords that differ between one object and the same written as alternatives."""


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
        {each.operation_id for each in operations(contract) if each.operation_id}
        | {_call(each) for each in operations(contract)}
        for contract in (old, new)
    )
    if mine.isdisjoint(theirs):
        title = new.get("info", {}).get("title", "no title")
        count = len(list(operations(new)))
        raise ContractFileError(
            f"{name}: describes another API ({title!r}): none of its {count} operations "
            "is one of the pinned contract"
        )


def changes(old: Contract, new: Contract) -> list[Change]:
    """Return all changes: breaking ones first, otherwise in the order of the old contract."""
    comparison = _Comparison(normalized(old), normalized(new))
    found = [*comparison.changes(), *_prose(old, new)]
    return sorted(found, key=lambda change: RATINGS.index(change.rating))


@define
class _Comparison:
    """The comparison of two contracts in normal form.

    Schemas of `old` that were renamed have their new names in it, and operations that moved are at
    their new places.
    """

    old: Contract
    new: Contract
    _renamed: dict[str, str] = field(init=False)
    _renamed_security: dict[str, str] = field(init=False)
    _moved: list[tuple[Operation, Operation]] = field(init=False)
    _old_usage: UsageIndex = field(init=False)
    _new_usage: UsageIndex = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._renamed = renamed_schemas(self.old, self.new)
        self._renamed_security = renamed_security_schemes(self.old, self.new)
        self._moved = moved_operations(self.old, self.new)
        self.old = with_new_security_schemes(self.old, self._renamed_security)
        old = with_new_places(with_new_names(self.old, self._renamed), self._moved)
        new = self.new
        self._old_usage, self._new_usage = UsageIndex(old), UsageIndex(new)
        self.old, self.new = aligned(old, new), aligned(new, old)

    def changes(self) -> Iterator[Change]:
        yield from self._renames()
        yield from self._moves()
        yield from self._operations()
        single = (one for each in compare(self.old, self.new) for one in _by_member(each))
        found = _without_details([each for each in single if not self._is_implied(each)])
        regrouped = self._regrouped(found)
        for pointer in regrouped:
            yield self._as_alternatives(pointer)
        for difference in _with_spellings_joined(self._with_choices_joined(found)):
            settled = any(_is_within(difference.pointer, pointer) for pointer in regrouped)
            if not settled and not _is_whole_operation(difference):
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

        for before, after in self._renamed_security.items():
            what = f"the security scheme {before} is now called {after}"
            usage = self._new_usage.of(join("", "components", "securitySchemes", after))
            pointer = join("", "components", "securitySchemes", before)
            yield Change(pointer, what, "compatible", "requests are signed as before", usage)

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

    def _is_implied(self, difference: Difference) -> bool:
        """Return whether another change implies this one.

        A removed property is not listed as no longer required. A new required property is listed
        once: as required if requests have to send it, otherwise as a new property.
        """
        added, removed = difference.pinned is ABSENT, difference.upstream is ABSENT
        sent = "request" in self._new_usage.of(difference.pointer).sides
        match split(difference.pointer):
            case [*owner, "properties", name]:
                before, after = self._at_both(owner, "required")
                return added and sent and name in after and name not in before
            case [*owner, "required"]:
                name = difference.pinned if removed else difference.upstream
                before, after = self._at_both(owner, "properties")
                if isinstance(name, str) and removed:
                    return name in before and name not in after
                return isinstance(name, str) and name in after and name not in before and not sent
        return False

    def _at_both(self, steps: list[str], word: str) -> tuple[Any, Any]:
        """Return what the objects at a place in both contracts have under a keyword."""
        return _at(self.old, steps).get(word, ()), _at(self.new, steps).get(word, ())

    # ----------------------------------------------------------------------- single differences

    def _change(self, difference: Difference) -> Change:
        pointer = difference.pointer
        usage = self._old_usage.of(pointer) | self._new_usage.of(pointer)
        models = self._models(pointer)
        could_be_none = self._could_be_none(difference)
        verdict = rated(difference, usage.sides, models, could_be_none=could_be_none)
        return Change(pointer, verdict.what, verdict.rating, verdict.because, usage, models)

    def _models(self, pointer: str) -> tuple[str, ...]:
        """Return the public models at a place, whose schema may have its old or its new name."""
        models = self._new_usage.models(pointer)
        steps = split(pointer)
        for before, after in self._renamed.items():
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
                return all(name not in needed for needed in self._at_both(owner, "required"))
        return False

    def _with_choices_joined(self, found: list[Difference]) -> list[Difference]:
        """Return the differences; a value that became a choice, or the reverse, is one of them."""
        choices = [
            each.pointer
            for each in found
            if ABSENT in (each.pinned, each.upstream) and each.pointer.endswith("/oneOf")
        ]
        joined = []
        for each in found:
            base, _, word = each.pointer.rpartition("/")
            if each.pointer in choices and _place(split(base)) is not Place.NAMES:
                pair = (_alternatives(contract, split(base)) for contract in (self.old, self.new))
                joined.append(Difference(each.pointer, "", *pair))
            elif word in BESIDE_A_REFERENCE or not any(
                each.pointer.startswith(choice.removesuffix("oneOf")) for choice in choices
            ):
                joined.append(each)
        return joined

    # ------------------------------------------------------- one object, or several alternatives

    def _regrouped(self, found: list[Difference]) -> list[str]:
        """Return the schemas that are one object in one contract and alternatives in the other."""
        places = (self._regrouped_around(split(each.pointer)) for each in found)
        return list(dict.fromkeys(filter(None, places)))

    def _regrouped_around(self, steps: list[str]) -> str:
        """Return the outermost such schema around a place; empty if there is none."""
        for depth in range(3, len(steps)):
            outer, word = steps[:depth], steps[depth]
            is_keyword = word in _OF_ALTERNATIVES and _place(outer) is not Place.NAMES
            if is_keyword and self._is_regrouped(outer):
                return join("", *outer)
        return ""

    def _is_regrouped(self, steps: list[str]) -> bool:
        before, after = _at(self.old, steps), _at(self.new, steps)
        if not isinstance(before, dict) or not isinstance(after, dict):
            return False
        if {"oneOf", "anyOf"}.isdisjoint({*before, *after}):
            return False
        objects = [*_alternatives(self.old, steps), *_alternatives(self.new, steps)]
        if any(each.get("type", "object") != "object" for each in objects):
            return False
        have_properties = _properties(self.old, before) and _properties(self.new, after)
        return bool(have_properties) and ("properties" in before) != ("properties" in after)

    def _as_alternatives(self, pointer: str) -> Change:
        """Return the change of a schema from one object to alternatives, or back."""
        was, now = _at(self.old, split(pointer)), _at(self.new, split(pointer))
        before, after = _properties(self.old, was), _properties(self.new, now)
        needed_before, needed_after = required(self.old, was), required(self.new, now)
        usage = self._old_usage.of(pointer) | self._new_usage.of(pointer)
        lost = sorted(before.keys() - after.keys())
        new = sorted(after.keys() - before.keys())
        retyped = [name for name in after if name in before and after[name] != before[name]]
        newly_needed = needed_after - needed_before if "request" in usage.sides else ()
        may_be_none = needed_before - needed_after if "response" in usage.sides else ()
        reasons = [
            *(f"{name} can no longer be given or read" for name in lost),
            *(f"{name} is {_named(after[name])} now" for name in retyped),
            *(f"{name} is required now" for name in sorted(newly_needed)),
            *(f"{name} may be None now" for name in sorted(may_be_none) if name not in lost),
        ]
        same = "its model has the same properties" + (f", and {', '.join(new)}" if new else "")
        written = "alternatives" if "properties" in was else "one object"
        return Change(
            pointer,
            f"written as {written}: {', '.join(after) or 'nothing'}",
            "breaking" if reasons else "compatible",
            "; ".join(reasons) or same,
            usage,
            self._models(pointer),
        )


def _by_member(difference: Difference) -> Iterator[Difference]:
    """Yield the difference, or one for each member if a whole list was added or removed."""
    one = difference.upstream if difference.pinned is ABSENT else difference.pinned
    whole = ABSENT in (difference.pinned, difference.upstream)
    if whole and isinstance(one, list) and split(difference.pointer)[-1] in _LISTED_BY_MEMBER:
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


def _is_whole_operation(difference: Difference) -> bool:
    """Return whether a whole path or operation was added or removed."""
    if ABSENT not in (difference.pinned, difference.upstream):
        return False
    match split(difference.pointer):
        case ["paths", _]:
            return True
        case ["paths", _, method]:
            return method in METHODS
    return False


def _without_details(found: list[Difference]) -> list[Difference]:
    """Leave out what else differs in schemas of which the whole type is another."""
    retyped = [
        each.pointer.removesuffix("type")
        for each in found
        if each.pointer.endswith("/type")
        and isinstance(each.pinned, str | tuple)
        and isinstance(each.upstream, str | tuple)
        and allowed_types(each.pinned).isdisjoint(allowed_types(each.upstream))
    ]
    return [
        each
        for each in found
        if each.pointer.endswith("/type") or not each.pointer.startswith(tuple(retyped))
    ]


def _with_spellings_joined(found: list[Difference]) -> Iterator[Difference]:
    """Yield the differences; an `enum` that became an `x-enum`, or the like, is one."""
    pairs = (("enum", "x-enum"), ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    others = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
    by_pointer = {each.pointer: each for each in found}
    for each in found:
        base, _, word = each.pointer.rpartition("/")
        other = by_pointer.get(f"{base}/{others.get(word)}")
        if other is None or ABSENT not in (each.pinned, each.upstream):
            yield each
        elif each.pinned is not ABSENT:
            yield Difference(base, "", {word: each.pinned}, {others[word]: other.upstream})


def _alternatives(contract: Contract, steps: list[str]) -> list[Contract]:
    """Return the alternatives of a schema in normal form: it alone if it has no others."""
    schema = _at(contract, steps)
    plain = {word: schema[word] for word in schema if word not in BESIDE_A_REFERENCE}
    return [dereference(contract, each) for each in schema.get("oneOf", [plain])]


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
    titles = Counter(schema.get("title") for schema in schemas_of(contract).values())
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
