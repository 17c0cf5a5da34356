"""The steps of the way in and of an episode, on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from dayward.care.journey import services
from dayward.care.journey.factories import (
    CALM,
    CONSENTED,
    DECIDED,
    actor_of,
    assessment_booked,
    level_decided,
    make_actor,
    make_case,
    make_episode,
    make_track,
    proven,
    screened,
)
from dayward.care.journey.models import (
    AftercareCase,
    AssessmentSlot,
    ContactAttempt,
    Episode,
    Handoff,
    IntakeCase,
    Segment,
    Transition,
    WaitlistEntry,
)
from dayward.care.journey.services.steps import take_step
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import grant_role
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.evidence import prove

pytestmark = pytest.mark.django_db

FORGED_STEP = """
INSERT INTO journey_transition (public_id, case_id, key, from_state, to_state, at, by, reason, evidence)
SELECT 'x', id, 'admit', 'level_decided', 'case_admitted', now(), 'x', '', '{}' FROM journey_intakecase
"""


def execute(*statements: str) -> None:
    """Straight to the database, past the services."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_an_inquiry_is_opened_once_logged_and_audited() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    (step,) = Transition.objects.filter(case=case)
    assert (step.key, step.from_state, step.to_state, step.by) == ("open_inquiry", "", "inquiry", actor.id)
    assert Entry.objects.filter(action="journey.open_inquiry", subject=case.public_id).count() == 1
    with pytest.raises(Refused, match="open intake case"):
        make_case(actor=actor, person=case.person)


def test_screening_refuses_until_each_risk_question_is_answered() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    partly = {key: CALM[key] for key in ("risk_self", "risk_others", "medical")}
    services.save_screening(actor=actor, case=case, told=services.Told(answers=partly), version=0)
    with pytest.raises(services.StepRefused) as refusal:
        services.finish_screening(actor=actor, case=case)
    assert refusal.value.lacking[0].sentence == "2 questions about risk are not answered."
    services.save_screening(actor=actor, case=case, told=services.Told(answers=CALM), version=1)
    services.finish_screening(actor=actor, case=case)
    case.refresh_from_db()
    assert case.state == "screened"
    assert case.screening.outcome == "assess"


def test_two_people_on_one_screening_lose_neither_text() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    services.save_screening(actor=actor, case=case, told=services.Told(support="Sister"), version=0)
    with pytest.raises(Conflict):
        services.save_screening(
            actor=make_actor(), case=case, told=services.Told(support="Brother"), version=0
        )
    assert IntakeCase.objects.get(pk=case.pk).screening.support == "Sister"


def test_immediate_danger_must_be_answered_before_anybody_is_sent_on() -> None:
    actor = make_actor()
    case = screened(make_case(actor=actor), actor=actor, risk_self="yes")
    away = services.Handover("higher", "needs_more", "Lakeside Hospital", "Nurse on duty")
    with pytest.raises(services.StepRefused) as refusal:
        services.refer_out(actor=actor, case=case, handover=away)
    assert "immediate danger" in refusal.value.lacking[0].sentence
    assert not Handoff.objects.filter(case=case).exists()  # nothing half-written
    emergency = services.Handover("emergency", "risk", "911", "Dispatcher")
    services.log_handoff(actor=actor, case=case, handover=emergency)
    services.refer_out(actor=actor, case=case, handover=away)
    case.refresh_from_db()
    assert case.state == "referred_out"


def test_no_contact_warns_but_withdrawing_needs_a_reason() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    with pytest.raises(services.StepRefused, match="reason"):
        services.close_case(actor=actor, case=case, how="withdraw", reason=" ")
    services.close_case(actor=actor, case=case, how="no_contact", reason="Line disconnected")
    step = Transition.objects.get(case=case, key="close_no_contact")
    assert step.evidence == {"contact.attempts_made": False}


