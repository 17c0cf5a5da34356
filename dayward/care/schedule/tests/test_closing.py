"""What is still used is not closed: who or what uses it is named; what is not, closes and opens again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import Room
from dayward.care.journey.factories import make_case, make_episode, make_program
from dayward.care.schedule import services
from dayward.care.schedule.factories import make_group, make_series
from dayward.care.schedule.models import Group, Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


def test_a_room_closes_once_nothing_is_planned_in_it() -> None:
    series = make_series()
    room = series.room or Room.objects.create(site=series.group.site, name="Maple", seats=8)
    Session.objects.filter(series=series).update(room=room)
    with pytest.raises(Refused, match=series.group.name):
        catalog.close(actor=SETUP, row=room)
    services.close_group(actor=SETUP, group=series.group, on=local_day(timezone.now(), room.site.zone))
    catalog.close(actor=SETUP, row=room)
    assert room.closed_on is not None


def test_a_closed_group_has_no_session_to_come() -> None:
    series = make_series()
    assert Session.objects.ahead().standing().filter(group=series.group).exists()
    services.close_group(
        actor=SETUP, group=series.group, on=local_day(timezone.now(), series.group.site.zone)
    )
    assert not Session.objects.ahead().standing().filter(group=series.group).exists()


def test_a_track_with_a_group_or_with_people_stays_open() -> None:
    episode = make_episode()
    track = episode.segments.get().track
    with pytest.raises(Refused, match="1 person is treated in it"):
        catalog.close(actor=SETUP, row=track)
    group = make_group(track=track)
    with pytest.raises(Refused):
        catalog.close(actor=SETUP, row=track)
    assert group.closed_on is None


def test_a_program_with_tracks_or_people_coming_stays_open() -> None:
    program = make_program()
    case = make_case(program=program)
    with pytest.raises(Refused, match="on the way in"):
        catalog.close(actor=SETUP, row=program)
    assert case.program == program


def test_an_administrator_closes_and_opens_a_room_on_its_page() -> None:
    program = make_program()
    room = Room.objects.create(site=program.site, name="Maple", seats=8)
    staff, web = make_staff_with("administrator"), Client()
    assert staff.user
    web.force_login(staff.user)
    url = reverse("catalog:close_room", args=[room.public_id])
    web.post(url)
    assert "Open again" in web.get(reverse("catalog:programs")).content.decode()
    web.post(url)
    room.refresh_from_db()
    assert room.closed_on is None


def test_a_closed_track_is_offered_nowhere_and_opens_again_with_its_program() -> None:
    program = make_program()
    track = catalog.add_track(actor=SETUP, program=program, name="Evenings")
    catalog.close(actor=SETUP, row=track)
    staff, web = make_staff_with("administrator"), Client()
    assert staff.user
    web.force_login(staff.user)
    assert "Evenings" not in web.get(reverse("catalog:programs")).content.decode()
    assert "Evenings" in web.get(reverse("catalog:program", args=[program.public_id])).content.decode()
    for row in program.tracks.filter(closed_on=None):
        catalog.close(actor=SETUP, row=row)
    catalog.close(actor=SETUP, row=program)
    with pytest.raises(Refused, match="open that first"):
        catalog.reopen(actor=SETUP, row=type(track).objects.get(pk=track.pk))
    catalog.reopen(actor=SETUP, row=program)
    catalog.reopen(actor=SETUP, row=type(track).objects.get(pk=track.pk))
    assert program.tracks.get(name="Evenings").closed_on is None


def test_a_kind_of_service_closes_once_no_group_of_it_meets_and_opens_no_new_one() -> None:
    group = make_group()
    kind = group.service
    with pytest.raises(Refused, match="Groups of it still meet: Coping skills"):
        catalog.close(actor=SETUP, row=kind)
    Group.objects.filter(pk=group.pk).update(closed_on=timezone.now().date())
    catalog.close(actor=SETUP, row=kind)
    with pytest.raises(Refused, match="not something one can be booked into"):
        make_group(name="Another")
