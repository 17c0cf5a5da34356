"""What the story needs of the clinic: a therapist, and a group that meets every day around this hour.

Run inside the clinic's own environment: `dayward django -- shell -c "from tests import story_hour; ..."`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import Closure, ServiceKind, Track
from dayward.care.schedule import services as schedule
from dayward.care.schedule.models import Group, Modality
from dayward.foundation.access import services as access
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.models import Site
from dayward.foundation.people import services as people
from dayward.foundation.people.models import StaffMember
from dayward.kernel.time import local_day

ACTOR = system_actor("story")
PASSWORD = "a quiet corner to sit in"
EVERY_DAY = frozenset(range(1, 8))
CAME, LEFT = timedelta(minutes=-30), timedelta(minutes=-15)
MEETS_BEFORE, MEETS_AFTER = timedelta(minutes=35), timedelta(minutes=60)


@dataclass(frozen=True)
class Hour:
    """Where the story happens."""

    site: str
    program: str
    track: str
    group: str
    intake: str  # how the intake coordinator signs in
    therapist: str
    therapist_email: str
    password: str
    today: str
    tomorrow: str
    work: tuple[str, str]  # when the patients work: not in this hour
    visits: tuple[str, str]  # when the assessments can be: not in this hour either
    came: str  # a quarter of an hour of the group, over already
    left: str


def prepare() -> None:
    """Print the hour as JSON, having made it."""
    with transaction.atomic():
        hour = _make(datetime.now(UTC))
    sys.stdout.write(json.dumps(asdict(hour)) + "\n")


def _make(now: datetime) -> Hour:
    site = site_away_from_midnight(now)
    track = track_of(site)
    open_today(site, local_day(now, site.zone))
    intake, therapist = make_staff(site, "Ines", "Storygate", "intake"), _therapist(site)
    group = _group(now, track, therapist)
    early = now.astimezone(site.zone).hour < 13
    today = local_day(now, site.zone)
    return Hour(
        site=site.name,
        program=track.program.name,
        track=track.name,
        group=group.name,
        intake=email_of(intake),
        therapist=therapist.name,
        therapist_email=email_of(therapist),
        password=PASSWORD,
        today=today.isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        work=("17:00", "21:00") if early else ("06:00", "10:00"),
        came=_clock(now + CAME, site),
        left=_clock(now + LEFT, site),
        visits=("16:00", "18:00") if early else ("08:00", "10:00"),
    )


def _clock(at: datetime, site: Site) -> str:
    return at.astimezone(site.zone).strftime("%H:%M")


def site_away_from_midnight(now: datetime) -> Site:
    """Two sites, two hours apart: at one of them this hour lies within the day."""
    for site in Site.objects.order_by("pk"):
        clock = now.astimezone(site.zone).time()
        if time(0, 36) <= clock <= time(22, 55):
            return site
    raise AssertionError("It is close to midnight at every site.")


def track_of(site: Site) -> Track:
    """Of a program for adults that 42 CFR Part 2 covers, so that the packet holds the notice."""
    tracks = Track.objects.filter(program__site=site, program__age_group="adult", closed_on=None)
    return tracks.exclude(program__part_two="outside").select_related("program").order_by("pk")[0]


def open_today(site: Site, today: date) -> None:
    """A holiday would leave the story without a session."""
    for closure in Closure.objects.standing().filter(site=site, day=today):
        catalog.withdraw_closure(actor=ACTOR, closure=closure)


def _therapist(site: Site) -> StaffMember:
    """A social worker who works every day, and whose diary nobody else fills."""
    staff = make_staff(site, "Paige", "Storyfield", "therapist", "facilitator")
    today = local_day(datetime.now(UTC), site.zone)
    people.add_credential(
        actor=ACTOR,
        staff=staff,
        kind="social_worker",
        license_number="TEST-1",
        license_state=site.state,
        expires_on=today + timedelta(days=365),
    )
    hours = [schedule.Block(EVERY_DAY, time(7), time(21))]
    schedule.set_staff_hours(actor=ACTOR, staff=staff, site=site, blocks=hours, from_day=today)
    return staff


def make_staff(site: Site, given: str, family: str, *roles: str) -> StaffMember:
    email = f"{given}.{family}@example.org".lower()
    staff = people.add_staff(
        actor=ACTOR, given=given, family=family, email=email, password=PASSWORD, site=site
    )
    for role in roles:
        access.grant_role(actor=ACTOR, staff=staff, role=role, site=site)
    return staff


def email_of(staff: StaffMember) -> str:
    assert staff.user is not None and staff.user.email is not None
    return staff.user.email


def _group(now: datetime, track: Track, therapist: StaffMember) -> Group:
    site, service = track.program.site, ServiceKind.objects.get(key="group-therapy")
    group = schedule.open_group(
        actor=ACTOR, site=site, track=track, name="Group of this hour", service=service, cap=8
    )
    schedule.start_series(
        actor=ACTOR, group=group, first_day=local_day(now, site.zone), shape=_shape(now, site, therapist)
    )
    return group


def _shape(now: datetime, site: Site, therapist: StaffMember) -> schedule.Shape:
    clock = now.astimezone(site.zone).replace(second=0, microsecond=0)
    return schedule.Shape(
        EVERY_DAY,
        (clock - MEETS_BEFORE).time(),
        (clock + MEETS_AFTER).time(),
        room=None,
        facilitators=(therapist,),
        modality=Modality.TELEHEALTH,
    )