def test_a_missed_assessment_is_booked_again() -> None:
    actor = make_actor()
    case = assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    with pytest.raises(services.StepRefused):  # the time has not passed
        services.miss_assessment(actor=actor, case=case)
    slot = AssessmentSlot.objects.get(case=case)
    past = timezone.now() - timedelta(hours=3)
    AssessmentSlot.objects.filter(pk=slot.pk).update(during=(past, past + timedelta(hours=1)))
    services.miss_assessment(actor=actor, case=case)
    assessment_booked(case, actor=actor)
    case.refresh_from_db()
    assert case.state == "assessment_scheduled"
    assert set(AssessmentSlot.objects.filter(case=case).values_list("status", flat=True)) == {
        "missed",
        "booked",
    }


def test_one_clinician_is_not_booked_twice_at_a_time() -> None:
    actor = make_actor()
    case = assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    slot = AssessmentSlot.objects.get(case=case)
    other = screened(make_case(actor=actor), actor=actor)
    wanted = services.Slot(slot.clinician, slot.during.lower + timedelta(minutes=30))
    with pytest.raises(Refused, match="another assessment"):
        services.book_assessment(actor=actor, case=other, slot=wanted)
    other.refresh_from_db()
    assert other.state == "screened"


def test_admission_refuses_with_everything_that_is_missing() -> None:
    actor = make_actor("intake", "therapist")
    case = level_decided(
        assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor), actor=actor
    )
    place = services.Place(make_track(case.program), 3, 600, date(2026, 3, 2))
    with proven(*DECIDED), proven(*CONSENTED, present=False), pytest.raises(services.StepRefused) as refusal:
        services.admit(actor=actor, case=case, place=place)
    assert len(refusal.value.lacking) == 2
    assert all(item.who for item in refusal.value.lacking)
    assert not Episode.objects.exists()
    with proven(*DECIDED, *CONSENTED):
        episode = services.admit(actor=actor, case=case, place=place)
    case.refresh_from_db()
    assert (case.state, episode.state) == ("case_admitted", "admitted")
    segment = Segment.objects.get(episode=episode)
    assert (segment.days_per_week, segment.prescribed_minutes, segment.level) == (3, 600, "iop")


def test_a_child_is_not_admitted_to_a_program_for_adults() -> None:
    actor = make_actor("intake", "therapist")
    child = make_person(birth_date=day_here() - timedelta(days=6 * 365))
    case = make_case(actor=actor, person=child)
    level_decided(assessment_booked(screened(case, actor=actor), actor=actor), actor=actor)
    place = services.Place(make_track(case.program), 3, 600, date(2026, 3, 2))
    with proven(*DECIDED, *CONSENTED), pytest.raises(services.StepRefused) as refusal:
        services.admit(actor=actor, case=case, place=place)
    assert "adults" in refusal.value.lacking[0].sentence


def test_fewer_hours_than_the_floor_take_a_reason() -> None:
    actor = make_actor("intake", "therapist")
    case = level_decided(
        assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor), actor=actor
    )
    place = services.Place(make_track(case.program), 2, 360, date(2026, 3, 2))
    with proven(*DECIDED, *CONSENTED), pytest.raises(Refused, match="floor is 9 hours"):
        services.admit(actor=actor, case=case, place=place)


def test_the_first_service_starts_treatment_once() -> None:
    episode = make_episode(started=True, starts_on=date(2026, 3, 4))
    assert (episode.state, episode.first_service_on) == ("first_week", date(2026, 3, 4))
    with proven("service.first_delivered"):
        services.note_service(actor=make_actor(), episode=episode, on=date(2026, 3, 6))
    episode.refresh_from_db()
    assert (episode.first_service_on, episode.last_service_on) == (date(2026, 3, 4), date(2026, 3, 6))
    assert Transition.objects.filter(episode=episode, key="start_treatment").count() == 1


