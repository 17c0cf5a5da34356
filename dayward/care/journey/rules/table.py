"""The state machine as one table (requirements 4.2, T1-T27).

Read it from top to bottom: a person's way from the first call to alumni. Nothing else decides what may follow
what. `docs/machine.md` and its pictures are made from here.
"""

from __future__ import annotations

from dayward.care.journey.rules.machine import NOTHING, Ask, Gate, Machine, Transition
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.rules.words import gettext_noop

INTAKE, EPISODE, AFTERCARE = Machine.INTAKE, Machine.EPISODE, Machine.AFTERCARE

BEFORE_ASSESSMENT = ("screened", "benefits", "waiting_to_assess")
BEFORE_ADMISSION = ("level_decided", "waitlisted", "authorization_pending", "authorized")
IN_TREATMENT = ("first_week", "active")

INTAKE_ROLE = gettext_noop("intake coordinator")
CLINICIAN_ROLE = gettext_noop("clinician")
LICENSED_ROLE = gettext_noop("licensed clinician")
REVIEWER_ROLE = gettext_noop("utilization reviewer")
THERAPIST_ROLE = gettext_noop("therapist")
DIRECTOR_ROLE = gettext_noop("program director")
CASE_ROLE = gettext_noop("case manager")
ALUMNI_ROLE = gettext_noop("alumni coordinator")
SYSTEM_ROLE = gettext_noop("Dayward itself")

# Keys of permissions.py: work a case; decide about care; what only a director may; what comes after.
INTAKE_MAY = "journey.intake"
DECIDE_MAY = "journey.decide"
DIRECT_MAY = "journey.override"
AFTERCARE_MAY = "journey.aftercare"
ALUMNI_MAY = "journey.alumni"
NOBODY = ""  # only Dayward itself


def hard(*keys: str) -> tuple[Ask, ...]:
    return tuple(Ask(key, Gate.HARD) for key in keys)


def soft(*keys: str) -> tuple[Ask, ...]:
    return tuple(Ask(key, Gate.SOFT) for key in keys)


def policy(*keys: str) -> tuple[Ask, ...]:
    return tuple(Ask(key, Gate.POLICY) for key in keys)


