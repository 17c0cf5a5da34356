"""The pages: what an intake coordinator and a therapist see and do in a browser, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey import services
from dayward.care.journey.factories import (
    ASSESSED,
    CALM,
    CONSENTED,
    DECIDED,
    actor_of,
    assessment_booked,
    level_decided,
    make_actor,
    make_case,
    make_episode,
    make_track,
    proven,
    screened,
)
from dayward.care.journey.models import Episode, Handoff, IntakeCase, Screening
from dayward.care.journey.queries.cases import Lane
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import add_to_care_team, grant_role
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.people.factories import STARTED, make_person, make_staff
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def signed_in(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.fixture
def intake() -> StaffMember:
    return make_staff_with("intake")


@pytest.fixture
def browser(intake: StaffMember) -> Client:
    return signed_in(intake)


def url(name: str, walker: IntakeCase | Episode) -> str:
    return reverse(f"journey:{name}", args=[walker.person.public_id, walker.public_id])


def answered(**answers: str) -> dict[str, str]:
    """The screening form with every risk question answered "no", and more."""
    calm = {f"q_{key}": str(item["answer"]) for key, item in CALM.items()}
    return {**calm, **{f"q_{key}": value for key, value in answers.items()}}


def test_from_a_call_to_a_booked_assessment(browser: Client, intake: StaffMember) -> None:
    site = make_case().site
    make_staff_with("therapist", site=site, credential="social_worker", given="Tess", family="Sample")
    form = {"site": site.public_id, "source": "phone", "language": "en", "entry_mode": "stand_alone"}
    who = {"given": "Noor", "family": "Sampleton", "phone": "512 555 0101", "may_call_back": "on"}
    response = browser.post(reverse("journey:new_inquiry"), {**form, **who})
    case = IntakeCase.objects.get(person__legal_given="Noor")
    assert response.headers["Location"] == url("case", case)
    assert case.owner == intake
    browser.post(url("screening", case), {**answered(F05="yes"), "version": "0", "finish": "1"})
    case.refresh_from_db()
    assert case.state == "screened"
    page = browser.get(url("book", case)).content.decode()
    assert "Tess Sample" in page
    assert "within 48 hours" in page or "later than 48 hours" in page
    slot = page.split('name="slot" value="')[1].split('"')[0]
    browser.post(url("book", case), {"slot": slot, "modality": "in_person", "minutes": "90"})
    case.refresh_from_db()
    assert case.state == "assessment_scheduled"


def test_somebody_who_may_be_known_is_chosen_by_a_person(browser: Client) -> None:
    known = make_person(legal_given="Ada", legal_family="Sampleton", birth_date="1990-05-04")
    form = {
        "site": known.site.public_id if known.site else "",
        "source": "phone",
        "language": "en",
        "entry_mode": "stand_alone",
        "given": "Ada",
        "family": "Sampleton",
        "birth_date": "1990-05-04",
    }
    page = browser.post(reverse("journey:new_inquiry"), form)
    assert known.public_id in page.content.decode()
    assert not IntakeCase.objects.exists()
    assert Entry.objects.get(action="journey:new_inquiry", kind="view").detail == {
        "people": [known.public_id]
    }
    stranger = make_person(legal_given="Bo", legal_family="Else", birth_date="1970-01-01")
    browser.post(reverse("journey:new_inquiry"), {**form, "known": stranger.public_id})
    assert not IntakeCase.objects.exists()  # a case would open their chart
    browser.post(reverse("journey:new_inquiry"), {**form, "known": known.public_id})
    assert IntakeCase.objects.get().person == known
    assert Person.objects.filter(legal_given="Ada").count() == 1


def test_whoever_was_here_before_is_asked_nothing_twice(browser: Client) -> None:
    """The button of an ended episode: the form knows them, and the new case is theirs."""
    known = make_person(legal_given="Ada", legal_family="Sampleton", birth_date="1990-05-04")
    address = f"{reverse('journey:new_inquiry')}?person={known.public_id}"
    page = browser.get(address)
    asked = {name: page.context["form"].initial[name] for name in ("given", "family", "birth_date")}
    assert f'name="known" value="{known.public_id}"' in page.content.decode()
    rest = {"source": "phone", "language": "en", "entry_mode": "stand_alone", "known": known.public_id}
    site = known.site.public_id if known.site else ""
    browser.post(address, {**asked, **rest, "site": site})
    assert IntakeCase.objects.get().person == known
    away = make_staff()
    grant_role(actor=make_actor(), staff=away, role="intake", site=make_site("Far away"), starts_on=STARTED)
    assert signed_in(away).get(address).status_code == 404


def test_the_screening_refuses_to_finish_and_keeps_what_was_typed(browser: Client) -> None:
    case = make_case()
    response = browser.post(
        url("screening", case),
        {"q_risk_self": "no", "n_F05": "Two years of weekly visits", "version": "0", "finish": "1"},
    )
    assert response.status_code == 409
    assert "4 questions about risk are not answered" in response.content.decode()
    assert Screening.objects.get(case=case).answers["F05"]["note"] == "Two years of weekly visits"


def test_a_red_flag_shows_while_typing(browser: Client) -> None:
    case = make_case()
    response = browser.post(url("screening_draft", case), {"q_risk_self": "unsure", "version": "0"})
    page = response.content.decode()
    assert "988" in page
    assert Screening.objects.get(case=case).version == 1


def test_two_people_on_one_screening_see_both_texts(browser: Client) -> None:
    case = make_case()
    other = make_actor("intake")
    told = services.Told(answers=CALM, support="Her sister")
    services.save_screening(actor=other, case=case, told=told, version=0)
    response = browser.post(url("screening", case), {**answered(), "support": "His brother", "version": "0"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Her sister" in page
    assert "His brother" in page
    assert Screening.objects.get(case=case).support == "Her sister"


def test_an_emergency_is_handed_over_and_written_down(browser: Client) -> None:
    case = make_case()
    screened(case, actor=make_actor(), risk_self="yes")
    page = browser.get(url("case", case)).content.decode()
    assert url("hand_off", case) + "?route=emergency" in page
    form = {"reason": "risk", "target": "County ER", "contact_name": "Charge nurse", "closes": "stay"}
    browser.post(url("hand_off", case), {**form, "route": "emergency"})
    browser.post(url("hand_off", case), {**form, "route": "higher", "closes": "close"})
    case.refresh_from_db()
    assert case.state == "referred_out"
    assert Handoff.objects.filter(case=case).count() == 2


def test_admission_shows_what_is_missing_then_admits(browser: Client) -> None:
    actor = make_actor("intake", "therapist")
    case = level_decided(assessment_booked(screened(make_case(), actor=actor), actor=actor), actor=actor)
    assert case.program
    place = {"track": make_track(case.program).public_id, "starts_on": "2026-03-02"}
    form = {**place, "days_per_week": "3", "hours": "10"}
    with proven(*DECIDED), proven(*CONSENTED, present=False):
        page = browser.get(url("admit", case)).content.decode()
        assert "Not possible yet" in page
        refused = browser.post(url("admit", case), form)
    assert refused.status_code == 409
    assert "consent to treatment" in refused.content.decode()
    assert not Episode.objects.exists()
    with proven(*DECIDED, *CONSENTED):
        browser.post(url("admit", case), form)
    assert Episode.objects.get(case=case).segments.get().prescribed_minutes == 600


def test_a_therapist_holds_and_discharges() -> None:
    episode = make_episode(started=True)
    therapist = make_staff_with("therapist")
    from_team = signed_in(therapist)
    add_to_care_team(actor=actor_of(therapist), person=episode.person, staff=therapist, function="therapist")
    today = day_here()
    away = {"reason": "hospital", "starts_on": today, "expected_return": today + timedelta(days=60)}
    refused = from_team.post(url("episode_hold", episode), away)
    assert "14 days" in refused.content.decode()
    from_team.post(url("episode_hold", episode), {**away, "expected_return": today + timedelta(days=5)})
    episode.refresh_from_db()
    assert episode.state == "on_hold"
    from_team.post(url("episode_discharge", episode), {"kind": "MED", "on": today, "reason": "Surgery"})
    episode.refresh_from_db()
    assert episode.discharge_type == "MED"
    assert "Open aftercare" in from_team.get(url("episode", episode)).content.decode()


def test_the_board_sorts_by_due_and_filters_by_owner(browser: Client, intake: StaffMember) -> None:
    now = timezone.now()
    late = make_case(at=now - timedelta(hours=30))
    make_case(at=now, owner=intake)
    page = browser.get(reverse("journey:pipeline")).content.decode()
    assert page.count("data-item") == 2
    assert page.index(late.public_id) < page.rindex("data-item")
    mine = browser.get(reverse("journey:pipeline"), {"owner": "me"}).content.decode()
    assert late.public_id not in mine


def test_the_board_shows_the_most_overdue_and_the_others_on_demand(browser: Client) -> None:
    now = timezone.now()
    cases = [make_case(at=now - timedelta(hours=hours)) for hours in range(10)]
    newest = cases[0].public_id
    page = browser.get(reverse("journey:pipeline")).content.decode()
    assert [each.public_id in page for each in cases] == [False, False] + [True] * 8
    assert "Show all 10" in page
    lane = re.search(r"lane=(\w+)", page)
    assert lane
    whole = browser.get(reverse("journey:pipeline"), {"lane": lane[1]}).content.decode()
    assert newest in whole
    assert "Show all 10" not in whole


def test_a_red_flag_is_shown_however_late_it_is_due() -> None:
    lines: Any = tuple(SimpleNamespace(flags=("risk",) if place == 11 else ()) for place in range(12))
    action: Any = None
    assert Lane(action, lines).foremost == (*lines[:8], lines[11])


@pytest.mark.parametrize(
    "name", ["case", "screening", "book", "contact", "hand_off", "wait", "close", "edit", "admit"]
)
def test_pages_stay_within_their_queries(browser: Client, name: str) -> None:
    actor = make_actor("intake", "therapist")
    case = screened(make_case(), actor=actor)
    services.log_contact(actor=actor, case=case, mode="phone", outcome="reached")
    if name == "admit":
        level_decided(assessment_booked(case, actor=actor), actor=actor)
    browser.get(url(name, case))
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(url(name, case))
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(each["sql"][:160] for each in queries)


def test_the_boards_queries_do_not_grow_with_the_cases(browser: Client) -> None:
    actor = make_actor()
    for _number in range(6):
        screened(make_case(actor=actor), actor=actor)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("journey:pipeline"))
    assert len(queries) <= MOST_QUERIES, "\n".join(each["sql"][:160] for each in queries)


def test_steps_the_chart_has_to_prove_are_shown_with_who_can_give_them(browser: Client) -> None:
    case = assessment_booked(screened(make_case(), actor=make_actor()), actor=make_actor())
    with proven(*ASSESSED, present=False):
        page = browser.get(url("case", case)).content.decode()
    assert "The clinician has signed the risk statement." in page
    assert "the assessing clinician" in page


def test_a_director_closes_what_is_open_when_somebody_has_died() -> None:
    episode = make_episode(started=True)
    Person.objects.filter(pk=episode.person_id).update(deceased_on=day_here())
    director = signed_in(make_staff_with("director"))
    address = reverse("journey:death", args=[episode.person.public_id])
    assert address in director.get(url("episode", episode)).content.decode()
    director.post(address)
    episode.refresh_from_db()
    assert episode.discharge_type == "DECEASED"
