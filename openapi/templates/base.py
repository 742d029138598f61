"""The base class of all models: decoding, encoding, comparison, pickling, `repr`."""

from __future__ import annotations

import datetime as dt
import json
import re
import reprlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

import msgspec

from .wire import FromText, Json, decoded, json_schema, read, wire_names

if TYPE_CHECKING:
    import httpx

Timestamp = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""An aware `datetime`. A timestamp without an offset is taken as UTC (assumption)."""


class ModelError(ValueError):
    """The data does not fit the model. The message names the path and what is expected there."""


class UnparsableResponse(ModelError):  # noqa: N818 - named after the response
    """The body of a response does not have the type that the contract states for its status.

    Attributes:
        response: the response with its body.
    """

    def __init__(self, message: str, response: httpx.Response) -> None:
        super().__init__(message)
        self.response = response

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.response)


_M = TypeVar("_M", bound="Model")
_T = TypeVar("_T")


class Model(FromText):
    """An object of the API: a frozen attrs class with the API's field names.

    A model decoded from JSON keeps all of it: unknown fields, explicit nulls and the spelling of
    timestamps; `to_dict` returns it exactly. The items of a page share the page's JSON text, so
    keeping one item keeps that text in memory; a copy keeps only its own part. A model that you
    create, or that `attrs.evolve` returns, has only its fields; `replace` keeps everything.

    Two models are equal if they have the same class and equal fields, including unknown ones. Two
    spellings of the same time are equal, and so are null and an absent field. Models are not
    hashable, because they may contain dicts and lists; use an id as a key.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # makes models unhashable

    def __init_subclass__(cls) -> None:
        # For `copy.replace` of Python 3.13; attrs' own `__replace__` would lose unknown fields.
        setattr(cls, "__replace__", cls.replace)  # noqa: B010 - type checkers do not know the name

    @classmethod
    def from_dict(cls, src: Mapping[str, object]) -> Self:
        """Return a model made from decoded JSON. `src` is copied.

        Raises:
            ModelError: a required field is missing, or a value has the wrong type.
        """
        if not isinstance(src, Mapping):
            raise ModelError(f"{cls.__name__}: expected a mapping, got {type(src).__name__}")
        try:
            content = json.dumps(dict(src), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise ModelError(f"{cls.__name__}: not a JSON object: {_reason(error)}") from error
        return cls.from_json(content.encode())

    @classmethod
    def from_json(cls, content: bytes | str) -> Self:
        """Return a model decoded from JSON text; bytes are UTF-8, and may have a byte order mark.

        Raises:
            ModelError: the text is not JSON, a required field is missing, or a value has the wrong
                type.
        """
        if not isinstance(content, bytes | str):
            raise ModelError(f"{cls.__name__}: expected text, got {type(content).__name__}")
        return read_json(content, cls)

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """Return a model decoded from the body of a response.

        Raises:
            UnparsableResponse: `from_json` would raise; the error carries the response.
        """
        return read_response(response, cls)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: as it was received, or made from the fields that are not None.

        A number that Python cannot represent, such as 1e999, is returned as text.
        """
        text = self._text()
        if text is None:
            names = wire_names(type(self))
            return {names[name]: wire_form(value) for name, value in set_fields(self).items()}
        wire: dict[str, Any] = decoded(text)
        return wire

    def to_json(self) -> str:
        """Return the object of `to_dict` as one line of JSON text.

        Raises:
            ModelError: a field of a model that you created has a value that JSON cannot express.
        """
        try:
            return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ModelError(f"{type(self).__name__}: not JSON: {_reason(error)}") from error

    @property
    def additional_properties(self) -> dict[str, Any]:
        """The JSON fields that the contract does not define."""
        known = wire_names(type(self)).values()
        return {name: value for name, value in self.to_dict().items() if name not in known}

    def replace(self, **changes: object) -> Self:
        """Return a copy with these fields changed; all others stay, including unknown ones.

        None removes a field.

        Raises:
            TypeError: there is no such field.
            ModelError: a value has the wrong type, or a required field was removed.
        """
        names = wire_names(type(self))
        if unknown := changes.keys() - names.keys():
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        wire = {**self.to_dict(), **{names[name]: changes[name] for name in changes}}
        taken_away = {names[name] for name, value in changes.items() if value is None}
        kept = {name: wire_form(wire[name]) for name in wire if name not in taken_away}
        return self.from_dict(kept)

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
            return _from_fields, (type(self), set_fields(self))
        return type(self).from_json, (bytes(text),)

    def __str__(self) -> str:
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_short(value)}" for name, value in set_fields(self).items())
        return f"{type(self).__name__}({fields})"

    def _repr_html_(self) -> str:
        from .notebook import html_of_one

        return html_of_one(self, set_fields(self) | self.additional_properties)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> object:
        """Let pydantic and FastAPI use models as types, in the form of the API's JSON objects."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_dict(value),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.to_dict),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        return json_schema(cls)


def read_json(content: bytes | str, hint: type[_T]) -> _T:
    """Decode a JSON text, with or without a byte order mark, as a model or any other type.

    Raises:
        ModelError: the text is not JSON, or does not fit the type.
    """
    name = getattr(hint, "__name__", None) if isinstance(hint, type) else None
    try:
        encoded = content.encode() if isinstance(content, str) else content
        return read(encoded.removeprefix(b"\xef\xbb\xbf"), hint)
    except msgspec.ValidationError as error:
        raise ModelError(f"{name or hint}: {_reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name or hint}: not JSON: {_reason(error)}") from error


def read_response(response: httpx.Response, hint: type[_T]) -> _T:
    """Decode the body of a response as a model or any other type.

    Raises:
        UnparsableResponse: `read_json` would raise; the error carries the response.
    """
    try:
        return read_json(response.content, hint)
    except ModelError as error:
        raise UnparsableResponse(str(error), response) from error


class _Short(reprlib.Repr):
    """A `repr` on one line, shortened if it is long."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring, self.maxother = 60, 120
        self.maxlist, self.maxdict = 2, 4

    def repr_datetime(self, timestamp: dt.datetime, _: int) -> str:
        return timestamp.isoformat()


_short = _Short().repr


def set_fields(model: Any) -> dict[str, Any]:
    """Return the fields of a model that are not None."""
    names = (attribute.name for attribute in model.__attrs_attrs__)
    return {name: value for name in names if (value := getattr(model, name)) is not None}


def _from_fields(cls: type[_M], fields: dict[str, Any]) -> _M:
    return cls(**fields)


def wire_form(value: Json) -> Json:
    """Return the JSON form of a value that is or contains models and datetimes."""
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, dt.datetime):
        return _utc(value).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {name: wire_form(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [wire_form(member) for member in value]
    return value


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC)


def _reason(error: Exception) -> str:
    text = re.sub(r" - at `(.*)`$", r" at \1", str(error))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
