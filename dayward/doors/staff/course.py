"""Reads one person's course: the way in, levels of care, holds, and each week's hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.attendance.models import ServiceWeek
from dayward.care.attendance.queries import WeekSum, kept_weeks, read_sum
from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey.models import Episode, Hold, IntakeCase, Segment, Transition
from dayward.care.journey.queries.steps import state_label
from dayward.chart.medications.models import MedicationChange
from dayward.doors.staff.lanes import Days, read_lanes
from dayward.doors.staff.picture import (
    NOTHING_BESIDE,
    Beside,
    Event,
    Picture,
    Stretch,
    WeekMinutes,
    Words,
    draw,
)
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, alone, both
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import WeekDefinition, local_day, week_start
from dayward.ui.charts import hours

LONGEST = timedelta(weeks=40)
FIGURES = ("delivered_seconds", "scheduled_seconds", "floor_minutes")
SILENT = frozenset({"benefits", "first_week", "case_admitted"})  # states that say nothing new in the picture


@dataclass(frozen=True)
class Turn:
    """One time in treatment, or on the way into it: each has a picture of its own."""

    case: IntakeCase | None
    episode: Any  # with its segments, holds and the numbers of its program beside it

    @property
    def key(self) -> str:
        walker: Episode | IntakeCase | None = self.episode or self.case
        assert walker is not None
        return walker.public_id

    @property
    def began(self) -> datetime:
        moment: datetime = self.episode.admitted_at if self.episode else _opened(self.case)
        return moment

    @property
    def ended_at(self) -> datetime | None:
        ended: datetime | None = self.episode.ended_at if self.episode else None
        return ended


def _opened(case: IntakeCase | None) -> datetime:
    assert case is not None
    return case.opened_at


@dataclass(frozen=True)
class Course:
    """One turn: the way in and the episode it led to."""

    case: IntakeCase | None
    episode: Episode | None
    state: str = ""
    since: date | None = None
    days: Days | None = None  # None: there is nothing to draw
    weeks: tuple[WeekMinutes, ...] = ()
    events: tuple[Event, ...] = ()
    beside: Beside = NOTHING_BESIDE
    turns: tuple[Turn, ...] = ()
    key: str = ""

    def with_week(self, week: WeekSum) -> Course:
        """With the running week as it is counted at this moment; those before are kept."""
        if self.episode is None or self.days is None or week.start > self.days.last:
            return self
        weeks = tuple(each for each in self.weeks if each.starts < week.start)
        if week.frame and week.sessions:
            figures = week.delivered_minutes, week.scheduled_minutes, int(week.verdict.floor)
            weeks += (WeekMinutes(week.start, *figures),)
        return replace(self, weeks=weeks)

    @cached_property
    def picture(self) -> Picture | None:
        if self.days is None:
            return None
        first, last = self.days.first, self.days.last
        words = Words({each.starts: _week_words(each) for each in self.weeks}, _days(first, last))
        return draw(first, last, self.events, _stretches(self.episode), self.weeks, words, self.beside)

    @property
    def week_words(self) -> list[tuple[date, str, str, str]]:
        """The same as a table."""
        return [
            (week.starts, hours(week.delivered), hours(week.scheduled), hours(week.floor))
            for week in self.weeks
        ]

    @property
    def changed(self) -> list[tuple[date, str, str]]:
        """Changes of medication: day, what was done, name and dose."""
        kinds = dict(MedicationChange.Kind.choices)
        return [(each.day, str(kinds[each.kind]), each.label) for each in self.beside.changed]


def course_of(person: Person, now: datetime, wanted: str = "") -> Course:
    """Two queries, whatever the length; the latest turn, or the one with this public id."""
    today = today_at(person, now)
    course, week = alone(both(read_course(person, now, wanted), read_sum(person, today, now=now)))
    return course.with_week(week)


def read_course(person: Person, now: datetime, wanted: str = "") -> Reading[Course]:
    """Without the running week, which the page has counted already (`with_week`)."""
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    today = local_day(now, zone)
    ids = person.all_ids
    cases, episodes = yield from both(
        _CASES.reading(people=ids),
        _EPISODES.reading(people=ids, today=today),
    )
    turns = _turns(cases, episodes)
    if not turns:
        return Course(None, None)
    turn = next((each for each in turns if each.key == wanted), turns[0])
    return (yield from _read_turn(person, turn, turns, now, zone))


def _turns(cases: list[IntakeCase], episodes: list[Any]) -> tuple[Turn, ...]:
    """The latest first. A way in after the last episode begins a turn of its own."""
    by_case = {case.pk: case for case in cases}
    found = [Turn(by_case.get(episode.case_id), episode) for episode in episodes]
    if found and found[0].case is None and found[0].episode.case_id is None:
        found[0] = Turn(next((case for case in cases if case.opened_at <= found[0].began), None), episodes[0])
    if cases and (not episodes or cases[0].opened_at > episodes[0].admitted_at):
        found.insert(0, Turn(cases[0], None))
    return tuple(found)


def _read_turn(
    person: Person, turn: Turn, turns: tuple[Turn, ...], now: datetime, zone: ZoneInfo
) -> Reading[Course]:
    case, episode = turn.case, turn.episode
    is_over = turn.ended_at is not None and turn is not turns[0]
    until = local_day(turn.ended_at, zone) if is_over and turn.ended_at else local_day(now, zone)
    week: dict[str, Any] = episode.week if episode and episode.week else {"starts": WeekDefinition.SUNDAY}
    first = week_start(_began(case, episode, zone, until), WeekDefinition(week["starts"]))
    days = Days(first, until, zone)
    (weeks, events), (beside, alerts) = yield from both(
        both(_weeks(person, episode, days), _events(case, episode, zone)),
        read_lanes(person, days, is_over=is_over),
    )
    walker = episode or case
    assert walker is not None
    return Course(
        case=case,
        episode=episode,
        state=state_label(walker.state),
        since=local_day(walker.state_since, zone),
        days=days,
        weeks=tuple(weeks),
        events=tuple(sorted([*events, *alerts], key=lambda event: event.day)),
        beside=beside,
        turns=turns,
        key=turn.key,
    )


def _episodes() -> QuerySet[Any]:
    """The latest first; each with its segments, holds and the numbers of its program beside it."""
    terms = ProgramTerms.objects.filter(program=OuterRef("program"), effective_from__lte=Slot("today"))
    segments = Segment.objects.filter(episode=OuterRef("pk")).order_by("starts_on", "id")
    holds = Hold.objects.filter(episode=OuterRef("pk")).order_by("starts_on")
    rows = Episode.objects.filter(Among("person", Slot("people"))).select_related("program")
    return rows.annotate(
        week=Subquery(terms.order_by("-effective_from").values(row=JSONObject(starts="week_starts"))[:1]),
        levels=ArraySubquery(
            segments.values(
                row=JSONObject(kind="level", days="days_per_week", starts="starts_on", ends="ends_on")
            )
        ),
        away=ArraySubquery(holds.values(row=JSONObject(kind="reason", starts="starts_on", ends="ended_on"))),
    ).order_by("-admitted_at", "-id")


def _held() -> QuerySet[ServiceWeek]:
    """Weeks with a session, as they are kept."""
    kept = kept_weeks(Among("person", Slot("people")), Slot("since"), Slot("until"))
    return kept.exclude(sessions_scheduled=0, scheduled_seconds=0).only("start", "length_days", *FIGURES)


_WEEKS = Prepared(_held)
_TRANSITIONS = Prepared(
    lambda: Transition.objects.filter(Q(case=Slot("case")) | Q(episode=Slot("episode"))).order_by("at", "id")
)
_EPISODES = Prepared(_episodes)
_CASES = Prepared(
    lambda: IntakeCase.objects.filter(Among("person", Slot("people"))).order_by("-opened_at", "-id")
)


def _began(case: IntakeCase | None, episode: Episode | None, zone: ZoneInfo, today: date) -> date:
    belongs = case if case and (episode is None or episode.case_id in (None, case.pk)) else None
    opened = belongs.opened_at if belongs else episode.admitted_at if episode else None
    return max(local_day(opened, zone) if opened else today, today - LONGEST)


def _events(case: IntakeCase | None, episode: Episode | None, zone: ZoneInfo) -> Reading[list[Event]]:
    """Each change of state, in the words of the machine."""
    walked = {"case": case and case.pk, "episode": episode and episode.pk}
    found: list[Event] = []
    for row in (yield from _TRANSITIONS.reading(**walked)):
        if row.to_state == row.from_state or row.to_state in SILENT:
            continue
        event = Event(local_day(row.at, zone), state_label(row.to_state))
        if not found or found[-1] != event:
            found.append(event)
    if episode and episode.first_service_on:
        found.append(Event(episode.first_service_on, _("First service")))
    return sorted(found, key=lambda event: event.day)


def _stretches(episode: Any) -> list[Stretch]:
    if episode is None:
        return []
    words = _("%(level)s, %(days)d days a week")
    levels = [
        Stretch(
            words % {"level": Segment.Level(each["kind"]).label, "days": each["days"]},
            date.fromisoformat(each["starts"]),
            _day(each["ends"]) or episode.effective_end,
        )
        for each in episode.levels
    ]
    holds = [
        Stretch(
            _("Hold: %(reason)s") % {"reason": Hold.Reason(each["kind"]).label},
            date.fromisoformat(each["starts"]),
            _day(each["ends"]),
            "hold",
        )
        for each in episode.away
    ]
    return levels + holds


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _weeks(person: Person, episode: Any, days: Days) -> Reading[list[WeekMinutes]]:
    """Every week with a session, as it is kept."""
    if episode is None or not episode.levels:
        return []
    since = max(date.fromisoformat(episode.levels[0]["starts"]), days.first)
    found = yield from _WEEKS.reading(people=person.all_ids, since=since - timedelta(days=6), until=days.last)
    return [_minutes(row) for row in found if row.start + timedelta(days=row.length_days) > since]


def _minutes(week: ServiceWeek) -> WeekMinutes:
    delivered, scheduled = int(week.delivered_seconds // 60), int(week.scheduled_seconds // 60)
    return WeekMinutes(week.start, delivered, scheduled, week.floor_minutes)


def _week_words(week: WeekMinutes) -> str:
    words = {
        "day": date_format(week.starts, "M j"),
        "delivered": hours(week.delivered),
        "scheduled": hours(week.scheduled),
        "floor": hours(week.floor),
    }
    return _("Week of %(day)s: %(delivered)s of %(scheduled)s scheduled, floor %(floor)s") % words


def _days(first: date, today: date) -> dict[date, str]:
    count = (today - first).days // 7 + 20
    days = [first + timedelta(weeks=number) for number in range(count)]
    return {day: date_format(day, "M j") for day in days}
