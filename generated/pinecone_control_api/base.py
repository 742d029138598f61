"""What all models share: reading JSON, writing it back, printing, comparing, pickling."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import json
import math
import re
import reprlib
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias, TypeVar

import msgspec

if TYPE_CHECKING:
    import httpx

_Json: TypeAlias = Any
_Hint: TypeAlias = Any

Timestamp = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""A moment, as an aware `datetime`. A timestamp without an offset is taken as UTC (assumption)."""


class ModelError(ValueError):
    """The data does not fit the model. The message says where, and what was expected there."""


class UnparsableResponse(ModelError):  # noqa: N818 - it is the response that is named
    """A response's body is not what the contract promises for its status.

    Attributes:
        response: the response, body included.
    """

    def __init__(self, message: str, response: httpx.Response) -> None:
        super().__init__(message)
        self.response = response

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.response)


_M = TypeVar("_M", bound="Model")


class _Read:
    """What knows the JSON text that it was read from, and its place in there."""

    __slots__ = ("_origin",)
    _origin: _Origin


# Without garbage collection: what is read from JSON, and cannot be changed, holds no cycles.
class Model(_Read, msgspec.Struct, frozen=True, eq=False, gc=False):
    """An object of the API, immutable, with the field names of the wire.

    One that was read from JSON keeps all of it: fields that the contract does not know, explicit
    nulls, the spelling of timestamps. `to_dict` gives it back exactly. The items of a page share
    its text: one that is kept keeps the page's bytes, and a copy keeps its own alone. A model made
    by hand has its fields alone, and so has what `replace` makes.

    Two are equal when they are of one class and their fields, unknown ones included, are equal:
    the same moment spelled in two ways is equal, and so are null and absent. Models cannot be
    hashed, since they may hold dicts and lists; an id is a better key.
    """

    __hash__ = None  # type: ignore[assignment]  # how Python spells "not hashable"

    @classmethod
    def from_dict(cls, src: Mapping[str, object]) -> Self:
        """The model that decoded JSON stands for. `src` is copied.

        Raises:
            ModelError: a required field is missing, or a value is of another type.
        """
        if not isinstance(src, Mapping):
            raise ModelError(f"{cls.__name__}: expected a mapping, got {type(src).__name__}")
        try:
            content = json.dumps(dict(src), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise ModelError(f"{cls.__name__}: not a JSON object: {_reason(error)}") from error
        return cls.from_json(content.encode())

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """The model that a JSON text in UTF-8 stands for; a byte order mark is skipped.

        Raises:
            ModelError: it is no JSON, a required field is missing, or a value is of another type.
        """
        content = content.removeprefix(b"\xef\xbb\xbf")
        try:
            if not content.isascii():
                content.decode()  # the decoder passes over fields that it does not know
            model = _decoded(content, cls)
        except msgspec.ValidationError as error:
            raise ModelError(f"{cls.__name__}: {_reason(error)}") from error
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{cls.__name__}: not JSON: {_reason(error)}") from error
        _keeper_of(cls)(model, (_Text(content),))
        return model

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """The model in the body of a response.

        Raises:
            UnparsableResponse: as `from_json`, and it carries the response.
        """
        try:
            return cls.from_json(response.content)
        except ModelError as error:
            raise UnparsableResponse(str(error), response) from error

    def to_dict(self) -> dict[str, Any]:
        """The JSON object on the wire: as it came, or made from the fields that are not None.

        A number that no float or int of Python's can hold, such as 1e999, is its text.
        """
        content = _content_of(self)
        if content is None:
            return {name: _encode(value) for name, value in _set_fields(self)}
        try:
            decoded: dict[str, Any] = _decode(content)
        except ValueError:
            decoded = json.loads(bytes(content), parse_float=_float, parse_int=_int)
        return decoded

    @property
    def additional_properties(self) -> dict[str, Any]:
        """The fields of the wire that the contract does not know."""
        known = self.__struct_fields__
        return {name: value for name, value in self.to_dict().items() if name not in known}

    def replace(self, **changes: object) -> Self:
        """A model with these fields in place of its own."""
        return type(self)(**{**dict(_set_fields(self)), **changes})

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (
            all(getattr(self, name) == getattr(other, name) for name in self.__struct_fields__)
            and self.additional_properties == other.additional_properties
        )

    def __copy__(self) -> Self:
        make, arguments = self.__reduce__()
        return make(*arguments)

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        content = _content_of(self)
        if content is None:
            return _from_fields, (type(self), dict(_set_fields(self)))
        return type(self).from_json, (bytes(content),)

    def __str__(self) -> str:
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_short.repr(value)}" for name, value in _set_fields(self))
        return f"{type(self).__name__}({fields})"

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{html.escape(_plain(value))}</td></tr>"
            for name, value in _set_fields(self)
        )
        return f"<table><caption>{html.escape(type(self).__name__)}</caption>{rows}</table>"


