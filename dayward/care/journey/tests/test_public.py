"""The public form: nothing is told back, somebody else may ask, an address cannot flood the pipeline."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey import services
from dayward.care.journey.models import IntakeCase, PublicInquiryCount
from dayward.care.journey.services.public import PER_ADDRESS
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.services import add_contact_point

pytestmark = pytest.mark.django_db


def form(**more: str) -> dict[str, str]:
    site = make_site()
    return {
        "for_whom": "me",
        "site": site.public_id,
        "given": "Robin",
        "phone": "512 555 0142",
        "language": "en",
        **more,
    }


def send(client: Client, **more: str) -> tuple[int, str]:
    response = client.post(reverse("inquire:form"), form(**more))
    if response.status_code == 302:
        return 302, client.get(response.headers["Location"]).content.decode()
    return response.status_code, response.content.decode()


def test_an_inquiry_comes_into_the_pipeline() -> None:
    status, page = send(Client(), message="I need help")
    assert status == 302
    assert "Thank you" in page
    case = IntakeCase.objects.get()
    assert (case.source, case.state, case.inquiry.message) == ("public_form", "inquiry", "I need help")
    assert case.person.contact_points.get().may_text is False


def test_the_answer_is_the_same_for_somebody_known_and_somebody_new() -> None:
    known = make_person(legal_given="Robin", legal_family="Sampleton")
    add_contact_point(actor=SETUP, person=known, kind="mobile", value="512 555 0142")
    services.open_inquiry(actor=SETUP, site=make_site(), person=known, source="phone")
    token = re.compile(r"[A-Za-z0-9]{64}")  # CSRF
    pages = [token.sub("", send(Client(), family=name)[1]) for name in ("Sampleton", "Nobody")]
    assert pages[0] == pages[1]
    assert IntakeCase.objects.count() == 3  # never merged with the known person by itself


def test_somebody_who_knows_them_may_ask_and_their_number_is_not_the_persons() -> None:
    send(Client(), for_whom="other", inquirer_name="Jo Sample", inquirer_relation="Friend", person_knows="no")
    case = IntakeCase.objects.get()
    assert case.inquiry.by_other
    assert case.inquiry.person_knows is False
    assert case.inquiry.inquirer_phone == "512 555 0142"
    assert not case.person.contact_points.exists()


def test_who_asks_for_somebody_else_gives_their_own_name() -> None:
    status, page = send(Client(), for_whom="other")
    assert status == 200
    assert "Tell us your name." in page
    assert not IntakeCase.objects.exists()


def test_a_program_that_fills_in_every_field_is_thanked_and_ignored() -> None:
    status, page = send(Client(), website="https://spam.example")
    assert status == 302
    assert "Thank you" in page
    assert not IntakeCase.objects.exists()


def test_an_address_is_limited_in_an_hour_and_another_is_not() -> None:
    client = Client()
    for _number in range(PER_ADDRESS):
        assert send(client)[0] == 302
    status, page = send(client)
    assert status == 429
    assert "call us" in page
    assert send(Client(REMOTE_ADDR="10.0.0.9"))[0] == 302
    assert IntakeCase.objects.count() == PER_ADDRESS + 1


def test_a_new_hour_starts_a_new_count_and_old_ones_go() -> None:
    now = timezone.now()
    for _number in range(PER_ADDRESS):
        services.count_request(address="10.0.0.7", now=now - timedelta(hours=1))
    services.count_request(address="10.0.0.7", now=now)
    assert PublicInquiryCount.objects.count() == 4  # two hours, one address and all of them
    services.count_request(address="10.0.0.7", now=now + timedelta(days=3))
    assert PublicInquiryCount.objects.count() == 2


def test_addresses_are_not_kept() -> None:
    services.count_request(address="10.0.0.7")
    assert not PublicInquiryCount.objects.filter(address__contains="10.0.0.7").exists()


def test_everybody_together_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dayward.care.journey.services.public.FROM_EVERYWHERE", 3)
    for number in range(3):
        services.count_request(address=f"10.0.1.{number}")
    with pytest.raises(services.TooMany):
        services.count_request(address="10.0.1.99")


def test_behind_a_proxy_the_visitors_address_is_counted(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _number in range(PER_ADDRESS):
        # What stands before the last address was written by the visitor: it does not count.
        forged = Client(
            REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"203.0.113.{_number}, 198.51.100.7"}
        )
        assert send(forged)[0] == 302
    assert send(Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.7"}))[0] == 429
    assert send(Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.8"}))[0] == 302
