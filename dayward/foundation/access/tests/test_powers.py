from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dayward.foundation.access import queries, services
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.openers import Opener, openers
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.roles import CHART_ROLES, ROLES
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people import permissions as people
from dayward.foundation.people import services as people_services
from dayward.foundation.people.factories import SETUP, make_person, make_staff, make_user
from dayward.foundation.people.models import User
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import Permission, permissions

pytestmark = pytest.mark.django_db

WRITE = Permission("assessments.write", "")
COVERAGE = Permission("coverage.edit", "")


def test_no_role_no_permission() -> None:
    staff = make_staff()
    assert not any(queries.may(staff.user, permission) for permission in permissions.values())


def test_roles_name_only_permissions_that_exist() -> None:
    unknown = {key for role in ROLES.values() for key in role.permissions if key not in permissions}
    assert not unknown


def test_every_permission_belongs_to_some_role() -> None:
    held = frozenset[str]().union(*(role.permissions for role in ROLES.values()))
    assert {key for key, _permission in permissions} <= held


@pytest.mark.parametrize(
    ("starts", "ends", "now", "held"),
    [
        (date(2026, 3, 4), None, datetime(2026, 3, 4, 6, 0, tzinfo=UTC), True),  # midnight in Chicago
        (date(2026, 3, 4), None, datetime(2026, 3, 4, 5, 59, tzinfo=UTC), False),
        (
            date(2026, 3, 1),
            date(2026, 3, 4),
            datetime(2026, 3, 5, 5, 59, tzinfo=UTC),
            True,
        ),  # its last minute
        (date(2026, 3, 1), date(2026, 3, 4), datetime(2026, 3, 5, 6, 0, tzinfo=UTC), False),
    ],
)
def test_a_role_holds_for_its_days_at_the_site(
    starts: date, ends: date | None, now: datetime, held: bool
) -> None:
    staff, site = make_staff(), make_site()
    services.grant_role(actor=SETUP, staff=staff, role="biller", starts_on=starts, ends_on=ends, site=site)
    assert Powers(staff, now).may(people.FIND) is held


def test_a_role_at_one_site_opens_nothing_at_another() -> None:
    staff, here, there = make_staff(), make_site(), make_site("Riverbend South")
    services.grant_role(actor=SETUP, staff=staff, role="compliance", site=here, starts_on=date(2024, 1, 1))
    powers = Powers(staff)
    assert powers.sites(people.FIND) == [here]
    assert powers.chart(make_person(site=here)).may(people.READ)
    assert not powers.chart(make_person(site=there)).may(people.READ)
    assert queries.open_charts(powers, [make_person(site=there)], people.READ) == set()


def test_who_left_may_nothing() -> None:
    staff = make_staff_with("director")
    people_services.update_staff(actor=SETUP, staff=staff, ended_on=date(2024, 12, 31))
    assert not queries.may(User.objects.get(staff=staff), people.FIND)


def test_a_patients_account_may_nothing() -> None:
    user = User.objects.create(person=make_person())
    assert not any(queries.may(user, permission) for permission in permissions.values())


def test_an_account_without_staff_may_nothing() -> None:
    assert not queries.may(make_user(), people.FIND)


# -- charts ----------


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_care_team_opens_a_chart_to_chart_roles_only(role: str) -> None:
    person = make_person()
    inside, outside = make_treating(person, role), make_staff_with(role)
    may = role in CHART_ROLES
    assert queries.powers_of(inside.user).chart(person).may(people.READ) is may
    assert queries.powers_of(outside.user).chart(person).may(people.READ) is ROLES[role].role_wide_charts


def test_the_chart_closes_when_the_care_team_ends() -> None:
    person = make_person()
    staff = make_treating(person)
    member = staff.care_teams.get()
    services.end_care_team(actor=SETUP, member=member)
    assert not queries.powers_of(staff.user).chart(person).is_open()
    services.restore_care_team(actor=SETUP, member=member)
    assert queries.powers_of(staff.user).chart(person).is_open()


def test_a_chart_opens_through_the_row_that_is_the_same_person() -> None:
    one = make_person(birth_date=date(1990, 1, 1))
    other = make_person(birth_date=date(1990, 1, 1))
    staff = make_treating(other)
    people_services.declare_same(actor=SETUP, duplicate=other, same_as=one)
    assert queries.powers_of(staff.user).chart(type(one).objects.get(pk=one.pk)).may(people.READ)


def test_two_roles_together_give_no_more_than_each() -> None:
    """A biller sees every chart, a therapist writes in some: not both in every."""
    staff, stranger = make_staff_with("biller", "therapist"), make_person()
    chart = queries.powers_of(staff.user).chart(stranger)
    assert chart.may(COVERAGE)
    assert not chart.may(WRITE)
    services.add_to_care_team(
        actor=SETUP, person=stranger, staff=staff, function=CareTeamMember.Function.THERAPIST
    )
    assert queries.powers_of(staff.user).chart(stranger).may(WRITE)


