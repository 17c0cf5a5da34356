"""The steps on real rows, judged by SQL that knows nothing of the table; and planted faults that it must find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey import services
from dayward.care.journey.factories import (
    ASSESSED,
    CONSENTED,
    DECIDED,
    actor_of,
    assessment_booked,
    level_decided,
    make_case,
    make_episode,
    make_program,
    make_track,
    proven,
    screened,
)
from dayward.care.journey.models import (
    AftercareCall,
    AssessmentSlot,
    Episode,
    FollowUpAppointment,
    Inquiry,
    IntakeCase,
    Reopening,
    Screening,
    Segment,
    TaperStep,
    Transition,
    WeekOneItem,
)
from dayward.care.journey.rules import table
from dayward.care.journey.rules.stepping import Amount, Planned
from dayward.care.journey.services import episodes as episode_services
from dayward.care.journey.services import steps
from dayward.care.journey.tests.oracle import QUESTIONS, wrong
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.factories import make_person
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db

AWAY = services.Handover("higher", "needs_more", "Hill Hospital", "Dr. Sample", accepted=True)
PLAN = services.WaitingPlan("Peer group on Mondays")


@pytest.fixture
def actor() -> Actor:
    return actor_of(make_staff_with("intake", "therapist", "director"))


@contextmanager
def everything_above() -> Iterator[None]:
    """Packages above prove all they can."""
    above = ("service.first_delivered", "consent.alumni_contact", "plan.signed", "step_down.criteria_met")
    with proven(*ASSESSED, *DECIDED, *CONSENTED, *above, "handoff.packet_sent"):
        yield


def clinician_slot(case: IntakeCase) -> services.Slot:
    clinician = make_staff_with("therapist", site=case.site, credential="social_worker")
    return services.Slot(clinician, timezone.now() + timedelta(hours=30))


def let_time_pass(case: IntakeCase) -> None:
    past = timezone.now() - timedelta(hours=3)
    AssessmentSlot.objects.filter(case=case, status="booked").update(during=(past, past + timedelta(hours=1)))


# Every verb that a coordinator or a therapist may try, in whatever state the case is.
CASE_ACTS: dict[str, Callable[[Actor, IntakeCase], object]] = {
    "screen": lambda actor, case: screened(case, actor=actor),
    "screen in danger": lambda actor, case: screened(case, actor=actor, risk_self="yes"),
    "finish only": lambda actor, case: services.finish_screening(actor=actor, case=case),
    "book": lambda actor, case: services.book_assessment(
        actor=actor, case=case, slot=clinician_slot(case), reason="Asked for it"
    ),
    "miss": lambda actor, case: services.miss_assessment(actor=actor, case=case),
    "time passes": lambda _actor, case: let_time_pass(case),
    "assess": lambda actor, case: services.record_assessment(actor=actor, case=case),
    "decide": lambda actor, case: services.decide_level(actor=actor, case=case),
    "wait": lambda actor, case: services.put_on_waitlist(actor=actor, case=case, plan=PLAN, reason="No seat"),
    "refer": lambda actor, case: services.refer_out(actor=actor, case=case, handover=AWAY),
    "emergency": lambda actor, case: services.log_handoff(
        actor=actor, case=case, handover=replace(AWAY, route="emergency")
    ),
    "decline": lambda actor, case: services.close_case(actor=actor, case=case, how="decline", reason="Full"),
    "withdraw": lambda actor, case: services.close_case(
        actor=actor, case=case, how="withdraw", reason="Moved"
    ),
    "no contact": lambda actor, case: services.close_case(
        actor=actor, case=case, how="no_contact", reason="-"
    ),
    "admit": lambda actor, case: services.admit(
        actor=actor, case=case, place=services.Place(make_track(case.program), 3, 600, date(2026, 3, 2))
    ),
}

SOON = date(2026, 12, 1)


def said(answer: str, **more: str) -> services.Said:
    return services.Said(answer, timezone.now().date(), same_reason=True, **more)


def fewer(episode: Episode) -> services.Place:
    """One day less than now."""
    segment = episode.segments.get(ends_on=None)
    days, minutes = segment.days_per_week - 1, segment.prescribed_minutes - 60
    return services.Place(segment.track, days, minutes, timezone.now().date() + timedelta(days=2), "op")


def come_again(actor: Actor, episode: Episode) -> None:
    """The way in once more, up to a new episode."""
    case = make_case(actor=actor, person=episode.person, site=episode.program.site, program=episode.program)
    screened(case, actor=actor)
    level_decided(assessment_booked(case, actor=actor), actor=actor)
    services.admit(
        actor=actor, case=case, place=services.Place(make_track(case.program), 3, 600, date(2026, 3, 2))
    )


EPISODE_ACTS: dict[str, Callable[[Actor, Episode], object]] = {
    "first service": lambda actor, episode: services.note_service(
        actor=actor, episode=episode, on=date(2026, 3, 4)
    ),
    "later service": lambda actor, episode: services.note_service(
        actor=actor, episode=episode, on=date(2026, 3, 9)
    ),
    "flag": lambda actor, episode: services.flag_at_risk(actor=actor, episode=episode, reason="Absent twice"),
    "clear": lambda actor, episode: services.clear_at_risk(actor=actor, episode=episode, reason="Back"),
    "hold": lambda actor, episode: services.hold(
        actor=actor, episode=episode, away=services.Away("hospital", date(2026, 3, 5), date(2026, 3, 12))
    ),
    "hold too long": lambda actor, episode: services.hold(
        actor=actor, episode=episode, away=services.Away("jail", date(2026, 3, 5), date(2026, 4, 30))
    ),
    "return": lambda actor, episode: services.return_from_hold(
        actor=actor, episode=episode, on=date(2026, 3, 10)
    ),
    "track": lambda actor, episode: services.change_track(
        actor=actor,
        episode=episode,
        place=services.Place(make_track(episode.program, "Evenings"), 4, 720, timezone.now().date()),
        reason="New shift",
    ),
    "never started": lambda actor, episode: services.never_started(
        actor=actor, episode=episode, reason="Never came"
    ),
    "complete": lambda actor, episode: services.discharge(actor=actor, episode=episode, kind="COMP"),
    "administrative": lambda actor, episode: services.discharge(
        actor=actor,
        episode=episode,
        kind="ADMIN",
        reason="Threats",
        administrative_reason="threats",
        appeal_told_on=date(2026, 3, 9),
    ),
    "administrative, unfair": lambda actor, episode: services.discharge(
        actor=actor, episode=episode, kind="ADMIN", reason="Positive drug test"
    ),
    "step down": lambda actor, episode: services.step_down(
        actor=actor, episode=episode, place=fewer(episode), reason="Steady"
    ),
    "taper": lambda actor, episode: services.plan_taper(
        actor=actor, episode=episode, steps=[Planned(SOON, Amount("iop", 2, 540))]
    ),
    "tick": lambda actor, episode: services.tick_item(actor=actor, episode=episode, kind="orientation"),
    "goals": lambda actor, episode: services.tick_item(
        actor=actor, episode=episode, kind="goals", text="Sleep\nSee my son"
    ),
    "one goal": lambda actor, episode: services.tick_item(
        actor=actor, episode=episode, kind="goals", text="Sleep"
    ),
    "untick": lambda actor, episode: services.untick_item(actor=actor, episode=episode, kind="goals"),
    "day 3": lambda actor, episode: services.log_call(
        actor=actor, episode=episode, slot="day3", heard=services.Heard("reached")
    ),
    "finish week": lambda actor, episode: services.finish_first_week(actor=actor, episode=episode),
    "leaving": lambda actor, episode: services.save_discharge_plan(
        actor=actor, episode=episode, leaving=services.Leaving(SOON, {"crisis": "988"})
    ),
    "appointment": lambda actor, episode: services.make_appointment(
        actor=actor,
        episode=episode,
        visit=services.Visit("therapy", "Dr. Sample", timezone.now() + timedelta(days=3)),
    ),
    "kept": lambda actor, episode: services.settle_appointment(
        actor=actor, appointment=episode.follow_up_appointments.latest("id"), state="attended"
    ),
    "missed": lambda actor, episode: services.settle_appointment(
        actor=actor,
        appointment=episode.follow_up_appointments.latest("id"),
        state="missed",
        at=timezone.now() + timedelta(days=4),
    ),
    "plan discharge": lambda actor, episode: services.plan_discharge(actor=actor, episode=episode),
    "stay on": lambda actor, episode: services.stay_on(actor=actor, episode=episode, reason="Not yet"),
    "call": lambda actor, episode: services.log_call(
        actor=actor, episode=episode, slot="72h", heard=services.Heard("reached", how="Well")
    ),
    "worried call": lambda actor, episode: services.log_call(
        actor=actor,
        episode=episode,
        slot="7d",
        heard=services.Heard("reached", warning_signs=("use",), handed_back="Intake calls", hand_back=True),
    ),
    "worried, nothing done": lambda actor, episode: services.log_call(
        actor=actor, episode=episode, slot="7d", heard=services.Heard("reached", warning_signs=("unsafe",))
    ),
    "take call back": lambda actor, episode: services.withdraw_call(
        actor=actor, call=episode.calls.latest("id")
    ),
    "alumni": lambda actor, episode: services.move_aftercare(
        actor=actor, case=episode.aftercare, key="join_alumni"
    ),
    "payer says yes": lambda actor, episode: services.note_payer_word(
        actor=actor, episode=episode, said=said("yes", payer="Sample Plan", spoken_to="Kim", reference="R-1")
    ),
    "payer says no": lambda actor, episode: services.note_payer_word(
        actor=actor, episode=episode, said=said("no", payer="Sample Plan", spoken_to="Kim")
    ),
    "no payer": lambda actor, episode: services.note_payer_word(
        actor=actor, episode=episode, said=said("none", reason="Self-pay")
    ),
    "back for another reason": lambda actor, episode: services.note_payer_word(
        actor=actor, episode=episode, said=replace(said("none", reason="Self-pay"), same_reason=False)
    ),
    "reopen": lambda actor, episode: services.reopen(
        actor=actor,
        episode=episode,
        place=services.Place(make_track(episode.program), 3, 600, timezone.now().date()),
    ),
    "come again": lambda actor, episode: come_again(actor, episode),
    "lost": lambda actor, episode: services.discharge_lost(actor=actor, episode=episode, reason="No answer"),
    "step up": lambda actor, episode: services.step_up(
        actor=actor,
        episode=episode,
        handover=replace(AWAY, packet_note="Faxed", wait_note="Sister"),
        reason="Relapse",
    ),
    "step up unaccepted": lambda actor, episode: services.step_up(
        actor=actor, episode=episode, handover=replace(AWAY, accepted=False), reason="Relapse"
    ),
    "aftercare": lambda actor, episode: services.open_aftercare(actor=actor, episode=episode),
}

WALK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


def try_it(act: Callable[..., object], actor: Actor, walker: object) -> None:
    """A refusal is an answer, too; that it left nothing behind is what the questions check."""
    with suppress(Refused, ObjectDoesNotExist), transaction.atomic():
        act(actor, walker)


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


# -- planted faults ------------------------------------------------------------------------------------------------


def weaken(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """The table with all evidence and the reason of one row forgotten."""
    row = replace(table.BY_KEY[key], asks=(), needs_reason=False)
    monkeypatch.setitem(table.BY_KEY, key, row)


def screening_skipped(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "finish_screening")
    services.finish_screening(actor=actor, case=make_case(actor=actor))


def hand_off_forgotten(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "refer_out")
    case = screened(make_case(actor=actor), actor=actor)
    steps.take_step(steps.lock(case), "refer_out", actor=actor, reason="Far away")


def danger_ignored(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "decline")
    case = screened(make_case(actor=actor), actor=actor, risk_others="yes")
    services.close_case(actor=actor, case=case, how="decline", reason="Not for us")


def withdrawn_without_reason(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "withdraw")
    services.close_case(actor=actor, case=make_case(actor=actor), how="withdraw", reason="")


def missed_too_early(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "miss_assessment")
    case = assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    services.miss_assessment(actor=actor, case=case)


def gates_of_admission_open(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "admit")
    child = make_person(birth_date=timezone.now().date() - timedelta(days=3000))
    case = screened(make_case(actor=actor, person=child), actor=actor)
    level_decided(assessment_booked(case, actor=actor), actor=actor)
    CASE_ACTS["admit"](actor, IntakeCase.objects.get(pk=case.pk))


def waitlist_never_ends(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    case = screened(make_case(actor=actor), actor=actor)
    services.put_on_waitlist(actor=actor, case=case, plan=PLAN, reason="No time")
    monkeypatch.setattr("dayward.care.journey.services.assessment.end_waiting", lambda *_args, **_more: None)
    assessment_booked(case, actor=actor)


def hold_without_limit(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "hold")
    EPISODE_ACTS["hold too long"](actor, make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2)))


def hold_never_ends(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    EPISODE_ACTS["hold"](actor, episode)
    monkeypatch.setattr(episode_services, "_end_hold", lambda *_args, **_more: None)
    EPISODE_ACTS["return"](actor, episode)


def stepped_up_into_nothing(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "step_up")
    EPISODE_ACTS["step up unaccepted"](
        actor, make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    )


def segment_left_open(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    monkeypatch.setattr(episode_services, "open_segment", lambda _episode: None)
    services.discharge(actor=actor, episode=episode, kind="COMP")


def lost_today(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    real = episode_services._end

    def today_instead(*args: object, **more: object) -> Episode:
        return real(*args, **{**more, "last_day": date(2026, 6, 1)})  # type: ignore[arg-type]

    monkeypatch.setattr(episode_services, "_end", today_instead)
    services.discharge_lost(actor=actor, episode=episode, reason="No answer")


def service_does_not_start(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    episode = make_episode(actor=actor, starts_on=date(2026, 3, 2))
    monkeypatch.setattr(episode_services, "take_step", lambda *_args, **_more: None)
    services.note_service(actor=actor, episode=episode, on=date(2026, 3, 4))


def alumni_without_asking(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "join_alumni")
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    services.discharge(actor=actor, episode=episode, kind="COMP")
    aftercare = Episode.objects.get(pk=episode.pk).aftercare
    services.move_aftercare(actor=actor, case=aftercare, key="join_alumni")


def aftercare_too_early(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "open_aftercare")
    services.open_aftercare(actor=actor, episode=make_episode(actor=actor, started=True))


def stepped_up_days(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr("dayward.care.journey.services.moving.is_less", lambda *_amounts: True)
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    place = services.Place(episode.segments.get().track, 5, 900, timezone.now().date() + timedelta(days=1))
    with proven("step_down.criteria_met"):
        services.step_down(actor=actor, episode=episode, place=place)


def one_goal_is_enough(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr("dayward.care.journey.services.first_week.wanting", lambda *_given: "")
    EPISODE_ACTS["one goal"](actor, make_episode(actor=actor, started=True))


def coming_back_forgotten(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    episode = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    services.discharge(actor=actor, episode=episode, kind="COMP")
    monkeypatch.setattr("dayward.care.journey.services.admission._come_back", lambda *_args, **_more: None)
    with everything_above():
        come_again(actor, episode)


def called_after_the_end(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr("dayward.care.journey.services.calls.is_followed", lambda _episode: True)
    EPISODE_ACTS["call"](actor, make_episode(actor=actor, started=True))


def reopened(actor: Actor, *acts: str) -> None:
    with proven("consent.treatment"):
        episode = make_episode(actor=actor, started=True)
        for act in ("complete", *acts, "reopen"):
            EPISODE_ACTS[act](actor, Episode.objects.get(pk=episode.pk))


def went_on_although_the_payer_says_no(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "reopen")
    reopened(actor, "payer says no")


def went_on_too_late(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "reopen")
    with proven("consent.treatment"):
        episode = make_episode(actor=actor, started=True)
        for act in ("complete", "no payer"):
            EPISODE_ACTS[act](actor, Episode.objects.get(pk=episode.pk))
        ProgramTerms.objects.update(reopen_days=1)
        late = timezone.now() + timedelta(days=4)
        place = services.Place(make_track(episode.program), 3, 600, late.date())
        services.reopen(actor=actor, episode=episode, place=place, at=late)


def went_on_without_consent(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    weaken(monkeypatch, "reopen")
    reopened(actor, "no payer")


def end_not_kept(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    real = Reopening.objects.create
    monkeypatch.setattr(Reopening.objects, "create", lambda **row: real(**{**row, "discharge_type": ""}))
    reopened(actor, "no payer")


FAULTS: dict[Callable[[pytest.MonkeyPatch, Actor], None], str] = {
    screening_skipped: "somebody was screened with an open risk question",
    hand_off_forgotten: "somebody was sent on without a hand-off",
    danger_ignored: "immediate danger was not answered before the case was closed",
    withdrawn_without_reason: "a case was closed without a reason",
    missed_too_early: "an assessment was missed before its time",
    gates_of_admission_open: "a hard gate of admission was passed without its evidence",
    waitlist_never_ends: "somebody waits without an entry, or is listed without waiting",
    hold_without_limit: "a hold longer than the program allows",
    hold_never_ends: "on hold without a hold, or a hold without being on hold",
    stepped_up_into_nothing: "a step-up before the receiving program accepted",
    segment_left_open: "an open episode has not exactly one open segment",
    lost_today: "lost contact, but not effective on the last day of service",
    service_does_not_start: "treatment started without a service, or a service without a start",
    alumni_without_asking: "alumni without their own consent",
    aftercare_too_early: "aftercare of somebody who is still in treatment",
    stepped_up_days: "a step down with more days, hours or a higher level",
    one_goal_is_enough: "fewer than two goals count as goals",
    coming_back_forgotten: "somebody is back in treatment and still followed up",
    called_after_the_end: "a call after discharge without a discharge",
    went_on_although_the_payer_says_no: "an episode went on without the payer's word, or for another reason",
    went_on_too_late: "an episode went on later than the program allows",
    went_on_without_consent: "an episode went on without the consent to treatment",
    end_not_kept: "an episode went on without the end it had, or with one that did not happen",
}


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch, Actor], None], monkeypatch: pytest.MonkeyPatch, actor: Actor
) -> None:
    make_program(reopen_days=30)
    assert wrong() == []
    plant(monkeypatch, actor)
    assert FAULTS[plant] in wrong()


# What the database itself refuses cannot be planted: the questions are asked of rows that look as if it had not.
FORGED: tuple[tuple[str, type[Model], dict[str, str]], ...] = (
    ("a case is not in the state its last step led to", IntakeCase, {"state": "'declined'"}),
    ("an episode is not in the state its last step led to", Episode, {"state": "'active'"}),
    ("a step does not begin where the one before ended", Transition, {"from_state": "'assessed'"}),
    ("a step has no author", Transition, {"by": "''"}),
    ("a case has no first contact", Inquiry, {"case_id": "case_id + 1000000"}),
    ("a case went past the inquiry without a screening", Screening, {"finished_at": "NULL::timestamptz"}),
    ("an assessment is booked without a time", AssessmentSlot, {"status": "'moved'"}),
    ("somebody was admitted without a decided level", Transition, {"to_state": "'case_admitted'"}),
    (
        "somebody was admitted without telehealth consent and without a reason",
        Transition,
        {"evidence": "'{}'::jsonb"},
    ),
    ("a level was decided without an assessment", Transition, {"to_state": "'level_decided'"}),
    ("an admitted case has no episode", Episode, {"case_id": "NULL::bigint"}),
    ("segments of one episode overlap or leave a gap", Segment, {"ends_on": "ends_on + 1"}),
    (
        "two open episodes of one person in one program",
        Episode,
        {"person_id": "1", "ended_at": "NULL::timestamptz"},
    ),
    ("never started, but a service was delivered", Episode, {"state": "'never_started'"}),
    ("at risk is a state", Transition, {"to_state": "'at_risk'"}),
    ("a flag without a reason", Episode, {"at_risk_at": "now()", "at_risk_reason": "''"}),
    ("an episode ended without type, day or author", Episode, {"effective_end": "NULL::date"}),
    ("an administrative discharge nobody signed", Episode, {"discharge_type": "'ADMIN'"}),
    ("a line of the first week is ticked twice", WeekOneItem, {"kind": "'handbook'"}),
    ("getting started was finished from somewhere else", Transition, {"key": "'finish_first_week'"}),
    (
        "a step down without its criteria",
        Transition,
        {"key": "'step_down'", "evidence": "'{}'::jsonb"},
    ),
    (
        "a planned step counts as taken in somebody else's episode",
        TaperStep,
        {"segment_id": "(SELECT min(id) FROM journey_segment)", "episode_id": "episode_id + 1000000"},
    ),
    (
        "an administrative discharge without a fair reason, or without how to appeal",
        Episode,
        {"discharge_type": "'ADMIN'"},
    ),
    (
        "an appointment is settled without saying by whom, or open with an end",
        FollowUpAppointment,
        {"state": "'attended'"},
    ),
    (
        "a warning sign that nobody answered",
        AftercareCall,
        {"warning_signs": "ARRAY['use']", "handed_back": "''"},
    ),
    (
        "a hand-back without a way back in",
        AftercareCall,
        {"case_id": "(SELECT max(id) FROM journey_intakecase)"},
    ),
)


@pytest.mark.parametrize(("words", "model", "changes"), FORGED, ids=[each[0] for each in FORGED])
def test_a_forged_row_is_found(words: str, model: type[Model], changes: dict[str, str], actor: Actor) -> None:
    first = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    for act in ("tick", "goals", "taper", "appointment", "track", "complete", "call"):
        EPISODE_ACTS[act](actor, Episode.objects.get(pk=first.pk))
    make_episode(actor=actor, started=True)
    assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    assert wrong() == []
    with connection.cursor() as cursor:
        cursor.execute(as_if(QUESTIONS[words], model, changes))
        assert cursor.fetchone() is not None


def as_if(sql: str, model: type[Model], changes: dict[str, str]) -> str:
    """The question, asked of a table in which these columns say something else."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    shown = ", ".join(f"{changes[name]} AS {name}" if name in changes else name for name in columns)
    name = model._meta.db_table
    return f"WITH forged AS (SELECT {shown} FROM {name}) " + sql.replace(name, "forged")


def test_every_question_was_shown_to_find_something() -> None:
    assert set(QUESTIONS) == {*FAULTS.values(), *(words for words, _model, _changes in FORGED)}
