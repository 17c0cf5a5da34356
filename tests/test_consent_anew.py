"""Newer words of a form are due of everybody who signed the older ones, until they sign."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey.factories import make_episode
from dayward.foundation.consent import services
from dayward.foundation.consent.factories import make_packet_signed, make_signed
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.tests.test_wordings import write
from dayward.foundation.people.factories import SETUP
from dayward.foundation.standards import services as standards
from dayward.foundation.standards.jobs import refresh_people
from dayward.foundation.standards.models import Due
from dayward.kernel.facts import doings


def person_page(due: Due) -> str:
    return doings.get("consent.signed_anew")(person=due.person.public_id, episode=due.episode, ref=due.mark)  # type: ignore[misc]


@pytest.mark.django_db
def test_newer_words_make_a_due_that_signing_settles() -> None:
    episode = make_episode()
    person = episode.person
    make_packet_signed(person)
    row = write(anew=True, effective_from=timezone.now().date() + timedelta(days=2))
    assert not Due.objects.filter(rule="consent.anew").exists()  # a job looks at all who signed
    refresh_people(people=[person.pk])
    due = Due.objects.get(rule="consent.anew")
    assert (due.person, due.state, due.mark) == (person, Due.State.OPEN, row.public_id)
    assert due.due_at.date() >= row.effective_from + timedelta(days=14)
    services.withdraw_text(actor=SETUP, text=row)
    refresh_people(people=[person.pk])
    assert not Due.objects.filter(rule="consent.anew", state=Due.State.OPEN).exists()
    write(anew=True)
    refresh_people(people=[person.pk])
    due = Due.objects.get(rule="consent.anew", state=Due.State.OPEN)
    assert person_page(due) == reverse("consent:list", args=[person.public_id])
    (again,) = services.offer_packet(actor=SETUP, person=person)
    assert isinstance(again, Consent)
    make_signed(again)
    due.refresh_from_db()
    assert due.state == Due.State.DONE
    assert not standards.keep_up().total, "the services said what changed"
