"""What a payer says of kinds of services: data with dates, for its own floor alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.attendance.factories import leader_of, present, seat
from dayward.care.attendance.models import Absence, ServiceWeek
from dayward.care.attendance.queries import week_of
from dayward.care.attendance.tests.test_weeks import in_treatment, last_week, session_on
from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.services import close
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import kind, make_room
from dayward.care.schedule.models import Session
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused
from dayward.kernel.spans import Span
from dayward.revenue.coverage import services
from dayward.revenue.coverage.models import Payer
from dayward.revenue.coverage.queries import kinds_apart
from dayward.revenue.coverage.tests.test_week_terms import (
    ASKS,
    SINCE,
    browser,
    floors_of,
    insured,
    make_payer,
)

pytestmark = pytest.mark.django_db
ASKS_NINE = {**ASKS, "floor_minutes": 540}


def peer_group(day: date, hours: float = 3) -> Session:
    site = make_site()
    start = datetime.combine(day, time(13), tzinfo=site.zone)
    return schedule.add_session(
        actor=SETUP, site=site, service=kind("peer-support-group"), title="Peer support", cap=12,
        place=schedule.Place(Span(start, start + timedelta(hours=hours)), make_room(site)),
        leaders=(make_staff_with("facilitator", site=site),),
    )  # fmt: skip


def six_hours_and_three_of_peers() -> tuple[Episode, date, Payer]:
    episode, start = in_treatment(), last_week()
    for n in (1, 3):
        present(seat(session_on(start + timedelta(days=n)), episode.person))
    present(seat(peer_group(start + timedelta(days=5)), episode.person))
    payer = make_payer()
    insured(episode, payer)
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS_NINE)
    return episode, start, payer


def says(payer: Payer, counts: str, since: date = SINCE, key: str = "peer-support-group") -> None:
    services.set_kind_terms(
        actor=SETUP, payer=payer, kind=kind(key), effective_from=since, counts=counts, citation="Manual 3.2"
    )


def test_its_floor_counts_what_it_says_and_the_programs_stays_as_it_is() -> None:
    episode, start, payer = six_hours_and_three_of_peers()
    name = episode.program.name
    assert floors_of(episode, start) == [(name, 540, False), ("Lakeside Plan", 540, False)]
    says(payer, "yes")
    assert floors_of(episode, start) == [(name, 540, False), ("Lakeside Plan", 540, True)]
    row = ServiceWeek.objects.get(person=episode.person, start=start)
    assert row.delivered_seconds == 6 * 3600 and not row.met
    week = week_of(episode.person, start)
    assert week.floor_lines[1].sentence == (
        "9 h were delivered: the floor of 9 h is met."
        " Peer support group counts here and not for the program: 3 h."
    )
    assert [line.otherwise for line in week.lines] == [(), (), ("Lakeside Plan",)]
    assert attendance.keep_up().changed == 0


def test_it_holds_from_its_day_until_another_word() -> None:
    episode, start, payer = six_hours_and_three_of_peers()
    says(payer, "yes", start + timedelta(days=6))  # the day after
    assert not floors_of(episode, start)[1][2]
    with pytest.raises(Refused, match="newer word"):
        says(payer, "yes")
    other = make_payer("Harbor Plan")
    insured(episode, other)
    services.set_week_terms(actor=SETUP, payer=other, effective_from=SINCE, **ASKS_NINE)
    says(other, "yes")
    name = episode.program.name
    assert floors_of(episode, start) == [
        (name, 540, False),
        ("Harbor Plan", 540, True),
        ("Lakeside Plan", 540, False),
    ]
    says(other, "program", start + timedelta(days=5))
    assert [met for _source, _minutes, met in floors_of(episode, start)] == [False, False, False]
    assert attendance.keep_up().changed == 0


def test_a_make_up_is_carried_back_only_for_whom_its_kind_counts() -> None:
    episode, start, payer = six_hours_and_three_of_peers()
    services.set_week_terms(
        actor=SETUP, payer=payer, effective_from=SINCE, **{**ASKS_NINE, "carry_back_days": 14}
    )
    before = start - timedelta(days=7)
    for n in (1, 3):
        present(seat(session_on(before + timedelta(days=n)), episode.person))
    missed = seat(peer_group(before + timedelta(days=5)), episode.person)
    attendance.mark_absent(actor=leader_of(missed.session), booking=missed, kind=Absence.Kind.UNEXCUSED)
    late = peer_group(start + timedelta(days=2))
    present(schedule.book(actor=SETUP, person=episode.person, session=late, makes_up_for=missed))
    assert [met for _source, _minutes, met in floors_of(episode, before)] == [False, False]
    says(payer, "yes")
    assert [met for _source, _minutes, met in floors_of(episode, before)] == [False, True]
    assert floors_of(episode, start)[1][2]  # six hours of groups and three of the peers of Friday
    assert attendance.keep_up().changed == 0


def test_a_word_has_a_source_and_says_something() -> None:
    payer = make_payer()
    with pytest.raises(Refused, match="Say where it is written"):
        services.set_kind_terms(
            actor=SETUP, payer=payer, kind=kind(), effective_from=SINCE, counts="yes", citation=" "
        )
    with pytest.raises(Refused, match="has said nothing"):
        says(payer, "program")
    assert not payer.kind_terms.exists()


def test_of_each_kind_the_word_that_holds_on_the_day_is_told_by_name() -> None:
    payer = make_payer()
    says(payer, "yes", date(2026, 1, 1))
    says(payer, "no", date(2026, 3, 1))
    says(payer, "no", date(2026, 2, 1), key="life-skills")
    says(payer, "program", date(2026, 4, 1), key="life-skills")
    told = {
        day: [(name, word.counts) for name, word in kinds_apart(payer, day)]
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 1))
    }
    assert list(told.values()) == [
        [],
        [("Peer support group", True)],
        [("Life-skills education", False), ("Peer support group", False)],
        [("Peer support group", False)],
    ]


def test_the_page_of_the_payer_says_which_count_and_since_when() -> None:
    payer, client = make_payer(), browser("administrator")
    url = reverse("coverage:kind_terms", args=[payer.public_id])
    peers = ServiceKind.objects.get(key="peer-support-group")
    told = {
        "kind": peers.public_id,
        "effective_from": "2026-01-01",
        "counts": "yes",
        "citation": "Manual 3.2",
    }
    assert client.post(url, {**told, "citation": ""}).status_code == 422
    page = client.post(url, told, follow=True).content.decode()
    assert "From Jan 1, 2026. Manual 3.2" in page
    assert "It asks for no hours of a week" in page
    client.post(url, {**told, "effective_from": "2026-02-01", "counts": "program"})
    page = client.get(reverse("coverage:payer", args=[payer.public_id])).content.decode()
    assert "From Feb 1, 2026: Peer support group, Counts as for the program" in page
    assert "All count for it as they do for the program." in page
    assert browser("therapist").get(url).status_code == 403


def test_a_closed_kind_of_service_is_not_offered_to_a_payer() -> None:
    payer, client = make_payer(), browser("administrator")
    url = reverse("coverage:kind_terms", args=[payer.public_id])
    assert "Life-skills education" in client.get(url).content.decode()
    close(actor=SETUP, row=kind("life-skills"))
    assert "Life-skills education" not in client.get(url).content.decode()