def test_an_opener_of_a_duty_gives_what_that_duty_may(monkeypatch: pytest.MonkeyPatch) -> None:
    opener = Opener("open_case", "", lambda staff, person: True, roles=frozenset({"intake"}))
    monkeypatch.setitem(openers._items, "test", opener)
    person = make_person()
    assert queries.powers_of(make_staff_with("intake").user).chart(person).may(people.READ)
    assert not queries.powers_of(make_staff_with("therapist").user).chart(person).is_open()
    both = queries.powers_of(make_staff_with("intake", "therapist").user).chart(person)
    assert both.may(people.READ)
    assert not both.may(WRITE)


# -- break-glass ----------

REASON = "On call tonight, they phoned in a crisis."


def test_break_glass_opens_for_four_hours() -> None:
    staff, person = make_staff_with("therapist"), make_person()
    assert staff.user
    opened = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    services.open_break_glass(actor=staff_actor(staff.user), person=person, reason=REASON, at=opened)
    for minutes, is_open in ((-1, False), (0, True), (239, True), (240, False)):
        powers = Powers(staff, opened + timedelta(minutes=minutes))
        assert powers.chart(person).is_open() is is_open, minutes
    assert not Powers(staff, opened).chart(make_person()).is_open()
    assert not Powers(make_staff_with("therapist"), opened).chart(person).is_open()


@pytest.mark.parametrize("reason", ["", "   ", "needed", "          x"])
def test_break_glass_needs_a_reason(reason: str) -> None:
    staff = make_staff_with("therapist")
    assert staff.user
    with pytest.raises(Refused, match="why you need"):
        services.open_break_glass(actor=staff_actor(staff.user), person=make_person(), reason=reason)


def test_nobody_reviews_their_own_break_glass() -> None:
    staff, other = make_staff_with("compliance", "therapist"), make_staff_with("compliance")
    assert staff.user
    assert other.user
    opening = services.open_break_glass(actor=staff_actor(staff.user), person=make_person(), reason=REASON)
    with pytest.raises(Refused, match="their own"):
        services.review_break_glass(actor=staff_actor(staff.user), opening=opening, outcome="fine")
    services.review_break_glass(actor=staff_actor(other.user), opening=opening, outcome="Right to do so.")
    with pytest.raises(Refused, match="already"):
        services.review_break_glass(actor=staff_actor(other.user), opening=opening, outcome="again")


# -- roles and teams ----------


def test_a_role_is_not_given_twice_at_once() -> None:
    staff = make_staff()
    services.grant_role(
        actor=SETUP, staff=staff, role="intake", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31)
    )
    with pytest.raises(Refused, match="already"):
        services.grant_role(actor=SETUP, staff=staff, role="intake", starts_on=date(2026, 1, 31))
    services.grant_role(actor=SETUP, staff=staff, role="intake", starts_on=date(2026, 2, 1))


def test_being_put_on_a_care_team_twice_is_once() -> None:
    person, staff = make_person(), make_staff_with("therapist")
    function = CareTeamMember.Function.THERAPIST
    first = services.add_to_care_team(actor=SETUP, person=person, staff=staff, function=function)
    assert services.add_to_care_team(actor=SETUP, person=person, staff=staff, function=function) == first


# -- the person's own way in ----------

BORN = date(1991, 4, 12)


def test_a_link_works_until_it_runs_out_and_a_code_once() -> None:
    person = make_person(birth_date=BORN)
    link = services.make_portal_key(actor=SETUP, person=person, kind="link")
    code = services.make_portal_key(actor=SETUP, person=person, kind="code")
    assert services.use_portal_key(secret=link, birth_date=BORN).person == person
    assert services.use_portal_key(secret=link, birth_date=BORN).person == person
    assert (
        services.use_portal_key(secret=f" {code[:4].upper()}-{code[4:]} ", birth_date=BORN).person == person
    )
    with pytest.raises(Refused):
        services.use_portal_key(secret=code, birth_date=BORN)
    later = datetime.now(UTC) + services.LINK_LASTS
    with pytest.raises(Refused):
        services.use_portal_key(secret=link, birth_date=BORN, at=later)


def test_five_wrong_birth_dates_end_a_key() -> None:
    person = make_person(birth_date=BORN)
    code = services.make_portal_key(actor=SETUP, person=person, kind="code")
    for _try in range(services.TRIES):
        with pytest.raises(Refused):
            services.use_portal_key(secret=code, birth_date=date(1990, 1, 1))
    with pytest.raises(Refused):
        services.use_portal_key(secret=code, birth_date=BORN)


def test_every_refused_key_says_the_same() -> None:
    person = make_person(birth_date=BORN)
    code = services.make_portal_key(actor=SETUP, person=person, kind="code")
    said = set()
    for secret, born in ((code, date(1990, 1, 1)), ("nosuchcode", BORN), ("", None)):
        with pytest.raises(Refused) as refused:
            services.use_portal_key(secret=secret, birth_date=born)
        said.add(refused.value.sentence)
    assert len(said) == 1


def test_a_key_is_kept_as_a_digest_only() -> None:
    person = make_person()
    secret = services.make_portal_key(actor=SETUP, person=person, kind="link")
    assert secret not in str(list(person.portal_keys.values()))


def test_a_link_without_a_birth_date_behind_it_works_once() -> None:
    person = make_person(birth_date=None)
    secret = services.make_portal_key(actor=SETUP, person=person, kind="link")
    services.use_portal_key(secret=secret, birth_date=None)
    with pytest.raises(Refused):
        services.use_portal_key(secret=secret, birth_date=None)
