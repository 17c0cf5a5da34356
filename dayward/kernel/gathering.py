"""Many reads, one statement: each part of a page says what it wants to read, and all of it is read together.

A *reading* is a generator that hands out querysets and gets their rows back:

    def read_plan(person: Person) -> Reading[Plan]:
        goals = yield from all_of(goals_of(person))
        steps = yield from all_of(Step.objects.filter(goal__in=goals))
        return Plan(goals, steps)

`together` runs many side by side. What all of them wait for becomes one statement, so a page takes as many
statements as its most patient part has steps, however many parts it has. `alone` runs one. A queryset that two
parts ask for in the same round is read once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from psycopg import RawCursor
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.string import TextLoader

from dayward.kernel.errors import Misconfigured
from dayward.kernel.readings import Answers, Asked

T = TypeVar("T")
U = TypeVar("U")
R = TypeVar("R")
M = TypeVar("M", bound=Model)
Reading = Generator[Asked, Answers, T]
INVALID_OID = 0  # psycopg's name for a type that it does not know


def all_of(queryset: QuerySet[M, R]) -> Reading[list[R]]:
    """All rows of a queryset."""
    (found,) = yield [queryset]
    return found


def first_of(queryset: QuerySet[M, R]) -> Reading[R | None]:
    """The first row of an ordered queryset."""
    (found,) = yield [queryset[:1]]
    return found[0] if found else None


def any_of(queryset: QuerySet[M, Any]) -> Reading[bool]:
    """Whether it has a row."""
    (found,) = yield [queryset.order_by().values_list("pk", flat=True)[:1]]
    return bool(found)


def known(result: T) -> Reading[T]:
    """A reading that has nothing to wait for."""
    yield from ()
    return result


def lift(made: T | Reading[T]) -> Reading[T]:
    """What a function gave that may be a reading or already knows."""
    if isinstance(made, Generator):
        return (yield from made)
    return made


def both(one: Reading[T], other: Reading[U]) -> Reading[tuple[T, U]]:
    """Two of different kinds, side by side."""
    pair: list[Any] = yield from side_by_side([one, other])
    return pair[0], pair[1]


def side_by_side(readings: Iterable[Reading[T]]) -> Reading[list[T]]:
    """Several as one: each of its steps asks for what all of them wait for."""
    results: dict[int, T] = {}
    waiting: list[tuple[int, Reading[T], Asked]] = []
    for number, reading in enumerate(readings):
        _step(number, reading, None, waiting, results)
    while waiting:
        answers = iter((yield [queryset for _number, _reading, asked in waiting for queryset in asked]))
        served, waiting = waiting, []
        for number, reading, asked in served:
            _step(number, reading, [next(answers) for _each in asked], waiting, results)
    return [results[number] for number in sorted(results)]


def one_after_another(readings: Iterable[Reading[T]]) -> Reading[list[T]]:
    """The same results, each queryset on its own: for tens of thousands of rows, where the rows are what takes long."""
    results = []
    for reading in readings:
        results.append((yield from reading))
    return results


def _step(
    number: int,
    reading: Reading[T],
    answers: Answers | None,
    waiting: list[tuple[int, Reading[T], Asked]],
    results: dict[int, T],
) -> None:
    try:
        waiting.append((number, reading, next(reading) if answers is None else reading.send(answers)))
    except StopIteration as ended:
        results[number] = ended.value


def alone(reading: Reading[T]) -> T:
    """Run one reading."""
    try:
        asked = next(reading)
        while True:
            asked = reading.send(read(asked))
    except StopIteration as ended:
        result: T = ended.value
        return result


def together(readings: Iterable[Reading[T]]) -> list[T]:
    """Run many side by side; their results in the same order."""
    return alone(side_by_side(readings))


# -- the statement ---------------------------------------------------------------------------------------------


def _hash_of_column(column: Col) -> int:
    """Equal columns have it in common. Django asks for it of each column of each ordered queryset, 1,800 times for a
    chart, and its own binds a signature each time: 12 ms of the page. There is no setting for it."""
    return hash((column.alias, column.target))


Col.__hash__ = _hash_of_column  # type: ignore[assignment, method-assign]


class _JsonText(TextLoader):
    """JSON as its text, as Django's fields expect it; in the binary format a version stands before it."""

    format = Format.BINARY

    def load(self, data: Any) -> Any:
        return super().load(bytes(data)[1:])


class _Unknown(Loader):
    """Better no page than one with bytes where words should be: read such a column on its own."""

    format = Format.BINARY

    def load(self, data: Any) -> Any:
        raise Misconfigured("A column of this type cannot be read together with others.")


class Selected:
    """A queryset with its SQL, and the rows once they are known."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.queryset = queryset._chain()  # type: ignore[attr-defined]
        self.compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # such as `pk__in=[]`: no need to ask
            self.sql, self.params = "", ()

    @property
    def key(self) -> tuple[str, str]:
        return self.sql, repr(self.params)

    def answered(self, found: list[tuple[Any, ...]]) -> list[Any]:
        """The rows as the queryset would have made them of this answer."""
        width = self.compiler.col_count  # what is only ordered by stands behind it
        self.compiler.execute_sql = lambda *_given, **_named: [[row[:width] for row in found]]
        self.queryset.query.get_compiler = lambda *_given, **_named: self.compiler
        try:
            return list(self.queryset)
        finally:  # query and compiler would hold each other, and all rows, until somebody looks for garbage
            del self.compiler.execute_sql, self.queryset.query.get_compiler


def read(querysets: Asked) -> Answers:
    """The rows of each (querysets, or what `kernel.prepared` made of some), in one statement."""
    if len(querysets) == 1 and not isinstance(querysets[0], Selected):
        return [list(querysets[0])]
    selected = [one if isinstance(one, Selected) else Selected(one) for one in querysets]
    distinct = {one.key: one for one in selected if one.sql}
    found = dict(zip(distinct, _fetch(list(distinct.values())), strict=True)) if distinct else {}
    return [one.answered(found[one.key]) if one.sql else [] for one in selected]


def _fetch(selected: Sequence[Selected]) -> Sequence[list[tuple[Any, ...]]]:
    """One row: an array of records for each. Values are sent beside the text, so that PostgreSQL knows the statement
    again and plans it once for a connection: planning is two thirds of what a chart costs it."""
    arrays = ", ".join(f"ARRAY(SELECT one FROM ({each.sql}) one)" for each in selected)  # noqa: S608 - Django's SQL
    params = [each for one in selected for each in one.params]
    statement = f"SELECT {arrays}" % tuple(f"${number}" for number in range(1, len(params) + 1))
    with _binary_cursor() as cursor:
        cursor.execute(statement, params)
        answer: Sequence[list[tuple[Any, ...]]] = cursor.fetchone()
    return answer


def _binary_cursor() -> Any:
    """Only the binary format says of which types a record is; Django's own cursors speak text."""
    with connection.cursor() as usual:  # opens the connection, and a lost one again
        raw = RawCursor(usual.connection)
    raw.format = Format.BINARY
    raw.adapters.register_loader("jsonb", _JsonText)
    raw.adapters.register_loader(INVALID_OID, _Unknown)
    return connection._prepare_cursor(raw)  # type: ignore[attr-defined]
