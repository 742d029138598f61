"""Decode JSON text into models, and find the text that a model was decoded from.

A page is decoded once, straight into its models. What they do not hold (fields that the contract
does not define, explicit nulls, the spelling of timestamps) is looked up in the page's text on
demand. For this each model refers to the object or list around it, and to its own key there. The
first look-up splits the text of that object or list into the texts of its members.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
import os
import threading
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias, TypeVar

import msgspec

Json: TypeAlias = Any
_Hint: TypeAlias = Any
"""A type annotation."""
_Text: TypeAlias = bytes | msgspec.Raw
_Key: TypeAlias = str | int
_T = TypeVar("_T")

_decode = msgspec.json.Decoder().decode
_cut = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw]).decode


_F = TypeVar("_F", bound=Callable[..., object])


def _cached(function: _F) -> _F:
    # Cast, because type checkers think that a class of unhashable objects is itself unhashable.
    return typing.cast("_F", functools.cache(function))


# ------------------------------------------------------------ the text that a model was read from


class _Texts(Protocol):
    def __getitem__(self, key: Any, /) -> _Text: ...


class _Members:
    """The texts of the members of a JSON object or list, split when one is first requested."""

    __slots__ = ("_key", "_members", "_texts")

    def __init__(self, texts: _Texts, key: _Key) -> None:
        self._texts = texts
        self._key = key
        self._members: _Texts | None = None

    def __getitem__(self, key: _Key) -> _Text:
        if self._members is None:
            self._members = typing.cast("_Texts", _cut(self._texts[self._key]))
        return self._members[key]


class FromText:
    """The base class of models. One decoded from JSON has its text at `_texts[_key]`."""

    __slots__ = ("_key", "_texts")
    __attrs_attrs__: typing.ClassVar[tuple[Any, ...]]
    _key: _Key
    _texts: _Texts

    def _text(self) -> _Text | None:
        return self._texts[self._key] if hasattr(self, "_texts") else None


# Models are frozen; the slots' own descriptors can set them all the same.
_set_key = FromText.__dict__["_key"].__set__
_set_texts = FromText.__dict__["_texts"].__set__


class _NestingFields(dict[type, tuple[tuple[str, str], ...] | None]):
    """Maps a class to its fields that can contain models, with their JSON names.

    None for a class that is not a model.
    """

    def __missing__(self, cls: type) -> tuple[tuple[str, str], ...] | None:
        hints = _field_types(cls) if _is_model(cls) else {}
        names = [name for name in hints if any(map(_is_model, _parts(hints[name])))]
        nesting = tuple((name, wire_names(cls)[name]) for name in names)
        self[cls] = nesting if _is_model(cls) else None
        return self[cls]


_nesting_fields = _NestingFields()


def _link(value: object, texts: _Texts, key: _Key) -> None:
    """Set on each model in a value, at any depth, where its text is."""
    nesting = _nesting_fields[type(value)]
    if nesting is not None:
        _set_texts(value, texts)
        _set_key(value, key)
        if nesting:
            inside = _Members(texts, key)
            for name, wire_name in nesting:
                _link(getattr(value, name), inside, wire_name)
    elif isinstance(value, list):
        inside = _Members(texts, key)
        if {*map(_nesting_fields.get, {*map(type, value)})} == {()}:  # true for nearly every page
            for place, model in enumerate(value):
                _set_texts(model, inside)
                _set_key(model, place)
        else:
            for place, member in enumerate(value):
                _link(member, inside, place)
    elif isinstance(value, dict):
        inside = _Members(texts, key)
        for name, member in value.items():
            _link(member, inside, name)


def _parts(hint: _Hint) -> Iterator[_Hint]:
    """Yield a type and all its type arguments, at any depth."""
    yield hint
    for part in typing.get_args(hint):
        yield from _parts(part)


# ------------------------------------------------------------------------------------- decoding


def read(content: bytes, hint: type[_T]) -> _T:
    """Decode a JSON text as a model or any other type.

    Raises:
        msgspec.ValidationError: the text does not fit the type.
        ValueError, RecursionError: the text is not UTF-8 JSON.
    """
    if not content.isascii():
        content.decode()  # the decoder passes over fields that it does not know
    value: _T
    # The decoder knows the fields by their names here, and one spelling of a timestamp.
    if _has_other_names(hint, frozenset()):
        value = _read_slowly(content, hint)
    else:
        try:
            value = _decoder(hint).decode(content)
        except msgspec.ValidationError:
            value = _read_slowly(content, hint)
    _link(value, [content], 0)
    return value


def _read_slowly(content: bytes, hint: type[_T]) -> _T:
    _decoder(hint)  # builds under the lock what `convert` needs, which would build it without one
    return msgspec.convert(_respelled(_decode(content), hint), hint)


# Other threads see msgspec's information on a class while it is still being built, and decoding
# with it crashes the interpreter (measured). A fork waits too, so that no child gets half of it.
_building = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_building.acquire,
        after_in_parent=_building.release,
        after_in_child=_building.release,
    )


@_cached
def _decoder(hint: _Hint) -> msgspec.json.Decoder[Any]:
    with _building:
        return msgspec.json.Decoder(hint)


def decoded(text: _Text) -> Json:
    """Decode a JSON text; a number that Python cannot represent becomes text."""
    try:
        return _decode(text)
    except ValueError:
        return json.loads(bytes(text), parse_float=_float, parse_int=_int)


def _float(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _int(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:  # more digits than Python converts
        return text


# ------------------------------------------------------- valid values with an unusual spelling


def _respelled(value: Json, hint: _Hint) -> Json:
    """Return a value with unusual timestamps as datetimes, and floats like 1536.0 as integers."""
    hint = _without_none(hint)
    members = typing.get_args(hint)
    if isinstance(value, dict):
        if _is_model(hint):
            known = {wire_name: name for name, wire_name in wire_names(hint).items()}
            fields = _field_types(hint)
            return {
                known[name]: _respelled(member, fields[known[name]])
                for name, member in value.items()
                if name in known
            }
        of_members = members[1] if _generic(hint) is dict else None
        return {name: _respelled(member, of_members) for name, member in value.items()}
    if isinstance(value, list) and _generic(hint) is list:
        return [_respelled(member, members[0]) for member in value]
    if isinstance(value, str) and hint is dt.datetime:
        return _timestamp(value)
    if isinstance(value, float) and hint is int and value.is_integer():
        return int(value)
    return value


def _timestamp(text: str) -> dt.datetime | str:
    from dateutil import parser

    for parse in (parser.isoparse, _complete_timestamp):
        try:
            timestamp = parse(text)
        except (ValueError, OverflowError, TypeError):
            continue
        return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=dt.UTC)
    return text


def _complete_timestamp(text: str) -> dt.datetime:
    from dateutil import parser

    def offset(_: object, seconds: int | None) -> dt.tzinfo:
        if seconds is None:
            raise ValueError("a time zone of unknown offset")
        return dt.timezone(dt.timedelta(seconds=seconds))

    # Missing parts are taken from the default. Two defaults whose dates differ in every part show
    # whether the text has a complete date.
    first, second = (
        parser.parse(text, default=dt.datetime(year, day, day), tzinfos=offset)  # noqa: DTZ001
        for year, day in ((2000, 1), (2001, 2))
    )
    if first != second:
        raise ValueError("an incomplete date")
    return first


def json_schema(cls: type[FromText]) -> dict[str, Any]:
    """Return the JSON Schema of a model, with the schemas of nested models inlined."""
    _, schemas = msgspec.json.schema_components([cls], ref_template="{name}")

    def inlined(node: Json, around: tuple[str, ...]) -> Json:
        if isinstance(node, list):
            return [inlined(member, around) for member in node]
        if not isinstance(node, dict):
            return node
        name = node.get("$ref")
        if name in around:
            return {"type": "object", "title": name}
        if name in schemas:
            return inlined(schemas[name], (*around, name))
        return {key: inlined(node[key], around) for key in node if key != "description"}

    schema: dict[str, Any] = inlined({"$ref": cls.__name__}, ())
    return schema


# ---------------------------------------------------------------------------- types of the fields


@_cached
def _field_types(cls: type[FromText]) -> dict[str, _Hint]:
    hints = typing.get_type_hints(cls)
    return {attribute.name: hints[attribute.name] for attribute in cls.__attrs_attrs__}


@_cached
def wire_names(cls: type[FromText]) -> dict[str, str]:
    """Return the JSON name of each field of a model; some cannot be names in Python."""
    return {each.name: each.metadata.get("wire", each.name) for each in cls.__attrs_attrs__}


@_cached
def _has_other_names(hint: _Hint, above: frozenset[_Hint]) -> bool:
    """Return whether a type contains a model with a field whose JSON name differs, at any depth."""
    if hint in above:
        return False
    inside = list(typing.get_args(hint))
    if _is_model(hint):
        if any(name != wire_name for name, wire_name in wire_names(hint).items()):
            return True
        inside += _field_types(hint).values()
    return any(_has_other_names(part, above | {hint}) for part in inside)


def _generic(hint: _Hint) -> object:
    return typing.get_origin(hint)


def _is_model(hint: _Hint) -> bool:
    return isinstance(hint, type) and issubclass(hint, FromText)


def _without_none(hint: _Hint) -> _Hint:
    if _generic(hint) not in {typing.Union, types.UnionType}:
        return hint
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    return members[0] if len(members) == 1 else hint