def test_a_hold_has_a_limit_and_ends_where_it_began() -> None:
    actor = make_actor("therapist")
    episode = make_episode(started=True, starts_on=date(2026, 3, 2))
    too_long = services.Away("hospital", date(2026, 3, 4), date(2026, 3, 19))
    with pytest.raises(services.StepRefused) as refusal:
        services.hold(actor=actor, episode=episode, away=too_long)
    assert "14 days" in refusal.value.lacking[0].sentence
    services.hold(
        actor=actor, episode=episode, away=services.Away("hospital", date(2026, 3, 4), date(2026, 3, 18))
    )
    services.return_from_hold(actor=actor, episode=episode, on=date(2026, 3, 11))
    episode.refresh_from_db()
    assert episode.state == "first_week"
    assert episode.holds.get().ended_on == date(2026, 3, 11)


def test_at_risk_is_a_flag_and_not_a_state() -> None:
    actor = make_actor("therapist")
    episode = make_episode(started=True)
    services.flag_at_risk(actor=actor, episode=episode, reason="Two absences in a row")
    episode.refresh_from_db()
    assert (episode.state, episode.at_risk_by) == ("first_week", actor.id)
    services.clear_at_risk(actor=actor, episode=episode, reason="Back this week")
    episode.refresh_from_db()
    assert episode.at_risk_at is None


def test_lost_contact_ends_on_the_last_day_of_service() -> None:
    actor = make_actor("therapist")
    episode = make_episode(started=True, starts_on=date(2026, 3, 4))
    services.discharge_lost(actor=actor, episode=episode, reason="Nobody answers")
    episode.refresh_from_db()
    assert (episode.state, episode.discharge_type, episode.effective_end) == (
        "discharged",
        "LOST",
        date(2026, 3, 4),
    )
    assert episode.segments.get().ends_on == date(2026, 3, 5)


def test_an_administrative_discharge_is_a_directors() -> None:
    episode = make_episode(started=True)
    fair: dict[str, Any] = {"kind": "ADMIN", "reason": "Threats", "administrative_reason": "threats"}
    told = {**fair, "appeal_told_on": date(2026, 3, 4)}
    with pytest.raises(Refused, match="director"):
        services.discharge(actor=make_actor("therapist"), episode=episode, **told)
    with pytest.raises(Refused, match="how to appeal"):
        services.discharge(actor=make_actor("director"), episode=episode, **fair)
    services.discharge(actor=make_actor("director"), episode=episode, **told)
    episode.refresh_from_db()
    assert episode.director_signed_by is not None


@pytest.mark.parametrize("why", ["", "drug_test", "positive_uds"])
def test_a_positive_drug_test_alone_is_no_reason_to_discharge(why: str) -> None:
    """4.3, 7.4 (19): it cannot be chosen, and free text does not replace the choice."""
    with pytest.raises(Refused, match="positive drug test alone"):
        services.discharge(
            actor=make_actor("director"),
            episode=make_episode(started=True),
            kind="ADMIN",
            reason="Positive UDS",
            administrative_reason=why,
            appeal_told_on=date(2026, 3, 4),
        )


def test_a_step_up_waits_for_the_receiving_program() -> None:
    actor = make_actor("therapist")
    episode = make_episode(started=True)
    asked = services.Handover(
        "higher",
        "needs_more",
        "Hill Hospital",
        "Dr. Test",
        packet_note="Faxed",
        wait_note="Stays with sister",
    )
    with pytest.raises(services.StepRefused):
        services.step_up(actor=actor, episode=episode, handover=asked, reason="Relapse")
    accepted = replace(asked, accepted=True)
    with pytest.raises(services.StepRefused):
        services.step_up(actor=actor, episode=episode, handover=accepted, reason="Relapse")
    with proven("handoff.packet_sent"):
        services.step_up(actor=actor, episode=episode, handover=accepted, reason="Relapse")
    episode.refresh_from_db()
    assert episode.discharge_type == "STEPUP"


def test_the_yes_of_one_program_is_not_that_of_another() -> None:
    actor, episode = make_actor("therapist"), make_episode(started=True)
    hill = services.Handover("higher", "needs_more", "Hill Hospital", "Dr. Test", accepted=True)
    services.log_handoff(actor=actor, episode=episode, handover=hill)
    lake = replace(hill, target="Lake Hospital", accepted=False)
    with proven("handoff.packet_sent"), pytest.raises(services.StepRefused):
        services.step_up(actor=actor, episode=episode, handover=lake, reason="Relapse")


