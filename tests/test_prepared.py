"""A queryset whose SQL is written once gives what it would give each time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import DateField, QuerySet, Value
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from dayward.foundation.access.factories import make_treating
from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, read
from dayward.kernel.prepared import Among, Prepared, Slot

pytestmark = pytest.mark.django_db
DAYS: ArrayField[object, object] = ArrayField(DateField())


def named(family: object) -> QuerySet[Person]:
    return Person.objects.filter(legal_family=family).select_related("site").order_by("pk")


def test_each_call_has_its_own_values_and_the_sql_is_written_once() -> None:
    made: list[int] = []

    def make() -> QuerySet[Person]:
        made.append(1)
        return named(Slot("family"))

    prepared = Prepared(make)
    first, second = make_person(legal_family="Okafor"), make_person(legal_family="O'Neil %s")
    for person in (first, second, first):
        rows = prepared.rows(family=person.legal_family)
        assert rows == list(named(person.legal_family)) == [person]
        assert rows[0].site == person.site
    assert prepared.rows(family="Nobody") == []
    assert made == [1]


def test_it_is_read_beside_others_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    prepared, person = Prepared(lambda: named(Slot("family"))), make_person(legal_family="Okafor")
    other = make_person(legal_family="Other")
    with django_assert_num_queries(1):
        found = read([prepared.filled(family="Okafor"), prepared.filled(family="Other"), named("Okafor")])
        sites = [row.site for rows in found for row in rows]
    assert found == [[person], [other], [person]] and None not in sites
    assert alone(prepared.reading(family="Other")) == [other]


def test_a_list_and_a_moment_are_values_too() -> None:
    person, other = make_person(), make_person()
    staff = make_treating(person)
    teams = Prepared(
        lambda: (
            CareTeamMember.objects.at(Slot("now"))
            .filter(Among("person", Slot("people")), staff=Slot("staff"))
            .values_list("person_id", flat=True)
        )
    )
    now = timezone.now()
    asked = {"staff": staff.pk, "people": [person.pk, other.pk], "now": now}
    assert teams.rows(**asked) == [person.pk]
    assert teams.rows(**asked | {"people": [other.pk]}) == []
    assert teams.rows(**asked | {"people": []}) == []
    assert teams.rows(**asked | {"now": now - timedelta(days=1)}) == []


def test_a_value_that_is_missing_is_no_empty_answer() -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: named(Slot("family"))).rows(given="Sam")


def test_a_moment_does_not_stay_in_what_is_written_once() -> None:
    with pytest.raises(TypeError, match="moment"):
        Prepared(lambda: CareTeamMember.objects.at(timezone.now())).rows()
    with pytest.raises(TypeError, match="moment"):
        Prepared(lambda: Person.objects.filter(birth_date=date(1990, 1, 1))).rows()
    with pytest.raises(TypeError, match="moment"):
        Prepared(lambda: Person.objects.filter(birth_date__in=[date(1990, 1, 1)])).rows()
    with pytest.raises(TypeError, match="moment"):
        Prepared(lambda: Person.objects.annotate(days=Value([date(1990, 1, 1)], DAYS))).rows()


def test_the_time_zone_of_the_first_reader_does_not_stay() -> None:
    with pytest.raises(TypeError, match="zone"):
        Prepared(lambda: Person.objects.filter(created_at__date=Slot("day"))).rows(day=date(2026, 1, 5))
