"""The only writer of dues. A refresh leaves no audit entry: the act that changed the facts has left its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.queries import whose_rows
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries.working import read_charts, subjects_of
from dayward.foundation.standards.rules import engine
from dayward.foundation.standards.rules.pack import Harm
from dayward.kernel.facts import Subject
from dayward.kernel.gathering import alone

KEEPER = system_actor("standards.keep")
LOCK = 7043
CHUNK = 200
HARMS = list(Harm)
FIELDS = [
    "pack",
    "policy",
    "role",
    "harm",
    "warns",
    "person",
    "site",
    "staff",
    "start_kind",
    "start_at",
    "start_ref",
    "due_at",
    "hard_at",
    "state",
    "done_at",
]


@dataclass
class Drift:
    """What a refresh found to be other than it was, by rule."""

    opened: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def add(self, other: Drift) -> None:
        self.opened += other.opened
        self.changed += other.changed

    @property
    def total(self) -> int:
        return self.opened.total() + self.changed.total()


@transaction.atomic(savepoint=False)  # it stands or falls with the act
def refresh(*, people: Collection[int], words: Collection[str] = ()) -> Drift:
    """Work out anew what is due for these people, in the transaction that changed a fact.

    `words`: only facts of these words changed; what does not look at them stays as it is.
    While another transaction does the same for a person, waiting could end in a circle (each holds what the other
    wants), and neither sees the other's facts: then a job does it when both are through.
    """
    ids = set(whose_rows(people))
    busy = _not_locked(ids)
    for person in sorted(busy):
        # By name: the job calls this module.
        app.configure_task("standards.refresh_person").defer(person=person)
    free = ids - busy
    return _bring_up_to_date(free, words) if free else Drift()


@transaction.atomic
def refresh_waiting(*, person: int) -> Drift:
    """As `refresh`, but waits until nobody else is at it; for jobs, which hold nothing that others want."""
    ids = set(whose_rows([person]))
    for each in sorted(ids):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [LOCK, each])
    return _bring_up_to_date(ids)


def refresh_all(*, alone: bool = False, sites: Collection[int] | None = None) -> Drift:
    """Everybody in treatment or aftercare (at some sites), and everybody with something due, some at a time.

    `alone`: nobody else writes to this database (a seed), and all is one transaction; then nothing is locked.
    """
    act = _bring_up_to_date if alone else _refreshed
    current = {each.person for each in subjects_of(None) if sites is None or each.site in sites}
    open_rows = Due.objects.filter(state=Due.State.OPEN).values_list("person_id", flat=True)
    ids = sorted(current | set(open_rows if sites is None else open_rows.filter(site__in=sites)))
    found = Drift()
    for start in range(0, len(ids), CHUNK):
        found.add(act(ids[start : start + CHUNK]))
    return found


def _refreshed(people: Collection[int]) -> Drift:
    return refresh(people=people)


def keep_up() -> Drift:
    """Every night: what is due is what the facts say. A difference means that a change was not told; it is reported."""
    with transaction.atomic():
        found = refresh_all()
        detail: dict[str, Any] = {"opened": dict(found.opened), "changed": dict(found.changed)}
        record(actor=KEEPER, action="standards.drift" if found.total else "standards.kept", **detail)
    return found


def _not_locked(ids: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE NOT pg_try_advisory_xact_lock(%s, id)",
            [sorted(ids), LOCK],
        )
        return {row[0] for row in cursor.fetchall()}


def _bring_up_to_date(people: Collection[int], words: Collection[str] = ()) -> Drift:
    charts = alone(read_charts(people, words))
    if charts.keys is not None and not charts.keys:
        return Drift()
    now = {due.identity: _values(due, charts.about[due.episode]) for due in charts.dues()}
    rows = Due.objects.filter(Q(episode__in=list(charts.about)) | Q(person__in=people))
    if charts.keys is not None:
        rows = rows.filter(rule__in=charts.keys)
    before = {
        (episode, rule, mark): (pk, tuple(values))
        for pk, episode, rule, mark, *values in rows.values_list("pk", "episode", "rule", "mark", *COLUMNS)
    }
    return _write(now, before)


Identity = tuple[int, str, str]
Values = tuple[object, ...]


def _values(due: engine.Due, subject: Subject) -> Values:
    """In the order of COLUMNS."""
    rule = due.says
    return (
        rule.pack,
        rule.policy,
        rule.role,
        HARMS.index(rule.harm),
        rule.only_warns,
        subject.person,
        subject.site,
        due.staff,
        due.start.kind,
        due.start.at,
        due.start.ref,
        due.by,
        due.hard,
        due.state.value,
        due.done_at,
    )


COLUMNS = [f"{name}_id" if name in ("policy", "person", "site", "staff") else name for name in FIELDS]
STATE, DONE_AT = COLUMNS.index("state"), COLUMNS.index("done_at")


def _write(now: dict[Identity, Values], before: dict[Identity, tuple[int, Values]]) -> Drift:
    """Only rows that differ are written; what no fact speaks of any more is over."""
    new = {key: row for key, row in now.items() if key not in before and row[STATE] != Due.State.OVER}
    other = {key: row for key, row in now.items() if key in before and before[key][1] != row}
    gone = {
        key: _over(row)
        for key, (_pk, row) in before.items()
        if key not in now and row[STATE] != Due.State.OVER
    }
    Due.objects.bulk_create([_row(key, row) for key, row in new.items()], batch_size=2000)
    changed = {**other, **gone}
    if changed:
        rows = [_row(key, row, before[key][0]) for key, row in changed.items()]
        Due.objects.bulk_update(rows, FIELDS, batch_size=500)
    return Drift(Counter(key[1] for key in new), Counter(key[1] for key in changed))


def _over(row: Values) -> Values:
    values = list(row)
    values[STATE], values[DONE_AT] = Due.State.OVER.value, None
    return tuple(values)


def _row(key: Identity, values: Values, pk: int | None = None) -> Due:
    episode, rule, mark = key
    return Due(pk=pk, episode=episode, rule=rule, mark=mark, **dict(zip(COLUMNS, values, strict=True)))
