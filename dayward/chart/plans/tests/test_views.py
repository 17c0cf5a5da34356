from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import AdmissionItem, Episode
from dayward.chart.assessments.factories import signed_assessment
from dayward.chart.plans import queries, services
from dayward.chart.plans.factories import (
    Team,
    make_team,
    signed_plan,
    team_signed,
    written_plan,
    written_review,
)
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.panels import TOLD
from dayward.chart.plans.queries.beginning import offers_for
from dayward.chart.plans.queries.tree import content_of, field_key, tree_of
from dayward.chart.plans.rules.content import gaps
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, team: Team) -> Client:
    assert team.therapist.user is not None
    client.force_login(team.therapist.user)
    return client


def page(name: str, episode: Episode, *more: str) -> str:
    return reverse(f"plans:{name}", args=[episode.person.public_id, *more])


def test_opening_writes_nothing_and_beginning_fills_what_is_known(
    signed_in: Client, episode: Episode
) -> None:
    assert signed_in.get(page("edit", episode))["Location"] == page("start", episode)
    assert b"daily-life" in signed_in.get(page("start", episode)).content
    assert not Plan.objects.exists()
    begun = signed_in.post(page("start", episode), {"offer": ["starter:depression", "starter:anxiety"]})
    assert begun["Location"] == page("edit", episode)
    plan = Plan.objects.get()
    assert [row.problem.title for row in tree_of(plan).problems] == [
        "Low mood and loss of drive",
        "Worry and avoidance",
    ]
    assert signed_in.get(page("start", episode))["Location"] == page("edit", episode)
    assert b"Low mood and loss of drive" in signed_in.get(page("edit", episode)).content


def test_a_person_without_treatment_has_no_plan(signed_in: Client) -> None:
    other = make_person()
    therapist = make_team(other).therapist
    assert therapist.user is not None
    signed_in.force_login(therapist.user)
    begin = reverse("plans:start", args=[other.public_id])
    assert b"not in treatment" in signed_in.get(begin).content
    assert signed_in.get(reverse("plans:edit", args=[other.public_id])).status_code == 404


def test_a_normal_plan_needs_a_handful_of_words(episode: Episode, team: Team) -> None:
    """Less than five minutes: after an assessment and an admission, at most three boxes are left to write."""
    assert episode.case is not None
    signed_assessment(actor=actor_of(team.therapist), case=episode.case, codes=("F33.1",))
    AdmissionItem.objects.update_or_create(
        case=episode.case, kind="first_goals", defaults={"note": "Sleep, and see my sister.", "done_by": "x"}
    )
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    left = gaps(content_of(tree_of(plan)))
    assert len(left) <= 3, left
    tree = tree_of(plan)
    assert tree.problems[0].problem.icd_id == "F33.1" and len(tree.objectives) == 2
    assert tree.goals[0].goal.words == "Sleep, and see my sister."
    assert plan.strengths and plan.education