def test_what_was_tried_before_the_last_service_is_no_attempt_to_reach_somebody_lost() -> None:
    actor, today = make_actor("therapist"), day_here()
    episode = make_episode(started=True, starts_on=today - timedelta(days=90))
    back_on = today - timedelta(days=40)
    for day in (70, 69, 68):
        for mode in ("phone", "letter"):
            services.log_contact(
                actor=actor,
                episode=episode,
                mode=mode,
                outcome="no_answer" if mode == "phone" else "sent",
                at=timezone.now() - timedelta(days=day),
            )
    keys = ("contact.attempts_made", "contact.letter_sent")
    assert all(prove(key, kind="episode", id=episode.pk).present for key in keys)
    services.note_service(actor=actor, episode=episode, on=back_on)
    assert not any(prove(key, kind="episode", id=episode.pk).present for key in keys)


def test_the_last_day_is_neither_to_come_nor_before_a_service() -> None:
    actor, today = make_actor("therapist"), day_here()
    episode = make_episode(started=True, starts_on=today - timedelta(days=9))
    with pytest.raises(Refused, match="still to come"):
        services.discharge(actor=actor, episode=episode, kind="COMP", on=today + timedelta(days=2))
    with pytest.raises(Refused, match="before the last service"):
        services.discharge(actor=actor, episode=episode, kind="COMP", on=today - timedelta(days=10))
    services.discharge(actor=actor, episode=episode, kind="COMP", on=today - timedelta(days=9))


def test_a_director_of_another_site_signs_no_administrative_discharge() -> None:
    episode = make_episode(started=True)
    elsewhere = make_staff_with()
    grant_role(
        actor=SETUP, staff=elsewhere, role="director", site=make_site("Elsewhere"), starts_on=date(2026, 1, 5)
    )
    with pytest.raises(Refused, match="director"):
        services.discharge(
            actor=actor_of(elsewhere),
            episode=episode,
            kind="ADMIN",
            reason="Threats",
            administrative_reason="threats",
            appeal_told_on=date(2026, 3, 4),
        )


def test_fewer_days_are_a_step_down_and_no_change_of_track() -> None:
    episode = make_episode(started=True, starts_on=date(2026, 3, 2))
    segment = episode.segments.get()
    fewer = services.Place(
        make_track(episode.program, "Evenings"), 2, segment.prescribed_minutes, date(2026, 3, 6)
    )
    with pytest.raises(Refused, match="step down"):
        services.change_track(
            actor=make_actor("director"),
            episode=episode,
            place=fewer,
            reason="Job",
            at=datetime(2026, 3, 4, 18, tzinfo=UTC),
        )


def test_coming_back_is_a_new_case_linked_to_the_old_episode() -> None:
    actor = make_actor("intake", "therapist")
    episode = make_episode(actor=actor, started=True)
    services.discharge(actor=actor, episode=episode, kind="COMP")
    aftercare = AftercareCase.objects.get(episode=episode)
    with pytest.raises(services.StepRefused):
        services.move_aftercare(actor=actor, case=aftercare, key="come_back")
    case = make_case(actor=actor, person=episode.person)
    assert case.previous_episode_id == episode.pk
    services.move_aftercare(actor=actor, case=aftercare, key="come_back")
    aftercare.refresh_from_db()
    assert aftercare.state == "returned"


def test_alumni_need_their_own_consent() -> None:
    actor = make_actor("therapist")
    episode = make_episode(started=True)
    services.discharge(actor=actor, episode=episode, kind="COMP")
    aftercare = AftercareCase.objects.get(episode=episode)
    with proven("consent.alumni_contact", present=False), pytest.raises(services.StepRefused):
        services.move_aftercare(actor=actor, case=aftercare, key="join_alumni")
    with proven("consent.alumni_contact"):
        services.move_aftercare(actor=actor, case=aftercare, key="join_alumni")
    aftercare.refresh_from_db()
    assert aftercare.state == "alumni"


