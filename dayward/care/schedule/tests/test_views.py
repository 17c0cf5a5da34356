"""Every page of the week, rendered with people in it; within 15 queries; what may be seen by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey.models import Segment
from dayward.care.schedule import services
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    kind,
    make_group,
    make_segment,
    make_series,
    make_session,
)
from dayward.care.schedule.forms import ClosureForm
from dayward.care.schedule.models import (
    Booking,
    CalendarFeed,
    Enrollment,
    Group,
    OwnHours,
    Series,
    Session,
    StaffHours,
)
from dayward.care.schedule.openers import leads_a_session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import grant_role, open_break_glass
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.people.factories import STARTED, make_person, make_staff
from dayward.foundation.people.models import StaffMember
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db
SOON = 15  # queries


class Clinic:
    """One group that meets, somebody in it, and those who look."""

    def __init__(self) -> None:
        self.segment: Segment = make_segment()
        self.person = self.segment.episode.person
        self.series: Series = make_series(make_group(track=self.segment.track))
        self.group: Group = self.series.group
        enrolled(self.segment, self.group)
        self.leader: StaffMember = self.series.facilitators.get()
        self.director = make_staff_with("director", site=self.group.site)
        self.sessions = list(Session.objects.filter(series=self.series).order_by("during"))

    @property
    def day(self) -> date:
        assert self.sessions[0].series_day
        return self.sessions[0].series_day


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def browser(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


PAGES: dict[str, Callable[[Clinic], str]] = {
    "rooms": lambda c: f"{reverse('schedule:week')}?by=room&day={c.day}",
    "rooms, whole week": lambda c: f"{reverse('schedule:week')}?by=room&day={c.day}&whole",
    "clinicians": lambda c: f"{reverse('schedule:week')}?by=clinician&day={c.day}",
    "people": lambda c: f"{reverse('schedule:week')}?by=person&day={c.day}",
    "seats": lambda c: reverse("schedule:seats"),
    "session": lambda c: reverse("schedule:session", args=[c.sessions[0].public_id]),
    "edit session": lambda c: reverse("schedule:edit_session", args=[c.sessions[0].public_id]),
    "cancel session": lambda c: reverse("schedule:cancel_session", args=[c.sessions[0].public_id]),
    "cover": lambda c: reverse("schedule:cover", args=[c.sessions[0].public_id]),
    "groups": lambda c: reverse("schedule:groups"),
    "group": lambda c: reverse("schedule:group", args=[c.group.public_id]),
    "new group": lambda c: reverse("schedule:add_group"),
    "edit group": lambda c: reverse("schedule:edit_group", args=[c.group.public_id]),
    "new series": lambda c: reverse("schedule:add_series", args=[c.group.public_id]),
    "edit series": lambda c: reverse("schedule:edit_series", args=[c.group.public_id, c.series.public_id]),
    "closures": lambda c: reverse("schedule:closures"),
    "staff": lambda c: reverse("schedule:staff_list"),
    "staff hours": lambda c: reverse(
        "schedule:staff_hours", args=[c.leader.public_id, c.group.site.public_id]
    ),
    "my calendar": lambda c: reverse("schedule:my_calendar"),
    "person": lambda c: f"{reverse('schedule:person_week', args=[c.person.public_id])}?day={c.day}",
    "enroll": lambda c: reverse("schedule:enroll", args=[c.person.public_id]),
    "end enrollment": lambda c: reverse(
        "schedule:end_enrollment", args=[c.person.public_id, Enrollment.objects.get().public_id]
    ),
    "book": lambda c: reverse("schedule:book", args=[c.person.public_id]),
    "book session": lambda c: reverse(
        "schedule:book_session", args=[c.person.public_id, c.sessions[0].public_id]
    ),
    "own hours": lambda c: reverse("schedule:own_hours", args=[c.person.public_id]),
    "person's calendar": lambda c: reverse("schedule:person_calendar", args=[c.person.public_id]),
}


def test_each_page_opens_to_the_director_in_few_queries(clinic: Clinic) -> None:
    client = browser(clinic.director)
    slow = {}
    for page, address in PAGES.items():
        url = address(clinic)
        client.get(url)  # the first request of a sign-in writes its session
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == 200, page
        asked = [q["sql"][:120] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        if len(asked) > SOON:
            slow[page] = asked
    assert slow == {}


def test_names_are_shown_only_where_the_chart_is_open(clinic: Clinic) -> None:
    stranger = make_staff_with("facilitator", site=clinic.group.site)
    session = clinic.sessions[0]
    services.edit_group(actor=SETUP, group=clinic.group, name="Coping skills", topic="", cap=10)
    for staff, seen in ((clinic.director, True), (stranger, False)):
        client = browser(staff)
        for url in (PAGES["session"](clinic), PAGES["people"](clinic)):
            assert (clinic.person.called in client.get(url).content.decode()) is seen, (staff.title, url)
    assert session.title in browser(stranger).get(PAGES["session"](clinic)).content.decode()


def test_a_director_of_one_site_reads_no_names_at_another(clinic: Clinic) -> None:
    staff = make_staff()
    grant_role(
        actor=SETUP, staff=staff, role="director", site=make_site("Riverbend South"), starts_on=STARTED
    )
    assert clinic.person.called not in browser(staff).get(PAGES["session"](clinic)).content.decode()
    grant_role(actor=SETUP, staff=staff, role="director", site=clinic.person.site, starts_on=STARTED)
    assert clinic.person.called in browser(staff).get(PAGES["session"](clinic)).content.decode()


def test_leading_a_session_opens_its_people_a_week_ahead_and_no_longer(clinic: Clinic) -> None:
    assert not alone(leads_a_session(clinic.leader, clinic.person))  # more than a week ahead
    soon = make_session(
        day=timezone.now().date() + timedelta(days=3), leader=clinic.leader, clock=(time(6), time(7))
    )
    services.book(actor=SETUP, person=clinic.person, session=soon)
    assert alone(leads_a_session(clinic.leader, clinic.person))
    services.cover(actor=SETUP, session=soon, away=clinic.leader, by=make_staff_with("facilitator"))
    assert not alone(leads_a_session(clinic.leader, clinic.person))


def choice(clinic: Clinic, *days: int) -> list[str]:
    return [f"{clinic.group.public_id}:{day}" for day in days]


def test_the_enroll_page_adds_up_and_asks_for_the_reason_before(clinic: Clinic) -> None:
    services.end_enrollment(actor=SETUP, enrollment=Enrollment.objects.get(), on=clinic.day, reason="again")
    services.tell_own_hours(
        actor=SETUP,
        person=clinic.person,
        from_day=clinic.day - timedelta(days=30),
        blocks=[services.Block(frozenset({3}), time(11), time(15), "job")],
    )
    client, url = browser(clinic.director), PAGES["enroll"](clinic)
    data: dict[str, Any] = {"starts_on": clinic.day.isoformat(), "choice": choice(clinic, 1, 3)}
    page = client.post(url, {**data, "preview": "1"}).content.decode()
    assert not Enrollment.objects.filter(ends_on=None).exists()
    assert "<strong>6 h</strong>" in page
    assert "Why it is fine within their own hours" in page
    assert "Why fewer hours than the floor" in page
    refused = client.post(url, data).content.decode()
    assert "in the hours" in refused
    reasons = {"own_hours_reason": "boss agreed", "below_floor_reason": "taper"}
    assert client.post(url, {**data, **reasons}).status_code == 302
    row = Enrollment.objects.latest("pk")
    assert (row.weekdays, row.own_hours_reason, row.below_floor_reason) == ([1, 3], "boss agreed", "taper")


def series_data(clinic: Clinic, **changes: Any) -> dict[str, Any]:
    return {
        "weekdays": [1, 3, 5],
        "starts": "10:00",
        "ends": "13:00",
        "modality": "in_person",
        "room": clinic.series.room_id,
        "facilitators": [clinic.leader.pk],
        "first_day": clinic.day.isoformat(),
        "scope": "following",
        "version": clinic.series.version,
        **changes,
    }


def test_a_series_edit_shows_what_it_does_and_then_does_it(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["edit series"](clinic)
    page = client.post(url, series_data(clinic, preview="")).content.decode()
    assert "sessions move" in page
    assert "with 1 people in them" in page
    assert not Session.objects.filter(
        during__startswith__gt=clinic.sessions[0].during.lower, sequence=1
    ).exists()
    assert client.post(url, series_data(clinic, save="")).status_code == 302
    clinic.sessions[0].refresh_from_db()
    assert clinic.sessions[0].during.lower.astimezone(clinic.group.site.zone).hour == 10


def test_a_series_edit_names_what_collides(clinic: Clinic) -> None:
    other = make_session(day=clinic.day, clock=(time(12), time(14)), room=clinic.series.room)
    services.book(actor=SETUP, person=clinic.person, session=other)
    client, url = browser(clinic.director), PAGES["edit series"](clinic)
    page = client.post(url, series_data(clinic, preview="")).content.decode()
    assert "This collides" in page
    assert f"{clinic.series.room} is taken by" in page
    assert f"{clinic.person.called} already has" in page


def test_cancel_and_bring_back(clinic: Clinic) -> None:
    client = browser(clinic.director)
    assert client.post(PAGES["cancel session"](clinic), {"reason": "Snow"}).status_code == 302
    assert not clinic.sessions[0].bookings.standing().exists()
    client.post(reverse("schedule:reinstate", args=[clinic.sessions[0].public_id]))
    assert clinic.sessions[0].bookings.standing().count() == 1


def test_a_closure_says_what_it_takes_before_it_does(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["closures"](clinic)
    data = {"add": "1", "day": clinic.day.isoformat(), "name": "Snow day", "reason": "weather"}
    page = client.post(url, data).content.decode()
    assert "1 sessions are canceled. 1 people lose 1 bookings" in page
    assert clinic.sessions[0].bookings.standing().count() == 1
    client.post(url, {**data, "save": ""})
    assert not clinic.sessions[0].bookings.standing().exists()


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        ("2026-12-24", "2027-01-03", True),
        ("2026-12-24", "2026-12-23", False),
        ("2026-12-24", "2027-02-23", False),
        ("9999-12-01", "9999-12-31", True),
    ],
)
def test_a_closure_lasts_two_months_at_most(first: str, last: str, fits: bool) -> None:
    form = ClosureForm({"day": first, "last_day": last, "name": "Closed", "reason": "weather"})
    assert form.is_valid() is fits


def test_holidays_are_accepted_by_a_person(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["closures"](clinic)
    page = client.get(url)
    day = page.context["holidays"][0].day
    assert client.post(url, {"holiday": [day.isoformat()]}).status_code == 302
    assert day in {closure.day for closure in client.get(url).context["closures"]}


def test_a_visit_inside_a_group_asks_and_then_is_pulled_out(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["book"](clinic)
    doctor = make_staff_with("prescriber", site=clinic.group.site)
    data = {
        "service": kind("medication-visit").pk,
        "staff": doctor.pk,
        "day": clinic.day.isoformat(),
        "starts": "10:00",
        "minutes": 25,
        "modality": "telehealth",
    }
    page = client.post(url, data).content.decode()
    assert "Pull them out" in page
    assert Session.objects.filter(leaders__staff=doctor).count() == 0
    assert client.post(url, {**data, "pull_out": "on"}).status_code == 302
    inner = Booking.objects.get(session__leaders__staff=doctor)
    assert inner.pulled_out_of is not None


def test_a_visit_is_offered_like_the_last_one_and_can_be_taken_back(clinic: Clinic) -> None:
    make_staff_with("biller", site=clinic.group.site, given="Bill", family="Sums")
    client = browser(clinic.director)
    address = reverse("schedule:book", args=[clinic.person.public_id])
    page = client.get(address)
    assert "Bill Sums" not in page.content.decode()
    visit = {"service": kind("individual-therapy").pk, "staff": clinic.director.pk, "minutes": 50}
    when = {"day": clinic.day.isoformat(), "starts": "07:00", "modality": "telehealth"}
    booked = client.post(address, {**visit, **when}, follow=True)
    seat = Booking.objects.get(session__leaders__staff=clinic.director)
    undo = reverse("schedule:cancel_booking", args=[clinic.person.public_id, seat.public_id])
    assert f"{undo}?undo" in booked.content.decode()
    offered = client.get(address).context["form"].initial
    assert (offered["staff"], offered["service"]) == (clinic.director, seat.session.service_id)


def test_cancelling_a_seat_can_be_undone(clinic: Clinic) -> None:
    client = browser(clinic.director)
    seat = clinic.sessions[0].bookings.get()
    args = [clinic.person.public_id, seat.public_id]
    client.post(reverse("schedule:cancel_booking", args=args))
    seat.refresh_from_db()
    assert seat.status == Booking.Status.CANCELLED
    client.post(reverse("schedule:restore_booking", args=args))
    assert Booking.objects.get(pk=seat.pk).status == Booking.Status.BOOKED


def hours_form(*rows: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "hours-TOTAL_FORMS": len(rows),
        "hours-INITIAL_FORMS": 0,
        "from_day": timezone.now().date().isoformat(),
    }
    for n, row in enumerate(rows):
        data |= {f"hours-{n}-{key}": value for key, value in row.items()}
    return data


def test_hours_of_a_person_and_of_a_clinician_are_set_on_their_pages(clinic: Clinic) -> None:
    client = browser(clinic.director)
    night = {"weekdays": [7, 1], "starts": "22:00", "ends": "06:00", "kind": "job"}
    assert client.post(PAGES["own hours"](clinic), hours_form(night, {"kind": "job"})).status_code == 302
    assert OwnHours.objects.get().weekdays == [1, 7]
    work = {"weekdays": [1, 2, 3], "starts": "09:00", "ends": "17:00"}
    assert client.post(PAGES["staff hours"](clinic), hours_form(work)).status_code == 302
    assert StaffHours.objects.get().staff == clinic.leader


def test_a_calendar_address_is_told_once(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["my calendar"](clinic)
    address = client.post(url, {"make": ""}).context["address"]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in str(CalendarFeed.objects.values())
    assert address not in client.get(url).content.decode()
    assert Client().get(address).status_code == 200
    client.post(url, {"revoke": ""})
    assert Client().get(address).status_code == 404


def test_through_break_glass_nobody_makes_an_address_that_stays(clinic: Clinic) -> None:
    staff = make_staff_with("therapist")
    assert staff.user
    open_break_glass(actor=staff_actor(staff.user), person=clinic.person, reason="They phoned in a crisis.")
    url = reverse("schedule:person_calendar", args=[clinic.person.public_id])
    assert browser(staff).get(url).status_code == 200
    assert browser(staff).post(url).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_somebody_not_admitted_has_no_standing_seats_to_choose(clinic: Clinic) -> None:
    person = make_person(site=clinic.group.site)
    page = browser(clinic.director).get(reverse("schedule:enroll", args=[person.public_id])).content.decode()
    assert "Not admitted yet" in page


def test_a_session_nobody_leads_gets_somebody_on_the_cover_page(clinic: Clinic) -> None:
    client, url = browser(clinic.director), PAGES["cover"](clinic)
    colleague = make_staff_with("facilitator", site=clinic.group.site)
    assert client.post(url, {"away": clinic.leader.pk, "by": colleague.pk}).status_code == 302
    clinic.sessions[0].leaders.update(status="covered")
    assert "No cover" in client.get(PAGES["rooms"](clinic)).content.decode()
    assert client.post(url, {"by": clinic.leader.pk}).status_code == 302
    assert clinic.sessions[0].leaders.get(status="leads").staff == clinic.leader


def test_only_who_may_assess_is_said_to_be_offered_until_their_hours_are_set(client: Client) -> None:
    """A license without a role that assesses does not do: they could not write what they were booked for."""
    make_site()
    director = make_staff_with("director", credential="psychologist")
    assessor = make_staff_with("therapist", credential="social_worker")
    administrator = make_staff_with("administrator")
    assert administrator.user
    client.force_login(administrator.user)
    page = reverse("schedule:staff_list")
    assert client.get(page).context["usual"] == {assessor}
    for hours in ([services.Block(frozenset({1}), time(8), time(12))], []):
        services.set_staff_hours(
            actor=SETUP, staff=assessor, site=make_site(), blocks=hours, from_day=timezone.localdate()
        )
        assert client.get(page).context["usual"] == set()
    assert director.name in client.get(page).content.decode()


def test_groups_and_sessions_of_another_site_are_not_found_but_for_who_leads_there(clinic: Clinic) -> None:
    away = make_site("Riverbend East")
    stranger, guest = make_staff_with(site=away), make_staff_with(site=away)
    for staff in (stranger, guest):
        grant_role(actor=SETUP, staff=staff, role="therapist", site=away, starts_on=STARTED)
    session = clinic.sessions[0]
    services.add_leader(actor=SETUP, session=session, staff=guest)
    pages = [
        reverse("schedule:group", args=[clinic.group.public_id]),
        reverse("schedule:session", args=[session.public_id]),
    ]
    answers = {
        who: [browser(staff).get(page).status_code for page in pages]
        for who, staff in (("stranger", stranger), ("guest", guest), ("director", clinic.director))
    }
    assert answers == {"stranger": [404, 404], "guest": [404, 200], "director": [200, 200]}


def test_nobody_is_booked_into_a_session_of_another_site(clinic: Clinic) -> None:
    here, there = clinic.group.site, make_site("Riverbend East")
    staff = make_staff(site=here)
    grant_role(actor=SETUP, staff=staff, role="director", site=here, starts_on=STARTED)
    client, near, far = browser(staff), make_session(site=here), make_session(site=there)
    pages = [
        reverse("schedule:book_session", args=[clinic.person.public_id, each.public_id])
        for each in (far, near)
    ]
    assert [client.get(page).status_code for page in pages] == [404, 200]
    assert client.post(pages[0]).status_code == 404
    assert not far.bookings.exists()


def test_hours_of_many_sites_take_no_more_queries(clinic: Clinic) -> None:
    client, page = browser(make_staff_with("administrator")), reverse("schedule:staff_list")
    client.get(page)  # the first request of a session keeps its time zone
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for name in ("North", "South", "West"):
        make_site(name)
    with CaptureQueriesContext(connection) as four:
        client.get(page)
    assert len(four) == len(one)


def test_seats_to_book_are_those_of_a_week_and_of_the_week_after(clinic: Clinic) -> None:
    today, client = day_here(), browser(clinic.director)
    near, far = (make_session(day=today + timedelta(days=days), cap=6) for days in (2, 9))
    page = reverse("schedule:book", args=[clinic.person.public_id])
    this, after = (client.get(page, asked).context["open"] for asked in ({}, {"after": "1"}))
    shown = [{each["session"] for each in found} & {near, far} for found in (this, after)]
    assert shown == [{near}, {far}]
