"""The second half through the services: first week, fewer days, leaving, calls, alumni; and the facts of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dayward.care.journey import services
from dayward.care.journey.evidence import discharge_plan_ready, week_one_done
from dayward.care.journey.factories import make_actor, make_case, make_episode, proven, told_of
from dayward.care.journey.facts import TELLERS
from dayward.care.journey.models import (
    AftercareCall,
    AftercareCase,
    Episode,
    IntakeCase,
    TaperStep,
    WeekOneItem,
)
from dayward.care.journey.queries.alumni import events_for, members, membership_of
from dayward.care.journey.queries.leaving import lacks
from dayward.care.journey.rules.leaving import TEXTS
from dayward.care.journey.rules.merge import fingerprint
from dayward.care.journey.rules.stepping import Amount, Planned
from dayward.foundation.audit.actors import Actor, person_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
from dayward.foundation.organization.factories import day_here
from dayward.foundation.people.models import User
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import open_on
from dayward.foundation.standards.queries.working import subjects_of
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return make_actor("intake", "therapist", "director")


@pytest.fixture
def episode(actor: Actor) -> Episode:
    return make_episode(actor=actor, started=True)


@pytest.fixture
def left(actor: Actor, episode: Episode) -> Episode:
    """Somebody who completed the program; aftercare is open."""
    return services.discharge(actor=actor, episode=episode, kind="COMP")


def kinds(episode: Episode) -> set[str]:
    return {
        f"{fact.kind}:{fact.ref}" if fact.kind == "call.made" else fact.kind
        for fact in told_of(episode, words=TELLERS)
    }


def keys(episode: Episode, prefix: str = "") -> set[str]:
    return {owed.rule.key for owed in open_on(episode.pk, prefix)}


# -- first week ----------------------------------------------------------------------------------------------------


def test_a_tick_settles_its_due_at_once(actor: Actor, episode: Episode) -> None:
    assert "week_one.orientation" in keys(episode)
    services.tick_item(actor=actor, episode=episode, kind="orientation")
    assert "week_one.orientation" not in keys(episode)
    services.untick_item(actor=actor, episode=episode, kind="orientation")
    assert "week_one.orientation" in keys(episode)


def test_a_second_word_keeps_the_first_readable(actor: Actor, episode: Episode) -> None:
    services.tick_item(actor=actor, episode=episode, kind="challenges", text="The bus")
    services.tick_item(actor=actor, episode=episode, kind="challenges", text="The bus, and my shifts")
    rows = WeekOneItem.objects.filter(episode=episode, kind="challenges")
    assert [(row.text, row.withdrawn_at is None) for row in rows.order_by("id")] == [
        ("The bus", False),
        ("The bus, and my shifts", True),
    ]


def test_two_goals_are_needed(actor: Actor, episode: Episode) -> None:
    with pytest.raises(Refused, match="two goals"):
        services.tick_item(actor=actor, episode=episode, kind="goals", text="Sleep\nSleep")
    services.tick_item(actor=actor, episode=episode, kind="goals", text="Sleep\nSee my son")
    assert "week_one.goals" in kinds(episode)


def test_the_list_is_evidence_and_only_warns(actor: Actor, episode: Episode) -> None:
    evidence = week_one_done(episode)
    assert not evidence.present
    assert "Schedule handed out" in evidence.sentence
    with proven("plan.signed", present=False):
        done = services.finish_first_week(actor=actor, episode=episode)
    assert done.state == "active"
    assert done.transitions.latest("id").evidence == {"week_one.checklist": False, "plan.signed": False}


def test_a_call_counts_when_it_reached_or_was_tried_three_times(actor: Actor, episode: Episode) -> None:
    for _try in range(2):
        services.log_call(actor=actor, episode=episode, slot="day3", heard=services.Heard("no_answer"))
    assert "call.made:day3" not in kinds(episode)
    call = services.log_call(actor=actor, episode=episode, slot="day3", heard=services.Heard("left_message"))
    assert "call.made:day3" in kinds(episode)
    services.withdraw_call(actor=actor, call=call)
    assert "call.made:day3" not in kinds(episode)
    assert AftercareCall.objects.filter(episode=episode).count() == 3


# -- fewer days ----------------------------------------------------------------------------------------------------


def step_down(actor: Actor, episode: Episode, days: int, minutes: int, level: str = "iop") -> None:
    track = episode.segments.get(ends_on=None).track
    place = services.Place(track, days, minutes, day_here() + timedelta(days=2), level)
    with proven("step_down.criteria_met"):
        services.step_down(actor=actor, episode=episode, place=place, reason="Steady for two weeks")


def test_a_step_down_opens_a_segment_in_the_same_episode(actor: Actor, episode: Episode) -> None:
    step_down(actor, episode, 2, 360, "op")
    old, new = episode.segments.order_by("id")
    assert (old.ends_on, new.starts_on, new.level, new.days_per_week) == (new.starts_on, old.ends_on, "op", 2)
    assert Entry.objects.filter(action="journey.step_down").exists()


@pytest.mark.parametrize(("days", "minutes"), [(3, 600), (4, 540), (3, 660), (2, 700)])
def test_a_step_down_is_never_more(actor: Actor, episode: Episode, days: int, minutes: int) -> None:
    with pytest.raises(Refused, match="fewer days or hours"):
        step_down(actor, episode, days, minutes)


def test_an_intensive_week_under_the_floor_takes_a_reason(actor: Actor, episode: Episode) -> None:
    with pytest.raises(Refused, match="floor"):
        step_down(actor, episode, 2, 360)


def test_without_its_criteria_there_is_no_step_down(actor: Actor, episode: Episode) -> None:
    place = services.Place(episode.segments.get().track, 2, 360, day_here() + timedelta(days=1), "op")
    with proven("step_down.criteria_met", present=False), pytest.raises(services.StepRefused):
        services.step_down(actor=actor, episode=episode, place=place)
    assert episode.segments.count() == 1


def test_a_taper_is_planned_replaced_and_taken(actor: Actor, episode: Episode) -> None:
    first, later = day_here() + timedelta(days=14), day_here() + timedelta(days=28)
    services.plan_taper(actor=actor, episode=episode, steps=[Planned(first, Amount("iop", 2, 540))])
    steps = [Planned(later, Amount("op", 1, 180)), Planned(first, Amount("op", 2, 360))]
    services.plan_taper(actor=actor, episode=episode, steps=steps)
    assert TaperStep.objects.filter(dropped_at=None).count() == 2
    step_down(actor, episode, 2, 360, "op")
    taken = TaperStep.objects.get(segment__isnull=False)
    assert (taken.starts_on, taken.segment) == (first, episode.segments.get(ends_on=None))


def test_a_taper_that_goes_up_again_is_refused(actor: Actor, episode: Episode) -> None:
    days = [day_here() + timedelta(days=7 * n) for n in (1, 2)]
    up = [Planned(days[0], Amount("op", 1, 180)), Planned(days[1], Amount("op", 2, 360))]
    with pytest.raises(Refused, match="fewer days or hours than the one before"):
        services.plan_taper(actor=actor, episode=episode, steps=up)


# -- leaving -------------------------------------------------------------------------------------------------------


def settled(actor: Actor, episode: Episode, **more: str) -> None:
    texts = {**dict.fromkeys(TEXTS, "Settled"), **more}
    leaving = services.Leaving(day_here() + timedelta(days=20), texts, ("secular", "twelve_step"), "unwanted")
    services.save_discharge_plan(actor=actor, episode=episode, leaving=leaving)


def test_a_plan_is_ready_with_an_appointment_within_seven_days(actor: Actor, episode: Episode) -> None:
    settled(actor, episode)
    assert "an appointment within 7 days" in discharge_plan_ready(episode).sentence
    at = timezone.now() + timedelta(days=23)
    services.make_appointment(
        actor=actor,
        episode=episode,
        visit=services.Visit("therapy", "Dr. Sample", at, "12 Elm", "512 555 0101"),
    )
    assert discharge_plan_ready(episode).present


def test_two_writers_of_a_plan_lose_nothing(actor: Actor, episode: Episode) -> None:
    settled(actor, episode, crisis="988")
    before = {"crisis": "", "housing": "Settled", "supports": "", "family": "unwanted"}
    base = {key: fingerprint(text) for key, text in before.items()}
    texts = {"crisis": "911", "housing": "With my aunt"}
    leaving = services.Leaving(day_here(), texts, ("peer",), "nobody", base)
    plan, clashes = services.save_discharge_plan(actor=actor, episode=episode, leaving=leaving)
    assert (plan.crisis, plan.housing, plan.family) == ("988", "With my aunt", "nobody")
    assert plan.supports == ["twelve_step", "secular"]
    assert {(clash.key, clash.typed) for clash in clashes} == {("crisis", "911"), ("supports", "peer")}


def test_the_family_is_told_only_under_a_consent(actor: Actor, episode: Episode) -> None:
    leaving = services.Leaving(day_here(), {}, (), "told")
    with pytest.raises(Refused, match="own consent"):
        services.save_discharge_plan(actor=actor, episode=episode, leaving=leaving)


def test_planned_and_called_off(actor: Actor, episode: Episode) -> None:
    with proven("plan.signed"):
        services.finish_first_week(actor=actor, episode=episode)
    services.plan_discharge(actor=actor, episode=episode)
    assert "discharge.planned" in kinds(episode)
    with pytest.raises(services.StepRefused):
        services.stay_on(actor=actor, episode=episode, reason=" ")
    services.stay_on(actor=actor, episode=episode, reason="Not ready")
    assert "discharge.planned" not in kinds(episode)


def test_an_appointment_is_kept_or_missed_and_that_can_be_undone(actor: Actor, left: Episode) -> None:
    when = timezone.now() + timedelta(days=2)
    row = services.make_appointment(actor=actor, episode=left, visit=services.Visit("therapy", "Dr. S", when))
    services.confirm_appointment(actor=actor, appointment=row)
    with pytest.raises(Refused, match="still to come"):
        services.settle_appointment(actor=actor, appointment=row, state="attended")
    later = when + timedelta(hours=2)
    services.settle_appointment(actor=actor, appointment=row, state="missed", at=later)
    row.refresh_from_db()
    assert lacks(left, None, [row])[-1] == "appointment"
    assert services.reopen_appointment(actor=actor, appointment=row).state == "confirmed"
    services.settle_appointment(actor=actor, appointment=row, state="attended", at=later)
    assert {"aftercare.appointment_settled", "aftercare.appointment_known", "aftercare.kept"} <= kinds(left)


def test_a_cancelled_appointment_leaves_the_first_one_owed(actor: Actor, left: Episode) -> None:
    when = timezone.now() + timedelta(days=2)
    row = services.make_appointment(actor=actor, episode=left, visit=services.Visit("therapy", "Dr. S", when))
    services.settle_appointment(actor=actor, appointment=row, state="cancelled")
    assert "aftercare.appointment_settled" in kinds(left) and "aftercare.appointment_known" not in kinds(left)
    owed = Due.objects.get(episode=left.pk, rule="aftercare.first_appointment")
    assert owed.state == Due.State.OPEN


# -- after discharge -----------------------------------------------------------------------------------------------


def test_a_discharge_opens_the_calls_and_a_lost_contact_does_not(actor: Actor, left: Episode) -> None:
    assert AftercareCase.objects.get(episode=left).state == "aftercare"
    assert {f"aftercare.call_{slot}" for slot in ("72h", "7d", "365d")} <= keys(left)
    moved = services.discharge(actor=actor, episode=make_episode(started=True), kind="MOVE")
    assert not AftercareCase.objects.filter(episode=moved).exists()


def test_a_warning_sign_opens_a_way_back_in(actor: Actor, left: Episode) -> None:
    signs: dict[str, Any] = {"warning_signs": ("use", "alone"), "how": "Drinking since Friday"}
    with pytest.raises(Refused, match="what is done"):
        services.log_call(actor=actor, episode=left, slot="7d", heard=services.Heard("reached", **signs))
    heard = services.Heard("reached", **signs, handed_back="Intake calls at 3", hand_back=True)
    call = services.log_call(actor=actor, episode=left, slot="7d", heard=heard)
    assert call.case is not None
    assert (call.case.source, call.case.previous_episode) == ("return", left)
    again = services.log_call(actor=actor, episode=left, slot="7d", heard=heard)
    assert again.case == call.case
    assert IntakeCase.objects.open().filter(person=left.person).count() == 1


def test_thoughts_of_suicide_name_who_has_taken_over(actor: Actor, left: Episode) -> None:
    heard = services.Heard("reached", warning_signs=("unsafe",))
    with pytest.raises(Refused, match="988"):
        services.log_call(actor=actor, episode=left, slot="7d", heard=heard)


def test_a_sign_that_nobody_answers_is_refused_by_the_database(left: Episode) -> None:
    with pytest.raises(IntegrityError, match="call_signs_are_answered"), transaction.atomic():
        AftercareCall.objects.create(
            episode=left, slot="7d", outcome="reached", warning_signs=["use"], made_by="x"
        )


def test_nobody_calls_somebody_who_does_not_want_it(actor: Actor, left: Episode) -> None:
    case = left.aftercare
    services.move_aftercare(actor=actor, case=case, key="end_aftercare", reason="Does not want calls")
    assert not keys(left, "aftercare.call_")
    with pytest.raises(Refused, match="not open"):
        services.log_call(actor=actor, episode=left, slot="7d", heard=services.Heard("reached"))


# -- alumni --------------------------------------------------------------------------------------------------------


def asked(left: Episode) -> None:
    """The person signs the consent, as the consent package tells it."""
    with proven("consent.alumni_contact"):
        publish(ConsentSigned(left.person_id, "x", "alumni"))


def test_signing_is_joining_and_taking_back_is_leaving(left: Episode) -> None:
    asked(left)
    case = AftercareCase.objects.get(episode=left)
    assert case.state == "alumni"
    publish(ConsentRevoked(left.person_id, "x", "treatment"))
    case.refresh_from_db()
    assert case.state == "alumni"
    publish(ConsentRevoked(left.person_id, "x", "alumni"))
    case.refresh_from_db()
    assert case.state == "aftercare_ended"
    assert not keys(left, "aftercare.call_")


def test_without_a_consent_in_force_nobody_is_seen(actor: Actor, left: Episode) -> None:
    """The state alone opens nothing: an expired consent hides the person at once."""
    asked(left)
    assert members([left.program.site]) == []
    assert membership_of(left.person) is None
    assert events_for(left.person) == []
    soon = timezone.now() + timedelta(days=2)
    gathering = services.Gathering("group", "Alumni group", soon, soon + timedelta(hours=1))
    event = services.make_event(actor=actor, site=left.program.site, gathering=gathering)
    with pytest.raises(Refused, match="not among the alumni"):
        services.answer_event(
            actor=actor, event=event, member=AftercareCase.objects.get(episode=left), answer="coming"
        )


def test_nobody_answers_for_somebody_else(
    actor: Actor, left: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(left)
    monkeypatch.setattr("dayward.care.journey.services.alumni.is_member", lambda _case: True)
    soon = timezone.now() + timedelta(days=2)
    gathering = services.Gathering("group", "Alumni group", soon, soon + timedelta(hours=1))
    event = services.make_event(actor=actor, site=left.program.site, gathering=gathering)
    member = AftercareCase.objects.get(episode=left)
    stranger = person_actor(User.objects.create(person=make_case().person))
    with pytest.raises(Refused, match="not yours"):
        services.answer_event(actor=stranger, event=event, member=member, answer="coming")
    own = person_actor(User.objects.create(person=left.person))
    assert services.answer_event(actor=own, event=event, member=member, answer="coming").answer == "coming"
    with pytest.raises(Refused, match="written down by staff"):
        services.answer_event(actor=own, event=event, member=member, answer="came")
    over = soon + timedelta(hours=2)
    services.answer_event(actor=actor, event=event, member=member, answer="came", at=over)
    with pytest.raises(Refused, match="written down by staff"):
        services.answer_event(actor=own, event=event, member=member, answer="withdrew", at=over)


# -- facts ---------------------------------------------------------------------------------------------------------


def test_facts_cost_the_same_for_one_and_for_many(
    actor: Actor, left: Episode, django_assert_num_queries: object
) -> None:
    several = [left, make_episode(started=True), make_episode()]
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = told_of(*several, words=TELLERS)
    assert {fact.episode for fact in found} == {each.pk for each in several}


def test_everybody_in_treatment_or_followed_is_a_subject(actor: Actor, left: Episode) -> None:
    admitted = make_episode()
    assert {each.episode for each in subjects_of(None)} == {left.pk, admitted.pk}
    assert [each.episode for each in subjects_of({admitted.person_id})] == [admitted.pk]
    assert {each.zone.key for each in subjects_of(None)} == {left.program.site.time_zone}
