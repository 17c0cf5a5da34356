from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dayward.chart.measures import services
from dayward.chart.measures.factories import answered, own_actor
from dayward.chart.measures.models import Administration, Score
from dayward.chart.measures.queries import followed_by
from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(site=make_site())


@pytest.fixture
def staff(person: Person) -> StaffMember:
    return make_treating(person, function="primary_therapist", credential="social_worker")


@pytest.fixture
def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def begun(staff: StaffMember, person: Person, instrument: str = "phq-9") -> Administration:
    assert staff.user is not None
    return services.start(
        actor=staff_actor(staff.user), person=person, instrument=instrument, mode="interview"
    )


def page(name: str, *parts: object) -> str:
    return reverse(f"measures:{name}", args=[getattr(part, "public_id", part) for part in parts])


def test_the_pages_of_a_person_nothing_was_asked_of(signed_in: Client, person: Person) -> None:
    assert b"No questionnaire has been answered" in signed_in.get(page("chart", person)).content
    assert b"Not answered yet" in signed_in.get(page("measure", person, "phq-9")).content
    assert signed_in.get(page("measure", person, "no-such")).status_code == 404


def test_scores_are_raw_first_with_the_sentence_and_the_picture(signed_in: Client, person: Person) -> None:
    for answers in ("2222222220", "1111111100"):
        answered(person=person, instrument="phq-9", answers=answers[:8] + "00")
    shown = signed_in.get(page("chart", person)).content.decode()
    assert "down 8 points since" in shown and "more than measurement noise" in shown
    assert 'class="dw-bracket"' in shown and 'class="dw-band dw-band-4"' in shown
    table = signed_in.get(page("measure", person, "phq-9")).content.decode()
    assert "Every answer" in table and "NHS Talking Therapies" in table


def test_one_page_saves_each_answer_and_shows_what_follows(
    signed_in: Client, staff: StaffMember, person: Person
) -> None:
    start = {"instrument": "phq-9", "mode": "interview"}
    location = signed_in.post(page("start", person), start)["Location"]
    row = Administration.objects.get()
    assert location == page("administration", person, row)
    assert signed_in.get(location).status_code == 200
    answer = page("answer", person, row)
    said = signed_in.post(answer, {f"{row.public_id}-1": "2"}, headers={"HX-Request": "true"})
    assert b"Kept at" in said.content and b"wished you were dead" not in said.content
    follow = {"HX-Request": "true", "HX-Target": "follow"}
    said = signed_in.post(answer, {f"{row.public_id}-9": "1"}, headers=follow)
    assert b"wished you were dead" in said.content
    assert b"An alert is open" in said.content and staff.name.encode() in said.content
    after = followed_by(row)
    assert after is not None
    more = {"HX-Request": "true", "HX-Target": "more"}
    said = signed_in.post(answer, {f"{after.public_id}-2": "x"}, headers=more)
    assert b"killing yourself right now" in said.content


def test_without_a_script_the_form_saves_all_and_asks_what_is_left(
    signed_in: Client, staff: StaffMember, person: Person
) -> None:
    row = begun(staff, person)
    all_of_it = {f"{row.public_id}-{item}": "1" for item in range(1, 11)}
    refused = signed_in.post(page("finish", person, row), all_of_it)
    assert refused.status_code == 422 and b"ASQ, question 1" in refused.content
    after = followed_by(row)
    assert after is not None
    rest = {f"{after.public_id}-{item}": "0" for item in range(1, 5)}
    done = signed_in.post(page("finish", person, row), rest)
    assert done.status_code == 302 and done["Location"] == page("measure", person, "phq-9")
    assert set(Score.objects.values_list("total", "band")) == {(9, "mild"), (None, "negative")}


def test_an_asq_alone_is_asked_and_scored(signed_in: Client, staff: StaffMember, person: Person) -> None:
    row = begun(staff, person, "asq")
    sent = {f"{row.public_id}-{item}": "0" for item in range(1, 5)}
    assert b"right now" not in signed_in.get(page("administration", person, row)).content
    assert signed_in.post(page("finish", person, row), sent).status_code == 302
    assert Score.objects.get().band == "negative"


def test_a_passed_over_item_9_keeps_the_page_open(
    signed_in: Client, staff: StaffMember, person: Person
) -> None:
    row = begun(staff, person)
    said = signed_in.post(page("finish", person, row), {f"{row.public_id}-1": "1"})
    assert said.status_code == 422 and b"Question 9" in said.content
    assert row.answers.count() == 1


def test_asking_puts_it_on_the_persons_page(signed_in: Client, person: Person) -> None:
    signed_in.post(page("ask", person), {"instrument": "phq-9"})
    row = Administration.objects.get()
    assert row.asked_by is not None and row.started_at is None
    assert b"waits on the person" in signed_in.get(page("administration", person, row)).content


def test_what_is_finished_is_read_and_can_be_marked(signed_in: Client, person: Person) -> None:
    row = answered(person=person, instrument="gad-7", answers="11x1111")
    shown = signed_in.get(page("administration", person, row)).content
    assert b"would rather not say" in shown
    signed_in.post(page("enter_in_error", person, row), {"reason": "Wrong chart"})
    assert b"Wrong chart" in signed_in.get(page("administration", person, row)).content


def test_another_persons_questionnaire_is_not_found_here(signed_in: Client, person: Person) -> None:
    other = answered(person=make_person(), instrument="gad-7", answers="1111111")
    assert signed_in.get(page("administration", person, other)).status_code == 404


def test_an_asq_that_was_left_open_can_still_be_asked_in_talk(signed_in: Client, person: Person) -> None:
    row = answered(person=person, instrument="phq-9", answers="0000000010", finish=False)
    start = {"instrument": "asq", "mode": "interview"}
    assert signed_in.post(page("start", person), start)["Location"] == page("administration", person, row)
    services.finish(actor=own_actor(person), administration=row)
    after = followed_by(row)
    assert after is not None
    location = signed_in.post(page("start", person), start)["Location"]
    assert location == page("administration", person, after)
    assert page("answer", person, after).encode() in signed_in.get(location).content
