"""What is read together is read as it would be alone, and nothing of it stays behind."""

from __future__ import annotations

import gc
import weakref

import pytest
from django.db.models.expressions import Col

from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import all_of, known, one_after_another, side_by_side, together

pytestmark = pytest.mark.django_db


def test_side_by_side_and_one_after_another_are_the_same() -> None:
    people = [make_person(), make_person()]
    rows = Person.objects.order_by("pk")
    readings = lambda: [all_of(rows), all_of(rows.filter(pk=people[0].pk)), known([])]  # noqa: E731
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
