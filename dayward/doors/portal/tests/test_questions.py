"""Questionnaires in the patient's page: one question a page, and help at once where an answer asks for it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import actor_of, make_episode
from dayward.chart.measures import services
from dayward.chart.measures.models import Administration
from dayward.chart.safety.alerts.models import Alert
from dayward.doors.portal.tests.test_views import signed_in
from dayward.foundation.access.factories import make_treating
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db
NOT = "rather-not"


@pytest.fixture
def person() -> Person:
    person = make_episode(started=True).person
    Person.objects.filter(pk=person.pk).update(birth_date=date(1991, 4, 2))
    person.refresh_from_db()
    services.ask(actor=actor_of(make_treating(person)), person=person, instrument="phq-9")
    return person


@pytest.fixture
def client(person: Person) -> Client:
    return signed_in(person)


def begun(client: Client, instrument: str = "phq-9") -> str:
    """Where the first question stands."""
    url: str = client.post(reverse("portal:begin", args=[instrument])).url  # type: ignore[attr-defined]
    return url


def give(client: Client, url: str, *values: str) -> str:
    """Answer the questions that come, one after the other, as the pages have them; where it leads."""
    for value in values:
        page = client.get(url, follow=True)
        question = page.context["question"]
        where = reverse("portal:question", args=[question.administration.public_id])
        answer = client.post(where, {"item": question.item, "value": value})
        assert answer.status_code == 302, answer.content.decode()
        url = answer.url  # type: ignore[attr-defined]
    return url


def words(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


def test_what_waits_stands_with_its_time_and_that_nobody_watches_at_all_hours(client: Client) -> None:
    page = words(client, reverse("portal:questions"))
    assert "not at every hour" in page
    assert "tel:988" in page
    assert reverse("portal:begin", args=["phq-9"]) in page


def test_nothing_waits_nothing_begins(client: Client) -> None:
    asq = reverse("portal:begin", args=["asq"])
    assert client.post(asq).url == reverse("portal:questions")  # type: ignore[attr-defined]
    assert client.post(reverse("portal:begin", args=["none"])).status_code == 302
    assert not Administration.objects.filter(instrument="asq").exists()


def test_each_answer_is_kept_by_itself_and_the_last_ends_it(client: Client, person: Person) -> None:
    url = begun(client)
    assert "Question 1 of 10" in words(client, url)
    url = give(client, url, "1", "1", NOT, "1")
    row = Administration.objects.get(instrument="phq-9")
    assert [each.value for each in row.answers.all()] == [1, 1, None, 1]
    assert "Question 5 of 10" in words(client, url)
    url = give(client, url, "1", "1", "1", "1", "0", "0")
    row.refresh_from_db()
    assert row.is_finished and row.mode == "self"
    page = words(client, url)
    assert "Thank you" in page
    for label in ("mild", "moderate", "severe", "Mild"):
        assert label not in page
    assert not Alert.objects.exists()


def test_no_answer_is_asked_again_and_nothing_is_saved(client: Client) -> None:
    url = begun(client)
    answer = client.post(url, {"item": "1"})
    assert answer.status_code == 422
    assert "Please choose an answer" in answer.content.decode()
    assert not Administration.objects.get(instrument="phq-9").answers.exists()


def test_back_shows_what_was_said_and_a_change_counts(client: Client) -> None:
    url = begun(client)
    give(client, url, "1", "2")
    page = client.get(url)
    back = page.context["shown"]
    assert (back.back_to, back.back_item) == (page.context["question"].administration.public_id, "2")
    shown = client.get(url, {"item": "2"}).context["question"]
    assert (shown.item, shown.value) == ("2", 2)
    client.post(url, {"item": "2", "value": "0"})
    assert client.get(url).context["question"].item == "3"


def test_a_word_about_suicide_asks_at_once_and_the_form_goes_on(client: Client) -> None:
    url = give(client, begun(client), *["0"] * 8, "1")
    assert Alert.objects.get().closed_at is None
    page = words(client, url)
    assert "We are here" in page and "988" in page
    root = Administration.objects.get(instrument="phq-9")
    asked = client.get(reverse("portal:question", args=[root.public_id])).context
    assert asked["question"].instrument.key == "asq"
    assert (asked["shown"].back_to, asked["shown"].back_item) == (root.public_id, "9")
    url = give(client, reverse("portal:question", args=[root.public_id]), "0", "0", "0", "0")
    asq = Administration.objects.get(instrument="asq")
    assert asq.is_finished and asq.follows == root
    assert Alert.objects.get().risk_class == "review"
    question = client.get(url, follow=True).context["question"]
    assert (question.instrument.key, question.item) == ("phq-9", "10")
    assert "Thank you for telling us" in words(client, url)  # quietly, beside the next question
    give(client, url, "1")
    root.refresh_from_db()
    assert root.is_finished


def test_the_most_serious_answer_shows_help_before_anything_else(client: Client) -> None:
    url = give(client, begun(client), *["0"] * 8, "3")
    assert url.endswith("/help/")
    root = Administration.objects.get(instrument="phq-9")
    url = give(client, reverse("portal:question", args=[root.public_id]), "1", "0", "0", "0", "1")
    assert Alert.objects.get().risk_class == "acute"
    page = words(client, reverse("portal:question_help", args=[root.public_id]))
    assert "Stay with us" in page and "tel:911" in page
    assert "danger" not in page.replace("danger right now", "")


def test_somebody_elses_questions_do_not_exist(client: Client) -> None:
    row = Administration.objects.get()
    other = signed_in(make_person(birth_date=date(1991, 4, 2)))
    for name in ("question", "question_help", "question_done"):
        assert other.get(reverse(f"portal:{name}", args=[row.public_id])).status_code == 404
    url = reverse("portal:question", args=[row.public_id])
    assert other.post(url, {"item": "1", "value": "1"}).status_code == 404


def test_an_answer_that_is_none_is_refused_and_nothing_is_saved(client: Client) -> None:
    url = begun(client)
    for value in ("9", "x"):
        client.post(url, {"item": "1", "value": value})
    client.post(url, {"item": "77", "value": "1"})
    assert not Administration.objects.get().answers.exists()
    assert client.get(url, {"item": "77"}).status_code == 200


def test_questions_come_in_spanish(client: Client) -> None:
    client.cookies["django_language"] = "es"
    page = words(client, begun(client))
    assert "Poco interés o placer" in page
