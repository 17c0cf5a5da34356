"""Rows read together are the rows that each queryset reads alone, and cost one statement."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.expressions import Col
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.journey.factories import actor_of, make_episode
from dayward.care.journey.models import Episode, IntakeCase
from dayward.chart.assessments.factories import signed_assessment
from dayward.chart.safety.factories import signed_plan, signed_statement
from dayward.foundation.access.factories import make_treating
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.foundation.terms.models import IcdCode
from dayward.kernel.database import PREPARED_AFTER
from dayward.kernel.errors import Misconfigured
from dayward.kernel.gathering import (
    Reading,
    all_of,
    alone,
    both,
    first_of,
    known,
    one_after_another,
    read,
    side_by_side,
    together,
)

pytestmark = pytest.mark.django_db
Most = Callable[[int], Any]


@pytest.fixture
def person() -> Person:
    """With rows of many kinds."""
    person = make_person()
    actor = actor_of(make_treating(person, credential="social_worker"))
    make_episode(person=person)
    case = IntakeCase.objects.get(person=person)
    signed_assessment(actor=actor, case=case)
    signed_statement(actor=actor, person=person, case=case)
    signed_plan(actor=actor, person=person)
    session = make_past_session(begun=timedelta(hours=4))
    present(seat(session, person), session.span.start)
    return person


def seen(row: Any) -> Any:
    """Everything an object holds, and what was read along with it."""
    if not isinstance(row, Model):
        return row
    values = {name: (value, type(value)) for name, value in vars(row).items() if name != "_state"}
    return values, {name: seen(beside) for name, beside in row._state.fields_cache.items()}


def test_every_model_reads_the_same_together_as_alone(person: Person) -> None:
    querysets: list[QuerySet[Any, Any]] = []
    for model in apps.get_models():
        found = model._default_manager.order_by("pk")
        ours = not model.__module__.startswith("procrastinate")  # no page reads the queue
        if ours and model is not IcdCode and found.exists():
            beside = [field.name for field in model._meta.concrete_fields if field.many_to_one]
            querysets += [
                found.select_related(*beside[:1]) if beside else found.all(),
                found.values_list("pk"),
            ]
    assert len(querysets) > 60
    alone_rows = [[seen(row) for row in queryset.all()] for queryset in querysets]
    assert [[seen(row) for row in rows] for rows in read(querysets)] == alone_rows


def test_it_is_one_statement(person: Person, django_assert_num_queries: Most) -> None:
    with django_assert_num_queries(1):
        people, sites, none = read([Person.objects.all(), Site.objects.all(), Site.objects.filter(pk__in=[])])
    assert people == [person] and len(sites) == 1 and none == []


def test_annotations_slices_and_values_come_as_asked(person: Person) -> None:
    in_care = Exists(Episode.objects.filter(person=OuterRef("pk")))
    asked = Person.objects.annotate(in_care=in_care).order_by("-pk")[:1]
    names = Person.objects.values_list("legal_family", flat=True)
    rows, families = read([asked, names])
    assert rows[0].in_care is True and families == [person.legal_family]


def steps(person: Person, count: int) -> Reading[int]:
    """Asks once more in each step."""
    total = 0
    for _step in range(count):
        total += len((yield from all_of(IntakeCase.objects.filter(person=person))))
    return total


def test_as_many_statements_as_the_most_patient_has_steps(
    person: Person, django_assert_num_queries: Most
) -> None:
    with django_assert_num_queries(3):
        assert together([steps(person, 1), steps(person, 3), steps(person, 0), steps(person, 2)]) == [
            1,
            3,
            0,
            2,
        ]


def test_two_kinds_side_by_side(person: Person, django_assert_num_queries: Most) -> None:
    latest = IntakeCase.objects.order_by("-pk")
    with django_assert_num_queries(1):
        count, case = alone(both(steps(person, 1), first_of(latest)))
    assert count == 1 and case is not None and case.person_id == person.pk
    assert alone(first_of(latest.filter(opened_at__gt=timezone.now()))) is None


def test_a_column_that_cannot_be_told_is_refused_not_garbled(person: Person) -> None:
    with pytest.raises(Misconfigured):
        read([IcdCode.objects.order_by("pk")[:1], Site.objects.all()])


def test_side_by_side_and_one_after_another_are_the_same() -> None:
    people = [make_person(), make_person()]
    rows = Person.objects.order_by("pk")

    def readings() -> list[Reading[Any]]:
        return [all_of(rows), all_of(rows.filter(pk=people[0].pk)), known([])]

    assert together([side_by_side(readings())]) == together([one_after_another(readings())])
    assert together(readings())[1] == people[:1]


def test_rows_that_nobody_keeps_are_gone_at_once() -> None:
    """No circle holds them until somebody looks for garbage."""
    make_person()
    gc.disable()
    try:
        rows, _others = together(
            [all_of(Person.objects.order_by("pk")), all_of(Person.objects.order_by("-pk"))]
        )
        seen = weakref.ref(rows[0])
        del rows, _others
        assert seen() is None
    finally:
        gc.enable()


def test_equal_columns_have_one_hash_and_others_are_told_apart() -> None:
    name, born = Person._meta.get_field("legal_given"), Person._meta.get_field("birth_date")
    columns = [
        Col("people_person", name),
        Col("people_person", name),
        Col("people_person", born),
        Col("t", name),
    ]
    assert hash(columns[0]) == hash(columns[1]) and columns[0] == columns[1]
    assert len(set(columns)) == 3


def test_a_statement_that_comes_again_is_prepared(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever it is about: the values are not part of its text."""
    monkeypatch.setattr(connection.connection, "prepare_threshold", PREPARED_AFTER)
    everybody = [person, *(make_person() for _each in range(2 * PREPARED_AFTER))]
    before = prepared_runs()
    found = [
        read([Person.objects.filter(pk=one.pk), Episode.objects.filter(person=one)])[0] for one in everybody
    ]
    assert found == [[one] for one in everybody]
    assert prepared_runs() - before >= PREPARED_AFTER


def prepared_runs() -> int:
    """How often this connection ran statements that it had prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(generic_plans + custom_plans), 0) FROM pg_prepared_statements")
        ((runs,),) = cursor.fetchall()
    return int(runs)
