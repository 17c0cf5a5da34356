"""Every piece of evidence the machine asks for: who knows it, what it says, who can give it.

Exactly one provider per key; a system check sees to it. A key marked `awaited` keeps its transitions
from being offered until its package can prove it; the check then asks for the mark to go.
"""

from __future__ import annotations

from dayward.care.journey.rules.machine import EvidenceKey
from dayward.care.journey.rules.words import gettext_noop

INTAKE_STAFF = gettext_noop("intake staff")
CLINICIAN = gettext_noop("the assessing clinician")
DIRECTOR = gettext_noop("the program director")
PERSON = gettext_noop("the person, by link or on the tablet")
THERAPIST = gettext_noop("the therapist")
REVIEWER = gettext_noop("the utilization reviewer")
SESSION_STAFF = gettext_noop("whoever confirms the roll call")
TEAM = gettext_noop("the team")

EVIDENCE: tuple[EvidenceKey, ...] = (
    # The way in (T1-T6, T10).
    EvidenceKey(
        "inquiry.recorded",
        "journey",
        gettext_noop(
            "Who asked, from where, how to reach them and whether we may call back are written down."
        ),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "screening.risk_answered",
        "journey",
        gettext_noop(
            "Each question about immediate risk, withdrawal, medical red flags and 24-hour care is answered."
        ),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "screening.danger_answered",
        "journey",
        gettext_noop("Where there is immediate danger, the emergency path was taken and is logged."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "coverage.benefits_verified",
        "coverage",
        gettext_noop("Payer, member number, benefits and whether an authorization is needed are verified."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "assessment.slot",
        "journey",
        gettext_noop("A time with a clinician is booked for the assessment."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "assessment.slot_soon",
        "journey",
        gettext_noop("The assessment is within 48 hours."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "assessment.slot_passed",
        "journey",
        gettext_noop("The booked time has passed and the person did not come."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "contact.attempts_made",
        "journey",
        gettext_noop("At least three attempts to reach the person, in at least two ways, are logged."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "handoff.given",
        "journey",
        gettext_noop("It is written down where the person was handed to, why, and who there knows of it."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "handoff.accepted",
        "journey",
        gettext_noop("The receiving program has accepted the person."),
        THERAPIST,
    ),
    EvidenceKey(
        "handoff.packet_sent",
        "casework",
        gettext_noop("The transfer packet was sent and logged, and safety during the wait is settled."),
        THERAPIST,
    ),
    EvidenceKey(
        "waitlist.interim_plan",
        "journey",
        gettext_noop("What the person does meanwhile, and a contact at least once a week, are agreed."),
        INTAKE_STAFF,
    ),
    # Assessment and level of care (T7-T9).
    EvidenceKey(
        "assessment.biopsychosocial_signed",
        "assessments",
        gettext_noop(
            "The biopsychosocial assessment is signed, with medications, supports, legal and housing."
        ),
        CLINICIAN,
    ),
    EvidenceKey(
        "assessment.diagnosis_qualified",
        "assessments",
        gettext_noop("An ICD-10-CM diagnosis is given by someone whose credential allows it."),
        CLINICIAN,
    ),
    EvidenceKey(
        "safety.risk_statement_signed",
        "safety",
        gettext_noop("The clinician has signed the risk statement."),
        CLINICIAN,
    ),
    EvidenceKey(
        "safety.plan_if_positive",
        "safety",
        gettext_noop("Where the risk statement is positive, there is a safety plan."),
        CLINICIAN,
    ),
    EvidenceKey(
        "level.recommended",
        "assessments",
        gettext_noop(
            "A licensed clinician has recommended a level of care and given the grounds per dimension."
        ),
        CLINICIAN,
    ),
    EvidenceKey(
        "level.difference_explained",
        "assessments",
        gettext_noop("Where the actual level differs from the recommended one, the reason is given."),
        CLINICIAN,
    ),
    EvidenceKey(
        "level.is_this_program",
        "assessments",
        gettext_noop("The decided level of care is the one this program gives."),
        CLINICIAN,
    ),
    # Authorization (T11).
    EvidenceKey(
        "authorization.asked",
        "authorizations",
        gettext_noop("The packet has gone to the payer."),
        REVIEWER,
        awaited=True,
    ),
    EvidenceKey(
        "authorization.approved",
        "authorizations",
        gettext_noop("The payer has approved days or units."),
        REVIEWER,
        awaited=True,
    ),
    # Admission (T12).
    EvidenceKey(
        "consent.treatment",
        "consent",
        gettext_noop(
            "The consent to treatment is signed by the person, or by the guardian where that is needed."
        ),
        PERSON,
    ),
    EvidenceKey(
        "consent.telehealth",
        "consent",
        gettext_noop("The consent to telehealth is signed."),
        PERSON,
    ),
    EvidenceKey(
        "consent.patient_notice",
        "consent",
        gettext_noop(
            "The patient notice on confidentiality (42 CFR 2.22) was given and its receipt is signed."
        ),
        PERSON,
    ),
    EvidenceKey(
        "program.age_fits",
        "journey",
        gettext_noop("The person's age fits the program's age group."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "admission.papers",
        "journey",
        gettext_noop("Rights, fee agreement, handbook and group confidentiality are gone through."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "admission.emergency_contact",
        "journey",
        gettext_noop("Somebody to call in an emergency is on file."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "admission.first_goals",
        "journey",
        gettext_noop("Goals for the first days are written in the person's words."),
        THERAPIST,
    ),
    # The episode (T13-T23).
    EvidenceKey(
        "service.first_delivered",
        "attendance",
        gettext_noop("A first clinical service was delivered and confirmed."),
        SESSION_STAFF,
    ),
    EvidenceKey(
        "week_one.checklist",
        "journey",
        gettext_noop("The first-week list is done: goals, challenges, schedule, someone to sit with."),
        THERAPIST,
    ),
    EvidenceKey(
        "plan.signed",
        "plans",
        gettext_noop("The team has signed the plan, and so has the person, or it says why not."),
        TEAM,
    ),
    EvidenceKey(
        "episode.first_week_open",
        "journey",
        gettext_noop("The person was still getting started when the hold began."),
        THERAPIST,
    ),
    EvidenceKey(
        "episode.first_week_done",
        "journey",
        gettext_noop("The person was active when the hold began."),
        THERAPIST,
    ),
    EvidenceKey(
        "hold.within_limit",
        "journey",
        gettext_noop("The expected return is written down and within the program's longest hold."),
        THERAPIST,
    ),
    EvidenceKey(
        "review.recorded",
        "plans",
        gettext_noop("The review is written: progress per goal, dimensions now, hours used, next review."),
        TEAM,
    ),
    EvidenceKey(
        "step_down.criteria_met",
        "plans",
        gettext_noop("The step-down criteria are met, the level is reassessed and the person agrees."),
        TEAM,
    ),
    EvidenceKey(
        "segment.differs",
        "journey",
        gettext_noop(
            "The new track, days or minutes differ from the present ones and stay within the program."
        ),
        DIRECTOR,
    ),
    EvidenceKey(
        "discharge_plan.ready",
        "journey",
        gettext_noop(
            "Discharge criteria, aftercare appointments, medication supply and supports are settled."
        ),
        THERAPIST,
    ),
    EvidenceKey(
        "discharge.type_given",
        "journey",
        gettext_noop("The type of discharge is given; an administrative one is signed by the director."),
        THERAPIST,
    ),
    EvidenceKey(
        "alert.answered",
        "journey",
        gettext_noop(
            "No alert about the person is open. Where one is, the reason says who speaks with them and when."
        ),
        CLINICIAN,
    ),
    EvidenceKey(
        "service.quiet",
        "journey",
        gettext_noop("No service for as many days as the program's no-contact rule says."),
        THERAPIST,
    ),
    EvidenceKey(
        "contact.letter_sent",
        "journey",
        gettext_noop("A letter was sent."),
        THERAPIST,
    ),
    # Aftercare and alumni (T24-T26), death (T27).
    EvidenceKey(
        "episode.discharged",
        "journey",
        gettext_noop("The episode has ended with a discharge."),
        THERAPIST,
    ),
    EvidenceKey(
        "consent.alumni_contact",
        "consent",
        gettext_noop("A separate consent to alumni contact is signed and not revoked."),
        PERSON,
    ),
    EvidenceKey(
        "return.case_opened",
        "journey",
        gettext_noop("A new intake case is open for the person."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "reopen.policy_allows",
        "journey",
        gettext_noop("The discharge is recent enough for the reopen policy, and any waiting time is over."),
        DIRECTOR,
    ),
    EvidenceKey(
        "reopen.payer_allows",
        "journey",
        gettext_noop("The person is back for the same reason, and the payer allows that the stay goes on."),
        INTAKE_STAFF,
    ),
    EvidenceKey(
        "return.episode_reopened",
        "journey",
        gettext_noop("The episode before was reopened."),
        DIRECTOR,
    ),
    EvidenceKey(
        "person.death_recorded",
        "journey",
        gettext_noop("The death is recorded on the person."),
        DIRECTOR,
    ),
)

BY_KEY = {item.key: item for item in EVIDENCE}
