"""The counted week of the screens: the hours engine (`hours.py`) with the settings that deny nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.hours import Credit, Held, Outcome, Presence, Week, count_hours
from dayward.care.attendance.rules.settings import Settings
from dayward.care.attendance.rules.verdicts import meets

__all__ = ["Credit", "Held", "Presence", "Verdict", "Week", "count_week", "judge"]

PLAIN = Settings()


def count_week(start: date, sessions: Iterable[Held], presences: Iterable[Presence], zone: ZoneInfo) -> Week:
    """Count the seven days from `start`; sessions the program cancelled are left out."""
    week = count_hours(start, sessions, presences, zone, PLAIN)
    held = tuple(credit for credit in week.credits if credit.outcome is not Outcome.CANCELLED)
    return replace(week, credits=held)


@dataclass(frozen=True)
class Verdict:
    """The week against its floor. An exemption is a reason why nothing follows; the figure stays as it is."""

    delivered: Fraction
    floor: int
    met: bool
    exempt: str = ""

    @property
    def short_by(self) -> Fraction:
        return max(Fraction(self.floor) - self.delivered, Fraction(0))

    @property
    def alert(self) -> bool:
        """Whether somebody should do something."""
        return not self.met and not self.exempt


def judge(week: Week, *, floor: int, exempt: str = "") -> Verdict:
    """Tested on what was delivered (the default basis, requirements 5.1)."""
    return Verdict(week.delivered, floor, meets(week.delivered, floor), exempt)
