"""The roll on its page: one tap a row, undo, closing; who may; in few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance import services
from dayward.care.attendance.factories import leader_of, make_past_session, present, seat, weeks_ago
from dayward.care.attendance.models import Interval
from dayward.care.attendance.queries import roll_of, week_of
from dayward.care.catalog import services as catalog
from dayward.care.journey.factories import make_episode
from dayward.care.schedule.factories import SETUP
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import StaffMember
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


def browser(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


def leader(session: Session) -> StaffMember:
    return session.leaders.get().staff


def roll_url(session: Session) -> str:
    return reverse("attendance:roll", args=[session.public_id])


def tap(client: Client, booking: Booking, act: str, **data: str) -> str:
    """Press a button of a row; the words that come back."""
    url = reverse("attendance:row", args=[booking.session.public_id, booking.public_id, act])
    response = client.post(url, data, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def states(session: Session) -> list[str]:
    return sorted(row.state for row in roll_of(session).rows)


def test_each_row_works_with_one_tap_and_can_be_taken_back() -> None:
    session = make_past_session(begun=timedelta(minutes=20), lasts=timedelta(hours=8))
    a, b, c, d = (seat(session, make_person()) for _n in range(4))
    client = browser(leader(session))
    assert "is there" in tap(client, a, "present")
    assert "came late" in tap(client, b, "late")
    assert "is absent" in tap(client, c, "absent")
    assert "is absent" in tap(client, d, "absent", kind="excused", reason="Court")
    assert states(session) == ["absent", "absent", "late", "present"]
    assert "Taken back" in tap(client, b, "undo")
    assert "on the roll already" in tap(client, a, "present")
    assert states(session) == ["absent", "absent", "present", "untouched"]


def test_a_time_given_is_the_time_at_the_site() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    late = (session.span.start + timedelta(minutes=17)).astimezone(session.site.zone)
    tap(browser(leader(session)), booking, "late", clock=f"{late:%H:%M}")
    assert Interval.objects.get().came_in == late
    left = late + timedelta(minutes=30)
    tap(browser(leader(session)), booking, "left", clock=f"{left:%H:%M}", reason="Bus")
    assert Interval.objects.get().went_out == left


def test_all_present_close_and_open_again() -> None:
    session = make_past_session()
    seat(session, make_person())
    seat(session, make_person())
    client = browser(leader(session))
    page = client.post(reverse("attendance:all_present", args=[session.public_id]), follow=True)
    assert "2 people marked present" in page.content.decode()
    assert states(session) == ["present", "present"]
    client.post(reverse("attendance:close", args=[session.public_id]))
    assert "This roll is closed" in client.get(roll_url(session)).content.decode()
    client.post(reverse("attendance:reopen", args=[session.public_id]))
    assert "This roll is closed" not in client.get(roll_url(session)).content.decode()


def test_untouched_rows_of_a_session_that_is_over_are_pointed_at() -> None:
    session = make_past_session()
    person = make_person(site=session.site)
    seat(session, person)
    page = browser(leader(session)).get(roll_url(session)).content.decode()
    assert "Rows that nobody confirmed are listed and count nothing" in page
    assert week_of(person, local_day(session.span.start, session.site.zone)).unconfirmed == 1


@pytest.mark.parametrize(("role", "status"), [("facilitator", 403), ("director", 200), ("supervisor", 200)])
def test_the_roll_is_taken_by_who_leads_or_answers_for_all(role: str, status: int) -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    client = browser(make_staff_with(role))
    assert client.get(roll_url(session)).status_code == status
    tapped = client.post(reverse("attendance:row", args=[session.public_id, booking.public_id, "present"]))
    assert tapped.status_code == (302 if status == 200 else 403)
    assert Interval.objects.exists() is (status == 200)


def test_looking_at_a_roll_is_written_down() -> None:
    session = make_past_session()
    person = seat(session, make_person()).person
    browser(leader(session)).get(roll_url(session))
    entry = Entry.objects.get(kind=Entry.Kind.VIEW, action="attendance:roll")
    assert entry.detail["people"] == [person.public_id]


def test_pages_take_few_queries_however_many_people() -> None:
    session = make_past_session()
    person = make_episode(starts_on=weeks_ago(), started=True, at=timezone.now() - timedelta(days=30)).person
    for who in (person, *(make_person() for _n in range(9))):
        present(seat(session, who))
    client = browser(make_staff_with("director", site=session.site))
    for url in (
        roll_url(session),
        reverse("attendance:rolls"),
        reverse("attendance:week", args=[person.public_id]),
        reverse("attendance:correct", args=[person.public_id, session.bookings.get(person=person).public_id]),
    ):
        client.get(url)  # the first request of a sign-in writes its session
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        asked = [q["sql"][:150] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= 15, "\n".join([url, *asked])


def test_the_week_of_a_person_is_read_in_two_queries() -> None:
    session = make_past_session()
    person = make_episode(starts_on=weeks_ago(), started=True, at=timezone.now() - timedelta(days=30)).person
    present(seat(session, person))
    day = local_day(session.span.start, session.site.zone)
    assert person.all_ids  # read once for the whole page
    with CaptureQueriesContext(connection) as queries:
        week = week_of(person, day)
    assert week.verdict.delivered == 120
    assert (week.verdict.floor, week.prescribed) == (540, 600)
    assert len(queries) == 2  # what it is counted from, and its rows


def test_a_correction_on_its_page_says_why_and_keeps_what_was_written() -> None:
    session = make_past_session()
    person = make_person(site=session.site)
    booking = seat(session, person)
    present(booking)
    services.close_roll(actor=leader_of(session), session=session)
    client = browser(make_staff_with("director", site=session.site))
    url = reverse("attendance:correct", args=[person.public_id, booking.public_id])
    start = session.span.start.astimezone(session.site.zone)
    times = {
        "came_in": f"{start + timedelta(minutes=15):%H:%M}",
        "went_out": f"{start + timedelta(minutes=75):%H:%M}",
    }
    assert client.post(url, {"was": "there", **times}).status_code == 200  # no reason
    assert client.post(url, {"was": "there", "reason": "Sheet", **times}).status_code == 302
    week = week_of(person, local_day(session.span.start, session.site.zone))
    assert week.verdict.delivered == 60
    assert "Sheet" in client.get(url).content.decode()


def test_a_holiday_exempts_the_week_and_says_so() -> None:
    session = make_past_session()
    episode = make_episode(starts_on=weeks_ago(), started=True, at=timezone.now() - timedelta(days=30))
    present(seat(session, episode.person))
    day = local_day(session.span.start, session.site.zone)
    short = week_of(episode.person, day)
    assert short.verdict.alert
    catalog.close_days(actor=SETUP, site=session.site, days=[(short.end, "Founders' Day")], reason="holiday")
    exempt = week_of(episode.person, day)
    assert (exempt.verdict.delivered, exempt.verdict.alert) == (short.verdict.delivered, False)
    assert "The week is exempt: Founders' Day" in exempt.sentence
