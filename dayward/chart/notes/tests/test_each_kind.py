"""Each form of service is booked on its page, taken on the roll, documented, and seen on the chart (1.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.factories import make_episode
from dayward.care.schedule.factories import kind, make_room
from dayward.care.schedule.models import Booking, Session
from dayward.chart.notes.factories import WORK, make_clinician
from dayward.chart.notes.models import Note
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db
NOTHING = fingerprint("")
TOLD = {
    "individual-therapy": {"topic": "Work.", "response": "Went through Monday.", "progress": "Three breaks."},
    "mental-health-evaluation": {
        "topic": "Sleep.",
        "response": "Asked of nights.",
        "progress": "A baseline.",
    },
    "family-therapy": {"topic": "House rules.", "response": "Both spoke.", "progress": "Two rules."},
    "medication-visit": {"since": "Sleeps five hours.", "seen": "Calm.", "decision": "Stays as it is."},
    "case-management": {"need": "A room.", "done": "Called the landlord together."},
    "life-skills": {"work": "A budget.", "participation": "asked", "response": "Wants to list the week."},
    "peer-support-group": {"work": "First weeks.", "response": "Told of the bus route."},
    "holistic-practice": {"work": "Breathing.", "response": "Fell asleep twice and laughed."},
}
TOGETHER = {
    "group-therapy": {"participation": "active", "response": "Asked how others fill their evenings."},
    "psychoeducation": {"participation": "asked", "response": "Wants to try a fixed hour of sleep."},
    "peer-support-group": {"response": "Told of the bus route that passes no bar."},
    "holistic-practice": {"response": "Fell asleep twice and laughed about it."},
}


def browser(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.fixture
def person() -> Person:
    kind()  # the catalog is there
    found = make_person(site=make_site())
    make_episode(person=found, started=True, at=timezone.now() - timedelta(days=30))
    return found


def yesterday(person: Person) -> str:
    assert person.site is not None
    return str(timezone.now().astimezone(person.site.zone).date() - timedelta(days=1))


def leader_for(service: str, person: Person) -> StaffMember:
    if service == "medication-visit":
        return make_treating(
            person, "prescriber", credential="psychiatrist", function="prescriber", site=person.site
        )
    if service == "case-management":
        return make_treating(
            person, "case_manager", credential="social_worker", function="case_manager", site=person.site
        )
    return make_treating(person, credential="social_worker", site=person.site)


def take_roll_and_sign(leader: StaffMember, seat: Booking, told: dict[str, str]) -> Note:
    """The roll, then the note, as whoever leads."""
    client, session = browser(leader), seat.session
    client.post(reverse("attendance:row", args=[session.public_id, seat.public_id, "present"]))
    roll = client.get(reverse("attendance:roll", args=[session.public_id])).content.decode()
    notes = reverse("notes:session", args=[session.public_id])
    assert notes in roll
    page = client.get(notes, follow=True)
    url = page.request["PATH_INFO"]
    before = "" if url != notes else f"{seat.public_id}-"
    typed = {before + key: text for key, text in (told | {"objective_reason": "No plan yet"}).items()}
    if before:
        typed["shared-work"] = WORK["work"]
    marks = {f"base_{key}": NOTHING for key in typed}
    answer = client.post(url, typed | marks | {"typed_name": leader.name}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return Note.objects.signed().get()


def seen_on_the_chart(leader: StaffMember, person: Person, note: Note) -> None:
    chart = browser(leader).get(reverse("staff:chart", args=[person.public_id])).content.decode()
    assert note.public_id in chart


@pytest.mark.parametrize("service", TOLD)
def test_a_visit_from_booking_to_chart(service: str, person: Person) -> None:
    leader = leader_for(service, person)
    books = leader if service != "medication-visit" else leader_for("individual-therapy", person)
    form = {
        "service": ServiceKind.objects.get(key=service).pk,
        "staff": leader.pk,
        "day": yesterday(person),
        "starts": "10:00",
        "minutes": "50",
        "modality": "telehealth",
    }
    response = browser(books).post(reverse("schedule:book", args=[person.public_id]), form)
    assert response.status_code == 302, response.content.decode()
    note = take_roll_and_sign(leader, Booking.objects.filter(person=person).latest("pk"), TOLD[service])
    assert note.service is not None and note.service.key == service
    seen_on_the_chart(leader, person, note)


@pytest.mark.parametrize("service", TOGETHER)
def test_a_session_outside_the_groups_from_booking_to_chart(service: str, person: Person) -> None:
    leader = leader_for(service, person)
    director = make_staff_with("director", site=person.site)
    form = {
        "service": ServiceKind.objects.get(key=service).pk,
        "title": "An evening",
        "day": yesterday(person),
        "starts": "18:00",
        "ends": "19:00",
        "modality": "in_person",
        "room": make_room(person.site).pk,
        "leaders": [leader.pk],
        "cap": "8",
    }
    response = browser(director).post(reverse("schedule:add_session"), form)
    assert response.status_code == 302, response.content.decode()
    session = Session.objects.get(title="An evening")
    seat = reverse("schedule:book_session", args=[person.public_id, session.public_id])
    assert browser(leader).post(seat, {"pull_out": ""}).status_code == 302
    note = take_roll_and_sign(leader, session.bookings.get(), TOGETHER[service])
    assert WORK["work"] in note.signed_text
    seen_on_the_chart(leader, person, note)


def test_a_session_outside_the_groups_is_offered_and_refused_where_the_role_does_not_reach(
    person: Person,
) -> None:
    therapist = make_clinician()
    assert browser(therapist).get(reverse("schedule:add_session")).status_code == 403
    director = browser(make_staff_with("director", site=person.site))
    assert director.get(reverse("schedule:add_session")).status_code == 200
    assert director.post(reverse("schedule:add_session"), {"title": "x"}).status_code == 422
