"""Where the first story ends, a week later: somebody in treatment, with the team around them.

Run inside the clinic's own environment: `dayward django -- shell -c "from tests import treatment_scene; ..."`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from unittest import mock

from django.db import transaction
from django.urls import reverse

from dayward.care.attendance import services as attendance
from dayward.care.catalog.models import ServiceKind, Track
from dayward.care.journey import services as journey
from dayward.care.journey.factories import actor_of, make_case, screened
from dayward.care.journey.models import Episode, IntakeCase, Segment
from dayward.care.schedule import services as schedule
from dayward.care.schedule.models import Booking, Group, Modality, Session
from dayward.chart.assessments.factories import signed_assessment, signed_level
from dayward.chart.safety.factories import signed_statement
from dayward.foundation.access import services as access
from dayward.foundation.access.models import CareTeamMember, PortalKey
from dayward.foundation.consent.factories import make_packet_signed
from dayward.foundation.organization.models import Site
from dayward.foundation.people import services as people
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.spans import Span
from dayward.kernel.time import at as clock_at
from dayward.kernel.time import local_day
from tests.story_hour import (
    ACTOR,
    EVERY_DAY,
    PASSWORD,
    email_of,
    make_staff,
    site_away_from_midnight,
    track_of,
)

BORN = date(1988, 5, 6)
FIVE_DAYS, FIFTEEN_HOURS = 5, 900
SINCE = timedelta(days=5)  # the first day in the program lies so far back; each since was a day of treatment
EVENING = time(19)
GROUP, VISIT, MEDICATION = (time(9), time(12)), (time(13), time(14)), (time(15), time(15, 30))
Function = CareTeamMember.Function
SAMPLE = "-Sample"  # ends the family name of whom the story is about; the team has it without
# Who treats: given name, credential, roles. Three credentials, so that three can sign a plan.
MEMBERS = {
    "therapist": ("Petra", "psychologist", ("therapist", "facilitator")),
    "case_manager": ("Cato", "social_worker", ("case_manager",)),
    "prescriber": ("Ravi", "psychiatrist", ("prescriber",)),
    "intake": ("Ilse", "", ("intake",)),
    "alumni": ("Alva", "", ("alumni",)),
}


@dataclass(frozen=True)
class Scene:
    """Whom the story is about, who treats, and where."""

    person: str  # public id
    called: str
    legal: str
    born: str
    link: str  # to their own page, without the host
    episode: str
    group: str
    therapist: str
    case_manager: str
    prescriber: str
    emails: dict[str, str]  # by role
    password: str
    today: str
    yesterday: str
    tomorrow: str
    soon: str  # within seven days
    stable: str  # two weeks ago, and a day


@dataclass(frozen=True)
class Team:
    therapist: StaffMember
    case_manager: StaffMember
    prescriber: StaffMember
    intake: StaffMember
    alumni: StaffMember


def prepare(given: str, family: str) -> None:
    """Print the scene as JSON, having made it: somebody of this name, treated by a team of the same family name."""
    with transaction.atomic():
        scene = _make(datetime.now(UTC), given, family)
    sys.stdout.write(json.dumps(asdict(scene)) + "\n")


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Within, it is that moment: what is written is written then."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def _make(now: datetime, given: str, family: str) -> Scene:
    site = site_away_from_midnight(now)
    today = local_day(now, site.zone)
    track, team = track_of(site), _team(site, family)
    first_day = today - SINCE
    group = _group(track, team.therapist, first_day, f"Mornings with {family}")
    person = _person(site, given, family)
    episode = _admitted(person, track, team, clock_at(first_day - timedelta(days=1), time(15), site.zone))
    _seated(episode, group, team, first_day)
    _treated(site, group, person, team, today)
    with clock(now):
        link = access.make_portal_key(actor=actor_of(team.therapist), person=person, kind=PortalKey.Kind.LINK)
    return Scene(
        person=person.public_id,
        called=person.called,
        legal=person.legal_name,
        born=BORN.isoformat(),
        link=reverse("portal:enter", args=[link]),
        episode=episode.public_id,
        group=group.name,
        therapist=team.therapist.name,
        case_manager=team.case_manager.name,
        prescriber=team.prescriber.name,
        emails={role: email_of(staff) for role, staff in vars(team).items()},
        password=PASSWORD,
        today=today.isoformat(),
        yesterday=(today - timedelta(days=1)).isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        soon=(today + timedelta(days=4)).isoformat(),
        stable=(today - timedelta(days=15)).isoformat(),
    )


def _team(site: Site, family: str) -> Team:
    for given, credential, roles in MEMBERS.values():
        staff = make_staff(site, given, family, *roles)
        if credential:
            people.add_credential(
                actor=ACTOR,
                staff=staff,
                kind=credential,
                license_number="TEST-2",
                license_state=site.state,
                expires_on=datetime.now(UTC).date() + timedelta(days=365),
            )
    return _team_of(family)


def _team_of(family: str) -> Team:
    return Team(
        **{
            role: StaffMember.objects.get(given=given, family=family)
            for role, (given, _credential, _roles) in MEMBERS.items()
        }
    )


def _person(site: Site, given: str, family: str) -> Person:
    person = people.register_person(
        actor=ACTOR, site=site, legal_given=given, legal_family=family + SAMPLE, birth_date=BORN
    )
    people.add_contact_point(
        actor=ACTOR, person=person, kind="mobile", value="218 555 0163", may_call=True, may_text=True
    )
    return person


def _admitted(person: Person, track: Track, team: Team, moment: datetime) -> Episode:
    """From a call the day before to a seat."""
    begun = moment - timedelta(days=1)
    with clock(begun):
        case = make_case(
            actor=actor_of(team.intake), person=person, site=track.program.site, program=track.program
        )
    return _way_in(case, track, team, begun, moment, max(moment - timedelta(hours=2), begun))


def _way_in(
    case: IntakeCase, track: Track, team: Team, begun: datetime, moment: datetime, seen_at: datetime
) -> Episode:
    """By way of every step, with the papers that the assessment leaves behind."""
    intake, therapist, person = actor_of(team.intake), actor_of(team.therapist), case.person
    with clock(begun):
        screened(case, actor=intake)
        journey.book_assessment(actor=intake, case=case, slot=journey.Slot(team.therapist, seen_at))
    with clock(moment):
        signed_statement(actor=therapist, person=person, case=case)
        signed_assessment(actor=therapist, case=case)
        signed_level(actor=therapist, case=case)
        make_packet_signed(person)
        day = local_day(moment, track.program.site.zone) + timedelta(days=1)
        episode = journey.admit(
            actor=intake,
            case=case,
            place=journey.Place(track, FIVE_DAYS, FIFTEEN_HOURS, day),
            therapist=team.therapist,
            reason="Papers follow on the first day",
        )
        for staff, function in (
            (team.case_manager, Function.CASE_MANAGER),
            (team.prescriber, Function.PRESCRIBER),
        ):
            access.add_to_care_team(actor=ACTOR, person=person, staff=staff, function=function)
    return episode


def readmit(public_id: str) -> None:
    """Print the episode that the open case of the person became, by way of every step."""
    case = IntakeCase.objects.open().get(person__public_id=public_id)
    before, now = case.previous_episode, datetime.now(UTC)
    assert before is not None
    team = _team_of(case.person.legal_family.removesuffix(SAMPLE))
    with transaction.atomic():
        journey.edit_case(
            actor=actor_of(team.intake), case=case, version=case.version, program=before.program
        )
        case.refresh_from_db()
        track = before.segments.latest("id").track
        zone = track.program.site.zone
        evening = clock_at(
            local_day(now, zone) + timedelta(days=1), EVENING, zone
        )  # their group is over by then
        episode = _way_in(case, track, team, now, now, evening)
    sys.stdout.write(episode.public_id + "\n")


def _group(track: Track, therapist: StaffMember, first_day: date, name: str) -> Group:
    service = ServiceKind.objects.get(key="group-therapy")
    group = schedule.open_group(
        actor=ACTOR, site=track.program.site, track=track, name=name, service=service, cap=8
    )
    shape = schedule.Shape(
        EVERY_DAY, *GROUP, room=None, facilitators=(therapist,), modality=Modality.TELEHEALTH
    )
    schedule.start_series(actor=ACTOR, group=group, first_day=first_day, shape=shape)
    return group


def _seated(episode: Episode, group: Group, team: Team, first_day: date) -> None:
    """Five days a week, from the first day on: the five beginning with it."""
    days = frozenset((first_day + timedelta(days=number)).isoweekday() for number in range(FIVE_DAYS))
    schedule.enroll(
        actor=actor_of(team.intake),
        segment=Segment.objects.get(episode=episode),
        choices=[schedule.Choice(group, days)],
        starts_on=first_day,
    )


def _treated(site: Site, group: Group, person: Person, team: Team, today: date) -> None:
    """There on each day so far; yesterday with a talk and a medication visit of their own."""
    day = clock_at(today, time(0), site.zone)
    for session in Session.objects.filter(group=group, during__startswith__lt=day, bookings__person=person):
        _held(session, team.therapist)
    yesterday = today - timedelta(days=1)
    for key, hours, staff in (
        ("individual-therapy", VISIT, team.therapist),
        ("medication-visit", MEDICATION, team.prescriber),
    ):
        booking = _visit(site, person, staff, key, yesterday, hours)
        _held(booking.session, staff)


def _visit(
    site: Site, person: Person, staff: StaffMember, key: str, day: date, hours: tuple[time, time]
) -> Booking:
    span = Span(*(clock_at(day, hour, site.zone) for hour in hours))
    place = schedule.Place(span, None, Modality.TELEHEALTH)
    kind = ServiceKind.objects.get(key=key)
    with clock(span.start - timedelta(days=2)):
        return schedule.book_visit(
            actor=ACTOR, person=person, site=site, service=kind, staff=staff, place=place
        )


def _held(session: Session, leader: StaffMember) -> None:
    with clock(session.span.end):
        attendance.mark_all_present(actor=actor_of(leader), session=session)
        attendance.close_roll(actor=actor_of(leader), session=session)