def test_typing_saves_and_says_what_is_still_missing(signed_in: Client, episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    goal = field_key(tree_of(plan).goals[0].goal, "words")
    save = page("save", episode, plan.public_id)
    answer = signed_in.post(
        save, {goal: "Sleep again.", f"base_{goal}": fingerprint("")}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and fingerprint("Sleep again.").encode() in answer.content
    assert b"Still missing" in answer.content and b"Minutes a week" in answer.content
    row = tree_of(plan).interventions[0]
    minutes = field_key(row, "minutes")
    half = signed_in.post(save, {minutes: "x", f"base_{minutes}": fingerprint(str(row.minutes))})
    assert half.status_code == 409


def test_two_writers_see_both_texts(signed_in: Client, episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    services.save_plan(actor=team.actors[1], plan=plan, texts={"barriers": "theirs"})
    late = {"barriers": "mine", "base_barriers": fingerprint(""), "act": "next"}
    both = signed_in.post(page("edit", episode), late)
    assert both.status_code == 422 and b"theirs" in both.content and b"mine" in both.content
    plan.refresh_from_db()
    assert plan.barriers == "theirs"


def test_buttons_save_first_and_then_do(signed_in: Client, episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    tree = tree_of(plan)
    typed = {"barriers": "The bus", "base_barriers": fingerprint("")}
    for act in (
        "add:intervention",
        "add:criterion",
        "add:problem",
        f"add:objective:{tree.goals[0].goal.public_id}",
        "offer:starter:trauma",
    ):
        answer = signed_in.post(page("edit", episode), {**typed, "act": act})
        assert answer.status_code == 302 and "#" in answer["Location"]
    plan.refresh_from_db()
    assert plan.barriers == "The bus" and len(tree_of(plan).problems) == len(tree.problems) + 2
    row = tree.criteria[0]
    signed_in.post(page("edit", episode), {"act": f"off:criterion:{row.public_id}"})
    assert row not in tree_of(plan).criteria
    signed_in.post(page("put_back", episode, plan.public_id, "criterion", row.public_id))
    assert row in tree_of(plan).criteria
    assert signed_in.post(page("edit", episode), {"act": "off:problem:nothing"}).status_code == 302
    assert signed_in.post(page("edit", episode), {"act": "next"})["Location"] == page("sign", episode)


def test_without_script_half_a_number_is_refused_and_kept(
    signed_in: Client, episode: Episode, team: Team
) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    row = tree_of(plan).interventions[0]
    key = field_key(row, "minutes")
    answer = signed_in.post(
        page("edit", episode), {key: "an hour", f"base_{key}": fingerprint(str(row.minutes)), "act": "save"}
    )
    assert answer.status_code == 422 and b"an hour" in answer.content


def test_signing_says_what_is_missing_and_who_can(
    signed_in: Client, episode: Episode, team: Team, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    assert signed_in.get(page("sign", episode))["Location"] == page("start", episode)
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    shown = signed_in.get(page("sign", episode)).content
    assert b"Still missing before it can be signed" in shown
    plan = written_plan(actor=team.actors[0], episode=episode)
    with django_assert_max_num_queries(15):
        shown = signed_in.get(page("sign", episode)).content
    assert team.prescriber.name.encode() in shown and b"Sign the plan" in shown
    refused = signed_in.post(page("sign", episode), {"typed_name": "Nobody"})
    assert refused.status_code == 422 and b"Type your own name" in refused.content
    signed = signed_in.post(page("sign", episode), {"typed_name": team.therapist.name, "seat": "therapist"})
    assert signed["Location"] == page("sign", episode)
    assert b"The person does not sign" in signed_in.get(page("sign", episode)).content
    assert signed_in.get(page("edit", episode))["Location"] == page("sign", episode)
    plan.refresh_from_db()
    assert plan.state == "signing"


def test_nobody_signs_words_that_changed_while_they_read(
    signed_in: Client, episode: Episode, team: Team
) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    shown = signed_in.get(page("sign", episode)).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert seen is not None
    texts = {"strengths": "Something else was written meanwhile."}
    services.save_plan(actor=team.actors[0], plan=plan, texts=texts)
    form = {"typed_name": team.therapist.name, "seat": "therapist", "seen": seen[1]}
    refused = signed_in.post(page("sign", episode), form)
    assert refused.status_code == 422 and b"have changed since you opened this page" in refused.content
    plan.refresh_from_db()
    assert not plan.is_signed


def test_the_person_does_not_sign_and_the_reason_is_kept(
    signed_in: Client, episode: Episode, team: Team
) -> None:
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    attest = page("attest", episode, plan.public_id)
    word = {"role": "patient", "outcome": "verbal", "attest_name": team.therapist.name}
    assert signed_in.post(attest, word).status_code == 422  # no reason
    assert signed_in.post(attest, {**word, "reason": "By video", "attest_name": "x"}).status_code == 422
    assert signed_in.post(attest, {**word, "reason": "By video"})["Location"] == page("chart", episode)
    read = signed_in.get(page("read", episode, plan.public_id)).content
    assert b"By video" in read and b"Agreed by word of mouth" in read
    assert b"My treatment plan" in signed_in.get(page("print", episode, plan.public_id)).content


def test_a_version_is_changed_before_all_have_signed(signed_in: Client, episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    services.sign_as_team(actor=team.actors[0], plan=plan, typed_name=team.therapist.name)
    change = page("change", episode, plan.public_id)
    assert signed_in.post(change, {"reason": " "}).status_code == 422
    assert signed_in.post(change, {"reason": "One more goal"})["Location"] == page("edit", episode)
    assert b"One more goal" in signed_in.get(page("read", episode, plan.public_id)).content


def test_the_chart_shows_goals_progress_and_what_is_next(
    signed_in: Client, episode: Episode, team: Team
) -> None:
    assert b"No treatment plan has been written" in signed_in.get(page("chart", episode)).content
    plan = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=plan)
    services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    shown = signed_in.get(page("chart", episode)).content
    for words in (b"I want my mornings back.", b"Getting closer", b"Next review by", b"Read it as signed"):
        assert words in shown
    assert signed_in.get(page("sign", episode))["Location"] == page("chart", episode)
    assert signed_in.get(page("start", episode))["Location"] == page("chart", episode)


def test_the_panel_costs_one_query(
    signed_in: Client, episode: Episode, team: Team, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    signed_plan(episode=episode, team=team)
    signed_in.get(page("chart", episode))
    people = Person.objects.get(pk=episode.person.pk)
    assert people.all_ids
    with django_assert_max_num_queries(1):
        from_panel = TOLD.rows(people=people.all_ids)
    assert from_panel[0].told_objectives and len(from_panel[0].said) == 4


def test_a_review_is_begun_written_and_signed(signed_in: Client, episode: Episode, team: Team) -> None:
    assert b"There is no plan to review" in signed_in.get(page("review", episode)).content
    plan = signed_plan(episode=episode, team=team)
    assert b"This is the first review" in signed_in.get(page("review", episode)).content
    signed_in.post(page("review", episode), {"kind": "regular"})
    review = PlanReview.objects.get()
    shown = signed_in.get(page("review", episode)).content
    assert tree_of(plan).objectives[0].text.encode() in shown and b"Hours delivered" in shown
    save = page("save_review", episode, review.public_id)
    typed = {"summary": "Better", "base_summary": fingerprint("")}
    assert signed_in.post(save, typed, headers={"HX-Request": "true"}).status_code == 200
    refused = signed_in.post(page("review", episode), {"act": "sign", "typed_name": team.therapist.name})
    assert refused.status_code == 422 and b"Say how it stands" in refused.content
    both = signed_in.post(page("review", episode), {"summary": "Mine", "base_summary": fingerprint("")})
    assert both.status_code == 422 and b"Better" in both.content
    signed_in.post(page("review", episode), {"act": "kind:step_down"})
    review.refresh_from_db()
    assert review.kind == "step_down" and review.summary == "Better"
    since = (timezone.now().date() - timedelta(days=20)).isoformat()
    written_review(actor=team.actors[0], plan=plan, kind="step_down", stable_since=since, changes_plan="yes")
    answer = signed_in.post(page("review", episode), {"act": "sign", "typed_name": team.therapist.name})
    assert answer["Location"] == page("edit", episode)
    assert signed_in.get(page("read_review", episode, review.public_id)).status_code == 200
    draft = queries.open_plan(episode)
    assert draft is not None and draft.number == 2


def test_a_review_draft_is_set_aside(signed_in: Client, episode: Episode, team: Team) -> None:
    review = services.start_review(actor=team.actors[0], plan=signed_plan(episode=episode, team=team))
    signed_in.post(page("set_aside", episode, review.public_id), {"reason": ""})
    review.refresh_from_db()
    assert review.entered_in_error_at
    assert b"never signed" in signed_in.get(page("read_review", episode, review.public_id)).content


def test_what_is_in_error_stays_readable(signed_in: Client, episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    review = written_review(actor=team.actors[0], plan=plan)
    services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    signed_in.post(page("review_in_error", episode, review.public_id), {"reason": "Wrong chart"})
    signed_in.post(page("enter_in_error", episode, plan.public_id), {"reason": ""})
    plan.refresh_from_db()
    assert plan.state == "active"  # no reason
    signed_in.post(page("enter_in_error", episode, plan.public_id), {"reason": "Wrong person"})
    assert b"Wrong person" in signed_in.get(page("read", episode, plan.public_id)).content
    assert b"Wrong chart" in signed_in.get(page("read_review", episode, review.public_id)).content


def test_another_persons_plan_is_not_found_here(signed_in: Client, episode: Episode, team: Team) -> None:
    other = make_episode(started=True)
    plan = written_plan(actor=make_team(other.person).actors[0], episode=other)
    for name in ("read", "print"):
        assert signed_in.get(page(name, episode, plan.public_id)).status_code == 404
    assert signed_in.post(page("save", episode, plan.public_id), {"barriers": "x"}).status_code == 404


def test_the_minutes_of_the_week_warn_where_they_differ(
    signed_in: Client, episode: Episode, team: Team
) -> None:
    services.start_plan(actor=team.actors[0], episode=episode)
    shown = signed_in.get(page("edit", episode)).content.decode()
    assert re.search(r"of 10 h\s+prescribed", shown) and "differs" in shown


def test_offers_do_not_repeat_what_is_there(signed_in: Client, episode: Episode, team: Team) -> None:
    services.start_plan(actor=team.actors[0], episode=episode, chosen=services.Chosen(["starter:trauma"]))
    shown = signed_in.get(page("edit", episode)).content.decode()
    assert 'value="offer:starter:trauma"' not in shown and 'value="offer:starter:anxiety"' in shown
    assert len(offers_for(episode)) == 6
