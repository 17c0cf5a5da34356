"""What a change of medication must say (requirements S09, 3.4: change, reason, target symptom, follow-up date)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dayward.chart.medications.rules.words import gettext_noop


class Kind(StrEnum):
    """What is done. A switch is a stop and a start that name each other."""

    START = "start"
    UP = "up"
    DOWN = "down"
    HOLD = "hold"
    RESUME = "resume"
    STOP = "stop"


class Status(StrEnum):
    TAKING = "taking"
    HELD = "held"
    STOPPED = "stopped"


#: Which change is possible from which status, and what it leads to.
LEADS: dict[Kind, tuple[frozenset[Status], Status]] = {
    Kind.UP: (frozenset({Status.TAKING, Status.HELD}), Status.TAKING),
    Kind.DOWN: (frozenset({Status.TAKING, Status.HELD}), Status.TAKING),
    Kind.HOLD: (frozenset({Status.TAKING}), Status.HELD),
    Kind.RESUME: (frozenset({Status.HELD}), Status.TAKING),
    Kind.STOP: (frozenset({Status.TAKING, Status.HELD}), Status.STOPPED),
}
#: These are looked at again: a start, a resumption and each change of dose.
LOOKED_AT_AGAIN = frozenset({Kind.START, Kind.UP, Kind.DOWN, Kind.RESUME})


@dataclass(frozen=True, slots=True)
class Change:
    """A change as somebody is about to sign it. `on` is the first day it holds."""

    kind: Kind
    on: date
    reason: str
    dose: str = ""
    frequency: str = ""
    next_look_on: date | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """How the medication is taken now."""

    status: Status
    dose: str
    frequency: str
    since: date


def possible(status: Status) -> tuple[Kind, ...]:
    """The changes that make sense now."""
    return tuple(kind for kind, (sources, _after) in LEADS.items() if status in sources)


def problems(change: Change, present: Present | None, *, ours: bool) -> list[str]:
    """What keeps the change from being made; empty when it may be. `ours`: this program prescribes it."""
    found = []
    if not change.reason.strip():
        found.append(gettext_noop("Say why."))
    if present is not None:
        found += _against(change, present)
    if change.kind is Kind.START and not (change.dose.strip() and change.frequency.strip()):
        found.append(gettext_noop("Say the dose and how often."))
    if ours and change.kind in LOOKED_AT_AGAIN:
        if change.next_look_on is None:
            found.append(gettext_noop("Say when you will look at it again."))
        elif change.next_look_on <= change.on:
            found.append(gettext_noop("The next look is after the change."))
    return found


def _against(change: Change, present: Present) -> list[str]:
    found = []
    if change.kind is Kind.START or present.status not in LEADS[change.kind][0]:
        found.append(gettext_noop("This is not possible now: look at how it is taken at present."))
    same = (change.dose.strip(), change.frequency.strip()) == (present.dose, present.frequency)
    if change.kind in (Kind.UP, Kind.DOWN) and (same or not change.dose.strip()):
        found.append(gettext_noop("Write the new dose, or how often it is taken now."))
    if change.on < present.since:
        found.append(gettext_noop("The day is before the medication began."))
    return found


def status_after(kind: Kind) -> Status:
    return Status.TAKING if kind is Kind.START else LEADS[kind][1]
