"""The calendar feed: neutral, stable, and read by three programs."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from dayward.care.schedule import services
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    make_group,
    make_segment,
    make_series,
    make_session,
    next_monday,
)
from dayward.care.schedule.models import Booking, Session
from dayward.doors.exchange.ical.build import Appointment, build, uid
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.spans import Span
from dayward.kernel.time import at

CHICAGO = ZoneInfo("America/Chicago")
KHAL = Path(sys.executable).with_name("khal")


def address(*, staff: StaffMember | None = None, person: Person | None = None) -> str:
    maker = make_staff_with("intake")
    assert maker.user
    token = services.make_feed(actor=staff_actor(maker.user), staff=staff, person=person)
    return reverse("ical:feed", args=[token])


def events(content: bytes) -> list[dict[str, Any]]:
    return [
        {
            "uid": str(each["uid"]),
            "start": each.decoded("dtstart"),
            "sequence": int(str(each["sequence"])),
            "status": str(each["status"]),
        }
        for each in Calendar.from_ical(content).walk("VEVENT")
    ]


@pytest.mark.django_db
def test_a_person_reads_their_appointments_and_nothing_else() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track, name="Relapse prevention"))
    enrolled(segment, series.group)
    person = segment.episode.person
    response = Client().get(address(person=person))
    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("SUMMARY:Appointment") == Booking.objects.filter(person=person).count()
    leader = series.facilitators.get()
    forbidden = [
        "Relapse",
        person.legal_given,
        person.legal_family,
        leader.given,
        leader.family,
        series.group.site.name,
        "Dayward Clinic",
        "http",
        "LOCATION",
        "DESCRIPTION",
        "ATTENDEE",
        "ORGANIZER",
    ]
    assert [word for word in forbidden if word in text] == []
    assert "X-WR-CALNAME:Riverbend" in text


@pytest.mark.django_db
def test_identity_stays_and_the_number_grows_when_a_session_moves_and_is_cancelled() -> None:
    session, person = make_session(), make_person()
    url = address(person=person)
    booking = services.book(actor=SETUP, person=person, session=session)
    (first,) = events(Client().get(url).content)
    day = next_monday(session.site)
    later = Span(at(day, time(14), CHICAGO), at(day, time(15), CHICAGO))
    services.edit_session(actor=SETUP, session=session, version=1, place=services.Place(later, session.room))
    (moved,) = events(Client().get(url).content)
    assert (moved["uid"], moved["start"]) == (first["uid"], later.start.astimezone(CHICAGO))
    services.cancel_booking(actor=SETUP, booking=booking)
    (gone,) = events(Client().get(url).content)
    services.book(actor=SETUP, person=person, session=session)
    (again,) = events(Client().get(url).content)
    numbers = [each["sequence"] for each in (first, moved, gone, again)]
    assert numbers == sorted(set(numbers))
    statuses = [each["status"] for each in (first, moved, gone, again)]
    assert statuses == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]


@pytest.mark.django_db
def test_staff_read_what_they_lead_and_cover_moves_it() -> None:
    session, colleague = make_session(), make_staff_with("therapist")
    leader = session.leaders.get().staff
    mine, theirs = address(staff=leader), address(staff=colleague)
    assert len(events(Client().get(mine).content)) == 1
    assert events(Client().get(theirs).content) == []
    services.cover(actor=SETUP, session=session, away=leader, by=colleague)
    assert "STATUS:CANCELLED" in Client().get(mine).content.decode()
    assert "STATUS:CONFIRMED" in Client().get(theirs).content.decode()


@pytest.mark.django_db
def test_two_calendars_do_not_tell_that_people_meet() -> None:
    session = make_session(cap=2)
    people = [make_person(), make_person()]
    for person in people:
        services.book(actor=SETUP, person=person, session=session)
    uids = {events(Client().get(address(person=person)).content)[0]["uid"] for person in people}
    assert len(uids) == 2
    assert not any(session.public_id in each for each in uids)


@pytest.mark.django_db
def test_an_unchanged_calendar_is_not_sent_again() -> None:
    person = make_person()
    services.book(actor=SETUP, person=person, session=make_session())
    url = address(person=person)
    first = Client().get(url)
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Session.objects.update(sequence=5)
    assert Client().get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_a_guessed_revoked_or_replaced_address_is_not_found() -> None:
    person = make_person()
    old = address(person=person)
    new = address(person=person)
    assert [Client().get(url).status_code for url in (old, new)] == [404, 200]
    assert Client().get(reverse("ical:feed", args=["a" * 43])).status_code == 404


@pytest.mark.django_db
def test_the_calendar_of_who_has_left_is_not_found() -> None:
    staff = make_staff_with("therapist")
    url = address(staff=staff)
    assert Client().get(url).status_code == 200
    StaffMember.objects.filter(pk=staff.pk).update(ended_on=date(2024, 12, 31))
    assert Client().get(url).status_code == 404


@pytest.mark.django_db
def test_an_empty_calendar_is_a_calendar() -> None:
    content = Client().get(address(person=make_person())).content
    assert events(content) == []


# -- other programs --------------------------------------------------------------------------------------------


def sample() -> bytes:
    """Three evenings over the end of summer time, one of them canceled."""
    evenings = [date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 4)]
    rows = [
        Appointment(
            uid=uid("person", str(day)),
            start=at(day, time(17, 30), CHICAGO),
            end=at(day, time(20, 30), CHICAGO),
            zone=CHICAGO,
            sequence=n,
            changed=datetime(2026, 10, 1, tzinfo=UTC),
            cancelled=n == 2,
        )
        for n, day in enumerate(evenings)
    ]
    return build(rows, name="Riverbend")


def test_the_file_names_its_time_zone_and_is_the_same_each_time() -> None:
    text = sample().decode()
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=America/Chicago:20261102T173000" in text
    assert sample() == sample()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_vobject_reads_it() -> None:
    calendar = vobject.readOne(sample().decode())
    found = sorted((each.dtstart.value, each.status.value) for each in calendar.vevent_list)
    assert [start.astimezone(UTC).hour for start, _status in found] == [22, 23, 23]
    assert [status for _start, status in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.program
def test_khal_reads_it(tmp_path: Path) -> None:
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    config = tmp_path / "config"
    config.write_text(
        f"[calendars]\n[[clinic]]\npath = {calendars}\n[locale]\nlocal_timezone = America/Chicago\n"
        f"default_timezone = America/Chicago\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        f"datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n",
        encoding="utf-8",
    )
    file = tmp_path / "feed.ics"
    file.write_bytes(sample())
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "TZ": "America/Chicago",
    }

    def khal(*arguments: str) -> str:
        command = [str(KHAL), "-c", str(config), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    khal("import", "--batch", "-a", "clinic", str(file))
    listed = khal("list", "--format", "{start} {end-time} {title} {status}", "2026-10-30", "2026-11-05")
    lines = [line.strip() for line in listed.splitlines() if "Appointment" in line]
    assert len(lines) == 3
    assert all("17:30 20:30 Appointment" in line for line in lines)
    assert lines[2].endswith("CANCELLED")
    khal("import", "--batch", "-a", "clinic", str(file))  # again: the same events, none twice
    again = khal("list", "--format", "{title}", "2026-10-30", "2026-11-05")
    assert again.count("Appointment") == 3


def test_an_event_over_the_change_of_the_clock_lasts_as_long_as_it_lasts() -> None:
    night = Appointment(
        uid("x", "y"),
        at(date(2026, 11, 1), time(0, 30), CHICAGO),
        at(date(2026, 11, 1), time(3, 30), CHICAGO),
        CHICAGO,
        0,
        datetime(2026, 10, 1, tzinfo=UTC),
        cancelled=False,
    )
    (event,) = Calendar.from_ical(build([night], name="x")).walk("VEVENT")
    length = event.decoded("dtend").astimezone(UTC) - event.decoded("dtstart").astimezone(UTC)
    assert length == timedelta(hours=4)
