"""Whose role is for one program of a site finds, counts and opens nobody of another program of that site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dayward.care.catalog.models import Program
from dayward.care.journey.factories import make_actor, make_case, make_episode, make_program
from dayward.care.journey.models import IntakeCase
from dayward.care.journey.permissions import INTAKE, PIPELINE
from dayward.care.journey.queries.cases import pipeline
from dayward.care.journey.services import close_case
from dayward.chart.safety.alerts import queries as alerts
from dayward.chart.safety.alerts.models import Alert
from dayward.doors.staff.finding import find
from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.programs import people_of, read_programs_of
from dayward.foundation.access.queries import my_people, of_their_programs, open_charts
from dayward.foundation.access.roles import HOUSE, ROLES
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import permissions as people
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import possible_duplicates
from dayward.foundation.people.services import declare_same
from dayward.foundation.standards.queries import open_dues
from dayward.foundation.worklist import queries as worklist
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db
BOUND = sorted(key for key, role in ROLES.items() if role.by_program)
BORN = date(1991, 4, 12)


@dataclass
class World:
    """A site with two programs, and people who differ in nothing but the program."""

    day: Program
    evening: Program
    people: dict[str, Person]

    def staff(self, role: str, *programs: Program) -> StaffMember:
        staff, keys = make_staff_with(site=self.day.site), [each.public_id for each in programs]
        services.grant_role(
            actor=SETUP, staff=staff, role=role, site=self.day.site, programs=keys, starts_on=STARTED
        )
        return staff

    def names(self, rows: Iterable[Person]) -> set[str]:
        keys = {row.pk for row in rows}
        return {name for name, person in self.people.items() if person.pk in keys}


OF_DAY = {"treated by day", "asks for day", "both", "no program yet", "nobody's", "came twice"}
OF_EVENING = {
    "treated by evening",
    "asks for evening",
    "both",
    "no program yet",
    "nobody's",
    "declined evening",
}


@pytest.fixture(scope="module")
def told(module_rows: None) -> World:
    """Made once for all tests of this file."""
    site = make_site("Riverbend South")
    day, evening = make_program(site, "Day"), make_program(site, "Evening")
    names = sorted(OF_DAY | OF_EVENING)
    found = {
        name: make_person(site=site, legal_given="Sam", legal_family="Okafor", birth_date=BORN)
        for name in names
    }
    make_episode(person=found["treated by day"], program=day, started=True)
    make_episode(person=found["treated by evening"], program=evening, started=True)
    make_episode(person=found["both"], program=day)
    make_case(person=found["both"], site=site, program=evening)
    make_case(person=found["asks for day"], site=site, program=day)
    make_case(person=found["asks for evening"], site=site, program=evening)
    without = make_case(person=found["no program yet"], site=site)
    IntakeCase.objects.filter(pk=without.pk).update(program=None)
    _withdrawn(make_case(person=found["declined evening"], site=site, program=evening))
    # Asked for the evening long ago, under another row; was treated by day.
    double = make_person(site=site, legal_given="Sam", legal_family="Okafor", birth_date=BORN)
    _withdrawn(make_case(person=double, site=site, program=evening))
    make_episode(person=found["came twice"], program=day)
    declare_same(actor=SETUP, duplicate=double, same_as=found["came twice"])
    return World(day, evening, found)


@pytest.fixture
def world(told: World) -> World:
    return deepcopy(told)


def _withdrawn(case: IntakeCase) -> None:
    close_case(actor=make_actor(), case=case, how="withdraw", reason="They go elsewhere")


def test_who_belongs_where(world: World) -> None:
    """One by one and as a condition of a query it is the same; an old row leads to where the person is now."""
    told = alone(read_programs_of([person.pk for person in world.people.values()]))
    for programs, names in (([world.day], OF_DAY), ([world.evening], OF_EVENING)):
        keys = {each.public_id for each in programs}
        singly = {
            name
            for name, person in world.people.items()
            if not told.get(person.pk) or not keys.isdisjoint(told[person.pk])
        }
        asked = world.names(Person.objects.filter(people_of(keys, ""), same_as=None))
        assert singly == asked == names
    double = Person.objects.get(same_as=world.people["came twice"])
    assert alone(read_programs_of([double.pk])) == {double.pk: {world.day.public_id}}


def test_every_list_is_of_ones_programs(world: World) -> None:
    powers = Powers(world.staff("director", world.day))
    whole = Powers(world.staff("director"))
    sites, within = powers.places(PIPELINE), powers.bound(PIPELINE, site="site")
    lanes = pipeline(sites, now=timezone.now(), within=within)
    every = pipeline(whole.places(PIPELINE), now=timezone.now(), within=whole.bound(PIPELINE, site="site"))
    waiting = [{line.case.person for lane in each for line in lane.lines} for each in (lanes, every)]
    assert world.names(waiting[0]) == {"asks for day", "both", "no program yet"}
    assert world.names(waiting[1]) == {"asks for day", "asks for evening", "both", "no program yet"}
    assert world.names([row.person for row in find(powers, "okafor").rows]) == OF_DAY
    alike = possible_duplicates(
        family="Okafor",
        given="Sam",
        birth_date=BORN,
        sites=[world.day.site.pk],
        within=powers.bound(INTAKE, ""),
    )
    assert world.names([one.person for one in alike]) == OF_DAY
    dues = open_dues().filter(person__in=world.people.values())
    assert dues.filter(person=world.people["treated by evening"]).exists()
    assert not worklist.at_sites(powers).filter(person=world.people["treated by evening"]).exists()
    assert worklist.at_sites(powers).filter(person=world.people["treated by day"]).exists()
    assert worklist.at_sites(whole).count() == dues.count()
    dues.update(role="director", staff=None)
    owing, everywhere = (
        world.names(Person.objects.filter(pk__in={each.due.person_id for each in worklist.mine(held)}))
        for held in (powers, whole)
    )
    assert everywhere - owing == {"treated by evening"}
    assert "treated by day" in owing


def test_ones_people_are_of_ones_programs(world: World) -> None:
    """Also where somebody is on the care team of a person of another program: their chart is closed to them."""
    staff = world.staff("therapist", world.day)
    for person in world.people.values():
        services.add_to_care_team(actor=SETUP, person=person, staff=staff, function="therapist")
    powers = Powers(staff)
    seen = list(my_people(powers))
    assert world.names(seen) == OF_DAY
    assert {person.pk for person in seen} == open_charts(powers, world.people.values(), people.READ)
    due = worklist.of_my_people(powers)
    assert {each.due.person_id for each in due} <= {person.pk for person in seen}
    assert world.people["treated by day"].pk in {each.due.person_id for each in due}


def test_open_alerts_are_of_ones_programs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks for those that its reader's role is about."""
    asked: list[Q] = []

    def all_open(_sites: Iterable[object], within: Q) -> QuerySet[Alert]:
        asked.append(within)
        return Alert.objects.none()

    monkeypatch.setattr(alerts, "all_open", all_open)
    assert client_of(world.staff("supervisor", world.day)).get(reverse("safety:alerts")).status_code == 200
    assert asked
    rows = IntakeCase.objects.filter(*asked).select_related("person")  # they name a person as alerts do
    assert world.names(row.person for row in rows) == OF_DAY - {"nobody's"}


