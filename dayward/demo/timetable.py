"""Who leads which group where, holidays, and free times for one-to-one sessions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

import holidays

from dayward.demo.clinic import OWN_HOLIDAY, OWN_HOLIDAY_AT, SITES, STAFF, TRACKS, SitePlan, Slot, TrackPlan

COHORT_NAMES = "ABCDEF"
CLOSED_FOR = {
    "New Year's Day", "Memorial Day", "Juneteenth National Independence Day", "Independence Day", "Labor Day",
    "Thanksgiving Day", "Christmas Day",
}  # fmt: skip


@dataclass(frozen=True)
class CohortGroup:
    """A cohort's group in one slot: it meets on each weekday of the track."""

    key: str
    track: TrackPlan
    cohort: int
    slot: Slot
    staff: str
    room: str

    @property
    def name(self) -> str:
        letter = f" {COHORT_NAMES[self.cohort]}" if self.track.cohorts > 1 else ""
        return f"{self.track.name}{letter}: {self.slot.name}"


@cache
def therapists(site: str) -> list[str]:
    return [plan.key for plan in STAFF if site in plan.sites and "facilitator" in plan.roles]


@cache
def with_role(site: str, role: str) -> list[str]:
    return [plan.key for plan in STAFF if site in plan.sites and role in plan.roles]


@cache
def assessors(site: str) -> list[str]:
    """Clinicians who lead no groups: the supervisors and those who only assess."""
    leads = set(therapists(site))
    return [key for key in with_role(site, "therapist") if key not in leads]


@cache
def groups() -> tuple[CohortGroup, ...]:
    """Every cohort's groups, each led by the therapist with the least to do who is free then."""
    made: list[CohortGroup] = []
    for site in SITES:
        load = dict.fromkeys(therapists(site.key), 0)
        rooms_taken: dict[str, list[tuple[tuple[int, ...], time, time]]] = defaultdict(list)
        for track in (plan for plan in TRACKS if plan.site == site.key):
            for cohort in range(track.cohorts):
                span = (track.weekdays, track.slots[0].starts, track.slots[-1].ends)
                room = next(room for room in site.group_rooms if not _clashes(rooms_taken[room], span))
                rooms_taken[room].append(span)
                for number, slot in enumerate(track.slots):
                    staff = min((s for s in load if _free(made, s, track, slot)), key=lambda s: (load[s], s))
                    load[staff] += len(track.weekdays)
                    made.append(
                        CohortGroup(f"{track.key}-{cohort}-{number}", track, cohort, slot, staff, room)
                    )
    return tuple(made)


def _clashes(
    taken: list[tuple[tuple[int, ...], time, time]], span: tuple[tuple[int, ...], time, time]
) -> bool:
    days, starts, ends = span
    return any(set(days) & set(other) and starts < until and since < ends for other, since, until in taken)


def _free(made: list[CohortGroup], staff: str, track: TrackPlan, slot: Slot) -> bool:
    return not any(
        group.staff == staff
        and set(group.track.weekdays) & set(track.weekdays)
        and group.slot.starts < slot.ends
        and slot.starts < group.slot.ends
        for group in made
    )


@cache
def of_cohort(track: str, cohort: int) -> tuple[CohortGroup, ...]:
    return tuple(group for group in groups() if group.track.key == track and group.cohort == cohort)


@cache
def of_staff(staff: str) -> tuple[CohortGroup, ...]:
    return tuple(group for group in groups() if group.staff == staff)


@cache
def _holidays(state: str, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("US", subdiv=state, years=year))


@dataclass(frozen=True)
class Closings:
    """The days on which a site is closed: public holidays, and one of the clinic's own."""

    anchor: date  # the day of the first build

    @property
    def own_day(self) -> date:
        """The Wednesday of the week before the first build."""
        return self.anchor - timedelta(days=self.anchor.isoweekday() + 4)

    def name(self, site: SitePlan, day: date) -> str:
        """The name of the holiday, or ''."""
        if (site.key, day) == (OWN_HOLIDAY_AT, self.own_day):
            return OWN_HOLIDAY
        name = _holidays(site.state, day.year).get(day, "")
        return name if name.partition(" (")[0] in CLOSED_FOR else ""
