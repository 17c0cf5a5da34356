from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.services import close
from dayward.care.journey.factories import actor_of, make_actor, make_episode, make_program
from dayward.care.journey.models import Episode
from dayward.care.journey.services import discharge
from dayward.chart.plans import queries, services
from dayward.chart.plans.factories import (
    Team,
    make_team,
    own_actor,
    signed_plan,
    team_signed,
    written_plan,
    written_review,
)
from dayward.chart.plans.forms import PlanForm
from dayward.chart.plans.models import Goal, Intervention, Objective, Plan, PlanSignature, Problem
from dayward.chart.plans.queries.beginning import usual_interventions
from dayward.chart.plans.queries.team import signing_of
from dayward.chart.plans.queries.tree import field_key, texts_of, tree_of
from dayward.chart.plans.services.wording import line_of_review
from dayward.chart.plans.tests.facts import evidence, kinds
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.services import add_relationship
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove

pytestmark = pytest.mark.django_db


# -- writing ------------------------------------------------------------------------------------------------------


def test_a_new_plan_begins_with_what_is_known(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    tree = tree_of(plan)
    assert tree.objectives and tree.criteria and tree.interventions
    assert {row.service.form for row in tree.interventions} >= {
        "group",
        "education",
        "individual",
        "medication",
    }
    visit = next(row for row in tree.interventions if row.service.form == "medication")
    assert visit.responsible == team.prescriber
    assert services.start_plan(actor=team.actors[1], episode=episode) == plan  # one draft


def test_two_writers_lose_neither_text(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    goal = field_key(tree_of(plan).goals[0].goal, "words")
    base = {key: fingerprint(text) for key, text in texts_of(tree_of(plan)).items()}
    services.save_plan(actor=team.actors[1], plan=plan, texts={goal: "theirs"}, base=base)
    merged = services.save_plan(
        actor=team.actors[0], plan=plan, texts={goal: "mine", "barriers": "the bus"}, base=base
    )
    assert [(clash.key, clash.mine, clash.theirs) for clash in merged.clashes] == [(goal, "mine", "theirs")]
    plan.refresh_from_db()
    assert plan.barriers == "the bus" and Goal.objects.get(plan=plan).words == "theirs"


def test_a_text_that_cannot_be_a_value_is_refused_and_nothing_is_lost(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    row = tree_of(plan).interventions[0]
    before = row.minutes
    for name, text in (
        ("minutes", "soon"),
        ("per_week", "0"),
        ("weeks", "-1"),
        ("service", "x"),
        ("objective", "x"),
    ):
        with pytest.raises(Refused), transaction.atomic():
            services.save_plan(actor=team.actors[0], plan=plan, texts={field_key(row, name): text})
    row.refresh_from_db()
    assert row.minutes == before


def test_a_closed_kind_of_service_is_offered_no_more_and_stays_where_it_was_planned(
    episode: Episode, team: Team
) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    kept, other = tree_of(plan).interventions[:2]
    for key in (kept.service.key, "life-skills"):
        close(actor=SETUP, row=ServiceKind.objects.get(key=key))
    form = PlanForm(tree=tree_of(plan), team=[])
    offered = dict(form.fields[field_key(kept, "service")].choices)  # type: ignore[attr-defined]
    assert kept.service.public_id in offered
    assert ServiceKind.objects.get(key="life-skills").public_id not in offered
    texts = {field_key(other, "service"): kept.service.public_id}
    with pytest.raises(Refused, match="Choose one of the services"):
        services.save_plan(actor=team.actors[0], plan=plan, texts=texts)
    assert kept.service not in [row["service"] for row in usual_interventions(episode)]


def test_what_is_taken_off_can_be_put_back(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    problem = tree_of(plan).problems[0].problem
    services.take_off(actor=team.actors[0], plan=plan, kind="problem", part=problem.public_id)
    assert tree_of(plan).problems == [] and tree_of(plan).objectives == []
    services.put_back(actor=team.actors[0], plan=plan, kind="problem", part=problem.public_id)
    assert tree_of(plan).problems[0].problem == problem and tree_of(plan).objectives


def test_rows_are_added_under_what_they_belong_to(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    actor, tree = team.actors[0], tree_of(plan)
    goal = tree.goals[0].goal
    services.add_part(actor=actor, plan=plan, kind="objective", under=goal.public_id)
    services.add_part(actor=actor, plan=plan, kind="goal", under=tree.problems[0].problem.public_id)
    services.add_part(actor=actor, plan=plan, kind="intervention")
    services.add_part(actor=actor, plan=plan, kind="criterion")
    services.add_problem(actor=actor, plan=plan, offer="starter:trauma")
    now = tree_of(plan)
    assert len(now.problems) == 2 and len(now.problems[0].goals) == 2
    assert len(now.interventions) == len(tree.interventions) + 1
    assert len(now.criteria) == len(tree.criteria) + 1
    with pytest.raises(Refused, match="not in the plan any more"):
        services.add_part(actor=actor, plan=plan, kind="objective", under="nothing")


# -- signing ------------------------------------------------------------------------------------------------------


def test_the_plan_holds_when_the_person_and_three_of_the_team_have_signed(
    episode: Episode, team: Team
) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    assert not evidence("plan.signed", episode) and kinds(episode) == []
    team_signed(plan, team)
    assert plan.state == "signing" and signing_of(plan).missing == ["Person"]
    assert kinds(episode) == ["plan.written"] and not evidence("plan.signed", episode)
    services.sign_as_person(actor=own_actor(episode.person), plan=plan, typed_name="Jo Person")
    plan.refresh_from_db()
    assert plan.state == "active" and evidence("plan.signed", episode)
    assert kinds(episode) == ["plan.signed", "plan.written"]
    assert queries.active_plan(episode.person) == plan
    assert queries.objectives_of(episode.person) == tree_of(plan).objectives
    assert {row.signature.sha256 for row in plan.signatures.all()} == {digest(plan.signed_text)}


def test_a_gap_is_named_before_anybody_signs(episode: Episode, team: Team) -> None:
    plan = services.start_plan(actor=team.actors[0], episode=episode)
    with pytest.raises(Refused) as refused:
        services.sign_as_team(actor=team.actors[0], plan=plan, typed_name=team.therapist.name)
    assert any("person's words" in reason for reason in refused.value.reasons)


@pytest.mark.parametrize("credential", ["trainee", "peer", "nurse"])
def test_whose_credential_does_not_fit_cannot_sign(episode: Episode, team: Team, credential: str) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    other = actor_of(make_staff_with("therapist", credential=credential))
    assert other.staff is not None
    with pytest.raises(Refused, match="credential"):
        services.sign_as_team(actor=other, plan=plan, typed_name=other.staff.name)


def test_an_expired_license_signs_nothing(episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    team.therapist.credentials.update(expires_on=timezone.now().date() - timedelta(days=2))
    with pytest.raises(Refused, match="expired"):
        services.sign_as_team(actor=team.actors[0], plan=plan, typed_name=team.therapist.name)


def test_nobody_signs_twice_and_no_seat_is_signed_twice(episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    services.sign_as_team(actor=team.actors[1], plan=plan, typed_name=team.social_worker.name)
    with pytest.raises(Refused, match="signed this plan already"):
        services.sign_as_team(
            actor=team.actors[1], plan=plan, typed_name=team.social_worker.name, seat="therapist"
        )
    with pytest.raises(Refused, match="there already"):
        services.sign_as_team(
            actor=team.actors[0], plan=plan, typed_name=team.therapist.name, seat="social_worker"
        )


def test_the_person_signs_what_the_team_has_fixed(episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    own = own_actor(episode.person)
    with pytest.raises(Refused, match="still being written"):
        services.sign_as_person(actor=own, plan=plan, typed_name="Jo Person")
    services.sign_as_team(actor=team.actors[0], plan=plan, typed_name=team.therapist.name)
    with pytest.raises(Refused, match="changed since"):
        services.sign_as_person(actor=own, plan=plan, typed_name="Jo Person", seen="0" * 64)
    with pytest.raises(Refused, match="Only the person"):
        services.sign_as_person(actor=own_actor(make_person()), plan=plan, typed_name="Some One")
    assert queries.plans_to_sign(episode.person) == [plan]
    services.sign_as_person(actor=own, plan=plan, typed_name="Jo Person")
    assert queries.plans_to_sign(episode.person) == []
    with pytest.raises(Refused, match="already"):
        services.sign_as_person(actor=own, plan=plan, typed_name="Jo Person")


def test_a_guardian_signs_only_where_a_guardian_has_to(team: Team, episode: Episode) -> None:
    parent = make_person(legal_given="Rosa", legal_family="Parent")
    add_relationship(actor=SETUP, person=episode.person, relative=parent, kind="parent", is_guardian=True)
    plan = written_plan(actor=team.actors[0], episode=episode)
    team_signed(plan, team)
    with pytest.raises(Refused, match="for the person alone"):
        services.sign_as_person(actor=own_actor(parent), plan=plan, typed_name="Rosa Parent")


def test_a_child_needs_the_guardian() -> None:
    program = make_program(name="Teens")
    program.age_group = "adolescent"
    program.save()
    child = make_person(birth_date=timezone.now().date() - timedelta(days=int(365.25 * 13) + 40))
    parent = make_person(legal_given="Rosa", legal_family="Parent")
    add_relationship(actor=SETUP, person=child, relative=parent, kind="parent", is_guardian=True)
    episode = make_episode(person=child, program=program, started=True)
    team = make_team(child)
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    assert "Guardian" in signing_of(plan).missing
    services.sign_as_person(actor=own_actor(child), plan=plan, typed_name="Little One")
    plan.refresh_from_db()
    assert plan.state == "signing"
    services.sign_as_person(actor=own_actor(parent), plan=plan, typed_name="Rosa Parent")
    plan.refresh_from_db()
    assert plan.state == "active"


@pytest.mark.parametrize("outcome", ["verbal", "unable", "declined"])
def test_why_the_person_does_not_sign_is_attested(episode: Episode, team: Team, outcome: str) -> None:
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    word: dict[str, Any] = {"actor": team.actors[0], "plan": plan, "typed_name": team.therapist.name}
    with pytest.raises(Refused, match="say why"):
        services.attest_for_person(**word, outcome=outcome, reason=" ")
    with pytest.raises(Refused, match="word of mouth"):
        services.attest_for_person(**word, outcome="signed", reason="x")
    services.attest_for_person(**word, outcome=outcome, reason="By video, no device to sign on.")
    plan.refresh_from_db()
    assert plan.state == "active"
    row = PlanSignature.objects.get(plan=plan, outcome=outcome)
    assert row.signature.staff == team.therapist and row.reason


def declined(episode: Episode, team: Team) -> Plan:
    """A version that holds though its person would not sign."""
    plan = team_signed(written_plan(actor=team.actors[0], episode=episode), team)
    reason = "Wants to think it over."
    word: dict[str, Any] = {"actor": team.actors[0], "plan": plan, "typed_name": team.therapist.name}
    services.attest_for_person(**word, outcome="declined", reason=reason)
    plan.refresh_from_db()
    return plan


def test_a_plan_that_the_person_declined_holds_and_never_counts_as_signed_by_them(
    episode: Episode, team: Team
) -> None:
    plan = declined(episode, team)
    assert plan.state == "active" and [row.outcome for row in plan.not_signed] == ["declined"]
    said = prove("plan.signed", kind="episode", id=episode.pk)
    assert said.present and "Person: Declined to sign" in said.sentence
    attested = plan.not_signed[0]
    assert (attested.reason, attested.signature.staff) == ("Wants to think it over.", team.therapist)
    assert attested.signature.person is None and attested.signature.meaning == "patient_declined"


def test_whoever_declined_may_sign_while_the_version_holds(episode: Episode, team: Team) -> None:
    plan = declined(episode, team)
    before = Plan.objects.get(pk=plan.pk)
    own = own_actor(episode.person)
    services.sign_as_person(actor=own, plan=plan, typed_name="Sam Sample", seen=digest(plan.signed_text))
    after = Plan.objects.get(pk=plan.pk)
    assert after.not_signed == [] and after.completed_at == before.completed_at
    assert prove("plan.signed", kind="episode", id=episode.pk).sentence == "The plan is signed."
    with pytest.raises(Refused, match="signed this plan already"):
        services.sign_as_person(actor=own, plan=plan, typed_name="Sam Sample")
    with pytest.raises(Refused, match="signed this plan themselves"):
        services.attest_for_person(
            actor=team.actors[0],
            plan=plan,
            outcome="declined",
            reason="x",
            typed_name=team.therapist.name,
        )


def test_the_next_review_asks_again_and_keeps_what_was_said(episode: Episode, team: Team) -> None:
    plan = declined(episode, team)
    review = written_review(actor=team.actors[0], plan=plan)
    sign: dict[str, Any] = {"actor": team.actors[0], "review": review, "typed_name": team.therapist.name}
    with pytest.raises(Refused, match="missing") as refused:
        services.sign_review(**sign)
    assert any("Ask again" in reason for reason in refused.value.reasons)
    services.attest_for_person(
        actor=team.actors[0],
        plan=plan,
        outcome="declined",
        reason="Still thinking.",
        typed_name=team.therapist.name,
    )
    services.sign_review(**sign)
    review.refresh_from_db()
    assert "Declined to sign: Still thinking." in review.signed_text


def test_a_review_that_changes_the_plan_need_not_ask_again(episode: Episode, team: Team) -> None:
    plan = declined(episode, team)
    review = written_review(actor=team.actors[0], plan=plan, changes_plan="yes")
    new = services.sign_review(actor=team.actors[0], review=review, typed_name=team.therapist.name)
    assert new is not None and "Person" in signing_of(new).missing


def test_other_words_before_all_have_signed_make_a_new_draft(episode: Episode, team: Team) -> None:
    plan = written_plan(actor=team.actors[0], episode=episode)
    services.sign_as_team(actor=team.actors[0], plan=plan, typed_name=team.therapist.name)
    with pytest.raises(Refused, match="frozen"):
        services.save_plan(actor=team.actors[1], plan=plan, texts={"barriers": "x"})
    new = services.change_plan(actor=team.actors[1], plan=plan, reason="One more objective")
    plan.refresh_from_db()
    assert plan.state == "error" and plan.signed_text and new.state == "draft"
    assert [row.thread for row in tree_of(new).objectives] == [row.thread for row in tree_of(plan).objectives]
    assert kinds(episode) == []


@pytest.mark.parametrize("change", [{"strengths": "rewritten"}, {"signed_text": ""}, {"signature": None}])
def test_what_is_signed_never_changes(episode: Episode, team: Team, change: dict[str, Any]) -> None:
    plan = signed_plan(episode=episode, team=team)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**change)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Problem, {"title": "x"}),
        (Goal, {"words": "x"}),
        (Objective, {"target": "x"}),
        (Intervention, {"minutes": 1}),
    ],
)
def test_nor_do_its_parts(episode: Episode, team: Team, model: Any, change: dict[str, Any]) -> None:
    plan = signed_plan(episode=episode, team=team)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        model.objects.filter(plan=plan).update(**change)


def test_who_signed_is_only_added_to(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanSignature.objects.filter(plan=plan).update(role="guardian")


def test_after_the_end_no_plan_and_no_review_is_begun(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    discharge(actor=make_actor("therapist", "director"), episode=episode, kind="COMP", reason="Done")
    with pytest.raises(Refused, match="episode has ended"):
        services.start_review(actor=team.actors[0], plan=plan)
    with pytest.raises(Refused, match="episode has ended"):
        services.start_plan(actor=team.actors[0], episode=episode)


def test_a_version_in_error_counts_no_longer(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    services.enter_in_error(actor=team.actors[0], paper=plan, reason="Wrong chart")
    assert queries.active_plan(episode.person) is None and not evidence("plan.signed", episode)


def test_after_an_error_writing_goes_on_from_the_version_before(episode: Episode, team: Team) -> None:
    first = signed_plan(episode=episode, team=team)
    services.revise_plan(actor=team.actors[0], plan=first)
    second = signed_plan(episode=episode, team=team)
    services.enter_in_error(actor=team.actors[0], paper=second, reason="Signed too early")
    third = services.start_plan(actor=team.actors[0], episode=episode)
    assert third.number == 3 and third.supersedes == first
    assert [row.thread for row in tree_of(third).objectives] == [
        row.thread for row in tree_of(first).objectives
    ]
    assert team_signed(third, team).state == "signing"


def test_a_new_episode_has_a_plan_of_its_own(team: Team, episode: Episode) -> None:
    plan = signed_plan(episode=episode, team=team)
    actor = make_actor("therapist", "director")
    discharge(actor=actor, episode=episode, kind="COMP", reason="Done")
    assert queries.active_plan(episode.person) == plan  # readable as the last one
    again = make_episode(person=episode.person, started=True)
    assert queries.current_episode(episode.person) == again
    assert queries.active_plan(episode.person) is None and queries.objectives_of(episode.person) == []
    assert not evidence("plan.signed", again) and evidence("plan.signed", episode)


def test_what_was_done_is_in_the_trail_without_what_was_written(episode: Episode, team: Team) -> None:
    plan = signed_plan(episode=episode, team=team)
    entries = Entry.objects.filter(person=episode.person.public_id, action__startswith="plans.")
    assert {entry.action for entry in entries} == {"plans.start", "plans.save", "plans.sign"}
    assert all("mornings" not in str(entry.detail) for entry in entries)
    assert plan.signed_text.count("I want my mornings back.") >= 1


@pytest.mark.parametrize(
    ("what", "how", "why", "line"),
    [
        ("Ride the bus alone.", "Getting closer", "Twice  more.", "- Ride the bus alone: Getting closer. Twice  more."),
        ("Sleep", "Met", "", "- Sleep: Met."),
        ("Sleep", "", "Not asked.", "- Sleep: Not asked."),
        ("Sleep", "", " ", "- Sleep"),
    ],
)  # fmt: skip
def test_a_line_of_a_review_keeps_every_word_as_it_was_typed(
    what: str, how: str, why: str, line: str
) -> None:
    assert line_of_review(what, how, why) == line
