"""Plan, letters, progress, meetings outside and what remains after treatment, each for whoever it is about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_actor, make_case, make_episode
from dayward.care.journey.models import AftercareCase, AlumniAttendance, AlumniEvent, Episode
from dayward.care.journey.services.alumni import Gathering, make_event
from dayward.chart.casework.models import Letter, OutsideMeeting
from dayward.chart.casework.services import letters as casework
from dayward.chart.measures.factories import answered
from dayward.chart.plans.factories import make_team, signed_plan, team_signed, written_plan, written_review
from dayward.chart.plans.models import Plan
from dayward.chart.plans.services import sign_review
from dayward.doors.portal.forms import MEETING_KINDS
from dayward.doors.portal.tests.test_views import make_family, sign_form, signed_in
from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent.factories import make_offer, make_signed
from dayward.foundation.consent.models import Consent
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.foundation.people.services import add_relationship

pytestmark = pytest.mark.django_db
MOST = 15  # statements a page may take


def born(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(birth_date=date(1991, 4, 2))
    person.refresh_from_db()
    return person


@pytest.fixture
def episode() -> Episode:
    episode = make_episode(started=True)
    born(episode.person)
    return episode


@pytest.fixture
def client(episode: Episode) -> Client:
    return signed_in(episode.person)


def text(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def tabs(client: Client) -> list[str]:
    page = client.get(reverse("portal:home"))
    return [link.key for link in page.context["ui"].portal_links]


# -- which pages are theirs ------------------------------------------------------------------------------------


def test_five_tabs_in_treatment_and_what_remains_after_it(episode: Episode, client: Client) -> None:
    assert tabs(client) == ["my-week", "my-questions", "my-plan", "my-progress", "my-more"]
    journey.discharge(actor=actor_of(make_treating(episode.person)), episode=episode, kind="COMP")
    assert tabs(client) == ["my-after", "my-forms", "my-letters"]
    assert "Your treatment here has ended" in text(client, "home")


def test_who_is_nobodys_patient_has_week_and_forms() -> None:
    client = signed_in(make_person(birth_date=date(1991, 4, 2)))
    assert tabs(client) == ["my-week", "my-forms"]
    for name in ("questions", "plan", "progress", "letters", "meetings", "more"):
        text(client, name)


# -- the plan --------------------------------------------------------------------------------------------------


def sign_plan(client: Client, plan: Plan, **more: str) -> int:
    url = reverse("portal:plan_text", args=[plan.public_id])
    seen = client.get(url).context["seen"]
    return client.post(url, {"typed_name": "Rosalind Sampleton", "seen": seen, **more}).status_code


def test_the_plan_is_read_and_signed_and_then_holds(episode: Episode, client: Client) -> None:
    team = make_team(episode.person)
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    assert "A plan waits for your signature" in text(client, "home")
    assert sign_plan(client, plan, typed_name="") == 422
    assert sign_plan(client, plan, seen="") == 422
    assert sign_plan(client, plan, seen="0" * 64) == 422
    assert sign_plan(client, plan) == 302
    plan.refresh_from_db()
    assert plan.is_active
    page = text(client, "plan")
    assert "I want my mornings back." in page and "waits for your signature" not in page
    assert sign_plan(client, plan) == 422


def test_progress_of_the_last_review_stands_in_plain_words(episode: Episode, client: Client) -> None:
    team = make_team(episode.person)
    plan = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=plan)
    sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    page = text(client, "plan")
    assert "Getting closer" in page and "What I said" in page


def test_a_plan_that_is_still_written_is_not_shown(episode: Episode, client: Client) -> None:
    plan = written_plan(actor=make_team(episode.person).actors[0], episode=episode)
    assert client.get(reverse("portal:plan_text", args=[plan.public_id])).status_code == 404
    assert "still being written" in text(client, "plan")


def test_nobody_reads_or_signs_the_plan_of_somebody_else(episode: Episode) -> None:
    team = make_team(episode.person)
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    other = signed_in(make_person(birth_date=date(1991, 4, 2)))
    url = reverse("portal:plan_text", args=[plan.public_id])
    assert other.get(url).status_code == 404
    assert other.post(url, {"typed_name": "O", "seen": "0"}).status_code == 404


@pytest.mark.parametrize(("age", "status"), [(13, 200), (17, 404)])
def test_a_guardian_sees_a_plan_only_where_a_guardian_signs(age: int, status: int) -> None:
    child, guardian = make_family(age)
    episode = make_episode(started=True)  # admitted as an adult: what counts here is who signs on the day
    born_on, kept = child.birth_date, episode.person
    Person.objects.filter(pk=kept.pk).update(birth_date=born_on, site=child.site, legal_given="Tobin")
    add_relationship(actor=SETUP, person=kept, relative=guardian, kind="parent", is_guardian=True)
    child = Person.objects.get(pk=kept.pk)
    team = make_team(child)
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    client = signed_in(guardian)
    assert client.get(reverse("portal:plan_text", args=[plan.public_id])).status_code == status
    assert ("Tobin" in text(client, "plan")) == (status == 200)


# -- letters ---------------------------------------------------------------------------------------------------


def test_a_letter_is_asked_for_once_and_kept_when_it_is_written(episode: Episode, client: Client) -> None:
    url = reverse("portal:letters")
    assert client.post(url, {"kind": "work", "note": "For my boss"}).status_code == 302
    assert client.post(url, {"kind": "work"}).status_code == 422
    assert client.post(url, {"kind": "nonsense"}).status_code == 422
    letter = Letter.objects.get()
    assert (letter.person, letter.asked_note) == (episode.person, "For my boss")
    assert Entry.objects.filter(action="casework.ask_letter", actor_kind="person").count() == 1
    assert "Your team is writing it" in text(client, "letters")
    keep = reverse("portal:letter", args=[letter.public_id])
    assert client.get(keep).status_code == 404
    staff = make_treating(episode.person)
    today = timezone.localdate()
    filled = casework.Filled("work", "person", today - timedelta(days=7), today - timedelta(days=1))
    casework.fill(actor=actor_of(staff), letter=letter, filled=filled)
    casework.sign(actor=actor_of(staff), letter=letter, typed_name=staff.name)
    answer = client.get(keep)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert Letter.objects.get().word == "Taken from their own page"
    other = signed_in(make_person(birth_date=date(1991, 4, 2)))
    assert other.get(keep).status_code == 404


def test_why_a_letter_is_not_written_is_said(episode: Episode, client: Client) -> None:
    client.post(reverse("portal:letters"), {"kind": "court"})
    staff = actor_of(make_treating(episode.person))
    casework.decline(actor=staff, letter=Letter.objects.get(), reason="Your lawyer has asked already.")
    assert "Your lawyer has asked already." in text(client, "letters")


# -- meetings outside ------------------------------------------------------------------------------------------


def test_a_meeting_outside_is_told_and_taken_off_again(episode: Episode, client: Client) -> None:
    url = reverse("portal:meetings")
    day = str(timezone.localdate() - timedelta(days=1))
    assert client.post(url, {"kind": "twelve_step", "on": day, "minutes": "60"}).status_code == 302
    row = OutsideMeeting.objects.get()
    page = text(client, "meetings")
    assert "12-step meeting" in page and "do not count as hours" in page
    out = reverse("portal:meeting_out", args=[row.public_id])
    other = signed_in(make_person(birth_date=date(1991, 4, 2)))
    assert other.post(out).status_code == 404
    client.post(out)
    row.refresh_from_db()
    assert row.entered_in_error_at is not None
    tomorrow = str(timezone.localdate() + timedelta(days=3))
    assert client.post(url, {"kind": "twelve_step", "on": tomorrow}).status_code == 422


def test_every_kind_of_meeting_has_its_words() -> None:
    assert [key for key, _words in MEETING_KINDS] == list(OutsideMeeting.Kind.values)


# -- progress --------------------------------------------------------------------------------------------------


def somebody(state: str) -> Person:
    """A person at one place of the way, or at none."""
    if state in ("nowhere", "without a site"):
        person = make_person()
        if state == "without a site":
            Person.objects.filter(pk=person.pk).update(site=None)
        return Person.objects.get(pk=person.pk)
    if state == "on the way in":
        return make_case().person
    episode = make_episode(started=state != "admitted")
    if state == "one answer":
        answered(person=episode.person, instrument="phq-9", answers="1---------", finish=False)
    if state == "one score":
        answered(person=episode.person, instrument="phq-9", answers="1111111000")
    if state == "discharged":
        journey.discharge(
            actor=make_actor("therapist", "director"), episode=episode, kind="COMP", reason="Done"
        )
    if state == "minor with guardian":
        Person.objects.filter(pk=episode.person_id).update(
            birth_date=timezone.now().date() - timedelta(days=5500)
        )
        parent = make_person()
        add_relationship(actor=SETUP, person=episode.person, relative=parent, kind="parent", is_guardian=True)
    return Person.objects.get(pk=episode.person_id)


STATES = (
    "nowhere",
    "without a site",
    "on the way in",
    "admitted",
    "in treatment",
    "one answer",
    "one score",
    "minor with guardian",
    "discharged",
)


PAGES = ("home", "questions", "plan", "progress", "letters", "meetings", "more")


@pytest.mark.parametrize("state", STATES)
def test_every_own_page_opens_in_every_state(state: str) -> None:
    client = signed_in(somebody(state))
    answers = {name: client.get(reverse(f"portal:{name}")).status_code for name in PAGES}
    assert answers == dict.fromkeys(PAGES, 200)


def test_a_guardian_opens_their_own_pages_too() -> None:
    child = somebody("minor with guardian")
    parent = child.relationships.get().relative
    assert signed_in(parent).get(reverse("portal:progress")).status_code == 200


def test_progress_shows_numbers_and_never_a_label(episode: Episode, client: Client) -> None:
    now = timezone.now()
    answered(person=episode.person, instrument="phq-9", answers="3333333301", at=now - timedelta(days=21))
    answered(person=episode.person, instrument="phq-9", answers="1111111101", at=now - timedelta(days=1))
    page = text(client, "progress")
    assert "24 points" in page and "a real change for the better" in page
    for label in ("severe", "Severe", "mild", "moderate"):
        assert label not in page


# -- after treatment -------------------------------------------------------------------------------------------


@pytest.fixture
def ended(episode: Episode) -> AftercareCase:
    journey.discharge(actor=actor_of(make_treating(episode.person)), episode=episode, kind="COMP")
    return AftercareCase.objects.get(episode=episode)


def gathering(case: AftercareCase) -> AlumniEvent:
    soon = timezone.now() + timedelta(days=4)
    what = Gathering("group", "Evening by the river", soon, soon + timedelta(hours=2))
    staff = actor_of(make_treating(case.episode.person))
    return make_event(actor=staff, site=case.episode.program.site, gathering=what)


def test_alumni_is_joined_by_the_signed_form_and_left_again(ended: AftercareCase, client: Client) -> None:
    event = gathering(ended)
    assert event.title not in text(client, "home")
    client.post(reverse("portal:join_alumni"))
    consent = Consent.objects.get(kind="alumni")
    ended.refresh_from_db()
    assert ended.state == "aftercare"  # nothing happens before it is signed
    assert sign_form(client, consent)[0] == 302
    ended.refresh_from_db()
    assert ended.state == "alumni"
    assert event.title in text(client, "home")
    come = reverse("portal:come", args=[event.public_id])
    client.post(come, {"answer": "coming"})
    assert AlumniAttendance.objects.get().answer == "coming"
    client.post(come, {"answer": "withdrew"})
    assert AlumniAttendance.objects.get().answer == "withdrew"
    client.post(reverse("portal:take_back", args=[consent.public_id]))
    ended.refresh_from_db()
    assert ended.state == "aftercare_ended"
    assert event.title not in text(client, "home")
    assert client.post(come, {"answer": "coming"}).status_code == 404


def test_in_treatment_nobody_joins_the_alumni(episode: Episode, client: Client) -> None:
    client.post(reverse("portal:join_alumni"))
    assert not Consent.objects.filter(kind="alumni").exists()


# -- what it costs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "questions", "plan", "progress", "letters", "meetings", "more"])
def test_a_page_takes_few_statements(
    name: str, episode: Episode, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_plan(episode=episode)
    answered(person=episode.person, instrument="gad-7", answers="1111111")
    with django_assert_max_num_queries(MOST):
        text(client, name)


def test_the_page_after_treatment_takes_few_statements(
    ended: AftercareCase, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    event = gathering(ended)
    make_signed(make_offer(ended.episode.person, "alumni"))
    with django_assert_max_num_queries(MOST):
        assert event.title in text(client, "home")
