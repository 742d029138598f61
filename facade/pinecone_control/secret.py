"""A value that never shows itself."""

from attrs import frozen


@frozen(repr=False)
class Secret:
    """A value that never shows itself: not in `repr`, not in logs, not in a pickle."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __reduce__(self) -> str:
        raise TypeError("an API key is not pickled: create the client where it is used")