def test_sites_means_the_whole_site(world: World) -> None:
    """What was not made for programs shows less to such a role, never more."""
    powers = Powers(world.staff("director", world.day))
    assert powers.sites(PIPELINE) == []
    assert powers.places(PIPELINE) == [world.day.site]
    assert not powers.permissions & HOUSE
    assert powers.permissions | HOUSE >= ROLES["director"].permissions
    wider = world.staff("director", world.day)
    services.grant_role(actor=SETUP, staff=wider, role="intake", site=world.day.site, starts_on=STARTED)
    assert Powers(wider).bound(PIPELINE) == Q()


@pytest.mark.parametrize("role", BOUND)
def test_charts_open_as_lists_say(role: str, world: World) -> None:
    """Care team or not: a role for the day program opens nobody of the evening."""
    staff = world.staff(role, world.day)
    for person in world.people.values():
        services.add_to_care_team(actor=SETUP, person=person, staff=staff, function="therapist")
    powers = Powers(staff)
    opened = world.names([p for p in world.people.values() if powers.chart(p).may(people.READ)])
    listed = open_charts(powers, world.people.values(), people.READ)
    assert listed == {person.pk for name, person in world.people.items() if name in opened}
    assert opened == (OF_DAY if people.READ.key in ROLES[role].permissions else set())


