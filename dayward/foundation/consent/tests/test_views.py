"""Staff screens of the consents: what they show, and what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_treating
from dayward.foundation.consent import queries
from dayward.foundation.consent.factories import make_offer, make_packet_signed, make_release, make_signed
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.messaging.models import Message
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.services import add_contact_point, add_relationship

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(
        legal_given="Rosalind", legal_family="Sampleton", site=make_site("Riverbend Twin", state="MN")
    )


def signed_in(staff: StaffMember) -> Client:
    assert staff.user is not None
    browser = Client()
    browser.force_login(staff.user)
    return browser


@pytest.fixture
def client(person: Person) -> Client:
    return signed_in(make_treating(person, "intake", "therapist"))


def page(client: Client, name: str, person: Person, **more: str) -> str:
    answer = client.get(reverse(f"consent:{name}", kwargs={"person": person.public_id, **more}))
    assert answer.status_code == 200
    return answer.content.decode()


def url(name: str, person: Person, **more: str) -> str:
    return reverse(f"consent:{name}", kwargs={"person": person.public_id, **more})


def test_the_packet_is_prepared_in_one_act(client: Client, person: Person) -> None:
    assert "The admission packet is not complete" in page(client, "list", person)
    answer = client.post(url("packet", person))
    assert answer.url == url("hand_over", person)  # type: ignore[attr-defined]
    assert {each.kind for each in Consent.objects.all()} == {"treatment", "tpo", "telehealth"}
    assert "The admission packet is not complete" not in page(client, "list", person)


def test_the_list_says_who_may_see_what(client: Client, person: Person) -> None:
    make_signed(make_release(person))
    shown = page(client, "list", person)
    assert "Jordan Example" in shown
    assert "whether I came to my sessions" in shown


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_form_can_be_prepared(client: Client, person: Person, kind: Kind) -> None:
    fields = {
        "recipient": "Example County Office",
        "information": ["attendance"],
        "purposes": ["support"],
        "expiry_event": "",
        "expires_on": "2027-12-31",
    }
    answer = client.post(url("prepare", person, kind=kind), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    consent = Consent.objects.get()
    assert (consent.kind, str(consent.expires_on)) == (kind, "2027-12-31")
    assert "Rosalind Sampleton" in page(client, "consent", person, consent=consent.public_id)


def test_a_form_for_somebody_on_file_names_the_person(client: Client, person: Person) -> None:
    mother = make_person(legal_given="Mara", legal_family="Sampleton")
    add_relationship(actor=SETUP, person=person, relative=mother, kind="parent")
    fields = {
        "relative": mother.public_id,
        "information": ["session_times"],
        "purposes": ["support"],
        "expiry_event": "end_of_treatment",
    }
    client.post(url("prepare", person, kind="release"), fields)
    consent = Consent.objects.get()
    assert (consent.recipient_person, consent.recipient) == (mother, "Mara Sampleton")


@pytest.mark.parametrize(
    ("kind", "fields", "word"),
    [
        ("release", {"expires_on": "2027-01-01"}, "The form still needs"),
        ("release", {"recipient": "A", "information": ["plan"], "purposes": ["support"]}, "Say when it ends"),
        (
            "release",
            {"recipient": "A", "information": ["counseling_notes"], "expires_on": "2027-01-01"},
            "valid choice",
        ),
        (
            "release",
            {"recipient": "A", "purposes": ["proceedings"], "expires_on": "2027-01-01"},
            "valid choice",
        ),
        ("criminal_justice", {"binds": "day", "expiry_event": "final_disposition"}, "Say from which day on"),
    ],
)
def test_what_is_missing_is_said(
    client: Client, person: Person, kind: str, fields: dict[str, object], word: str
) -> None:
    answer = client.post(url("prepare", person, kind=kind), fields)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert Consent.objects.count() == 0


def test_there_is_no_form_of_another_kind(client: Client, person: Person) -> None:
    assert client.get(url("prepare", person, kind="everything")).status_code == 404


def test_revoking_needs_the_writing(client: Client, person: Person) -> None:
    consent = make_signed(make_release(person))
    client.post(url("revoke", person, consent=consent.public_id), {"note": ""})
    assert queries.in_force(person)
    client.post(url("revoke", person, consent=consent.public_id), {"note": "A letter of 4 March"})
    assert not queries.in_force(person)
    assert "A letter of 4 March" in page(client, "consent", person, consent=consent.public_id)


def test_a_form_nobody_signed_is_withdrawn(client: Client, person: Person) -> None:
    consent = make_offer(person)
    client.post(url("withdraw", person, consent=consent.public_id))
    assert queries.packet_for(person, person) == []


def test_a_code_is_shown_once_with_a_picture(client: Client, person: Person) -> None:
    answer = client.post(url("show_code", person), {"to": person.public_id})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "<svg" in shown
    code = answer.context["code"].replace(" ", "")
    browser = Client()
    entered = browser.post(reverse("portal:sign_in"), {"code": code, "birth_date": str(person.birth_date)})
    assert entered.status_code == 302


def test_the_tablet_ends_the_staff_session(client: Client, person: Person) -> None:
    make_offer(person)
    answer = client.post(reverse("portal:tablet", args=[person.public_id]), {"to": person.public_id})
    assert answer.url == reverse("portal:packet")  # type: ignore[attr-defined]
    assert "Permission for treatment" in client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert client.get(url("list", person)).status_code == 403
    assert client.get("/").status_code in {302, 403}


def test_the_tablet_goes_to_nobody_else(client: Client, person: Person) -> None:
    stranger = make_person()
    answer = client.post(reverse("portal:tablet", args=[person.public_id]), {"to": stranger.public_id})
    assert answer.status_code == 404


def test_without_a_mail_server_nothing_is_sent(client: Client, person: Person) -> None:
    point = add_contact_point(actor=SETUP, person=person, kind="email", value="r@example.org", may_email=True)
    assert "No mail server is set up" in page(client, "hand_over", person)
    client.post(url("send", person), {"to": person.public_id, "point": point.public_id})
    assert Message.objects.count() == 0


def test_a_disclosure_is_refused_without_consent_and_taken_with_it(client: Client, person: Person) -> None:
    fields = {
        "basis": "consent",
        "recipient": "Jordan Example",
        "recipient_class": "named",
        "purpose": "support",
        "information": ["attendance"],
        "description": "Came every day.",
    }
    refused = client.post(url("disclose", person), fields)
    assert refused.status_code == 422
    assert "No consent names this recipient" in refused.content.decode()
    make_signed(make_release(person))
    assert client.post(url("disclose", person), fields).status_code == 302
    made = Disclosure.objects.get()
    shown = page(client, "disclosure", person, disclosure=made.public_id)
    assert "This record which has been disclosed to you" in shown
    assert "Permission to share with one person or office" in shown
    assert "Came every day." in page(client, "accounting", person)
    file = client.get(url("accounting_pdf", person))
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")


def test_where_nothing_was_disclosed_there_is_a_file_that_says_so(client: Client, person: Person) -> None:
    assert client.get(url("accounting_pdf", person)).content.startswith(b"%PDF")


def test_pages_stay_within_fifteen_queries(
    client: Client, person: Person, django_assert_max_num_queries: object
) -> None:
    make_packet_signed(person)
    for number in range(6):
        make_signed(make_release(person, f"Office {number}"))
    for name in ("list", "hand_over", "accounting"):
        client.get(url(name, person))
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            client.get(url(name, person))


def test_somebody_elses_consent_is_not_in_this_chart(client: Client, person: Person) -> None:
    other = make_signed(make_release(make_person()))
    assert client.get(url("consent", person, consent=other.public_id)).status_code == 404
    assert client.post(url("revoke", person, consent=other.public_id), {"note": "x"}).status_code == 404


def test_without_the_care_team_the_chart_is_closed(person: Person) -> None:
    browser = signed_in(make_treating(make_person(), "therapist"))
    assert browser.get(url("list", person)).status_code == 403
