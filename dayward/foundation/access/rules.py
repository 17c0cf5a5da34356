"""Whom a role is about; which openings of charts a compliance officer looks at first, and why (3.9, job 4).

A trail of everything is read by nobody; what is out of the ordinary is put on top (house.md section 4; 45 CFR
164.308(a)(1)(ii)(D), regular review of records of activity). A finding is a question, not a verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

MANY_AN_HOUR = 20  # different charts
NIGHT = (21, 6)  # local hours, from and until
READS_FOR_ALL = "role"  # compliance, utilization review, billing: reading without acting is their work


def is_about(role_for: Collection[str], belongs_to: Collection[str]) -> bool:
    """Whether a role for these programs (none: for all) is about who belongs to those (2.9).

    Who belongs to no program yet is everybody's.
    """
    return not role_for or not belongs_to or not set(role_for).isdisjoint(belongs_to)


class Reason(Enum):
    """Why a line is there; the number orders the lines and means nothing else."""

    OWN_CHART = 100
    SAME_NAME = 60
    BREAK_GLASS = 50
    WATCHED = 40
    SAME_FAMILY_NAME = 35
    REFUSED = 30
    MANY = 25
    AT_NIGHT = 15
    NO_ACT = 10


OF_A_DAY = frozenset({Reason.MANY, Reason.AT_NIGHT, Reason.NO_ACT})


@dataclass(frozen=True)
class Opened:
    """What one account did in one chart on one local day, put together from the trail."""

    actor: str
    person: str
    day: date
    first_at: datetime
    views: int
    at_night: int
    refused: int
    through: frozenset[str]
    acted: bool  # they changed something in this chart that day or within a week after
    most_an_hour: int  # charts the account opened in its busiest hour of that day
    same_family_name: bool = False
    same_name: bool = False
    same_contact: bool = False  # phone or mail address of the member of staff is the person's
    watched: bool = False  # compliance wants to see each opening: somebody known, a colleague


@dataclass(frozen=True)
class Finding:
    """`opened` is the first of `charts` charts for which there is nothing else to say."""

    opened: Opened
    reasons: tuple[Reason, ...]
    charts: int = 1

    @property
    def weight(self) -> int:
        return sum(reason.value for reason in self.reasons)


def reasons(opened: Opened) -> tuple[Reason, ...]:
    """Heaviest first."""
    own = opened.same_contact and (opened.same_name or opened.same_family_name)
    found = {
        Reason.OWN_CHART: own,
        Reason.SAME_NAME: opened.same_name and not own,
        Reason.SAME_FAMILY_NAME: opened.same_family_name and not opened.same_name and not own,
        Reason.BREAK_GLASS: "break_glass" in opened.through,
        Reason.WATCHED: opened.watched and opened.views > 0,
        Reason.REFUSED: opened.refused > 0,
        Reason.MANY: opened.views > 0 and opened.most_an_hour >= MANY_AN_HOUR,
        Reason.AT_NIGHT: opened.at_night > 0,
        Reason.NO_ACT: opened.views > 0 and not opened.acted and READS_FOR_ALL not in opened.through,
    }
    return tuple(reason for reason in Reason if found[reason])


def ranked(openings: Iterable[Opened]) -> list[Finding]:
    """The heaviest first, then the newest. Who only read in a chart that is theirs to read is left out."""
    findings = _gathered(Finding(one, why) for one in openings if _matters(why := reasons(one)))
    return sorted(
        findings, key=lambda one: (-one.weight, -one.opened.first_at.timestamp(), one.opened.person)
    )


def _matters(found: tuple[Reason, ...]) -> bool:
    """Reading without acting alone is everybody's day; it weighs only beside something else."""
    return bool(set(found) - {Reason.NO_ACT})


def _gathered(findings: Iterable[Finding]) -> list[Finding]:
    """What is about an evening or an hour and not about a chart is one line an account and day, however many charts."""
    found: dict[tuple[str, ...], Finding] = {}
    for one in findings:
        opened = one.opened
        alike = (opened.actor, str(opened.day)) if set(one.reasons) <= OF_A_DAY else ()
        key = alike or (opened.actor, str(opened.day), opened.person)
        known = found.get(key)
        found[key] = one if known is None else _together(known, one)
    return list(found.values())


def _together(one: Finding, other: Finding) -> Finding:
    first, both = (
        min(one.opened, other.opened, key=lambda opened: opened.first_at),
        one.reasons + other.reasons,
    )
    views = one.opened.views + other.opened.views
    acted = one.opened.acted or other.opened.acted
    why = tuple(reason for reason in Reason if reason in both and not (acted and reason is Reason.NO_ACT))
    return Finding(replace(first, views=views, acted=acted), why, one.charts + other.charts)


class AccountReason(Enum):
    """What somebody who keeps the staff did to an account, and could have used themselves."""

    MADE_AND_OPENED = (
        100  # wrote a new colleague down, gave a role that opens charts, made the link: all alone
    )
    TAKEN_OVER = 90  # took the second factor away and made the link to the password
    CHART_ROLE = 40
    FACTOR_RESET = 30
    GUESSED = 25


GUESSES_A_DAY = 10


@dataclass(frozen=True)
class AccountDay:
    """What happened to one account on one day; `by` is who did it (empty: somebody not signed in)."""

    by: str
    staff: str
    day: date
    acts: frozenset[str]  # "added", "chart_role", "link", "reset"
    guesses: int = 0


def account_reasons(one: AccountDay) -> tuple[AccountReason, ...]:
    made = {"added", "chart_role", "link"} <= one.acts
    taken = {"reset", "link"} <= one.acts
    found = {
        AccountReason.MADE_AND_OPENED: made,
        AccountReason.TAKEN_OVER: taken,
        AccountReason.CHART_ROLE: "chart_role" in one.acts and not made,
        AccountReason.FACTOR_RESET: "reset" in one.acts and not taken,
        AccountReason.GUESSED: one.guesses >= GUESSES_A_DAY,
    }
    return tuple(reason for reason in AccountReason if found[reason])


def ranked_accounts(days: Iterable[AccountDay]) -> list[tuple[AccountDay, tuple[AccountReason, ...]]]:
    found = [(one, why) for one in days if (why := account_reasons(one))]
    return sorted(found, key=lambda pair: (-sum(why.value for why in pair[1]), -pair[0].day.toordinal()))
