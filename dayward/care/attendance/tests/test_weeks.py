"""Stored weeks: written with the change, checked every night, and what a program's page makes of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance import services
from dayward.care.attendance.factories import leader_of, present, seat
from dayward.care.attendance.models import ServiceWeek
from dayward.care.attendance.queries import read_sum, week_of
from dayward.care.attendance.queries.program_week import Standing, program_week
from dayward.care.attendance.queries.rates import Rates, read_rates, summed
from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import Program
from dayward.care.journey.factories import make_episode
from dayward.care.journey.models import Episode, Segment
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, kind, make_room
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading, alone
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day, week_start

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=60)


def in_treatment() -> Episode:
    """Somebody whose treatment began weeks ago."""
    began = timezone.now() - LONG_AGO
    return make_episode(starts_on=began.date(), started=True, at=began)


def session_on(
    day: date, *, hours: float = 3, site: Any = None, leader: StaffMember | None = None
) -> Session:
    where = site or make_site()
    start = datetime.combine(day, time(9), tzinfo=where.zone)
    return schedule.add_session(
        actor=SETUP,
        site=where,
        service=kind(),
        place=schedule.Place(Span(start, start + timedelta(hours=hours)), make_room(where)),
        leaders=(leader or make_staff_with("facilitator", site=where),),
        title="Coping skills",
        cap=12,
    )


def last_week() -> date:
    """The first day of a week that is over."""
    return week_start(local_day(timezone.now(), make_site().zone)) - timedelta(days=7)


def everybody(people: Sequence[Person]) -> Reading[set[int]]:
    yield from ()
    return {one.pk for one in people}


def stored(episode: Episode, start: date) -> ServiceWeek:
    return ServiceWeek.objects.get(person=episode.person, start=start)


def written(episode: Episode, start: date, days: tuple[int, ...] = (1, 3, 5)) -> list[Booking]:
    """Booked on these days of the week, and there in all of them."""
    bookings = [seat(session_on(start + timedelta(days=n)), episode.person) for n in days]
    for booking in bookings:
        present(booking)
    return bookings


def test_a_row_on_the_roll_changes_the_stored_week_in_its_transaction() -> None:
    episode, start = in_treatment(), last_week()
    first, *rest = written(episode, start)
    row = stored(episode, start)
    assert (row.delivered_seconds, row.prescribed_minutes) == (Decimal(9 * 3600), 600)
    assert (row.floor_minutes, row.floor_test, row.met, row.exempt_reason) == (540, "delivered", True, "")
    assert (row.separate_days, row.sessions_kept, row.gap_days) == (3, 3, 1)
    assert row.computed_by == leader_of(rest[-1].session).id
    came = first.session.span.start
    services.correct_times(
        actor=leader_of(first.session),
        booking=first,
        came_in=came + timedelta(minutes=10),
        went_out=first.session.span.end,
        reason="The sheet says so",
    )
    row.refresh_from_db()
    assert (row.delivered_seconds, row.met) == (Decimal(9 * 3600 - 600), False)
    assert row.because["words"]["short"] == "10 min"


def test_stored_weeks_are_what_the_week_of_the_person_says() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start, (1, 4))
    row, week = stored(episode, start), week_of(episode.person, start)
    assert row.delivered_seconds == Decimal(int(week.verdict.delivered * 60))
    assert (row.met, row.floor_minutes) == (week.verdict.met, week.verdict.floor)


def test_the_sum_of_a_week_is_that_of_its_rows() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start, (1, 4))
    seat(session_on(start + timedelta(days=5)), episode.person)  # nobody confirmed it
    one, week = alone(read_sum(episode.person, start)), week_of(episode.person, start)
    assert one.unconfirmed == sum(line.state == "untouched" for line in week.lines) == 1
    assert one.sessions == len(week.lines) == 3
    assert (one.sentence, one.verdict) == (week.sentence, week.verdict)


def test_booking_and_giving_back_change_what_was_scheduled() -> None:
    episode, start = in_treatment(), last_week()
    session = session_on(start + timedelta(days=2))
    booking = seat(session, episode.person)
    assert stored(episode, start).scheduled_seconds == Decimal(3 * 3600)
    schedule.cancel_booking(actor=SETUP, booking=booking)
    row = stored(episode, start)
    assert (row.scheduled_seconds, row.sessions_scheduled) == (Decimal(0), 1)
    schedule.restore_booking(actor=SETUP, booking=booking)
    assert stored(episode, start).scheduled_seconds == Decimal(3 * 3600)
    schedule.cancel_session(actor=SETUP, session=session, reason="The leader is ill")
    row = stored(episode, start)
    assert (row.scheduled_seconds, row.sessions_called_off) == (Decimal(0), 1)
    schedule.reinstate_session(actor=SETUP, session=session)
    assert stored(episode, start).scheduled_seconds == Decimal(3 * 3600)


def test_a_closed_day_exempts_the_stored_week_and_opening_it_again_does_not() -> None:
    episode = in_treatment()
    site = episode.program.site
    today = local_day(timezone.now(), site.zone)
    start = week_start(today)
    written_start = stored_or_made(episode, start)
    assert written_start.exempt_reason == ""
    (closure,) = catalog.close_days(actor=SETUP, site=site, days=[(today, "Founders' Day")], reason="holiday")
    row = stored(episode, start)
    assert (row.exempt_reason, row.exempt_why, row.met) == ("holiday", "Founders' Day", False)
    catalog.withdraw_closure(actor=SETUP, closure=closure)
    assert stored(episode, start).exempt_reason == ""


def stored_or_made(episode: Episode, start: date) -> ServiceWeek:
    services.refresh_weeks(actor=SETUP, people=[episode.person_id], since=start)
    return stored(episode, start)


def test_new_numbers_of_the_program_count_the_weeks_from_that_day_on_anew() -> None:
    episode, start = in_treatment(), last_week()
    late = seat(session_on(start + timedelta(days=1)), episode.person)
    present(late, late.session.span.start + timedelta(minutes=20))
    assert stored(episode, start).delivered_seconds == Decimal(160 * 60)
    before = episode.program.terms.get()
    numbers = {
        field.name: getattr(before, field.name)
        for field in before._meta.concrete_fields
        if field.name
        not in {"id", "public_id", "program", "effective_from", "effective_to", "set_at", "set_by"}
    }
    catalog.set_terms(
        actor=SETUP, program=episode.program, effective_from=start, **{**numbers, "late_rule": "deny"}
    )
    row = stored(episode, start)
    assert row.terms and (row.delivered_seconds, row.terms.effective_from) == (Decimal(0), start)
    assert week_of(episode.person, start).lines[0].because.endswith("nothing is credited.")
    earlier = start - timedelta(days=7)
    services.refresh_weeks(actor=SETUP, people=[episode.person_id], since=earlier)
    assert stored(episode, earlier).terms_id == before.pk


def test_a_change_of_the_prescribed_week_is_stored_from_the_week_it_begins_in() -> None:
    episode, start = in_treatment(), last_week()
    assert stored_or_made(episode, start).prescribed_minutes == 600
    Segment.objects.filter(episode=episode).update(prescribed_minutes=720)
    found = services.keep_up()
    assert found.changed and found.fields["prescribed_minutes"]
    assert stored(episode, start).prescribed_minutes == 720


def test_the_nightly_check_reports_a_week_that_was_changed_past_the_rules() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start)
    services.keep_up()
    assert services.keep_up().changed == 0
    assert Entry.objects.filter(action="attendance.kept").exists()
    ServiceWeek.objects.filter(person=episode.person, start=start).update(delivered_seconds=1)
    found = services.keep_up()
    assert (found.changed, dict(found.fields)) == (1, {"delivered_seconds": 1})
    entry = Entry.objects.filter(action="attendance.drift").latest("pk")
    assert entry.detail["weeks"] == 1
    assert stored(episode, start).delivered_seconds == Decimal(9 * 3600)


def test_a_week_is_exempt_by_a_reason_of_its_own_and_held_against_the_floor_again() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start, (1,))
    director = make_staff_with("director", site=episode.program.site)
    client = Client()
    assert director.user
    client.force_login(director.user)
    url = reverse("attendance:exempt", args=[episode.person.public_id])
    given = {"start": start.isoformat(), "reason": "excused", "note": ""}
    assert client.post(url, given).status_code == 422  # no reason
    assert client.post(url, {**given, "note": "Doctor's letter"}).status_code == 302
    row = stored(episode, start)
    assert (row.exempt_reason, row.exempt_why, row.met) == ("excused", "Doctor's letter", False)
    page = client.get(reverse("attendance:week", args=[episode.person.public_id]) + f"?day={start}")
    assert "excused: Doctor" in page.content.decode()
    exemption = episode.person.week_exemptions.get()
    args = [episode.person.public_id, exemption.public_id]
    assert client.post(reverse("attendance:withdraw_exemption", args=args)).status_code == 302
    assert stored(episode, start).exempt_reason == ""


def test_the_weeks_of_a_program_are_sorted_by_who_will_miss_the_floor() -> None:
    site = make_site()
    today = local_day(timezone.now(), site.zone)
    start = week_start(today)
    noon = datetime.combine(start, time(7), tzinfo=site.zone)
    short = in_treatment()
    program = short.program
    enough = make_episode(
        program=program,
        starts_on=(timezone.now() - LONG_AGO).date(),
        started=True,
        at=timezone.now() - LONG_AGO,
    )
    sessions = [session_on(start + timedelta(days=n), hours=4) for n in (1, 3, 5)]
    for session in sessions:
        seat(session, enough.person)
    seat(sessions[0], short.person)
    found = program_week(program, start, open_to=everybody, now=noon)
    assert [line.person for line in found.lines] == [short.person, enough.person]
    assert [line.standing for line in found.lines] == [Standing.MISSES, Standing.ON_THE_WAY]
    assert found.lines[0].short_by == 540 - 240
    assert "5 h will be missing" in found.lines[0].sentence
    assert found.lines[1].strip.text == "0 min delivered, 12 h to come; the floor is 9 h"


def test_the_page_of_a_program_takes_few_queries_and_shows_only_open_charts() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start)
    site = episode.program.site
    director, stranger = make_staff_with("director", site=site), make_staff_with("therapist", site=site)
    url = reverse("attendance:weeks") + f"?program={episode.program.public_id}"
    client = Client()
    assert director.user and stranger.user
    client.force_login(director.user)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    asked = [q["sql"][:150] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert episode.person.called in page.content.decode()
    assert len(asked) <= 15, "\n".join(asked)
    assert Entry.objects.filter(action="attendance:weeks").exists()
    client.force_login(stranger.user)
    assert episode.person.called not in client.get(url).content.decode()


def rates_of(program: Program, since: date, until: date) -> Rates:
    return summed(since, until, alone(read_rates([program], since, until)))


def test_rates_are_read_from_stored_weeks() -> None:
    episode, start = in_treatment(), last_week()
    written(episode, start, (1, 3))
    missed = seat(session_on(start + timedelta(days=5)), episode.person)
    services.mark_absent(actor=leader_of(missed.session), booking=missed, kind="unexcused")
    end = start + timedelta(days=6)
    rates = rates_of(episode.program, start, end)
    assert (rates.weeks, rates.attendance.percent, rates.no_show.percent) == (1, 67, 33)
    assert (rates.dose.percent, rates.floor.percent, rates.minutes.percent) == (60, 0, 67)
    assert rates_of(episode.program, start, end - timedelta(days=1)).weeks == 0
