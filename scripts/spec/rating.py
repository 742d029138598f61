"""Rate one difference between two contracts for the users of the facade. Pure.

The rating applies to a regenerated client. It sends no defaults, keeps unknown fields and unknown
enum values of responses (the overlay opens these enums), and raises errors for documented and
undocumented statuses alike. So additions to responses are mostly harmless, and restrictions of
requests are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from attrs import frozen

from pinecone_control.contract.document import ENUMS, METHODS, split
from scripts.spec.contract_file import canonical_json
from scripts.spec.differences import ABSENT, Difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.spec.affected_users import Side

Rating = Literal["breaking", "compatible", "prose"]
RATINGS: Final[tuple[Rating, ...]] = get_args(Rating)
"""From the worst to the best."""

_SHOWN: Final = 90
_LOWER: Final = frozenset(
    {"minimum", "minLength", "minItems", "minProperties", "minContains", "exclusiveMinimum"}
)
_UPPER: Final = frozenset(
    {"maximum", "maxLength", "maxItems", "maxProperties", "maxContains", "exclusiveMaximum"}
)
_EXCLUSIVE: Final = frozenset({"exclusiveMinimum", "exclusiveMaximum"})
_OTHER_LIMITS: Final = frozenset(
    {"pattern", "multipleOf", "uniqueItems", "format", "not", "patternProperties"}
    | {"propertyNames", "dependentRequired", "dependentSchemas", "contains", "if", "then", "else"}
    | {"unevaluatedProperties", "unevaluatedItems"}
    | {"contentEncoding", "contentMediaType", "contentSchema"}
)
_HARMLESS: Final = frozenset(
    {"deprecated", "discriminator", "encoding", "allowEmptyValue", "externalDocs", "xml"}
    | {"$id", "$anchor", "$defs"}
)
_ONE_WAY: Final[dict[str, Side]] = {"readOnly": "request", "writeOnly": "response"}
_NUMBERS: Final = frozenset({"int32", "int64", "float", "double"})
_TYPES: Final = ("array", "boolean", "integer", "number", "object", "string")
_MODEL_FORMATS: Final = frozenset({"date", "date-time", "uuid"})
"""The formats of strings for which models have types of their own."""
_JSON: Final = "application/json"


@frozen
class Verdict:
    """What changed, its rating, and the reason for the rating."""

    what: str
    rating: Rating
    because: str


def rated(
    difference: Difference,
    sides: frozenset[Side],
    models: Sequence[str] = (),
    *,
    could_be_none: bool = False,
) -> Verdict:
    """Return the verdict on one difference.

    Args:
        difference: the difference.
        sides: whether its place is part of requests, of responses, or of both.
        models: the public models at its place.
        could_be_none: whether it only says that a field may be None which could be None already.
    """
    if could_be_none:
        return _plain(difference, "compatible", "the field could be None already")
    if isinstance(difference.pinned, dict) and isinstance(difference.upstream, dict):
        is_enum = difference.pinned.keys() <= {*ENUMS}
        return (_of_opening_or_closing if is_enum else _of_limit)(difference, sides)
    match split(difference.pointer):
        case ["info", "version"]:
            what = f"API version {difference.upstream}"
            return Verdict(what, "compatible", "the client sends it with every request")
        case ["servers", number, *_] if number != "0":
            return _plain(difference, "compatible", "calls go to the first server")
        case ["servers", *_] | ["paths", _, _, "servers", *_]:
            return _plain(difference, "breaking", "calls go to another host")
        case ["info" | "tags" | "externalDocs" | "openapi" | "jsonSchemaDialect" | "webhooks", *_]:
            return _plain(difference, "compatible", "no call depends on it")
        case [_, "securitySchemes", *_] | ["security", *_] | ["paths", _, _, "security", *_]:
            return _of_security(difference)
        case ["paths", _, method, *rest] if method in METHODS:
            return _of_operation(difference, rest, sides)
        case ["components", "schemas", name]:
            return _of_whole_schema(difference, name, models)
    return _of_schema(difference, sides)


def _of_security(difference: Difference) -> Verdict:
    """Return the verdict on a security scheme, or on alternative requirements of security."""
    match split(difference.pointer):
        case [_, "securitySchemes", _]:
            return _plain(difference, "compatible", "what requires it is rated separately")
        case [*_, "security", _] if difference.pinned is ABSENT:
            return _plain(difference, "compatible", "requests may be signed as before")
    return _plain(difference, "breaking", "requests are signed in another way")


# --------------------------------------------------------------------------------- in an operation


def _of_operation(difference: Difference, rest: list[str], sides: frozenset[Side]) -> Verdict:
    match rest:
        case ["parameters"] | ["parameters", _]:
            return _of_parameter(difference)
        case ["parameters", _, "required" | "style" | "explode" | "allowReserved" as word]:
            return _of_sending_a_parameter(difference, word)
        case ["responses", status]:
            return _of_status(difference, status)
        case ["tags" | "externalDocs" | "callbacks", *_] | [_, _, "headers" | "links", *_]:
            return _plain(difference, "compatible", "no call depends on it")
        case ["responses", _, "content", media_type, *_] if media_type != _JSON:
            return _plain(difference, "compatible", "the client uses only JSON")
        case ["requestBody", "content", media_type, *_] if media_type != _JSON:
            return _plain(difference, "compatible", "the client uses only JSON")
        case ["requestBody"] | ["requestBody", "required"] | ["requestBody", "content", _]:
            return _of_body(difference)
        case ["responses", status, "content"] | ["responses", status, "content", _]:
            because = f"there is {'no' if difference.upstream is ABSENT else 'a'} JSON body now"
            return _plain(difference, _of_result(status), because)
        case ["operationId"]:
            return _plain(difference, "breaking", "the generated function has another name")
    return _of_schema(difference, sides)


def _of_body(difference: Difference) -> Verdict:
    word, body = split(difference.pointer)[-1], difference.upstream
    if word not in {"requestBody", "required"}:
        return _plain(difference, "breaking", "the body is sent in another media type")
    if word == "requestBody" and body is ABSENT:
        return _plain(difference, "breaking", "it can no longer be sent")
    if body is True or (isinstance(body, dict) and body.get("required")):
        return _plain(difference, "breaking", "the body is required now")
    return _plain(difference, "compatible", "the body is optional now")


def _of_parameter(difference: Difference) -> Verdict:
    parameter = difference.upstream if difference.pinned is ABSENT else difference.pinned
    if not isinstance(parameter, dict):
        return _plain(difference, "breaking", "a parameter became something else")
    named = f"{parameter.get('in')} parameter {parameter.get('name')!r}"
    if difference.upstream is ABSENT:
        return Verdict(f"the {named} is gone", "breaking", "it can no longer be sent")
    if parameter.get("required"):
        return Verdict(f"a required {named}", "breaking", "no call sends it")
    return Verdict(f"an optional {named}", "compatible", "calls need not send it")


def _of_sending_a_parameter(difference: Difference, word: str) -> Verdict:
    if word == "required":
        tighter = difference.upstream is True
        what = f"the parameter is {'now required' if tighter else 'no longer required'}"
        because = f"requests without it are {'refused' if tighter else 'accepted'}"
        return Verdict(what, "breaking" if tighter else "compatible", because)
    if word == "allowReserved":
        return _plain(difference, "compatible", "the client sends the same either way")
    return _plain(difference, "breaking", "it is sent in another form")


def _of_result(status: str) -> Rating:
    """Return the rating of a change of what a method returns or, for other statuses, raises."""
    return "breaking" if status.startswith("2") else "compatible"


def _of_status(difference: Difference, status: str) -> Verdict:
    added, rating = difference.pinned is ABSENT, _of_result(status)
    what = f"a new status {status}" if added else f"the status {status} is gone"
    if rating == "compatible":
        return Verdict(what, rating, "it is raised as an `ApiError` either way")
    if added:
        return Verdict(what, rating, "a method may return something that it did not")
    return Verdict(what, rating, "what a method returned is no longer documented")


# ------------------------------------------------------------------------------------ in a schema


def _of_whole_schema(difference: Difference, name: str, models: Sequence[str]) -> Verdict:
    what = "a new schema" if difference.pinned is ABSENT else f"the schema {name} is gone"
    if models and difference.upstream is ABSENT:
        return Verdict(what, "breaking", "its model is gone with it")
    return Verdict(what, "compatible", "references to it are rated separately")


def _of_schema(difference: Difference, sides: frozenset[Side]) -> Verdict:
    steps = split(difference.pointer)
    word, above = steps[-1], steps[-2] if len(steps) > 1 else ""
    if above != "properties" and _is_harmless(steps):
        return _plain(difference, "compatible", "no call depends on it")
    if not sides:
        return _plain(difference, "compatible", "no operation uses it")
    if above == "properties":
        return _of_property(difference, word, sides)
    if rate := _OF_KEYWORD.get(word):
        return rate(difference, sides)
    if word in ENUMS:
        return _of_values(difference, word, sides)
    if word in _LOWER | _UPPER | _OTHER_LIMITS:
        return _of_constraint(difference, word, sides)
    if word in _ONE_WAY:
        return _of_one_way(difference, word, sides)
    return _of_type(difference, word, above, sides)


def _is_harmless(steps: list[str]) -> bool:
    match steps:
        case [*_, "discriminator", "propertyName" | "mapping"]:
            return True
        case [*_, "discriminator", "mapping", _]:
            return True
        case [*_, word]:
            return word in _HARMLESS or (word.startswith("x-") and word not in ENUMS)
    return False


def _of_type(difference: Difference, word: str, above: str, sides: frozenset[Side]) -> Verdict:
    added = difference.pinned is ABSENT
    if above in {"oneOf", "anyOf"} and _is_plain_alternative(difference):
        return _of_width(difference, sides, wider=added)
    if above in {"oneOf", "anyOf"} and added:
        return _plain(difference, "compatible", "there is one more alternative")
    if isinstance(difference.pinned, list) and isinstance(difference.upstream, list):
        wider = _allows_all(difference.upstream, difference.pinned)
        if wider or _allows_all(difference.pinned, difference.upstream):
            return _of_width(difference, sides, wider=wider)
    if word == "type":
        before, after = allowed_types(difference.pinned), allowed_types(difference.upstream)
        if before <= after or after <= before:
            return _of_width(difference, sides, wider=before <= after)
    return _plain(difference, "breaking", "a value has another type")


def _allows_all(alternatives: list[Any], others: list[Any]) -> bool:
    """Return whether each of the others is an alternative itself, or one with more keywords."""
    return all(
        any(each.items() <= other.items() for each in alternatives)  # equal keywords allow the same
        for other in others
    )


def allowed_types(stated: Any) -> set[str]:
    """Return the types that the value of `type` allows; all of them if it is absent."""
    if stated is ABSENT:
        return set(_TYPES)
    names = {stated} if isinstance(stated, str) else set(stated)
    return names | {"integer"} if "number" in names else names


def _is_plain_alternative(difference: Difference) -> bool:
    """Return whether an added or removed alternative is not an object.

    Alternatives that are objects are merged into one class.
    """
    both = (difference.pinned, difference.upstream)
    (one,) = [each for each in both if each is not ABSENT] if ABSENT in both else [None]
    return isinstance(one, dict) and one.get("type", "object") != "object"


def _of_width(difference: Difference, sides: frozenset[Side], *, wider: bool) -> Verdict:
    """Return the verdict on a value that allows more types than before, or fewer."""
    if wider and "response" in sides:
        return _plain(difference, "breaking", "a value that is read may be of another type")
    if not wider and "request" in sides:
        return _plain(difference, "breaking", "a value that could be sent no longer can")
    return _plain(difference, "compatible", "what could be sent or read still can")


def _of_one_way(difference: Difference, word: str, sides: frozenset[Side]) -> Verdict:
    """Return the verdict on `readOnly` (only in responses) or `writeOnly` (only in requests)."""
    if _ONE_WAY[word] not in sides or difference.upstream is not True:
        return _plain(difference, "compatible", "no call depends on it")
    because = "it can no longer be sent" if word == "readOnly" else "it can no longer be read"
    return _plain(difference, "breaking", because)


def _of_opening_or_closing(difference: Difference, sides: frozenset[Side]) -> Verdict:
    """Return the verdict on an enum that was opened or closed, and may have changed its values."""
    ((before, old),) = difference.pinned.items()
    ((_, new),) = difference.upstream.items()
    opened = before == "enum"
    removed = [value for value in old if value not in new]
    what = f"the enum is {'open' if opened else 'closed'} now"
    what += f", without {_shown(removed)}" if removed else ""
    if removed and "request" in sides:
        return Verdict(what, "breaking", "a value that could be sent no longer can")
    if opened or "request" not in sides:
        return Verdict(what, "compatible", "models keep values that they do not know")
    return Verdict(what, "breaking", "unknown values are refused")


def _of_limit(difference: Difference, sides: frozenset[Side]) -> Verdict:
    """Return the verdict on a limit that is excluded now, or included, and may have moved."""
    ((word, before),) = difference.pinned.items()
    ((other, after),) = difference.upstream.items()
    sign = 1 if word in _LOWER else -1
    was, now = (sign * before, word in _EXCLUSIVE), (sign * after, other in _EXCLUSIVE)
    what = f"{other}: {_shown(after)} in place of {word}: {_shown(before)}"
    if "request" not in sides:
        return Verdict(what, "compatible", "models do not check it in answers")
    if now > was:
        return Verdict(what, "breaking", "a value that could be sent no longer can")
    return Verdict(what, "compatible", "what could be sent still can")


def _of_property(difference: Difference, name: str, sides: frozenset[Side]) -> Verdict:
    if difference.pinned is ABSENT:
        request = "requests may leave it out" if "request" in sides else ""
        response = "models have a new field" if "response" in sides else ""
        because = "; ".join(filter(None, (request, response)))
        return Verdict(f"a new property {name}", "compatible", because)
    if difference.upstream is ABSENT:
        because = "it can no longer be read" if "response" in sides else "it can no longer be sent"
        return Verdict(f"the property {name} is gone", "breaking", because)
    return _plain(difference, "breaking", "a value has another type")


def _of_required(difference: Difference, sides: frozenset[Side]) -> Verdict:
    if difference.pinned is ABSENT:
        what = f"{_shown(difference.upstream)} is required now"
        if "request" in sides:
            return Verdict(what, "breaking", "requests that leave it out are refused")
        return Verdict(what, "compatible", "answers always have it")
    what = f"{_shown(difference.pinned)} is no longer required"
    if "response" in sides:
        return Verdict(what, "breaking", "the field of the model may be None")
    return Verdict(what, "compatible", "requests may leave it out")


def _of_values(difference: Difference, word: str, sides: frozenset[Side]) -> Verdict:
    removed, added = difference.upstream is ABSENT, difference.pinned is ABSENT
    value = difference.pinned if removed else difference.upstream
    if isinstance(value, list):  # the whole set
        narrower = added and word == "enum" and "request" in sides
        what = f"{'now' if added else 'no longer'} an enum of {_shown(value)}"
        kept = "models keep all values" if "response" in sides else "what could be sent still can"
        because = "other values are refused" if narrower else kept
        return Verdict(what, "breaking" if narrower else "compatible", because)
    what = f"the value {_shown(value)} is gone" if removed else f"a new value {_shown(value)}"
    if removed and "request" in sides:
        return Verdict(what, "breaking", "a value that could be sent no longer can")
    if "response" in sides:
        return Verdict(what, "compatible", "models keep values that they do not know")
    return Verdict(what, "compatible", "it can be sent")


def _of_constraint(difference: Difference, word: str, sides: frozenset[Side]) -> Verdict:
    formats = {difference.pinned, difference.upstream} if word == "format" else frozenset()
    if formats & _MODEL_FORMATS:
        return _plain(difference, "breaking", "a value has another type")
    if formats & _NUMBERS:
        return _plain(difference, "compatible", "numbers are of any size")
    if "request" not in sides:
        return _plain(difference, "compatible", "models do not check it in answers")
    if _is_tighter(difference, word):
        return _plain(difference, "breaking", "a value that could be sent no longer can")
    return _plain(difference, "compatible", "what could be sent still can")


def _is_tighter(difference: Difference, word: str) -> bool:
    before, after = difference.pinned, difference.upstream
    if after is ABSENT:
        return False
    if before is ABSENT:
        return True
    if word == "multipleOf":
        return not after or before % after != 0
    if word not in _LOWER | _UPPER:
        return True
    return bool(after > before) if word in _LOWER else bool(after < before)


def _of_default(difference: Difference, sides: frozenset[Side]) -> Verdict:
    if "request" in sides and difference.pinned is ABSENT:
        return _plain(difference, "compatible", "the client sends no default")
    if "request" in sides:
        return _plain(difference, "breaking", "requests without it have another effect")
    return _plain(difference, "compatible", "responses state the value")


def _of_nullable(difference: Difference, sides: frozenset[Side]) -> Verdict:
    if difference.upstream is True:
        if "response" in sides:
            return _plain(difference, "breaking", "the field of the model may be None")
        return _plain(difference, "compatible", "null may be sent")
    if "request" in sides:
        return _plain(difference, "breaking", "null is refused")
    return _plain(difference, "compatible", "the field of the model is never None")


def _of_other_properties(difference: Difference, sides: frozenset[Side]) -> Verdict:
    before, after = difference.pinned, difference.upstream
    if after is False or (isinstance(after, dict) and before in (ABSENT, True)):
        if "request" in sides:
            return _plain(difference, "breaking", "other properties are refused")
        return _plain(difference, "compatible", "models keep what they get")
    if isinstance(before, dict):
        return _of_width(difference, sides, wider=True)
    return _plain(difference, "compatible", "other properties are allowed")


_OF_KEYWORD: Final = {
    "required": _of_required,
    "default": _of_default,
    "nullable": _of_nullable,
    "additionalProperties": _of_other_properties,
}


def _plain(difference: Difference, rating: Rating, because: str) -> Verdict:
    # A member of a list is named after the list.
    steps = [step for step in split(difference.pointer) if not step.isdecimal()]
    word = steps[-1] if steps else "the document"
    before, after = difference.pinned, difference.upstream
    if before is ABSENT:
        what = f"{word}: {_shown(after)}, where there was none"
    elif after is ABSENT:
        what = f"{word}: no longer {_shown(before)}"
    else:
        what = f"{word}: {_shown(after)} in place of {_shown(before)}"
    return Verdict(what, rating, because)


def _shown(value: Any) -> str:
    text = canonical_json(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
