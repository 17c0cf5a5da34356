"""The states of the three machines (requirements 4.1, 4.2)."""

from __future__ import annotations

from dayward.care.journey.rules.machine import Machine, State
from dayward.care.journey.rules.words import gettext_noop

STATES: tuple[State, ...] = (
    # The intake case: from the first call to the day the person is admitted, or to another good end.
    State("inquiry", Machine.INTAKE, gettext_noop("Inquiry")),
    State("screened", Machine.INTAKE, gettext_noop("Screened")),
    State("benefits", Machine.INTAKE, gettext_noop("Benefits checked")),
    State("waiting_to_assess", Machine.INTAKE, gettext_noop("Waiting for an assessment")),
    State("assessment_scheduled", Machine.INTAKE, gettext_noop("Assessment booked")),
    State("assessment_missed", Machine.INTAKE, gettext_noop("Assessment missed")),
    State("assessed", Machine.INTAKE, gettext_noop("Assessed")),
    State("level_decided", Machine.INTAKE, gettext_noop("Level of care decided")),
    State("waitlisted", Machine.INTAKE, gettext_noop("Waitlisted for a seat")),
    State("authorization_pending", Machine.INTAKE, gettext_noop("Authorization asked")),
    State("authorized", Machine.INTAKE, gettext_noop("Authorized")),
    State("case_admitted", Machine.INTAKE, gettext_noop("Admitted"), ends=True),
    State("referred_out", Machine.INTAKE, gettext_noop("Referred out"), ends=True),
    State("higher_level", Machine.INTAKE, gettext_noop("Handed to a higher level"), ends=True),
    State("lower_level", Machine.INTAKE, gettext_noop("Handed to a lower level"), ends=True),
    State("declined", Machine.INTAKE, gettext_noop("Declined by the program"), ends=True),
    State("withdrew", Machine.INTAKE, gettext_noop("Withdrew"), ends=True),
    State("no_contact", Machine.INTAKE, gettext_noop("No contact"), ends=True),
    State("case_in_error", Machine.INTAKE, gettext_noop("Entered in error"), ends=True),
    State("case_reopened", Machine.INTAKE, gettext_noop("The episode before goes on"), ends=True),
    State("case_deceased", Machine.INTAKE, gettext_noop("Deceased"), ends=True),
    # The episode: one enrollment in one program.
    State("admitted", Machine.EPISODE, gettext_noop("Admitted, not started")),
    State("first_week", Machine.EPISODE, gettext_noop("Getting started")),
    State("active", Machine.EPISODE, gettext_noop("Active")),
    State("on_hold", Machine.EPISODE, gettext_noop("On hold")),
    State("discharge_planned", Machine.EPISODE, gettext_noop("Discharge planned")),
    State("discharged", Machine.EPISODE, gettext_noop("Discharged"), ends=True),
    State("never_started", Machine.EPISODE, gettext_noop("Never started"), ends=True),
    # What stays when treatment has ended.
    State("aftercare", Machine.AFTERCARE, gettext_noop("Aftercare")),
    State("alumni", Machine.AFTERCARE, gettext_noop("Alumni")),
    State("aftercare_ended", Machine.AFTERCARE, gettext_noop("Aftercare ended"), ends=True),
    State("returned", Machine.AFTERCARE, gettext_noop("Came back to treatment"), ends=True),
    State("aftercare_deceased", Machine.AFTERCARE, gettext_noop("Deceased"), ends=True),
)

BY_KEY = {state.key: state for state in STATES}


def open_states(machine: Machine) -> tuple[str, ...]:
    """The states of a machine in which something is still to be done."""
    return tuple(state.key for state in STATES if state.machine == machine and not state.ends)


def label_of(key: str) -> str:
    """The state's label (English; screens translate it)."""
    return BY_KEY[key].label
