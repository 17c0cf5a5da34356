"""Today is each site's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from dayward.care.schedule import services
from dayward.care.schedule.factories import SETUP, make_session
from dayward.care.schedule.models import Session
from dayward.care.schedule.queries import read_led_today, within_today
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import make_person
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db

DAYS = (date(2026, 3, 3), date(2026, 3, 4))
LATE = datetime(2026, 3, 4, 8, tzinfo=UTC)  # two at night in Chicago, ten in the evening before in Honolulu


@pytest.fixture
def sites() -> list[Site]:
    return [make_site(), make_site("Leeward", time_zone="Pacific/Honolulu", state="HI")]


def days_of(rows: list[Session]) -> set[tuple[str, date]]:
    return {(row.site.name, row.span.start.astimezone(row.site.zone).date()) for row in rows}


def test_it_is_yesterday_still_where_midnight_comes_later(sites: list[Site]) -> None:
    leader = make_staff_with("therapist")
    for site in sites:
        for day in DAYS:
            make_session(site=site, day=day, clock=(time(17), time(18)), leader=leader)
            make_session(site=site, day=day, clock=(time(0), time(1)), leader=leader)
    chicago, honolulu = sites
    every = list(Session.objects.filter(within_today(sites, LATE)))
    assert days_of(every) == {(chicago.name, DAYS[1]), (honolulu.name, DAYS[0])}
    assert len(every) == 4
    assert {row.pk for row in alone(read_led_today(leader, sites, LATE))} == {row.pk for row in every}
    assert days_of(list(Session.objects.filter(within_today([chicago], LATE)))) == {(chicago.name, DAYS[1])}


def test_at_no_site_there_is_no_day() -> None:
    make_session(day=DAYS[1])
    assert not Session.objects.filter(within_today([], LATE)).exists()


def test_who_is_covered_leads_no_more_and_nobody_leads_what_is_canceled(sites: list[Site]) -> None:
    leader, colleague = make_staff_with("therapist"), make_staff_with("therapist")
    first = make_session(day=DAYS[1], clock=(time(9), time(10)), leader=leader)
    second = make_session(day=DAYS[1], clock=(time(11), time(12)), leader=leader)
    services.book(actor=SETUP, person=make_person(), session=first)
    services.cover(actor=SETUP, session=first, away=leader, by=colleague)
    services.cancel_session(actor=SETUP, session=second, reason="Ill")
    assert alone(read_led_today(leader, sites, LATE)) == []
    (covered,) = alone(read_led_today(colleague, sites, LATE))
    assert (covered.pk, covered.taken) == (first.pk, 1)
