"""Looks at a plan: what a review begins with, what it lacks, and what it makes of the plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dayward.care.journey.models import Episode
from dayward.chart.plans import services
from dayward.chart.plans.factories import (
    Team,
    signed_plan,
    written_plan,
    written_review,
)
from dayward.chart.plans.models import PlanReview
from dayward.chart.plans.queries.reviews import next_review_day
from dayward.chart.plans.queries.tree import tree_of
from dayward.chart.plans.tests.facts import evidence, kinds
from dayward.chart.safety.rules.merge import fingerprint
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_review_is_evidence_once_for_each_look_at_the_stay(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=plan)
    assert not evidence("review.recorded", episode)
    assert services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name) is None
    assert evidence("review.recorded", episode) and "plan.reviewed" in kinds(episode)
    review.refresh_from_db()
    assert review.hours and "Getting closer" in review.signed_text
    assert not evidence("step_down.criteria_met", episode)


def test_a_review_begins_with_the_words_and_the_day_that_stand(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    first = written_review(actor=team.actors[0], plan=plan, level="op")
    services.sign_review(actor=team.actors[0], review=first, typed_name=team.therapist.name)
    second = services.start_review(actor=team.actors[0], plan=plan)
    first.refresh_from_db()
    assert second.ratings == first.ratings and second.level == "op" and second.summary == ""
    assert second.next_review_on == next_review_day(episode.person, timezone.now())


def test_a_review_that_lacks_something_is_not_signed(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    review = services.start_review(actor=team.actors[0], plan=plan)
    with pytest.raises(Refused) as refused:
        services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    assert len(refused.value.reasons) >= 4


def test_only_a_plan_that_holds_is_reviewed(episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    with pytest.raises(Refused, match="everybody has signed"):
        services.start_review(actor=team.actors[0], plan=plan)


def test_a_review_that_changes_the_plan_makes_a_version_that_takes_its_place(
    episode: Episode, team: Team
) -> None:
    plan = signed_plan(episode=episode, team=team)
    kept, met = tree_of(plan).objectives[1], tree_of(plan).objectives[0]
    change: Any = {f"progress_{met.public_id}": "met", "changes_plan": "yes"}
    review = written_review(actor=team.actors[0], plan=plan, **change)
    new = services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    assert new is not None and new.number == 2 and new.supersedes == plan
    assert [row.thread for row in tree_of(new).objectives] == [kept.thread]
    plan.refresh_from_db()
    assert plan.state == "active"  # until everybody has signed the new one
    signed_plan(episode=episode, team=team)
    plan.refresh_from_db()
    new.refresh_from_db()
    assert (plan.state, new.state) == ("superseded", "active")
    assert tree_of(plan).objectives[0].text == met.text  # the old one stays readable


def test_a_review_changes_the_version_that_holds_by_then(episode: Episode, team: Team) -> None:
    first = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=first, changes_plan="yes")
    draft = services.revise_plan(actor=team.actors[0], plan=first)
    services.save_plan(actor=team.actors[0], plan=draft, texts={"strengths": "Plays the cello again."})
    second = signed_plan(episode=episode, team=team)
    new = services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    assert new is not None and new.supersedes == second and new.strengths == "Plays the cello again."


def test_a_step_down_review_proves_the_criteria(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    today = timezone.now().date()
    young = written_review(
        actor=team.actors[0],
        plan=plan,
        kind="step_down",
        stable_since=(today - timedelta(days=5)).isoformat(),
    )
    with pytest.raises(Refused) as refused:
        services.sign_review(actor=team.actors[0], review=young, typed_name=team.therapist.name)
    assert refused.value.reasons == ("Stable for less than two weeks.",)
    since = (today - timedelta(days=20)).isoformat()
    services.save_review(actor=team.actors[0], review=young, texts={"stable_since": since})
    services.sign_review(actor=team.actors[0], review=young, typed_name=team.therapist.name)
    assert evidence("step_down.criteria_met", episode) and evidence("review.recorded", episode)


def test_two_writers_of_a_review_lose_neither_text(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    review = services.start_review(actor=team.actors[0], plan=plan)
    base = {"summary": fingerprint("")}
    services.save_review(actor=team.actors[1], review=review, texts={"summary": "theirs"}, base=base)
    merged = services.save_review(actor=team.actors[0], review=review, texts={"summary": "mine"}, base=base)
    assert [(clash.mine, clash.theirs) for clash in merged.clashes] == [("mine", "theirs")]
    with pytest.raises(Refused, match="what is offered"):
        services.save_review(actor=team.actors[0], review=review, texts={"level": "moon"})


def test_a_signed_review_never_changes(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=plan)
    services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PlanReview.objects.filter(pk=review.pk).update(summary="rewritten")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        review.progress.update(note="rewritten")
    services.enter_in_error(actor=team.actors[0], paper=review, reason="Wrong chart")
    assert not evidence("review.recorded", episode)