# fmt: off
TABLE: tuple[Transition, ...] = (
    # ------------------------------------------------------------------ intake case
    Transition(
        "open_inquiry", "T1", INTAKE, (NOTHING,), "inquiry", gettext_noop("Open an inquiry"), INTAKE_MAY,
        gettext_noop("anyone"),
        gettext_noop("Someone asked for help for themselves or for somebody else, or a referral arrived."),
        hard("inquiry.recorded"),
    ),
    Transition(
        "finish_screening", "T2", INTAKE, ("inquiry",), "screened", gettext_noop("Finish the screening"),
        INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("The fit questions were gone through; the risk questions are answered, each one."),
        hard("screening.risk_answered"),
    ),
    Transition(
        "refer_out", "T3", INTAKE, (*BEFORE_ASSESSMENT, "waitlisted", "authorization_pending"),
        "referred_out", gettext_noop("Refer out"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("Another place fits better: the person is handed over warmly, not sent away."),
        hard("handoff.given", "screening.danger_answered"), needs_reason=True,
    ),
    Transition(
        "verify_benefits", "T4", INTAKE, ("screened",), "benefits", gettext_noop("Record the benefits"),
        INTAKE_MAY, INTAKE_ROLE, gettext_noop("Coverage is verified and the person knows what it will cost."),
        soft("coverage.benefits_verified"),
    ),
    Transition(
        "schedule_assessment", "T5", INTAKE, BEFORE_ASSESSMENT, "assessment_scheduled",
        gettext_noop("Book the assessment"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("A time with a clinician is booked, within 48 hours where one is free."),
        hard("assessment.slot") + policy("assessment.slot_soon"),
    ),
    Transition(
        "move_assessment", "T5", INTAKE, ("assessment_scheduled",), None, gettext_noop("Move the assessment"),
        INTAKE_MAY, INTAKE_ROLE, gettext_noop("The booked time is changed before it has passed."),
        hard("assessment.slot"), needs_reason=True,
    ),
    Transition(
        "miss_assessment", "T6", INTAKE, ("assessment_scheduled",), "assessment_missed",
        gettext_noop("Did not come to the assessment"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("The time has passed and the person did not come; they are called the same day."),
        hard("assessment.slot_passed"),
    ),
    Transition(
        "reschedule_assessment", "T6", INTAKE, ("assessment_missed",), "assessment_scheduled",
        gettext_noop("Book the assessment again"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("The person was reached and has a new time."),
        hard("assessment.slot") + policy("assessment.slot_soon"),
    ),
    Transition(
        "record_assessment", "T7", INTAKE, ("assessment_scheduled",), "assessed",
        gettext_noop("Close the assessment"), DECIDE_MAY, CLINICIAN_ROLE,
        gettext_noop("The assessment is complete and signed, risk included."),
        hard("assessment.biopsychosocial_signed", "assessment.diagnosis_qualified",
             "safety.risk_statement_signed", "safety.plan_if_positive"),
    ),
    Transition(
        "decide_level", "T8", INTAKE, ("assessed",), "level_decided",
        gettext_noop("Decide the level of care"), DECIDE_MAY, LICENSED_ROLE,
        gettext_noop("Recommended and actual level, with the reason where they differ."),
        hard("level.recommended", "level.difference_explained"),
    ),
    Transition(
        "hand_to_higher_level", "T9", INTAKE, ("level_decided",), "higher_level",
        gettext_noop("Hand over to a higher level"), DECIDE_MAY, CLINICIAN_ROLE,
        gettext_noop("More care is needed than this program gives; somebody there has taken over."),
        hard("handoff.given", "screening.danger_answered"), needs_reason=True,
    ),
    Transition(
        "hand_to_lower_level", "T9", INTAKE, ("level_decided",), "lower_level",
        gettext_noop("Hand over to a lower level"), DECIDE_MAY, CLINICIAN_ROLE,
        gettext_noop("Less care is enough; somebody there has taken over."),
        hard("handoff.given", "screening.danger_answered"), needs_reason=True,
    ),
    Transition(
        "wait_for_assessment", "T10", INTAKE, ("screened", "benefits"), "waiting_to_assess",
        gettext_noop("Wait for an assessment"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("No fitting time yet, or not the right moment; contact at least once a week."),
        policy("waitlist.interim_plan"), needs_reason=True,
    ),
    Transition(
        "waitlist", "T10", INTAKE, ("level_decided", "authorized"), "waitlisted",
        gettext_noop("Put on the waitlist"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("No seat yet; contact at least once a week and help meanwhile."),
        policy("waitlist.interim_plan"), needs_reason=True,
    ),
    Transition(
        "ask_authorization", "T11", INTAKE, ("level_decided", "waitlisted"), "authorization_pending",
        gettext_noop("Ask for authorization"), DECIDE_MAY, REVIEWER_ROLE,
        gettext_noop("The packet is with the payer."), hard("authorization.asked"),
    ),
    Transition(
        "record_authorization", "T11", INTAKE, ("authorization_pending",), "authorized",
        gettext_noop("Record the authorization"), DECIDE_MAY, REVIEWER_ROLE,
        gettext_noop("The payer has said yes to days or units."), hard("authorization.approved"),
    ),
    Transition(
        "admit", "T12", INTAKE, BEFORE_ADMISSION, "case_admitted", gettext_noop("Admit"), INTAKE_MAY,
        gettext_noop("intake coordinator with clinician"),
        gettext_noop("The person has a seat, knows the rules, has agreed; an episode begins."),
        hard("level.is_this_program", "program.age_fits", "consent.treatment", "consent.patient_notice")
        + soft("consent.telehealth")
        + policy("admission.papers", "admission.emergency_contact", "admission.first_goals"),
    ),
    Transition(
        "decline", "T3", INTAKE, open_states(INTAKE), "declined", gettext_noop("Decline"), INTAKE_MAY,
        INTAKE_ROLE, gettext_noop("The program cannot offer a place and says why."),
        hard("screening.danger_answered"), needs_reason=True,
    ),
    Transition(
        "withdraw", "T3", INTAKE, open_states(INTAKE), "withdrew", gettext_noop("Withdrew"), INTAKE_MAY,
        INTAKE_ROLE, gettext_noop("The person does not want to go on; the door stays open."),
        needs_reason=True,
    ),
    Transition(
        "close_no_contact", "T6", INTAKE, open_states(INTAKE), "no_contact",
        gettext_noop("Close as no contact"), INTAKE_MAY, INTAKE_ROLE,
        gettext_noop("The person could not be reached, in more than one way."),
        policy("contact.attempts_made"), needs_reason=True,
    ),
    Transition(
        "take_back_case", "T1", INTAKE, ("inquiry",), "case_in_error", gettext_noop("Take the case back"),
        NOBODY, SYSTEM_ROLE,
        gettext_noop("Opened by mistake from a referral, and nothing has come of it: the referral waits again."),
        needs_reason=True,
    ),
    Transition(
        "go_on_instead", "T26", INTAKE, open_states(INTAKE), "case_reopened",
        gettext_noop("The episode before goes on"), NOBODY, SYSTEM_ROLE,
        gettext_noop("Back soon enough: the episode before is reopened, and no new one is needed."),
        hard("return.episode_reopened"),
    ),
    Transition(
        "close_case_deceased", "T27", INTAKE, open_states(INTAKE), "case_deceased",
        gettext_noop("Record a death"), DIRECT_MAY, DIRECTOR_ROLE,
        gettext_noop("The person has died; the record is closed with care."), hard("person.death_recorded"),
    ),
    # ------------------------------------------------------------------ episode
    Transition(
        "begin_episode", "T12", EPISODE, (NOTHING,), "admitted", gettext_noop("Begin the episode"),
        INTAKE_MAY, gettext_noop("intake coordinator with clinician"),
        gettext_noop("Comes with the admission: one enrollment in one program, with its first segment."),
    ),
    Transition(
        "start_treatment", "T13", EPISODE, ("admitted",), "first_week", gettext_noop("Start treatment"),
        NOBODY, SYSTEM_ROLE, gettext_noop("The first clinical service; every deadline counts from here."),
        hard("service.first_delivered"),
    ),
    Transition(
        "take_back_start", "T13", EPISODE, ("first_week",), "admitted", gettext_noop("Take the start back"),
        NOBODY, SYSTEM_ROLE, gettext_noop("The first service was written down by mistake, and none is left."),
    ),
    Transition(
        "close_never_started", "T13", EPISODE, ("admitted",), "never_started", gettext_noop("Never started"),
        DECIDE_MAY, THERAPIST_ROLE, gettext_noop("Admitted, but no service was ever delivered."),
        policy("contact.attempts_made"), needs_reason=True,
    ),
    Transition(
        "finish_first_week", "T14", EPISODE, ("first_week",), "active",
        gettext_noop("Finish getting started"), DECIDE_MAY, THERAPIST_ROLE,
        gettext_noop("First-week list done, plan signed (W01-W04)."),
        policy("week_one.checklist", "plan.signed"),
    ),
    Transition(
        "flag_at_risk", "T15", EPISODE, IN_TREATMENT, None, gettext_noop("Flag as at risk"), DECIDE_MAY,
        gettext_noop("therapist, or Dayward itself"),
        gettext_noop("Absences, few hours, worse scores or risk: the team looks closer; not a state."),
        needs_reason=True,
    ),
    Transition(
        "clear_at_risk", "T15", EPISODE, (*IN_TREATMENT, "on_hold", "discharge_planned"), None,
        gettext_noop("Take the flag off"), DECIDE_MAY, THERAPIST_ROLE,
        gettext_noop("What the flag was for is answered."), needs_reason=True,
    ),
    Transition(
        "hold", "T16", EPISODE, IN_TREATMENT, "on_hold", gettext_noop("Put on hold"), DECIDE_MAY,
        THERAPIST_ROLE,
        gettext_noop("Hospital, jail, illness or travel, within the longest hold the program allows."),
        hard("hold.within_limit"), needs_reason=True,
    ),
    Transition(
        "return_to_first_week", "T16", EPISODE, ("on_hold",), "first_week", gettext_noop("Back from hold"),
        DECIDE_MAY, THERAPIST_ROLE, gettext_noop("The person is back and goes on getting started."),
        hard("episode.first_week_open"),
    ),
    Transition(
        "return_to_active", "T16", EPISODE, ("on_hold",), "active", gettext_noop("Back from hold"),
        DECIDE_MAY, THERAPIST_ROLE, gettext_noop("The person is back."), hard("episode.first_week_done"),
    ),
    Transition(
        "review_stay", "T17", EPISODE, IN_TREATMENT, None, gettext_noop("Review the stay"), DECIDE_MAY,
        gettext_noop("team and utilization reviewer"), gettext_noop("Continued stay, looked at by its date."),
        hard("review.recorded"),
    ),
    Transition(
        "step_down", "T18", EPISODE, IN_TREATMENT, None, gettext_noop("Step down"), DECIDE_MAY,
        gettext_noop("team"),
        gettext_noop("Fewer days or hours: the segment closes and another opens in the same episode."),
        hard("step_down.criteria_met"),
    ),
    Transition(
        "step_up", "T19", EPISODE, (*IN_TREATMENT, "on_hold", "discharge_planned"), "discharged",
        gettext_noop("Step up"), DECIDE_MAY, gettext_noop("team or prescriber"),
        gettext_noop("More care is needed; the episode ends when the receiving program has accepted."),
        hard("handoff.accepted", "handoff.packet_sent") + soft("alert.answered"), needs_reason=True,
    ),
    Transition(
        "move_sideways", "T20", EPISODE, IN_TREATMENT, None, gettext_noop("Change track"), DIRECT_MAY,
        DIRECTOR_ROLE,
        gettext_noop("Another track, same level: the plan goes along, consents are looked at again."),
        soft("segment.differs"), needs_reason=True,
    ),
    Transition(
        "plan_discharge", "T21", EPISODE, ("active",), "discharge_planned",
        gettext_noop("Plan the discharge"), DECIDE_MAY, THERAPIST_ROLE,
        gettext_noop("At least 14 days ahead, with what comes after."), policy("discharge_plan.ready"),
    ),
    Transition(
        "stay_on", "T21", EPISODE, ("discharge_planned",), "active", gettext_noop("Stay on after all"),
        DECIDE_MAY, THERAPIST_ROLE, gettext_noop("The planned discharge is called off."), needs_reason=True,
    ),
    Transition(
        "discharge", "T22", EPISODE, (*IN_TREATMENT, "on_hold", "discharge_planned"), "discharged",
        gettext_noop("Discharge"), DECIDE_MAY, CLINICIAN_ROLE,
        gettext_noop("The episode ends with a type; the summary follows by its date."),
        hard("discharge.type_given") + soft("alert.answered"),
    ),
    Transition(
        "discharge_lost", "T23", EPISODE, (*IN_TREATMENT, "on_hold", "discharge_planned"), "discharged",
        gettext_noop("Discharge as lost contact"), DECIDE_MAY, THERAPIST_ROLE,
        gettext_noop("Nobody can reach the person; the last day of service is the day of discharge."),
        policy("service.quiet", "contact.attempts_made", "contact.letter_sent") + soft("alert.answered"),
        needs_reason=True,
    ),
    Transition(
        "reopen", "T26", EPISODE, ("discharged",), "first_week", gettext_noop("Reopen the episode"),
        DIRECT_MAY, DIRECTOR_ROLE,
        gettext_noop("Back soon, for the same reason, and the payer agrees; otherwise a new episode."),
        hard("reopen.policy_allows", "reopen.payer_allows", "consent.treatment"),
    ),
    Transition(
        "close_episode_deceased", "T27", EPISODE, open_states(EPISODE), "discharged",
        gettext_noop("Record a death"), DIRECT_MAY, DIRECTOR_ROLE,
        gettext_noop("The person has died; the record is closed with care."), hard("person.death_recorded"),
    ),
    # ------------------------------------------------------------------ aftercare and alumni
    Transition(
        "open_aftercare", "T24", AFTERCARE, (NOTHING,), "aftercare", gettext_noop("Open aftercare"),
        AFTERCARE_MAY, CASE_ROLE,
        gettext_noop("Calls after discharge, and whether the next appointment was kept."),
        hard("episode.discharged"),
    ),
    Transition(
        "follow_up_rests", "T26", AFTERCARE, ("aftercare", "alumni"), "returned",
        gettext_noop("The episode goes on"), NOBODY, SYSTEM_ROLE,
        gettext_noop("The episode was reopened: its follow-up rests until it ends again."),
        hard("return.episode_reopened"),
    ),
    Transition(
        "follow_up_again", "T24", AFTERCARE, ("returned", "aftercare_ended"), "aftercare",
        gettext_noop("Open aftercare again"), NOBODY, SYSTEM_ROLE,
        gettext_noop("A reopened episode has ended again; its calls begin anew."),
        hard("episode.discharged"),
    ),
    Transition(
        "join_alumni", "T25", AFTERCARE, ("aftercare",), "alumni", gettext_noop("Join the alumni"),
        ALUMNI_MAY, ALUMNI_ROLE, gettext_noop("The person asks to stay in touch, by a consent of its own."),
        hard("consent.alumni_contact"),
    ),
    Transition(
        "join_again", "T25", AFTERCARE, ("aftercare_ended",), "alumni", gettext_noop("Join the alumni again"),
        ALUMNI_MAY, ALUMNI_ROLE,
        gettext_noop("The person had left, and asks to stay in touch after all, by a new consent."),
        hard("consent.alumni_contact"),
    ),
    Transition(
        "end_aftercare", "T24", AFTERCARE, ("aftercare",), "aftercare_ended", gettext_noop("End aftercare"),
        AFTERCARE_MAY, CASE_ROLE, gettext_noop("The follow-up is done, or the person does not want it."),
        needs_reason=True,
    ),
    Transition(
        "leave_alumni", "T25", AFTERCARE, ("alumni",), "aftercare_ended", gettext_noop("Leave the alumni"),
        ALUMNI_MAY, ALUMNI_ROLE, gettext_noop("The person no longer wants contact; it stops at once."),
        needs_reason=True,
    ),
    Transition(
        "come_back", "T26", AFTERCARE, ("aftercare", "alumni"), "returned", gettext_noop("Came back"),
        AFTERCARE_MAY, gettext_noop("intake coordinator"),
        gettext_noop("Coming back is a new episode, unless the reopen policy applies."),
        hard("return.case_opened"),
    ),
    Transition(
        "close_aftercare_deceased", "T27", AFTERCARE, open_states(AFTERCARE), "aftercare_deceased",
        gettext_noop("Record a death"), DIRECT_MAY, DIRECTOR_ROLE,
        gettext_noop("The person has died; calls and letters stop."), hard("person.death_recorded"),
    ),
)
# fmt: on

BY_KEY = {row.key: row for row in TABLE}
