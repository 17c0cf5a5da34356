"""The steps on real rows, tried in any order and judged by SQL that knows nothing of the table."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dayward.care.journey import services
from dayward.care.journey.factories import (
    actor_of,
    make_case,
    make_episode,
    make_program,
)
from dayward.care.journey.models import (
    Episode,
)
from dayward.care.journey.tests.acts import (
    CASE_ACTS,
    EPISODE_ACTS,
    everything_above,
    try_it,
)
from dayward.care.journey.tests.oracle import wrong
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor

pytestmark = pytest.mark.django_db
WALK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def actor() -> Actor:
    return actor_of(make_staff_with("intake", "therapist", "director"))


@WALK
@given(acts=st.lists(st.sampled_from(sorted(CASE_ACTS)), min_size=4, max_size=14))
def test_whatever_is_tried_with_a_case_the_rows_stay_right(actor: Actor, acts: list[str]) -> None:
    with transaction.atomic(), everything_above():
        case = make_case(actor=actor)
        for act in acts:
            case.refresh_from_db()
            try_it(CASE_ACTS[act], actor, case)
        found = wrong()
        transaction.set_rollback(True)
    assert found == []


@WALK
@given(acts=st.lists(st.sampled_from(sorted(EPISODE_ACTS)), min_size=3, max_size=12))
@example(acts=["first service", "hold", "hold"])
@example(
    acts=["first service", "complete", "call", "no payer", "reopen", "track", "complete", "call", "alumni"]
)
@example(acts=["first service", "complete", "back for another reason", "reopen", "payer says no", "reopen"])
def test_whatever_is_tried_with_an_episode_the_rows_stay_right(actor: Actor, acts: list[str]) -> None:
    with transaction.atomic(), everything_above():
        make_program(reopen_days=30)
        episode = make_episode(actor=actor, starts_on=date(2026, 3, 2))
        for act in acts:
            episode.refresh_from_db()
            try_it(EPISODE_ACTS[act], actor, episode)
        found = wrong()
        transaction.set_rollback(True)
    assert found == []


def test_the_whole_way_leaves_right_rows(actor: Actor) -> None:
    with everything_above():
        episode = make_episode(actor=actor, starts_on=date(2026, 3, 2))
        before = ("first service", "tick", "goals", "day 3", "hold", "return", "track", "flag", "clear")
        week = ("finish week", "taper", "step down", "leaving", "appointment", "plan discharge", "stay on")
        for act in (*before, *week, "plan discharge", "complete", "call", "worried call", "missed"):
            EPISODE_ACTS[act](actor, Episode.objects.get(pk=episode.pk))
        aftercare = Episode.objects.get(pk=episode.pk).aftercare
        services.move_aftercare(actor=actor, case=aftercare, key="join_alumni")
    assert wrong() == []
