"""The clinic itself: organization, sites, programs, timetable, staff and payers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from dayward.care.catalog.models import Program, ProgramTerms, Room, Track
from dayward.care.schedule.models import Group, Series, StaffHours
from dayward.demo import clinic, sessions, timetable
from dayward.demo.clinic import ProgramPlan, StaffPlan
from dayward.demo.ledger import Ledger, public_id
from dayward.demo.special import LICENSE_ENDS
from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.models import Credential, StaffMember, User
from dayward.revenue.coverage.models import KindTerms, Payer, WeekTerms

BY = "demo"  # the actor of what was there before anybody acted
PASSWORD = "harbor-lantern-2026"
LICENSED = ("psychiatrist", "pmhnp", "nurse", "psychologist", "social_worker", "counselor", "lmft", "adc")


@cache
def user_id(staff: str) -> str:
    """The actor's id of a member of staff; the public and the system have words."""
    return public_id(User, staff) if staff else "public"


def email(plan: StaffPlan) -> str:
    return f"{plan.given}.{plan.family}@example.org".lower()


def add_clinic(ledger: Ledger, start: date, anchor: date) -> None:
    opened = datetime(start.year - 3, 2, 1, 15, tzinfo=UTC)
    ledger.add(Organization, "demo", name=clinic.ORGANIZATION, neutral_name=clinic.NEUTRAL_NAME, is_demo=True,
               created_at=opened)  # fmt: skip
    _sites(ledger)
    for plan in clinic.PROGRAMS:
        _program(ledger, plan, opened)
    _payers(ledger, opened)
    password = make_password(PASSWORD, salt="a-made-up-clinic")
    for person in clinic.STAFF:
        _staff(ledger, person, password, opened, anchor)
    _timetable(ledger, start, opened)


def _payers(ledger: Ledger, opened: datetime) -> None:
    for name, kind_of_payer, _ in clinic.PAYERS:
        ledger.add(Payer, name, name=name, kind=kind_of_payer)
    said = {"effective_from": opened.date(), "set_at": opened, "set_by": BY}
    for payer, floor, young, test, services, citation in clinic.WEEK_TERMS:
        ledger.add(
            WeekTerms, payer, payer=payer, floor_minutes=floor, young_floor_minutes=young,
            young_under_age=18 if young else None, floor_test=test, day_minimum_services=services,
            citation=citation, **said,
        )  # fmt: skip
    for payer, kind, counts, citation in clinic.KIND_TERMS:
        ledger.add(
            KindTerms, f"{payer}-{kind}", payer=payer, kind=kind, counts=counts, citation=citation, **said
        )


def _sites(ledger: Ledger) -> None:
    for plan in clinic.SITES:
        ledger.add(
            Site, plan.key, organization="demo", name=plan.name, time_zone=plan.zone, state=plan.state,
            phone=plan.phone, street="100 Example Street", city=plan.city, zip_code=plan.zip_code,
            directions="Side entrance, second floor. Ask at the desk for your first name.",
        )  # fmt: skip
        for room in plan.group_rooms:
            ledger.add(Room, room, site=plan.key, name=room, seats=14)
    for person in clinic.STAFF:
        if set(person.roles) & {"therapist", "prescriber", "case_manager"}:
            room = sessions.office(person.key)
            ledger.add(Room, room, site=person.sites[0], name=room, seats=4)


