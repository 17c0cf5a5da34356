"""What payers ask of a week: beside the program's floor, each with its own verdict, as data with dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.attendance.factories import present, seat
from dayward.care.attendance.models import ServiceWeek
from dayward.care.attendance.queries import week_of
from dayward.care.attendance.tests.test_weeks import in_treatment, last_week, session_on
from dayward.care.journey.models import Episode
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused
from dayward.revenue.coverage import services
from dayward.revenue.coverage.models import Payer, WeekTerms
from dayward.revenue.coverage.queries import known_terms
from dayward.revenue.coverage.rules.week_terms import Malformed, read_terms

ASKS: dict[str, Any] = {"floor_minutes": 600, "floor_test": "delivered", "citation": "Contract 2026, 4.2"}
SINCE = date(2026, 1, 1)


def make_payer(name: str = "Lakeside Plan") -> Payer:
    return services.find_or_add_payer(actor=SETUP, name=name)


def insured(episode: Episode, payer: Payer, **dates: Any) -> None:
    services.add_coverage(actor=SETUP, person=episode.person, payer=payer, **dates)


def three_days(episode: Episode, start: date) -> None:
    """Nine hours."""
    for n in (1, 3, 5):
        present(seat(session_on(start + timedelta(days=n)), episode.person))


def floors_of(episode: Episode, start: date) -> list[tuple[str, int, bool]]:
    row = ServiceWeek.objects.get(person=episode.person, start=start)
    return [(each["source"], each["minutes"], each["met"]) for each in row.floors]


@pytest.mark.django_db
def test_a_payers_floor_stands_beside_the_programs_and_has_its_own_verdict() -> None:
    episode, start = in_treatment(), last_week()
    three_days(episode, start)
    payer = make_payer()
    insured(episode, payer)
    (only,) = floors_of(episode, start)
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    assert floors_of(episode, start) == [only, ("Lakeside Plan", 600, False)]
    row = ServiceWeek.objects.get(person=episode.person, start=start)
    assert (row.met, row.floor_minutes) == (True, 540)  # the program's, as before
    program, payers = week_of(episode.person, start).floor_lines
    assert (program.judged.verdict.met, payers.judged.verdict.met) == (True, False)
    assert payers.sentence == "9 h were delivered: 1 h short of the floor of 10 h."
    assert attendance.keep_up().changed == 0


@pytest.mark.django_db
def test_it_asks_only_while_it_pays_and_from_the_day_it_says() -> None:
    episode, start = in_treatment(), last_week()
    payer = make_payer()
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=start, **ASKS)
    insured(episode, payer, starts_on=SINCE)
    before = start - timedelta(days=7)
    assert [source for source, _minutes, _met in floors_of(episode, before)] == [episode.program.name]
    assert len(floors_of(episode, start)) == 2
    coverage = episode.person.coverages.get()
    services.end_coverage(actor=SETUP, coverage=coverage, on=start - timedelta(days=1))
    assert len(floors_of(episode, start)) == 1
    assert attendance.keep_up().changed == 0


@pytest.mark.django_db
def test_its_own_week_its_own_day_and_its_own_make_ups() -> None:
    """Nine hours from Sunday to Saturday; the payer's week from Monday to Sunday has the next Sunday, too."""
    episode, start = in_treatment(), last_week() - timedelta(days=7)
    three_days(episode, start)
    present(seat(session_on(start + timedelta(days=7), hours=1), episode.person))
    payer = make_payer()
    insured(episode, payer)
    asks = {**ASKS, "week_starts": "monday", "day_minimum_minutes": 120}
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **asks)
    program, payers = week_of(episode.person, start).floor_lines
    assert program.sentence.startswith("9 h were delivered")
    assert payers.sentence == "10 h were delivered: the floor of 10 h is met."
    assert payers.own_days == (start + timedelta(days=1), start + timedelta(days=7))
    assert (payers.judged.days_ok, len(payers.judged.days)) == (3, 4)
    row = ServiceWeek.objects.get(person=episode.person, start=start)
    assert row.floors[1]["start"] == (start + timedelta(days=1)).isoformat()
    present(seat(session_on(start + timedelta(days=8), hours=1), episode.person))
    assert attendance.keep_up().changed == 0


@pytest.mark.django_db
def test_other_terms_and_their_end_count_the_weeks_from_that_day_anew() -> None:
    episode, start = in_treatment(), last_week()
    three_days(episode, start)
    payer = make_payer()
    insured(episode, payer)
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    services.set_week_terms(
        actor=SETUP, payer=payer, effective_from=start, **{**ASKS, "floor_test": "prescribed"}
    )
    assert floors_of(episode, start)[1] == ("Lakeside Plan", 600, True)
    services.end_week_terms(actor=SETUP, payer=payer, on=start + timedelta(days=1))
    assert len(floors_of(episode, start)) == 2  # the week began before
    with pytest.raises(Refused, match="already"):
        services.end_week_terms(actor=SETUP, payer=payer, on=start + timedelta(days=2))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ({"citation": " "}, "Say where it is written"),
        ({"floor_minutes": 0}, "name the hours"),
        ({"young_under_age": 21}, "has an age and hours"),
        ({"carry_back_days": 40}, "28 days at most"),
    ],
)
def test_terms_without_source_or_sense_are_refused(numbers: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused, match=word):
        services.set_week_terms(actor=SETUP, payer=make_payer(), effective_from=SINCE, **{**ASKS, **numbers})


