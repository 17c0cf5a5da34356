"""Errors everybody may raise. The docstring of a class is its default sentence."""

from __future__ import annotations

from collections.abc import Sequence


class DaywardError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__class__.__doc__ or "").strip())

    @property
    def sentence(self) -> str:
        """The message, as a person may read it."""
        return str(self.args[0])


class Refused(DaywardError):
    """This cannot be done."""

    def __init__(self, message: str | None = None, *, reasons: Sequence[str] = ()) -> None:
        super().__init__(message or (reasons[0] if reasons else None))
        self.reasons: tuple[str, ...] = tuple(reasons) or (self.sentence,)


class Conflict(Refused):
    """Somebody else changed this in the meantime; nothing you typed was lost."""


class Misconfigured(DaywardError):
    """The installation is not set up correctly."""