def test_a_death_closes_what_is_open() -> None:
    actor = make_actor("director")
    episode = make_episode(started=True, starts_on=date(2026, 3, 4))
    person = episode.person
    with pytest.raises(services.StepRefused):
        services.close_for_death(actor=actor, person=person)
    type(person).objects.filter(pk=person.pk).update(deceased_on=date(2026, 3, 9))
    person.refresh_from_db()
    assert services.close_for_death(actor=actor, person=person) == 1
    episode.refresh_from_db()
    assert (episode.discharge_type, episode.effective_end) == ("DECEASED", date(2026, 3, 9))


def test_what_no_package_can_prove_is_refused() -> None:
    actor = make_actor()
    case = screened(make_case(actor=actor), actor=actor)
    case = level_decided(assessment_booked(case, actor=actor), actor=actor)
    with pytest.raises(services.StepRefused, match="Nothing in Dayward can show"):
        take_step(case, "ask_authorization", actor=actor, reason="Done")


def test_waiting_ends_when_the_case_goes_on() -> None:
    actor = make_actor()
    case = screened(make_case(actor=actor), actor=actor)
    plan = services.WaitingPlan("Meets the peer group on Mondays", priority="pregnant")
    services.put_on_waitlist(actor=actor, case=case, plan=plan, reason="No time free")
    assert WaitlistEntry.objects.filter(case=case, ended_at=None).count() == 1
    assessment_booked(case, actor=actor)
    assert not WaitlistEntry.objects.filter(case=case, ended_at=None).exists()


def test_a_contact_plans_the_next_one() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    tomorrow = timezone.now() + timedelta(days=1)
    services.log_contact(actor=actor, case=case, mode="phone", outcome="no_answer", next_at=tomorrow)
    case.refresh_from_db()
    assert case.planned_for == tomorrow
    assert ContactAttempt.objects.get(case=case).made_by == actor.id


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE journey_intakecase SET state = 'case_admitted'", "journey_moves_along_the_machine"),
        ("UPDATE journey_intakecase SET state = 'screened'", "journey_state_is_logged"),
        (FORGED_STEP, "journey_steps_follow"),
    ],
)
def test_the_database_itself_keeps_to_the_machine(sql: str, constraint: str) -> None:
    make_case()
    with pytest.raises(IntegrityError) as refusal:
        execute(sql, "SET CONSTRAINTS ALL IMMEDIATE")
    assert isinstance(refusal.value.__cause__, psycopg.Error)
    assert refusal.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize(
    "sql", ["UPDATE journey_transition SET reason = ''", "DELETE FROM journey_transition"]
)
def test_the_log_of_steps_cannot_be_changed(sql: str) -> None:
    make_case()
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(sql)


def test_the_screening_of_a_closed_case_stays_as_it_is() -> None:
    actor = make_actor()
    case = make_case(actor=actor)
    services.close_case(actor=actor, case=case, how="decline", reason="Full")
    with pytest.raises(Refused, match="closed"):
        services.save_screening(actor=actor, case=case, told=services.Told(answers=CALM), version=0)


def test_a_death_ends_the_waiting_and_the_aftercare_too() -> None:
    actor = make_actor("director", "intake")
    episode = make_episode(started=True, starts_on=date(2026, 3, 4))
    services.discharge(actor=actor, episode=episode, kind="COMP")
    aftercare = AftercareCase.objects.get(episode=episode)
    case = screened(make_case(actor=actor, person=episode.person), actor=actor)
    services.put_on_waitlist(actor=actor, case=case, plan=services.WaitingPlan("Group"), reason="Full")
    person = episode.person
    person.deceased_on = date(2026, 3, 20)
    person.save(update_fields=["deceased_on"])
    assert services.close_for_death(actor=actor, person=person) == 2
    aftercare.refresh_from_db()
    case.refresh_from_db()
    assert (aftercare.state, case.state) == ("aftercare_deceased", "case_deceased")
    assert not WaitlistEntry.objects.filter(ended_at=None).exists()
    with pytest.raises(Refused, match="Nothing is open"):
        services.close_for_death(actor=actor, person=person)
