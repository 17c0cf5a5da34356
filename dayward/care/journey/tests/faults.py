"""Faults to plant in the services, each with the question that must find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey import services
from dayward.care.journey.factories import (
    assessment_booked,
    level_decided,
    make_case,
    make_episode,
    make_track,
    proven,
    screened,
)
from dayward.care.journey.models import (
    Episode,
    IntakeCase,
    Reopening,
)
from dayward.care.journey.rules import table
from dayward.care.journey.services import episodes as episode_services
from dayward.care.journey.services import steps
from dayward.care.journey.tests.acts import (
    CASE_ACTS,
    EPISODE_ACTS,
    PLAN,
    come_again,
    everything_above,
)
from dayward.foundation.audit.actors import Actor
from dayward.foundation.organization.factories import day_here
from dayward.foundation.people.factories import make_person


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
    child = make_person(birth_date=day_here() - timedelta(days=3000))
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
    place = services.Place(episode.segments.get().track, 5, 900, day_here() + timedelta(days=1))
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
