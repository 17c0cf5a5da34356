"""Real values for the parts of addresses, so that the walk sees real pages.

Each function takes the person and the member of staff who acts in it and gives `part -> value`; a part that
means different things in two packages is given as `app:part`. A part nobody gives is an id that does not exist.
Add your package's here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from dayward.care.journey import services as journey
from dayward.care.journey.factories import make_case, make_episode
from dayward.care.journey.models import Episode
from dayward.care.journey.services import ComesFrom, close_case
from dayward.care.referrals.factories import make_referral
from dayward.care.referrals.services import Decision
from dayward.care.referrals.services import accept as accept_referral
from dayward.care.referrals.tests.documents import summary_bytes
from dayward.care.schedule import services as schedule
from dayward.chart.assessments.factories import signed_level, written_assessment
from dayward.chart.assessments.services import add_allergy
from dayward.chart.casework.factories import open_need, signed_summary, written_letter
from dayward.chart.casework.services.meetings import log_meeting
from dayward.chart.measures.factories import answered
from dayward.chart.medications import services as medications
from dayward.chart.notes.factories import make_clinician, make_held, make_there
from dayward.chart.notes.factories import make_signed as make_note
from dayward.chart.plans.factories import Team, signed_plan, written_review
from dayward.chart.safety.factories import signed_statement
from dayward.chart.safety.services import record_instrument
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards import services as standards
from dayward.kernel import facts as kernel

LONG_AGO = timezone.now() - timedelta(days=90)
Sample = Callable[[Person, StaffMember], dict[str, str]]


def of_standards(person: Person, staff: StaffMember) -> dict[str, str]:
    """A pack set aside, a number of the clinic's own, and a night with a gap."""
    assert person.site is not None
    since, site = LONG_AGO.date(), person.site
    use = standards.set_use(
        actor=SETUP, pack="mn-245g", site=site, applies=False, since=since, reason="Another license"
    )
    number = {"within_amount": 10, "within_unit": "days"}
    row = standards.set_rule(actor=SETUP, key="plan.review", site=site, since=since, citation="4.2", **number)
    kernel.changed(person.pk)
    audit = next(each for each in standards.audit_charts() if each.site_id == site.pk)
    line = audit.lines.first()
    return {
        "pack": "carf",
        "use": use.public_id,
        "row": row.public_id,
        "audit": audit.public_id,
        "standards:site": site.public_id,
        "standards:rule": "plan.review",
        "worklist:rule": line.rule if line else "plan.review",
    }


def of_people(person: Person, staff: StaffMember) -> dict[str, str]:
    point = people.add_contact_point(actor=SETUP, person=person, kind="mobile", value="512 555 0147")
    mother = make_person(legal_given="Rosa", legal_family="Otherperson")
    link = people.add_relationship(actor=SETUP, person=person, relative=mother, kind="parent")
    twin = make_person(legal_given="Twin", legal_family="Otherperson", birth_date=person.birth_date)
    return {"point": point.public_id, "relationship": link.public_id, "other": twin.public_id}


def of_access(person: Person, staff: StaffMember) -> dict[str, str]:
    function = CareTeamMember.Function.NURSE
    member = access.add_to_care_team(actor=SETUP, person=person, staff=staff, function=function)
    assignment = staff.roles.first()
    return {
        "member": member.public_id,
        "staff": staff.public_id,
        "assignment": assignment.public_id if assignment else "",
        "access:secret": access.make_sign_in_link(actor=SETUP, staff=staff),
    }


def _acting(staff: StaffMember) -> Actor:
    assert staff.user
    return staff_actor(staff.user)


def of_journey(person: Person, staff: StaffMember) -> dict[str, str]:
    before = make_episode(person=person, started=True, at=LONG_AGO - timedelta(days=30))
    journey.discharge(actor=_acting(staff), episode=before, kind="COMP", at=LONG_AGO)
    episode = make_episode(person=person, started=True, at=LONG_AGO)
    case = make_case(person=person, at=LONG_AGO)
    return {"case": case.public_id, "episode": episode.public_id, **_of_following(episode, staff)}


def _of_following(episode: Episode, staff: StaffMember) -> dict[str, str]:
    """A call, an appointment after discharge, something for alumni."""
    actor, soon = _acting(staff), timezone.now() + timedelta(days=3)
    call = journey.log_call(actor=actor, episode=episode, slot="day3", heard=journey.Heard("reached"))
    visit = journey.Visit("therapy", "Dr. Sample", soon)
    appointment = journey.make_appointment(actor=actor, episode=episode, visit=visit)
    gathering = journey.Gathering("group", "Alumni group", soon, soon + timedelta(hours=1))
    event = journey.make_event(actor=actor, site=episode.program.site, gathering=gathering)
    return {
        "journey:slot": "day3",
        "journey:call": call.public_id,
        "journey:appointment": appointment.public_id,
        "journey:event": event.public_id,
    }


def of_referrals(person: Person, staff: StaffMember) -> dict[str, str]:
    assert staff.user
    content = summary_bytes() + f"<!-- {person.public_id} -->".encode()
    referral = make_referral(content=content)
    known = Decision(ComesFrom(), person)
    accept_referral(actor=staff_actor(staff.user), referral=referral, version=1, decision=known)
    return {"referral": referral.public_id}


