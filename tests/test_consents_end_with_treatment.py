"""A discharge ends what was allowed "until treatment here ends", from the next day on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dayward.care.journey import services as journey
from dayward.care.journey.factories import make_actor, make_episode
from dayward.foundation.consent import queries
from dayward.foundation.consent.factories import make_packet_signed
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db


def kinds_in_force(person: Person, days: int) -> set[str]:
    return {consent.kind for consent in queries.in_force(person, timezone.now() + timedelta(days=days))}


def test_a_discharge_ends_treatment_and_video_but_not_payment() -> None:
    episode = make_episode(started=True)
    person = episode.person
    make_packet_signed(person)
    assert kinds_in_force(person, 30) == {"treatment", "telehealth", "tpo"}
    journey.discharge_lost(actor=make_actor("therapist"), episode=episode, reason="Nobody answers")
    assert kinds_in_force(person, 0) == {"treatment", "telehealth", "tpo"}
    assert kinds_in_force(person, 2) == {"tpo"}
