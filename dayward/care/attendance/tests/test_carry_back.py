"""Make-ups that count in the week that was missed, weeks that are cut anew, and kinds that begin to count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance import services
from dayward.care.attendance.factories import leader_of, present, seat
from dayward.care.attendance.models import Absence, ServiceWeek
from dayward.care.attendance.queries import week_of
from dayward.care.attendance.rules.makeups import Carry, carried
from dayward.care.attendance.rules.weeks import Era, service_week
from dayward.care.attendance.tests.test_weeks import in_treatment, last_week, session_on, stored
from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import ProgramTerms, ServiceKind
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP
from dayward.care.schedule.models import Booking
from dayward.kernel.time import WeekDefinition

THREE_HOURS, NOTHING = Decimal(3 * 3600), Decimal(0)


def numbers_of(episode: Episode, **changes: Any) -> dict[str, Any]:
    """Those that hold, with some changed."""
    row = ProgramTerms.objects.filter(program=episode.program).latest("effective_from")
    left_out = {"id", "public_id", "program", "effective_from", "effective_to", "set_at", "set_by"}
    names = {field.name for field in ProgramTerms._meta.concrete_fields} - left_out
    return {**{name: getattr(row, name) for name in names}, **changes}


def set_numbers(episode: Episode, since: date, **changes: Any) -> None:
    numbers = numbers_of(episode, **changes)
    catalog.set_terms(actor=SETUP, program=episode.program, effective_from=since, **numbers)


def made_up_late(episode: Episode, start: date) -> Booking:
    """Friday of the week before was missed, and made up for on the Tuesday after; there from beginning to end."""
    before = start - timedelta(days=7)
    for n in (1, 3):
        present(seat(session_on(before + timedelta(days=n)), episode.person))
    missed = seat(session_on(before + timedelta(days=5)), episode.person)
    services.mark_absent(actor=leader_of(missed.session), booking=missed, kind=Absence.Kind.UNEXCUSED)
    late = session_on(start + timedelta(days=2))
    made: Booking = schedule.book(actor=SETUP, person=episode.person, session=late, makes_up_for=missed)
    present(made)
    return made


@pytest.mark.django_db
def test_without_a_word_of_the_program_a_make_up_counts_where_it_happens() -> None:
    episode, start = in_treatment(), last_week()
    made_up_late(episode, start)
    before = start - timedelta(days=7)
    assert stored(episode, before).delivered_seconds == 2 * THREE_HOURS
    assert stored(episode, start).delivered_seconds == THREE_HOURS
    assert stored(episode, start).carried_out_seconds == 0


@pytest.mark.django_db
def test_where_the_program_allows_it_the_week_that_was_missed_has_the_minutes() -> None:
    episode, start = in_treatment(), last_week()
    before = start - timedelta(days=7)
    set_numbers(episode, before, carry_back_days=7)
    made = made_up_late(episode, start)
    missed_week, own_week = stored(episode, before), stored(episode, start)
    assert (missed_week.delivered_seconds, missed_week.carried_in_seconds) == (3 * THREE_HOURS, THREE_HOURS)
    assert missed_week.met
    assert (own_week.delivered_seconds, own_week.carried_out_seconds) == (NOTHING, THREE_HOURS)
    assert own_week.days[0]["seconds"] == str(THREE_HOURS.quantize(Decimal("1.000000")))  # the day pays once
    tuesday = start + timedelta(days=2)
    assert week_of(episode.person, before).sentence == (
        "9 h were delivered: the floor of 9 h is met. Of these, 3 h were made up for on"
        f" {tuesday:%b} {tuesday.day} and are carried back."
    )
    assert "3 h more made up for" in week_of(episode.person, start).sentence
    services.correct_absent(actor=leader_of(made.session), booking=made, kind="unexcused", reason="Not there")
    missed_week.refresh_from_db()
    assert (missed_week.delivered_seconds, missed_week.carried_in_seconds) == (2 * THREE_HOURS, NOTHING)
    assert services.keep_up().changed == 0


@pytest.mark.django_db
def test_a_make_up_too_late_for_the_programs_word_stays_in_its_own_week() -> None:
    episode, start = in_treatment(), last_week()
    before = start - timedelta(days=7)
    set_numbers(episode, before, carry_back_days=3)  # it comes four days later
    made_up_late(episode, start)
    assert stored(episode, before).carried_in_seconds == 0
    assert stored(episode, start).delivered_seconds == THREE_HOURS
    set_numbers(episode, before, carry_back_days=4)
    assert stored(episode, before).carried_in_seconds == THREE_HOURS
    assert stored(episode, start).delivered_seconds == 0


@pytest.mark.django_db
def test_the_week_that_was_missed_hears_of_a_make_up_that_is_cancelled() -> None:
    episode, start = in_treatment(), last_week()
    before = start - timedelta(days=7)
    set_numbers(episode, before, carry_back_days=14)
    made = made_up_late(episode, start)
    services.undo(actor=leader_of(made.session), booking=made)
    schedule.cancel_booking(actor=SETUP, booking=made, reason="Ill")
    assert stored(episode, before).carried_in_seconds == 0
    assert services.keep_up().changed == 0


@pytest.mark.django_db
def test_another_first_day_of_the_week_in_mid_stay_leaves_each_session_in_one_week() -> None:
    episode, start = in_treatment(), last_week()
    before = start - timedelta(days=7)
    for n in range(0, 14, 2):
        present(seat(session_on(before + timedelta(days=n), hours=1), episode.person))
    set_numbers(episode, before + timedelta(days=3), week_starts="monday")
    rows = ServiceWeek.objects.filter(person=episode.person, standing=True, start__gte=before)
    found = [(row.start - before, row.length_days, row.definition) for row in rows.order_by("start")]
    assert found[:3] == [
        (timedelta(0), 7, "sunday"),
        (timedelta(7), 1, "monday"),
        (timedelta(8), 7, "monday"),
    ]
    short = rows.get(start=start)
    assert short.exempt_reason == "short_week"
    assert sum(row.delivered_seconds for row in rows) == 7 * 3600
    assert "a week of 1 day" in week_of(episode.person, start).exempt
    assert services.keep_up().changed == 0


@pytest.mark.django_db
def test_a_kind_that_ceases_to_count_changes_the_weeks_from_that_day_on() -> None:
    episode, start = in_treatment(), last_week()
    for n in (1, 3, 5):
        present(seat(session_on(start + timedelta(days=n)), episode.person))
    kind = ServiceKind.objects.get(key="group-therapy")
    since = start + timedelta(days=3)
    catalog.set_counting(actor=SETUP, kind=kind, effective_from=since, counting="no")
    services.refresh_kind(kind=kind.pk, since=since)  # as the job does
    row = stored(episode, start)
    assert (row.delivered_seconds, row.scheduled_seconds) == (THREE_HOURS, THREE_HOURS)
    week = week_of(episode.person, start)
    assert [line.counts for line in week.lines] == [True, False, False]
    assert week.verdict.delivered == 180
    assert services.keep_up().changed == 0


days = st.integers(0, 60).map(lambda n: date(2026, 3, 1) + timedelta(days=n))


@given(
    st.lists(st.tuples(days, st.integers(0, 28), st.integers(0, 300), st.booleans()), max_size=12),
    days,
    st.sampled_from(WeekDefinition),
)
def test_no_minute_is_lost_or_counted_twice_by_carrying(
    make_ups: list[tuple[date, int, int, bool]], change: date, definition: WeekDefinition
) -> None:
    """Over all weeks what came equals what went, however weeks are cut."""
    carries = [
        Carry(
            number,
            missed,
            missed + timedelta(days=later),
            Fraction(minutes),
            frozenset({"program"} if allowed else ()),
        )
        for number, (missed, later, minutes, allowed) in enumerate(make_ups)
    ]
    eras = [Era(date(2026, 1, 1), WeekDefinition.SUNDAY), Era(change, definition, first=change)]
    weeks, on = [], date(2026, 2, 1)
    while on < date(2026, 7, 1):
        weeks.append(service_week(on, eras))
        on = weeks[-1].end
    moved = [carried(carries, week, "program") for week in weeks]
    assert sum(each.minutes for each in moved) == 0
    came = [carry.session for each in moved for carry in each.came]
    went = [carry.session for each in moved for carry in each.went]
    assert sorted(came) == sorted(went)
    assert len(came) == len(set(came))
    assert not any(carried(carries, week, "payer").minutes for week in weeks)
