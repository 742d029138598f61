"""What all models share: reading JSON, writing it back, printing, comparing, pickling."""

from __future__ import annotations

import datetime as dt
import json
import re
import reprlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

import msgspec

from .wire import FromText, Json, decoded, read

if TYPE_CHECKING:
    import httpx

Timestamp = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""An aware `datetime`. A timestamp without an offset is taken as UTC (assumption)."""


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


class Model(FromText):
    """An object of the API: a frozen attrs class with the field names of the wire.

    One that was read from JSON keeps all of it: fields that the contract does not know, explicit
    nulls, the spelling of timestamps. `to_dict` gives it back exactly. The items of a page share
    its text: one that is kept keeps the page's bytes, and a copy keeps its own alone. A model made
    by hand has its fields alone, and so has what `attrs.evolve` makes; `replace` keeps all.

    Two are equal when they are of one class and their fields, unknown ones included, are equal:
    the same moment spelled in two ways is equal, and so are null and absent. Models cannot be
    hashed, since they may hold dicts and lists; an id is a better key.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # how Python spells "not hashable"

    @classmethod
    def from_dict(cls, src: Mapping[str, object]) -> Self:
        """Return the model that decoded JSON stands for. `src` is copied.

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
        """Return the model that a JSON text in UTF-8 stands for; a byte order mark is skipped.

        Raises:
            ModelError: it is no JSON, a required field is missing, or a value is of another type.
        """
        try:
            return read(content.removeprefix(b"\xef\xbb\xbf"), cls)
        except msgspec.ValidationError as error:
            raise ModelError(f"{cls.__name__}: {_reason(error)}") from error
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{cls.__name__}: not JSON: {_reason(error)}") from error

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """Return the model in the body of a response.

        Raises:
            UnparsableResponse: as `from_json`, and it carries the response.
        """
        try:
            return cls.from_json(response.content)
        except ModelError as error:
            raise UnparsableResponse(str(error), response) from error

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object on the wire: as it came, or made from the fields that are set.

        A number that no float or int of Python's can hold, such as 1e999, is its text.
        """
        text = self._text()
        if text is None:
            return {name: _encode(value) for name, value in _set_fields(self)}
        wire: dict[str, Any] = decoded(text)
        return wire

    @property
    def additional_properties(self) -> dict[str, Any]:
        """The fields of the wire that the contract does not know."""
        known = {attribute.name for attribute in self.__attrs_attrs__}
        return {name: value for name, value in self.to_dict().items() if name not in known}

    def replace(self, **changes: object) -> Self:
        """A model with these fields in place of its own."""
        return type(self)(**{**dict(_set_fields(self)), **changes})

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (
            all(
                getattr(self, attribute.name) == getattr(other, attribute.name)
                for attribute in self.__attrs_attrs__
            )
            and self.additional_properties == other.additional_properties
        )

    def __copy__(self) -> Self:
        make, arguments = self.__reduce__()
        return make(*arguments)

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        text = self._text()
        if text is None:
            return _from_fields, (type(self), dict(_set_fields(self)))
        return type(self).from_json, (bytes(text),)

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


def _from_fields(cls: type[_M], fields: dict[str, Any]) -> _M:
    return cls(**fields)


def _set_fields(model: Model) -> Iterator[tuple[str, Any]]:
    for attribute in model.__attrs_attrs__:
        value = getattr(model, attribute.name)
        if value is not None:
            yield attribute.name, value


def _encode(value: Json) -> Json:
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


def _plain(value: Json) -> str:
    encoded = _encode(value)
    return encoded if isinstance(encoded, str) else json.dumps(encoded, ensure_ascii=False)


def _reason(error: Exception) -> str:
    text = re.sub(r" - at `(.*)`$", r" at \1", str(error))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
