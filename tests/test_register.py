"""Somebody new is written down after a look whether they are here, and whoever may goes on to their page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db
TOLD = {"legal_given": "Undine", "legal_family": "Twiceford", "birth_date": "1988-04-02"}


def browser(role: str) -> Client:
    staff, client = make_staff_with(role), Client()
    assert staff.user
    client.force_login(staff.user)
    return client


def test_whoever_may_read_it_goes_on_to_the_page_of_the_person() -> None:
    after = browser("director").post(reverse("people:register"), TOLD)
    person = Person.objects.get(legal_family="Twiceford")
    assert after["Location"] == reverse("people:person", args=[person.public_id])


def test_a_role_that_opens_no_charts_of_others_goes_back_to_the_search() -> None:
    after = browser("intake").post(reverse("people:register"), TOLD)
    assert after["Location"] == reverse("staff:search")


def test_the_same_name_is_shown_before_a_second_is_written_down() -> None:
    director = browser("director")
    director.post(reverse("people:register"), TOLD)
    asked = director.post(reverse("people:register"), TOLD).content.decode()
    assert "Perhaps they are here already" in asked
    assert Person.objects.filter(legal_family="Twiceford").count() == 1
    director.post(reverse("people:register"), TOLD | {"new": "1"})
    assert Person.objects.filter(legal_family="Twiceford").count() == 2
