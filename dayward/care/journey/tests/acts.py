"""Every verb of the journey as something to try, in whatever state the case or the episode is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from dayward.care.journey import services
from dayward.care.journey.factories import (
    ASSESSED,
    CONSENTED,
    DECIDED,
    assessment_booked,
    level_decided,
    make_case,
    make_track,
    proven,
    screened,
)
from dayward.care.journey.models import (
    AssessmentSlot,
    Episode,
    IntakeCase,
)
from dayward.care.journey.rules.stepping import Amount, Planned
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.organization.factories import day_here
from dayward.kernel.errors import Refused

AWAY = services.Handover("higher", "needs_more", "Hill Hospital", "Dr. Sample", accepted=True)
PLAN = services.WaitingPlan("Peer group on Mondays")


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


def soon() -> date:
    return day_here() + timedelta(days=9)


def said(answer: str, **more: str) -> services.Said:
    return services.Said(answer, day_here(), same_reason=True, **more)


def fewer(episode: Episode) -> services.Place:
    """One day less than now."""
    segment = episode.segments.get(ends_on=None)
    days, minutes = segment.days_per_week - 1, segment.prescribed_minutes - 60
    return services.Place(segment.track, days, minutes, day_here() + timedelta(days=2), "op")


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
        place=services.Place(make_track(episode.program, "Evenings"), 4, 720, day_here()),
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
        actor=actor, episode=episode, steps=[Planned(soon(), Amount("iop", 2, 540))]
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
        actor=actor, episode=episode, leaving=services.Leaving(soon(), {"crisis": "988"})
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
        place=services.Place(make_track(episode.program), 3, 600, day_here()),
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


def try_it(act: Callable[..., object], actor: Actor, walker: object) -> None:
    """A refusal is an answer, too; that it left nothing behind is what the questions check."""
    with suppress(Refused, ObjectDoesNotExist), transaction.atomic():
        act(actor, walker)
