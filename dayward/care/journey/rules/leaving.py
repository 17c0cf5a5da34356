"""Discharge: what each type asks for, and what a discharge plan still lacks (requirements 4.3, T21, CARF 2.D)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dayward.care.journey.rules.words import gettext_noop

SOON = timedelta(days=7)  # the first appointment after discharge (T21)

#: Why a program may end treatment. A positive drug test alone is no reason, so it cannot be chosen (4.3).
ADMINISTRATIVE_REASONS = {
    "rules": gettext_noop("Broke the rules of the program again, after a warning"),
    "threats": gettext_noop("Threats or violence"),
    "attendance": gettext_noop("Attendance, after the agreed steps"),
    "payment": gettext_noop("Not paying, after the agreed steps"),
    "dealing": gettext_noop("Dealing or bringing drugs to others"),
}
EXPLAINED = frozenset({"AMA", "ASA", "ADMIN", "INSUR", "INCAR", "MED", "DECL", "OTHER"})
UNPLANNED = frozenset({"AMA", "ASA", "ADMIN", "INSUR"})  # CARF: followed up as soon as possible
FOLLOWED = frozenset({"COMP", "STEPDN", "XFER", "MED"}) | UNPLANNED


@dataclass(frozen=True, slots=True)
class Ending:
    """How somebody is discharged; `appeal_told`: the person has the notice and knows how to appeal."""

    kind: str
    reason: str = ""
    administrative_reason: str = ""
    appeal_told: bool = False


def lacking(ending: Ending) -> tuple[str, ...]:
    """What the type still asks for: "reason", "administrative_reason", "appeal" (4.3)."""
    missing = []
    if ending.kind in EXPLAINED and not ending.reason.strip():
        missing.append("reason")
    if ending.kind == "ADMIN" and ending.administrative_reason not in ADMINISTRATIVE_REASONS:
        missing.append("administrative_reason")
    if ending.kind == "ADMIN" and not ending.appeal_told:
        missing.append("appeal")
    return tuple(missing)


def has_aftercare(kind: str) -> bool:
    """Whether calls after discharge make sense; somebody whom nobody can reach, or who is elsewhere, gets none."""
    return kind in FOLLOWED


def team_ends(began: datetime, over_since: datetime, days: int) -> datetime:
    """When a member of the care team loses the chart of somebody who is neither treated nor followed any more: `days`
    (the clinic's) after that, for what is still to be written; who joined later has as long. No more than is needed
    for the work: 45 CFR 164.502(b).

    >>> over = datetime(2026, 3, 2, 17)
    >>> team_ends(datetime(2026, 1, 5, 9), over, 30)
    datetime.datetime(2026, 4, 1, 17, 0)
    >>> team_ends(datetime(2026, 3, 20, 9), over, 30)
    datetime.datetime(2026, 4, 19, 9, 0)
    """
    return max(began, over_since) + timedelta(days=days)


def days_of_team(days: int, reopen_days: int) -> int:
    """For how many days after a treatment its team stays: the clinic's number, and at least until the end of the last
    day on which the treatment may be taken up again (T26).

    >>> days_of_team(30, 0), days_of_team(30, 60)
    (30, 61)
    """
    return max(days, reopen_days + 1)


SUPPORTS = {
    "twelve_step": gettext_noop("12-step meetings (AA, NA, and others)"),
    "secular": gettext_noop("Secular meetings (SMART Recovery, LifeRing, and others)"),
    "faith": gettext_noop("Meetings of a faith community"),
    "peer": gettext_noop("Peer support, recovery community center"),
    "mental_health": gettext_noop("Mental health support group (NAMI, DBSA, and others)"),
    "family": gettext_noop("Groups for the family"),
    "none": gettext_noop("Offered; the person wants none now"),
}

#: The texts of a discharge plan, in the order of its page: key, title, question. `True`: it must be there.
PARTS: tuple[tuple[str, str, str, bool], ...] = (
    (
        "criteria",
        gettext_noop("Discharge criteria, looked at again"),
        gettext_noop("What was agreed at the start, and where the person stands with each"),
        True,
    ),
    (
        "gains",
        gettext_noop("What has been reached"),
        gettext_noop("Progress, strengths, what helped"),
        False,
    ),
    (
        "medication_supply",
        gettext_noop("Medication supply"),
        gettext_noop("Days in hand, refills, last dose of injections; or that there is no medication"),
        True,
    ),
    (
        "prescriber_after",
        gettext_noop("Who prescribes from now on"),
        gettext_noop("Name, practice, phone; or that nobody needs to"),
        True,
    ),
    (
        "early_signs",
        gettext_noop("My early signs"),
        gettext_noop("How I notice, and others notice, that it is getting worse; in the person's words"),
        True,
    ),
    (
        "what_helps",
        gettext_noop("What I do then"),
        gettext_noop("What I do by myself, and what gets me away from a trigger"),
        True,
    ),
    (
        "who_helps",
        gettext_noop("Whom I call"),
        gettext_noop("People and places, with numbers; who knows of this plan"),
        True,
    ),
    (
        "crisis",
        gettext_noop("In a crisis"),
        gettext_noop(
            "988, the nearest emergency room, how to keep the surroundings safe, how to come back here"
        ),
        True,
    ),
    (
        "housing",
        gettext_noop("Housing"),
        gettext_noop("Where the person lives, and whether it is safe and drug-free"),
        True,
    ),
    (
        "legal",
        gettext_noop("Court and probation"),
        gettext_noop("What is open, next date, who knows; or none"),
        True,
    ),
    (
        "insurance",
        gettext_noop("Insurance"),
        gettext_noop("What holds after discharge; renewals, gaps"),
        True,
    ),
)
TEXTS = tuple(part[0] for part in PARTS)
TITLES = {part[0]: part[1] for part in PARTS}
NEEDED = tuple(part[0] for part in PARTS if part[3])
FAMILY = {
    "told": gettext_noop("Told, under the person's consent"),
    "unwanted": gettext_noop("The person does not want it"),
    "nobody": gettext_noop("There is nobody to tell"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment after discharge as the rules see it."""

    at: datetime
    standing: bool = True  # neither cancelled nor missed


def first_in_time(visits: Collection[Visit], discharge: datetime) -> bool:
    """Whether somebody is seen within seven days of the discharge (T21)."""
    return any(visit.standing and discharge <= visit.at <= discharge + SOON for visit in visits)


def plan_lacks(
    texts: Mapping[str, str],
    supports: Collection[str],
    family: str,
    visits: Collection[Visit],
    discharge: datetime,
) -> tuple[str, ...]:
    """What a discharge plan still lacks: keys of PARTS, "supports", "family", "appointment" (T21)."""
    missing = [key for key in NEEDED if not texts.get(key, "").strip()]
    if not supports:
        missing.append("supports")
    if family not in FAMILY:
        missing.append("family")
    if not first_in_time(visits, discharge):
        missing.append("appointment")
    return tuple(missing)