@pytest.mark.django_db
def test_terms_that_were_ended_and_are_said_again_for_their_day_hold_on() -> None:
    payer = make_payer()
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    services.end_week_terms(actor=SETUP, payer=payer, on=SINCE + timedelta(days=7))
    said = services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    said.refresh_from_db()
    assert said.effective_to is None
    assert [each["changes"].keys() for each in said.corrections] == [{"effective_to"}]


@pytest.mark.django_db
def test_two_terms_never_hold_on_one_day() -> None:
    payer = make_payer()
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    with pytest.raises(IntegrityError), transaction.atomic():
        WeekTerms.objects.create(payer=payer, effective_from=date(2026, 5, 1), set_by="x", **ASKS)
    with pytest.raises(Refused, match="newer terms"):
        services.set_week_terms(actor=SETUP, payer=payer, effective_from=date(2025, 1, 1), **ASKS)


def test_the_library_names_its_sources_and_comes_out() -> None:
    assert {each.payer for each in known_terms()} >= {"Medicare", "Medi-Cal (California)"}
    for each in known_terms():
        assert each.citation
        assert each.examples


@pytest.mark.parametrize(
    ("was", "now", "word"),
    [
        ("met = true", "met = false", "does not come out"),
        ('sure = "verified"', 'sure = "somebody said"', "how sure"),
        ("floor_minutes = 540", "floor_minutes = 0", "no floor"),
        ("[[example]]", "[[other]]", "unknown"),
        ("2026-01-01", '"2026-01-01"', "no day"),
    ],
)
def test_a_malformed_file_is_refused(was: str, now: str, word: str) -> None:
    good = (
        'payer = "X"\neffective_from = 2026-01-01\nfloor_minutes = 540\nfloor_test = "delivered"\n'
        'citation = "Manual"\nsure = "verified"\n'
        "[[example]]\nage = 30\nprescribed = 0\nscheduled = 0\ndelivered = 540\nmet = true\n"
    )
    assert read_terms(good).floor_minutes == 540
    with pytest.raises(Malformed, match=word):
        read_terms(good.replace(was, now))


def browser(role: str) -> Client:
    client, staff = Client(), make_staff_with(role)
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.mark.django_db
def test_a_payer_is_added_and_what_it_asks_is_taken_from_what_is_known() -> None:
    client = browser("administrator")
    page = client.post(reverse("coverage:payers"), {"name": "medicare"}, follow=True).content.decode()
    assert "42 CFR 410.44(c)" in page
    payer = Payer.objects.get(name="Medicare")
    url = reverse("coverage:terms", args=[payer.public_id])
    form = client.get(url).context["form"]
    data = {name: field.value() for name, field in ((each.name, each) for each in form)}
    kept = {name: value for name, value in data.items() if value is not None}
    kept |= {"effective_from": "2024-01-01", "floor_minutes": "9"}
    assert client.post(url, kept).status_code == 302
    row = payer.week_terms.get()
    assert (row.floor_minutes, row.floor_test, row.day_minimum_services) == (540, "prescribed", 3)
    assert (
        "From Jan 1, 2024" in client.get(reverse("coverage:payer", args=[payer.public_id])).content.decode()
    )
    client.post(reverse("coverage:end_terms", args=[payer.public_id]), {"on": "2026-06-01"})
    row.refresh_from_db()
    assert row.effective_to == date(2026, 6, 1)


@pytest.mark.django_db
def test_who_may_only_read_changes_nothing() -> None:
    payer = make_payer()
    client = browser("therapist")
    assert client.get(reverse("coverage:payer", args=[payer.public_id])).status_code == 200
    assert client.get(reverse("coverage:terms", args=[payer.public_id])).status_code == 403
    client.post(reverse("coverage:payers"), {"name": "Another"})
    assert not Payer.objects.filter(name="Another").exists()


@pytest.mark.django_db
def test_the_persons_week_and_the_programs_page_name_every_floor() -> None:
    episode, start = in_treatment(), last_week()
    three_days(episode, start)
    payer = make_payer()
    insured(episode, payer)
    services.set_week_terms(actor=SETUP, payer=payer, effective_from=SINCE, **ASKS)
    client = browser("director")
    url = reverse("attendance:week", args=[episode.person.public_id])
    page = client.get(url, {"day": start.isoformat()}).content.decode()
    assert "Lakeside Plan asks for 10 h, held against delivered hours." in page
    assert "Contract 2026, 4.2" in page
    program = client.get(
        reverse("attendance:weeks"),
        {"program": episode.program.public_id, "day": (start + timedelta(days=2)).isoformat()},
    ).content.decode()
    assert "Lakeside Plan: 9 h were delivered: 1 h short of the floor of 10 h." in program
    assert "Missed the floor" in program