# ------------------------------------------------------------------------------------ reading


class _Text:
    """A JSON text that models were read from, cut into pieces when one of them is asked for.

    So a page of a listing is decoded once, straight into its models, and what they do not hold is
    found in its bytes.
    """

    __slots__ = ("_content", "_members")

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._members: dict[tuple[_Step, ...], _Members] = {}

    def piece(self, path: tuple[_Step, ...]) -> bytes | msgspec.Raw:
        """The text of a part: the whole one, or a member of a larger part."""
        return self._members_at(path[:-1])[path[-1]] if path else self._content

    def _members_at(self, path: tuple[_Step, ...]) -> _Members:
        members = self._members.get(path)
        if members is None:
            members = self._members[path] = _cut(self.piece(path))
        return members


_Step: TypeAlias = Any
"""The name of a field, or the place in a list."""
_Members: TypeAlias = Any
_Origin: TypeAlias = "tuple[_Text, *tuple[_Step, ...]]"

_decode = msgspec.json.Decoder().decode
_cut = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw]).decode
_set_origin: Callable[[Any, _Origin], None] = _Read.__dict__["_origin"].__set__
_DECODERS: dict[type[Model], msgspec.json.Decoder[Any]] = {}


def _float(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _int(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:  # more digits than Python reads
        return text


def _content_of(model: Model) -> bytes | msgspec.Raw | None:
    """The JSON text that a model was read from; None for one made by hand."""
    origin = getattr(model, "_origin", None)
    return None if origin is None else origin[0].piece(origin[1:])


def _from_fields(cls: type[_M], fields: dict[str, Any]) -> _M:
    return cls(**fields)


def _decoded(content: bytes, cls: type[_M]) -> _M:
    decoder = _DECODERS.get(cls)
    if decoder is None:
        decoder = _DECODERS[cls] = msgspec.json.Decoder(cls)
    try:
        model: _M = decoder.decode(content)
    except msgspec.ValidationError:
        model = msgspec.convert(_respelled(_decode(content), cls), cls)
    return model


def _respelled(value: _Json, hint: _Hint) -> _Json:
    """The value with what msgspec refuses for its spelling alone: odd timestamps, and 1536.0."""
    hint = _without_none(hint)
    members = typing.get_args(hint)
    if isinstance(value, dict):
        of_fields = _field_types(hint) if _is_model(hint) else {}
        of_others = members[1] if _generic(hint) is dict else None
        return {
            name: _respelled(member, of_fields.get(name, of_others))
            for name, member in value.items()
        }
    if isinstance(value, list) and _generic(hint) is list:
        return [_respelled(member, members[0]) for member in value]
    if isinstance(value, str) and hint is dt.datetime:
        return _timestamp(value)
    if isinstance(value, float) and hint is int and value.is_integer():
        return int(value)
    return value


def _timestamp(text: str) -> dt.datetime | str:
    from dateutil import parser

    for read in (parser.isoparse, _complete_moment):
        try:
            moment = read(text)
        except (ValueError, OverflowError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return text


def _complete_moment(text: str) -> dt.datetime:
    from dateutil import parser

    def offset(_: object, seconds: int | None) -> dt.tzinfo:
        if seconds is None:
            raise ValueError("a time zone of unknown offset")
        return dt.timezone(dt.timedelta(seconds=seconds))

    # What a text leaves out is taken from the default: a text that leaves out part of the date
    # stands for two different moments here.
    first, second = (
        parser.parse(text, default=dt.datetime(year, day, day), tzinfos=offset)  # noqa: DTZ001
        for year, day in ((2000, 1), (2001, 2))
    )
    if first != second:
        raise ValueError("an incomplete date")
    return first


# --------------------------------------------------------------------- which fields hold models

_Keep: TypeAlias = Callable[[Any, _Origin], None]
_TYPES_OF_FIELDS: dict[type[Model], dict[str, _Hint]] = {}
_KEEPERS: dict[type[Model], _Keep] = {}


def _field_types(cls: type[Model]) -> dict[str, _Hint]:
    known = _TYPES_OF_FIELDS.get(cls)
    if known is None:
        hints = typing.get_type_hints(cls)
        known = {name: hints[name] for name in cls.__struct_fields__}
        _TYPES_OF_FIELDS[cls] = known
    return known


def _generic(hint: _Hint) -> object:
    return typing.get_origin(hint)


def _is_model(hint: _Hint) -> bool:
    return isinstance(hint, type) and issubclass(hint, Model)


def _without_none(hint: _Hint) -> _Hint:
    if _generic(hint) not in {typing.Union, types.UnionType}:
        return hint
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    return members[0] if len(members) == 1 else hint


def _keeper_of(cls: type[Model]) -> _Keep:
    """What tells a model, and all models inside it, where they were read from."""
    keep = _KEEPERS.get(cls)
    if keep is None:
        keep = _KEEPERS[cls] = _model_keeper(cls)
    return keep


def _model_keeper(cls: type[Model]) -> _Keep:
    nested = [
        (name, keep)
        for name, hint in _field_types(cls).items()
        if (keep := _keeper(_without_none(hint))) is not None
    ]
    if not nested:
        return _set_origin

    def keep_origins(model: Model, origin: _Origin) -> None:
        _set_origin(model, origin)
        for name, keep in nested:
            value = getattr(model, name)
            if value is not None:
                keep(value, (*origin, name))

    return keep_origins


def _keeper(hint: _Hint) -> _Keep | None:
    """The same for the values of one type; None when they hold no models."""
    if _is_model(hint):
        return _model_keeper(hint)
    container, members = _generic(hint), typing.get_args(hint)
    keep = _keeper(_without_none(members[-1])) if container in {list, dict} else None
    if keep is None:
        return None
    if container is list:
        # The origin of each: that of the list, and the place in it.
        return lambda models, origin: _exhaust(
            map(keep, models, zip(*map(itertools.repeat, origin), itertools.count()))
        )
    return lambda models, origin: _exhaust(
        keep(model, (*origin, name)) for name, model in models.items()
    )


def _exhaust(calls: Iterable[None]) -> None:
    collections.deque(calls, maxlen=0)


# ------------------------------------------------------------------------------------ writing


def _set_fields(model: Model) -> Iterator[tuple[str, Any]]:
    for name in model.__struct_fields__:
        value = getattr(model, name)
        if value is not None:
            yield name, value


def _encode(value: _Json) -> _Json:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, dt.datetime):
        return _utc(value).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {name: _encode(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_encode(member) for member in value]
    return value


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC)


class _Short(reprlib.Repr):
    """`repr` in one line, cut where it grows long."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring, self.maxother = 60, 120
        self.maxlist, self.maxdict = 2, 4

    def repr_datetime(self, moment: dt.datetime, _: int) -> str:
        return moment.isoformat()


_short = _Short()


def _plain(value: _Json) -> str:
    encoded = _encode(value)
    return encoded if isinstance(encoded, str) else json.dumps(encoded, ensure_ascii=False)


def _reason(error: Exception) -> str:
    text = re.sub(r" - at `(.*)`$", r" at \1", str(error))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
