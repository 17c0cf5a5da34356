"""Querysets whose SQL Django writes once in a process, for what nearly every page asks.

    OPEN = Prepared(lambda: Alert.objects.filter(named=Slot("staff"), closed_at=None))
    rows = OPEN.rows(staff=staff.pk)

Writing the SQL of a queryset takes longer than PostgreSQL needs to answer it; here each call only fills the slots. A
list goes with `Among`; what has a filter only at times, or leads to no row at all, is no case for it. Nor has it a day
or a moment of its own: that of the first call would stay for as long as the process runs.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, Func, QuerySet, Value
from psycopg.types.range import Range

from dayward.kernel.gathering import Reading, Selected, read

R = TypeVar("R")


def _is_of_today(value: object) -> bool:
    """A day, a moment (which is a day too) or a stretch of them, or a list with one."""
    if isinstance(value, list | tuple):
        return any(_is_of_today(each) for each in value)
    return isinstance(value, date | Range)


class Slot(Value):
    """Where a call puts its value: the right side of a comparison, by name."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Among(Func):
    """Of rows: whether a key is in the list that the call gives, `filter(Among("person", Slot("people")))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Prepared(Generic[R]):
    """What `make` makes, with slots; called when it is asked for first. A `TypeError` where it has a day in it."""

    def __init__(self, make: Callable[[], QuerySet[Any, R]]) -> None:
        self.make = make

    @cached_property
    def _written(self) -> Selected:
        written = Selected(self.make())
        if any(_is_of_today(each) for each in written.params):
            raise TypeError("a day or moment stands in what is written once: give it with a slot")
        if "AT TIME ZONE %s" in written.sql:
            raise TypeError("the time zone of the first reader stands in what is written once")
        return written

    def filled(self, **values: Any) -> Selected:
        """To be read beside others (`gathering.read`); a value that is missing is a `KeyError`."""
        found = copy(self._written)
        found.queryset, found.compiler = found.queryset._chain(), copy(found.compiler)
        found.params = tuple(values[each.value] if isinstance(each, Slot) else each for each in found.params)
        return found

    def reading(self, **values: Any) -> Reading[list[R]]:
        (found,) = yield [self.filled(**values)]
        return found

    def first(self, **values: Any) -> Reading[R | None]:
        """The first row; `make` says in which order, and to read no more than one."""
        found = yield from self.reading(**values)
        return found[0] if found else None

    def rows(self, **values: Any) -> list[R]:
        (found,) = read([self.filled(**values)])
        return found
