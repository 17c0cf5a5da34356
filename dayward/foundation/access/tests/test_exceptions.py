"""The page on which compliance reads what is out of the ordinary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access import exceptions, services
from dayward.foundation.access.exceptions import account_lines, chart_lines
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.rules import Reason
from dayward.foundation.access.tests.test_guard import as_staff
from dayward.foundation.audit.actors import PUBLIC, staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, STARTED, make_person, make_user
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)  # 12:00 in Chicago
SINCE = NOON - timedelta(days=7)


def look(
    staff: StaffMember, person: Person, at: datetime = NOON, *, kind: str = "view", through: str = ""
) -> None:
    assert staff.user
    Entry.objects.create(
        at=at,
        site=person.site,
        kind=kind,
        action="staff:chart",
        actor_kind="staff",
        actor=staff.user.public_id,
        person=person.public_id,
        detail={"through": through or "care_team"},
    )


def why(person: Person) -> tuple[Reason, ...]:
    lines = chart_lines(SINCE, None)
    return next((line.finding.reasons for line in lines if line.person == person), ())


def test_an_ordinary_day_is_not_there() -> None:
    person = make_person()
    look(make_treating(person), person)
    assert not list(chart_lines(SINCE, None))


@pytest.mark.parametrize(
    ("utc", "night"),
    [
        (datetime(2026, 3, 5, 2, 59, tzinfo=UTC), False),  # 8:59 PM in Chicago
        (datetime(2026, 3, 5, 3, 0, tzinfo=UTC), True),  # 9 PM
        (datetime(2026, 3, 5, 11, 59, tzinfo=UTC), True),  # 5:59 AM
        (datetime(2026, 3, 5, 12, 0, tzinfo=UTC), False),
    ],
)
def test_night_is_that_of_the_site(utc: datetime, night: bool) -> None:
    person = make_person()
    look(make_staff_with("therapist"), person, utc)
    assert (Reason.AT_NIGHT in why(person)) is night


def test_many_charts_within_an_hour_are_counted_once_each() -> None:
    staff, crowd = make_staff_with("supervisor"), [make_person() for _each in range(20)]
    for number, person in enumerate(crowd):
        look(staff, person, NOON + timedelta(minutes=2 * number), through="role")
        look(staff, person, NOON + timedelta(minutes=2 * number), through="role")
    (line,) = page = chart_lines(SINCE, None)
    assert (line.finding.reasons, line.finding.charts, line.finding.opened.views) == ((Reason.MANY,), 20, 40)
    assert (line.person, page.paginator.count) == (None, 1)  # one line, however many charts
    other = make_staff_with("supervisor")
    for hour, person in enumerate(crowd):
        look(other, person, NOON - timedelta(days=1, hours=hour), through="role")
    lines = chart_lines(SINCE, None)
    assert not [line for line in lines if line.who == other.name and Reason.MANY in line.finding.reasons]


def test_ones_own_chart_and_ones_family() -> None:
    staff = make_staff_with("therapist", given="Nia", family="Okafor", phone="512 555 0142")
    own, twin, kin = (
        make_person(legal_given=given, legal_family="okafor") for given in ("Nia", "Nia", "Ben")
    )
    people.add_contact_point(actor=SETUP, person=own, kind="mobile", value="512 555 0142")
    StaffMember.objects.filter(pk=staff.pk).update(phone=own.contact_points.get().value)
    for person in (own, twin, kin):
        look(staff, person)
    firsts = [why(person)[0] for person in (own, twin, kin)]
    assert firsts == [Reason.OWN_CHART, Reason.SAME_NAME, Reason.SAME_FAMILY_NAME]


def test_each_opening_of_a_watched_chart_is_there_until_it_is_watched_no_longer() -> None:
    """Also that of who treats the person: whoever is known to many is looked at by many."""
    person, officer = make_person(), make_staff_with("compliance")
    look(make_treating(person), person)
    assert why(person) == ()
    client, shown = as_staff(officer), reverse("access:readers", args=[person.public_id])
    client.post(reverse("access:watch", args=[person.public_id]), {"reason": "The mayor"})
    assert "The mayor" in client.get(shown).content.decode()
    assert "The mayor" not in as_staff(make_staff_with("director")).get(shown).content.decode()
    assert Reason.WATCHED in why(person)
    client.post(reverse("access:end_watch", args=[person.public_id]))
    assert Reason.WATCHED not in why(person)


def test_a_chart_is_watched_once_and_with_a_reason() -> None:
    person, officer = make_person(), make_staff_with("compliance")
    assert officer.user
    actor = staff_actor(officer.user)
    with pytest.raises(Refused, match="Say why"):
        services.watch_chart(actor=actor, person=person, reason=" ")
    watch = services.watch_chart(actor=actor, person=person, reason="A colleague")
    with pytest.raises(Refused, match="watched already"):
        services.watch_chart(actor=actor, person=person, reason="A colleague")
    services.end_watch(actor=actor, watch=watch)
    with pytest.raises(Refused, match="no longer"):
        services.end_watch(actor=actor, watch=watch)
    acts = Entry.objects.filter(actor=officer.user.public_id).values_list("action", flat=True)
    assert sorted(acts) == ["access.end_watch", "access.watch_chart"]


def test_an_act_in_the_chart_within_a_week_is_seen() -> None:
    person, staff = make_person(), make_staff_with("therapist")
    look(staff, person, through="break_glass")
    assert why(person) == (Reason.BREAK_GLASS, Reason.NO_ACT)
    look(staff, person, NOON + timedelta(days=6), kind="change")
    assert why(person) == (Reason.BREAK_GLASS,)


def test_the_page_is_for_compliance_and_of_its_sites() -> None:
    here, there = make_site("Riverbend South"), make_site("Riverbend East")
    near, far = make_person(site=here, legal_family="Nearby"), make_person(site=there, legal_family="Faraway")
    opener = make_staff_with("therapist", given="Ana", family="Reyes")
    for person in (near, far):
        look(opener, person, timezone.now(), through="break_glass")
    officer = make_staff_with()
    services.grant_role(actor=SETUP, staff=officer, role="compliance", site=here, starts_on=STARTED)
    url = reverse("access:exceptions")
    shown = as_staff(officer).get(url).content.decode()
    assert "Ana Reyes" in shown
    assert "Opened by break-glass" in shown
    assert near.called in shown
    assert far.called not in shown
    assert Entry.objects.get(action="access:exceptions").detail["people"] == [near.public_id]
    assert as_staff(make_staff_with("director")).get(url).status_code == 403
    everywhere = as_staff(make_staff_with("compliance")).get(url, {"days": "1"}).content.decode()
    assert far.called in everywhere


def test_an_account_made_up_is_first() -> None:
    """The administrator who writes a colleague down, gives a chart role and makes the link could be that colleague."""
    administrator = make_staff_with("administrator", given="Robin", family="Vale")
    assert administrator.user
    actor = staff_actor(administrator.user)
    made = people.add_staff(actor=actor, given="Ina", family="Ventado", email="ina@clinic.example")
    services.grant_role(actor=actor, staff=made, role="supervisor")
    services.make_sign_in_link(actor=actor, staff=made)
    guessed = make_staff_with("therapist", user=make_user("ana@clinic.example"))
    assert guessed.user
    for _try in range(12):
        record(
            actor=PUBLIC,
            action="access.sign_in_failed",
            kind=Entry.Kind.SIGN_IN,
            account=guessed.user.public_id,
        )
    lines = account_lines(timezone.now() - timedelta(days=1))
    assert [(line.who, line.staff) for line in lines] == [
        ("Robin Vale", made),
        ("somebody not signed in", guessed),
    ]
    assert "all alone" in lines[0].why[0]
    assert "12 wrong passwords" in lines[1].why[0]


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: object) -> None:
    staff = make_staff_with("therapist")
    for _each in range(12):
        look(staff, make_person(), through="break_glass")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert chart_lines(SINCE, None).paginator.count == 12


def test_the_lightest_findings_are_on_the_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exceptions, "SHOWN", 5)
    staff, crowd = make_staff_with("therapist"), [make_person() for _each in range(12)]
    for person in crowd:
        look(staff, person, through="break_glass")
    seen = [line.person for number in "123" for line in chart_lines(SINCE, None, number)]
    assert set(seen) == set(crowd) and len(seen) == 12
