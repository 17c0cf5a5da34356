"""Roles and what each may, as code with a sentence each (screens.md, "Staff").

A role says what one may open; a credential says what one may sign. The sentence of a permission stands
where it is declared (`permissions.py` of its package); `docs/access.md` is made from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Role:
    """A role: its words, the permissions it has, and whether it opens charts without a care team."""

    key: str
    name: str
    sentence: str
    permissions: frozenset[str]
    role_wide_charts: bool = False  # a role-wide duty (compliance, utilization review …)
    home: str = "staff:today"  # url name of the first screen
    by_program: bool = True  # whether it may be given for some programs of a site


# Each list is what its name says; a role is a few lists and a few words more.
_PATIENT = {"people.find", "people.read", "chart.open", "schedule.see", "catalog.see"}
_CLINICAL_READING = {
    "documents.read",
    "consent.read",
    "attendance.read",
    "assessments.read",
    "safety.read",
    "plans.read",
    "medications.read",
    "measures.read",
    "coverage.read",
    "coverage.payers",
    "casework.read",
}
_CLINICAL_WRITING = {
    "documents.add",
    "assessments.write",
    "safety.write",
    "plans.write",
    "medications.report",
    "safety.answer",
    "measures.write",
    "journey.pipeline",
    "journey.decide",
    "journey.reach",
    "casework.summarize",
}
_FOLLOWING = {"journey.follow", "journey.aftercare"}
_NOTES = {"notes.read", "notes.write"}
_DUE = {"worklist.see"}
_OVERSIGHT = {"worklist.see", "worklist.oversee", "standards.see", "schedule.reasons"}
_RULES = {"standards.see", "standards.adopt", "standards.edit"}
_COORDINATION = {"people.edit", "access.team", "consent.manage", "messaging.send_link", "schedule.enroll"}


def _role(
    key: str,
    name: str,
    sentence: str,
    *permissions: set[str],
    role_wide_charts: bool = False,
    home: str = "staff:today",
    by_program: bool = True,
) -> Role:
    return Role(key, name, sentence, frozenset[str]().union(*permissions), role_wide_charts, home, by_program)


_ALL = (
    _role(
        "intake",
        _("Intake coordinator"),
        _("Takes people in: calls back, screens, reads referrals, gathers the packet, finds a seat."),
        _PATIENT,
        _CLINICAL_READING - {"casework.read"},
        _COORDINATION,
        {"people.register", "documents.add", "referrals.import", "coverage.edit"},
        {"journey.pipeline", "journey.intake"},
        home="journey:pipeline",
    ),
    _role(
        "therapist",
        _("Therapist"),
        _("Treats the people of their own care team, and assesses those who come to them."),
        _PATIENT,
        _DUE,
        _NOTES,
        _CLINICAL_READING,
        _FOLLOWING,
        _CLINICAL_WRITING,
        _COORDINATION,
        {"attendance.roll", "attendance.weeks", "casework.write"},
    ),
    _role(
        "facilitator",
        _("Group facilitator"),
        _("Leads groups: sees the people expected in them, and takes the roll."),
        _PATIENT,
        _DUE,
        _NOTES,
        _CLINICAL_READING - {"coverage.read", "casework.read"},
        {"attendance.roll", "messaging.send_link", "measures.write"},
    ),
    _role(
        "prescriber",
        _("Prescriber"),
        _("Prescribes for the people of their own care team, and certifies the need for care."),
        _PATIENT,
        _DUE,
        _NOTES,
        _CLINICAL_READING,
        _CLINICAL_WRITING,
        {"attendance.roll", "messaging.send_link", "medications.prescribe", "schedule.enroll"},
    ),
    _role(
        "case_manager",
        _("Case manager"),
        _("Looks after the needs around treatment: appointments, insurance, housing, court, transport."),
        _PATIENT,
        _DUE,
        _NOTES | {"attendance.roll"},
        _CLINICAL_READING,
        _FOLLOWING,
        _COORDINATION,
        {"documents.add", "coverage.edit", "journey.pipeline", "measures.write", "plans.write"},
        {"casework.write", "journey.reach"},
    ),
    _role(
        "utilization",
        _("Utilization reviewer"),
        _("Gets care authorized for everybody: reads the charts of all patients."),
        _PATIENT,
        {"notes.read"},
        _CLINICAL_READING,
        {"coverage.edit", "coverage.terms", "journey.pipeline", "attendance.weeks"},
        role_wide_charts=True,
    ),
    _role(
        "biller",
        _("Biller"),
        _("Bills care for everybody: sees who was there and who pays, nothing clinical."),
        _PATIENT,
        {"attendance.read", "coverage.read", "coverage.edit", "coverage.payers", "coverage.terms"},
        role_wide_charts=True,
    ),
    _role(
        "director",
        _("Program director"),
        _("Answers for the program: people, week, staff and exceptions."),
        _PATIENT,
        _OVERSIGHT | _RULES,
        {"notes.read"},
        _CLINICAL_READING,
        _FOLLOWING,
        _COORDINATION,
        {"people.register", "documents.add", "referrals.import", "catalog.edit", "schedule.edit"},
        {"staff.census", "operations.see"},
        {"journey.pipeline", "journey.intake", "journey.decide", "journey.override", "attendance.roll"},
        {"journey.alumni", "journey.reach", "safety.answer", "safety.alerts", "casework.write"},
        {"access.readers", "access.staff", "organization.setup", "journey.rules", "consent.texts"},
        {"attendance.weeks", "attendance.exempt", "coverage.terms"},
        role_wide_charts=True,
    ),
    _role(
        "compliance",
        _("Compliance officer"),
        _("Checks that rules are kept: reads every chart and the audit trail, changes nothing clinical."),
        _PATIENT,
        _OVERSIGHT | _RULES | {"worklist.audit"},
        {"notes.read"},
        _CLINICAL_READING,
        {
            "access.readers",
            "access.review",
            "consent.texts",
            "audit.read",
            "journey.pipeline",
            "safety.alerts",
        },
        {"attendance.weeks"},
        role_wide_charts=True,
        by_program=False,
    ),
    _role(
        "alumni",
        _("Alumni coordinator"),
        _("Stays in touch with the people who finished and asked for it."),
        _PATIENT,
        _DUE,
        {"people.edit", "consent.read", "safety.read", "messaging.send_link"},
        {"journey.aftercare", "journey.alumni"},
    ),
    _role(
        "administrator",
        _("Administrator"),
        _("Sets up the clinic, its staff, programs and groups; opens no charts."),
        {"organization.setup", "access.staff", "catalog.see", "catalog.edit"},
        {"schedule.see", "schedule.edit", "journey.rules", "consent.texts"},
        {"standards.see", "standards.adopt", "operations.see", "coverage.payers", "coverage.terms"},
        home="staff:setup",
        by_program=False,
    ),
    _role(
        "front_desk",
        _("Front desk"),
        _("Receives people: finds a name and the next appointment, and writes down who is new."),
        {"people.find", "people.register", "catalog.see", "schedule.see"},
    ),
    _role(
        "supervisor",
        _("Clinical supervisor"),
        _("Answers for other clinicians' work and is on call: reads and writes in every chart."),
        _PATIENT,
        _OVERSIGHT,
        _NOTES | {"notes.cosign"},
        _CLINICAL_READING,
        _FOLLOWING,
        _CLINICAL_WRITING,
        _COORDINATION,
        {
            "attendance.roll",
            "attendance.weeks",
            "attendance.exempt",
            "schedule.edit",
            "access.readers",
            "safety.alerts",
            "casework.write",
            "staff.census",
        },
        role_wide_charts=True,
    ),
)

ROLES: dict[str, Role] = {role.key: role for role in _ALL}

# Who holds none of these roles' permission never learns whether somebody is a patient.
CHART_ROLES = frozenset(role.key for role in _ALL if "people.read" in role.permissions)

# Who may lead a session: with people, or for them (an alumni evening, a benefits hour).
TREATING_ROLES = frozenset(
    role.key for role in _ALL if role.permissions & {"journey.intake", "attendance.roll", "journey.alumni"}
)

# Who may write an assessment; what they sign depends on their credential.
ASSESSING_ROLES = frozenset(role.key for role in _ALL if "assessments.write" in role.permissions)

# What is about the house and not about single people: a role for some programs only does not give it.
HOUSE = frozenset(
    {
        "organization.setup",
        "operations.see",
        "access.staff",
        "access.review",
        "audit.read",
        "worklist.audit",
        "catalog.edit",
        "schedule.edit",
        "schedule.reasons",
        "journey.rules",
        "consent.texts",
        "standards.adopt",
        "standards.edit",
        "coverage.terms",
    }
)
