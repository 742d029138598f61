"""Errors of an emulator itself, as opposed to the error responses that its clients get."""


class EmulatorError(Exception):
    """Base of the errors below; the message is one line for a person."""


class EmulatorDataError(EmulatorError):
    """The data file cannot be used: unreadable, in use, or of another format or version."""


class PortTakenError(EmulatorError):
    """The server cannot listen on the address."""


class ContractBrokenError(EmulatorError):
    """With ``check_responses=True``: a response of the emulator violates the contract."""
