"""Messages leave in neutral words, only to safe addresses, and keep no link once they have left."""

from __future__ import annotations

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from dayward.foundation.messaging import queries, services
from dayward.foundation.messaging.models import Message
from dayward.foundation.organization.models import Organization
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import ContactPoint, Person
from dayward.foundation.people.services import add_contact_point
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db
URL = "https://clinic.example/my/in/secretsecret/"


@pytest.fixture
def mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"


def point_of(person: Person, *, safe: bool = True, kind: str = "email") -> ContactPoint:
    value = "sam@example.org" if kind == "email" else "(612) 555-0100"
    return add_contact_point(
        actor=SETUP, person=person, kind=kind, value=value, may_email=safe, may_text=safe
    )


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize(
    ("language", "word"), [("en", "there is a page for you"), ("es", "hay una página para usted")]
)
def test_a_link_leaves_in_neutral_words(language: str, word: str) -> None:
    person = make_person(language=language, legal_given="Marked", legal_family="Patientname")
    message = services.send_link(actor=SETUP, person=person, point=point_of(person), url=URL)
    assert message.state == Message.State.WAITING
    services.deliver(message_id=message.pk)
    (sent,) = mail.outbox
    assert sent.to == ["sam@example.org"]
    assert word in sent.body
    assert URL in sent.body
    whole = f"{sent.subject} {sent.body}".lower()
    for forbidden in (
        "marked",
        "patientname",
        "treatment",
        "therapy",
        "program",
        "health",
        "tratamiento",
        "day program",
    ):
        assert forbidden not in whole


@pytest.mark.usefixtures("mail_server")
def test_the_link_is_not_kept_and_not_sent_twice() -> None:
    person = make_person()
    message = services.send_link(actor=SETUP, person=person, point=point_of(person), url=URL)
    services.deliver(message_id=message.pk)
    services.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.body) == (Message.State.SENT, "")
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("mail_server")
def test_the_queue_carries_an_id_and_nothing_else() -> None:
    person = make_person()
    message = services.send_link(actor=SETUP, person=person, point=point_of(person), url=URL)
    job = ProcrastinateJob.objects.get(task_name="messaging.deliver")
    assert job.args == {"message_id": message.pk}


@pytest.mark.usefixtures("mail_server")
def test_an_address_not_marked_as_safe_gets_nothing() -> None:
    person = make_person()
    with pytest.raises(Refused, match="Not marked as safe"):
        services.send_link(actor=SETUP, person=person, point=point_of(person, safe=False), url=URL)
    assert Message.objects.count() == 0


@pytest.mark.usefixtures("mail_server")
def test_somebody_elses_address_is_refused() -> None:
    other = make_person()
    with pytest.raises(Refused, match="not on file"):
        services.send_link(actor=SETUP, person=make_person(), point=point_of(other), url=URL)


def test_without_a_mail_server_the_screen_says_so() -> None:
    person = make_person()
    point_of(person)
    (way,) = queries.ways_to(person)
    assert way.why_not == "No mail server is set up. Show the code or the link instead."


@pytest.mark.usefixtures("mail_server")
def test_no_mail_leaves_the_demo() -> None:
    person = make_person()
    point = point_of(person)
    message = services.send_link(actor=SETUP, person=person, point=point, url=URL)
    Organization.objects.update(is_demo=True)
    services.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert (message.state, message.body, mail.outbox) == (Message.State.FAILED, "", [])
    with pytest.raises(Refused, match="This is the demo"):
        services.send_link(actor=SETUP, person=person, point=point, url=URL)


@pytest.mark.usefixtures("mail_server")
def test_nothing_pretends_to_send_a_text() -> None:
    person = make_person()
    point = point_of(person, kind="mobile")
    with pytest.raises(Refused, match="Text messages cannot be sent"):
        services.send_link(actor=SETUP, person=person, point=point, url=URL)