def client_of(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user is not None
    client.force_login(staff.user)
    client.get("/")
    return client


def test_of_another_program_nothing_is_said_and_break_glass_is_there(world: World) -> None:
    """As for somebody who is not on the care team, with a reason and for four hours; but no name before it."""
    client, far = client_of(world.staff("director", world.day)), world.people["treated by evening"]
    closed = client.get(reverse("staff:chart", args=[far.public_id]))
    assert closed.status_code == 403
    asks = client.get(reverse("access:break_glass", args=[far.public_id]))
    assert asks.status_code == 200
    for page in (closed, asks):
        assert "Okafor" not in page.content.decode()
    reason = {"reason": "On call tonight, they phoned in a crisis."}
    assert client.post(reverse("access:break_glass", args=[far.public_id]), reason).status_code == 302
    assert "Okafor" in client.get(reverse("staff:chart", args=[far.public_id])).content.decode()
    seen = Entry.objects.filter(person=far.public_id, action="staff:chart", kind="view").latest("pk")
    assert seen.detail["through"] == "break_glass"
    assert world.names([row.person for row in find(Powers(client_staff(client)), "okafor").rows]) == OF_DAY


def client_staff(client: Client) -> StaffMember:
    return StaffMember.objects.get(user=client.session["_auth_user_id"])


def test_who_answers_for_one_program_does_not_answer_for_the_house(world: World) -> None:
    client = client_of(world.staff("director", world.day))
    for name in ("access:staff", "staff:setup", "journey:policy"):
        assert client.get(reverse(name)).status_code == 403, name
    shown = client.get(reverse("staff:census")).content.decode()
    assert shown.count("Okafor") > 0
    assert world.people["treated by evening"].public_id not in shown
    for name in (
        "attendance:weeks",
        "schedule:week",
        "journey:pipeline",
        "worklist:by_owner",
        "catalog:programs",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    assert "Evening" not in client.get(reverse("attendance:weeks")).content.decode()


def test_a_role_is_given_for_programs_of_its_site(world: World) -> None:
    keeper, staff = client_of(make_staff_with("administrator")), make_staff_with(site=world.day.site)
    site, there = world.day.site, make_program(make_site("Riverbend East"), "Far")
    sent = {"role": "therapist", "site": site.pk, "starts_on": "2026-01-05"}
    address = reverse("access:grant_role", args=[staff.public_id])
    for wrong in (
        {**sent, "site": "", "programs": [world.day.public_id]},
        {**sent, "programs": [there.public_id]},
        {**sent, "role": "administrator", "programs": [world.day.public_id]},
    ):
        assert keeper.post(address, wrong).status_code == 422
    assert keeper.post(address, {**sent, "programs": [world.day.public_id]}).status_code == 302
    row = RoleAssignment.objects.get(staff=staff)
    assert row.programs == [world.day.public_id]
    assert (
        "only people of Day" in keeper.get(reverse("access:member", args=[staff.public_id])).content.decode()
    )
    given = Entry.objects.filter(action="access.grant_role").latest("pk")
    assert given.detail["programs"] == [world.day.public_id]


def invitation(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "given": "Nia",
        "family": "Newhall",
        "email": "nia@clinic.example",
        "sites": [world.day.site.pk],
        "roles": ["director"],
        "programs": [world.day.public_id],
        **changes,
    }


def test_an_invitation_may_be_for_programs(world: World) -> None:
    """From the form over the link to the first page: the people of their program, and no others."""
    shown = client_of(make_staff_with("administrator")).post(reverse("access:invite"), invitation(world))
    assert "only people of Day" in shown.content.decode()
    link = re.search(r"/access/set-password/[\w-]+/", shown.content.decode())
    assert link
    web, words = Client(), "a harbor in the morning"
    assert web.post(link.group(), {"password": words, "again": words}).status_code == 302
    assert web.login(username="nia@clinic.example", password=words)
    powers = Powers(StaffMember.objects.get(family="Newhall"))
    assert {name for name, row in world.people.items() if powers.chart(row).may(people.READ)} == OF_DAY
    assert Entry.objects.get(action="access.invite").detail["programs"] == [world.day.public_id]


def test_an_invitation_for_programs_opens_no_whole_site(world: World) -> None:
    keeper = client_of(make_staff_with("administrator"))
    there = make_program(make_site("Riverbend East"), "Far")
    for wrong in (
        {"everywhere": "on"},
        {"sites": [world.day.site.pk, there.site.pk]},
        {"programs": [world.day.public_id, there.public_id]},
        {"programs": ["no-such-program"]},
        {"roles": ["director", "administrator"]},
    ):
        assert keeper.post(reverse("access:invite"), invitation(world, **wrong)).status_code == 422, wrong
    assert not StaffMember.objects.filter(family="Newhall").exists()
    both = {"sites": [world.day.site.pk, there.site.pk], "programs": [world.day.public_id, there.public_id]}
    assert keeper.post(reverse("access:invite"), invitation(world, **both)).status_code == 200
    held = RoleAssignment.objects.filter(staff__family="Newhall").values_list("site__name", "programs")
    assert sorted(held) == [("Riverbend East", [there.public_id]), ("Riverbend South", [world.day.public_id])]


def test_one_role_for_one_program_and_later_for_another(world: World) -> None:
    staff = world.staff("therapist", world.day)

    def give(first: date, *programs: Program) -> None:
        keys = [each.public_id for each in programs]
        services.grant_role(
            actor=SETUP, staff=staff, role="therapist", site=world.day.site, programs=keys, starts_on=first
        )

    later = STARTED + timedelta(days=30)
    for wrong in ((later, world.day), (later,), (STARTED, world.evening)):
        with pytest.raises(Refused):
            give(*wrong)
    give(later, world.evening)
    assert Powers(staff).bound(people.READ) != Q()
    reached = Powers(staff)
    assert all(reached.chart(person).is_theirs for person in world.people.values())


def test_nobody_is_named_for_an_alert_that_they_could_not_read(world: World) -> None:
    of_day, of_all = world.staff("supervisor", world.day), world.staff("supervisor")
    rows = RoleAssignment.objects.filter(staff__in=[of_day, of_all])
    named = {
        name: {row.staff for row in of_their_programs(rows, world.people[name])}
        for name in ("treated by day", "treated by evening")
    }
    assert named == {"treated by day": {of_day, of_all}, "treated by evening": {of_all}}
    now = timezone.now()
    told = {each.staff for each in alerts.candidates(world.people["treated by evening"], now)}
    assert of_all.pk in told
    assert of_day.pk not in told


def test_roles_for_the_whole_site_ask_nothing_more(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    whole, bound = Powers(world.staff("director")), Powers(world.staff("director", world.day))
    rows = list(world.people.values())
    assert whole.held and bound.held
    with django_assert_num_queries(0):
        open_charts(whole, rows, people.READ)
        assert whole.chart(rows[0]).may(people.READ)
    with django_assert_num_queries(1):
        open_charts(bound, rows, people.READ)