def of_the_assessment(person: Person, staff: StaffMember) -> dict[str, str]:
    """What a clinician wrote: a signed statement, a draft with a diagnosis, an allergy, a level, a result."""
    clinician = make_staff_with("therapist", credential="psychologist")
    assert clinician.user
    actor = staff_actor(clinician.user)
    case = person.intake_cases.open().first() or make_case(person=person, at=LONG_AGO)
    draft = written_assessment(actor=actor, case=case)
    allergy = add_allergy(actor=actor, person=person, text="Latex")
    level = signed_level(actor=actor, case=case)
    result = record_instrument(
        actor=actor, person=person, name="locus", done_on=LONG_AGO.date(), rater="P. Raman", result="Level 3"
    )
    paper = signed_statement(actor=actor, person=person)
    return {
        "assessments:assessment": draft.public_id,
        "assessments:kind": "diagnosis",
        "assessments:row": draft.diagnoses.latest("id").public_id,
        "assessments:allergy": allergy.public_id,
        "assessments:level": level.public_id,
        "assessments:paper": level.public_id,
        "safety:kind": "risk",
        "safety:paper": paper.public_id,
        "safety:instrument": result.public_id,
    }


def of_alerts(person: Person, staff: StaffMember) -> dict[str, str]:
    """An open alert, raised by an answer given in talk."""
    assert staff.user
    asked = answered(
        person=person,
        instrument="phq-9",
        answers="000000001-",
        actor=staff_actor(staff.user),
        mode="interview",
        finish=False,
    )
    return {
        "safety:alert": asked.alerts.get().public_id,
        "measures:administration": asked.public_id,
        "measures:instrument": "phq-9",
    }


def of_medications(person: Person, staff: StaffMember) -> dict[str, str]:
    """Something prescribed elsewhere, so that no credential is needed, and a report."""
    assert staff.user
    actor, day = staff_actor(staff.user), LONG_AGO.date()
    change = medications.start(
        actor=actor,
        person=person,
        what=medications.NewMedication("Lisinopril 10 mg", ours=False),
        wanted=medications.Wanted("start", day, "Told by the person", "10 mg", "daily"),
    )
    check = medications.record_check(actor=actor, person=person, on=day, adherence=90)
    return {
        "medications:medication": change.medication.public_id,
        "medications:change": change.public_id,
        "medications:check": check.public_id,
    }


def of_notes(person: Person, staff: StaffMember) -> dict[str, str]:
    """A signed note of a group session two weeks ago, and one to be written, led by whoever treats the person."""
    clinician = make_clinician()
    assert clinician.user
    group = make_held(leader=clinician, days_ago=15)
    seat = make_there(group, person)
    open_group = make_held(leader=make_clinician(), days_ago=16)
    make_there(open_group, person)
    for member in CareTeamMember.objects.filter(person=person).exclude(staff=staff).select_related("staff"):
        schedule.add_leader(actor=SETUP, session=open_group, staff=member.staff)
    told = {"participation": "active", "response": "Asked how others fill their evenings."}
    note = make_note(seat, staff_actor(clinician.user), told)
    return {
        "notes:session": open_group.public_id,
        "notes:booking": seat.public_id,
        "notes:note": note.public_id,
    }


def of_the_plan(person: Person, staff: StaffMember) -> dict[str, str]:
    """A plan that holds and a review being written; by clinicians who do not treat the person."""
    signers = (
        make_staff_with("therapist", credential=kind)
        for kind in ("psychologist", "social_worker", "psychiatrist")
    )
    team = Team(*signers)
    episode = person.episodes.latest("id")
    plan = signed_plan(episode=episode, team=team, at=LONG_AGO)
    review = written_review(actor=team.actors[0], plan=plan)
    criterion = plan.criteria.latest("id")
    return {
        "plans:plan": plan.public_id,
        "plans:review": review.public_id,
        "plans:kind": "criterion",
        "plans:part": criterion.public_id,
    }


def of_casework(person: Person, staff: StaffMember) -> dict[str, str]:
    """A letter that waits, a signed packet, a need and a meeting outside."""
    clinician = _acting(make_staff_with("therapist", credential="social_worker"))
    episode = person.episodes.latest("id")
    letter = written_letter(actor=clinician, episode=episode)
    packet = signed_summary(actor=clinician, episode=episode, kind="transfer", recipient="Hill Hospital")
    need = open_need(actor=clinician, person=person)
    meeting = log_meeting(actor=clinician, person=person, kind="smart", on=LONG_AGO.date())
    return {
        "casework:letter": letter.public_id,
        "casework:summary": packet.public_id,
        "casework:kind": "discharge",
        "casework:need": need.public_id,
        "casework:meeting": meeting.public_id,
    }


def off_the_way_in(person: Person, staff: StaffMember) -> dict[str, str]:
    """Intake opens the charts of those on the way in; the person whom nobody treats is not (keep this last)."""
    if (
        not CareTeamMember.objects.filter(person=person)
        .exclude(staff=staff)
        .exclude(function="intake")
        .exists()
    ):
        for case in person.intake_cases.open():
            close_case(actor=SETUP, case=case, how="withdraw", reason="Moved", at=LONG_AGO)
    return {}


SAMPLES: tuple[Sample, ...] = (
    of_people,
    of_access,
    of_journey,
    of_referrals,
    of_the_assessment,
    of_the_plan,
    of_alerts,
    of_medications,
    of_notes,
    of_casework,
    of_standards,
    off_the_way_in,
)
