"""Where people are in sessions by video: asked each time, shown on the roll, never an answer by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.factories import leader_of, make_past_session, seat
from dayward.care.attendance.models import Whereabouts
from dayward.care.attendance.queries import roll_of
from dayward.care.attendance.queries.places import last_places, place_of
from dayward.care.attendance.services.places import tell_place
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, kind
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.services import add_address
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span

pytestmark = pytest.mark.django_db


def by_video(begins: timedelta = timedelta(minutes=-10)) -> Session:
    site, start = make_site(), timezone.now() + begins
    return schedule.add_session(
        actor=SETUP,
        site=site,
        service=kind(),
        place=schedule.Place(Span(start, start + timedelta(minutes=30)), None, "telehealth"),
        leaders=(make_staff_with("facilitator", site=site),),
        title="Coping skills",
        cap=12,
    )


def leading(session: Session) -> Client:
    client = Client()
    user = session.leaders.get().staff.user
    assert user
    client.force_login(user)
    return client


def page(session: Session) -> str:
    return leading(session).get(reverse("attendance:roll", args=[session.public_id])).content.decode()


def save(session: Session, booking: Booking, **data: str) -> str:
    url = reverse("attendance:row", args=[session.public_id, booking.public_id, "where"])
    response = leading(session).post(url, data, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_the_newest_word_counts_and_none_is_lost() -> None:
    session = by_video()
    booking = seat(session, make_person())
    actor = leader_of(session)
    tell_place(actor=actor, booking=booking, place="12 Elm Street, Duluth", state="MN", at_home=True)
    tell_place(actor=actor, booking=booking, place="Parking lot, Superior", state="WI")
    (row,) = roll_of(session).rows
    assert row.place is not None
    assert (row.place.words, row.elsewhere) == ("Parking lot, Superior, WI", True)
    assert place_of(booking.public_id) == row.place
    assert Whereabouts.objects.count() == 2
    assert Entry.objects.filter(action="attendance.tell_place").count() == 2
    assert "Superior" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_it_is_asked_of_each_session_anew() -> None:
    person = make_person()
    first, second = by_video(timedelta(hours=-1)), by_video()
    tell_place(actor=leader_of(first), booking=seat(first, person), place="12 Elm Street, Duluth", state="MN")
    seat(second, person)
    roll = roll_of(second)
    assert (roll.rows[0].place, roll.unplaced) == (None, 1)
    assert roll.rows[0].last is not None
    assert roll.rows[0].last.place == "12 Elm Street, Duluth"  # offered, not taken for an answer


def test_the_address_is_offered_where_nothing_was_told() -> None:
    person = make_person()
    add_address(actor=SETUP, person=person, street="9 Oak Road", city="Edina", state="MN", zip_code="55424")
    offered = last_places([person.pk])[person.pk]
    assert (offered.place, offered.state, offered.at_home) == ("9 Oak Road, Edina", "MN", True)


def test_not_for_a_room_not_too_early_and_not_when_called_off() -> None:
    room = make_past_session(begun=timedelta(minutes=20))
    with pytest.raises(Refused, match="not by video"):
        tell_place(actor=leader_of(room), booking=seat(room, make_person()), place="x", state="MN")
    later = by_video(timedelta(hours=3))
    booking = seat(later, make_person())
    with pytest.raises(Refused, match="too early"):
        tell_place(actor=leader_of(later), booking=booking, place="x", state="MN")
    now = by_video()
    gone = seat(now, make_person())
    Booking.objects.filter(pk=gone.pk).update(
        status="cancelled", cancel_kind="person", cancelled_at=timezone.now(), cancelled_by="x"
    )
    gone.refresh_from_db()
    with pytest.raises(Refused, match="called off"):
        tell_place(actor=leader_of(now), booking=gone, place="x", state="MN")


def test_the_leader_asks_on_the_roll() -> None:
    session = by_video()
    booking = seat(session, make_person())
    assert "Ask where they are now" in page(session)
    assert "choose the state" in save(session, booking, place="12 Elm Street", state="ZZ")
    assert not Whereabouts.objects.exists()
    assert "is written down" in save(session, booking, place="12 Elm Street", state="WI", at_home="on")
    shown = page(session)
    assert "12 Elm Street, WI" in shown
    assert "Another state: mind the license" in shown
    assert "Ask where they are now" not in shown


def test_a_room_asks_nobody() -> None:
    session = make_past_session(begun=timedelta(minutes=20))
    seat(session, make_person())
    assert "Ask where they are now" not in page(session)


def test_a_roll_by_video_stays_within_its_queries() -> None:
    session = by_video()
    for _number in range(8):
        seat(session, make_person())
    client = leading(session)
    url = reverse("attendance:roll", args=[session.public_id])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 15