def _program(ledger: Ledger, plan: ProgramPlan, opened: datetime) -> None:
    ledger.add(Program, plan.key, site=plan.site, name=plan.name, stream=plan.stream, age_group=plan.age_group,
               part_two=plan.part_two)  # fmt: skip
    ledger.add(
        ProgramTerms, plan.key, program=plan.key, effective_from=opened.date(), floor_minutes=plan.floor_minutes,
        prescribed_minutes=plan.prescribed_minutes, stay_min_days=30, stay_target_days=plan.target_days,
        stay_max_days=120, reopen_days=21, severity_band="moderate to severe", source="The demo clinic's own policy",
        carry_back_days=clinic.CARRY_BACK_DAYS.get(plan.key, 0),
        set_at=opened, set_by=BY,
    )  # fmt: skip
    for track in (one for one in clinic.TRACKS if one.program == plan.key):
        days = "/".join(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day - 1] for day in track.weekdays)
        times = f"{track.slots[0].starts:%H:%M}-{track.slots[-1].ends:%H:%M}"
        ledger.add(Track, track.key, program=plan.key, name=track.name, summary=f"{days} {times}",
                   part_of_day=track.part_of_day, cap=track.cap)  # fmt: skip


def _staff(ledger: Ledger, plan: StaffPlan, password: str, opened: datetime, anchor: date) -> None:
    ledger.add(User, plan.key, email=email(plan), password=password, created_at=opened)
    number = sum(map(ord, plan.key)) % 90
    ledger.add(
        StaffMember, plan.key, user=plan.key, given=plan.given, family=plan.family, title=plan.title,
        npi=npi(number) if plan.credential else "", phone=f"+121855501{number:02d}", supervisor=plan.supervisor or None,
        started_on=opened.date(),
    )  # fmt: skip
    for site in plan.sites:
        through = StaffMember.sites.through
        ledger.add(through, f"{plan.key}-{site}", staffmember=plan.key, site=site)
    for role in plan.roles:
        only = plan.sites[0] if len(plan.sites) == 1 else None
        ledger.add(RoleAssignment, f"{plan.key}-{role}", staff=plan.key, role=role, site=only,
                   starts_on=opened.date())  # fmt: skip
    if plan.credential:
        licensed = plan.credential in LICENSED
        ledger.add(
            Credential, plan.key, staff=plan.key, kind=plan.credential,
            license_number=f"X{number:05d}" if licensed else "",
            license_state=clinic.site(plan.sites[0]).state if licensed else "", issued_on=opened.date(),
            expires_on=_expires(plan, opened, anchor, number) if licensed else None,
        )  # fmt: skip
    if set(plan.roles) & {"therapist", "prescriber"}:
        days = {day for group in timetable.of_staff(plan.key) for day in group.track.weekdays} | {
            1,
            2,
            3,
            4,
            5,
        }
        ledger.add(StaffHours, plan.key, staff=plan.key, site=plan.sites[0], weekdays=sorted(days),
                   starts="08:30", ends="21:00" if "therapist" in plan.roles else "19:00",
                   from_day=opened.date())  # fmt: skip


def _expires(plan: StaffPlan, opened: datetime, anchor: date, number: int) -> date:
    staff, days = LICENSE_ENDS
    return (
        anchor + timedelta(days=days)
        if plan.key == staff
        else opened.date() + timedelta(days=365 * 6 + number)
    )


def npi(number: int) -> str:
    """A number with the right check digit (Luhn over 80840 and nine digits) that nobody was given."""
    body = f"1000000{number:02d}"
    digits = [int(digit) for digit in "80840" + body]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit
               for place, digit in enumerate(reversed(digits))]  # fmt: skip
    return f"{body}{-sum(doubled) % 10}"


def _timetable(ledger: Ledger, start: date, opened: datetime) -> None:
    for group in timetable.groups():
        ledger.add(Group, group.key, track=group.track.key, site=group.track.site, service=group.slot.service,
                   name=group.name, topic=group.slot.name, cap=group.track.cap)  # fmt: skip
        ledger.add(Series, group.key, group=group.key, weekdays=list(group.track.weekdays),
                   starts=group.slot.starts, ends=group.slot.ends, first_day=start, room=group.room,
                   modality="telehealth" if group.track.video else "in_person")  # fmt: skip
        through = Series.facilitators.through
        ledger.add(through, group.key, series=group.key, staffmember=group.staff)
