"""Builds the synthetic clinic, and catches up with the days that have passed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import translation

from dayward.care.attendance import services as attendance
from dayward.demo import clinic
from dayward.demo.catch_up import apply_changes
from dayward.demo.ledger import BACKWARD, SIGNED_LAST, AnyModel, Ledger, Writer, columns
from dayward.demo.rows.everything import clinic_at
from dayward.demo.simulation import SIZES, Simulation
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.models import Organization, Setting
from dayward.foundation.organization.queries import is_demo
from dayward.foundation.standards.services import audit_charts, refresh_all
from dayward.foundation.terms.queries import codes
from dayward.kernel.errors import Refused

KEY = "demo.simulation"
NIGHTS = 14
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What was built: enough to build it again, or further."""

    size: str
    seed: int
    anchor: str  # ISO date of the first build
    until: str  # ISO instant up to which it was simulated

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.until)

    def ledger(self, now: datetime) -> Ledger:
        """The rows of the clinic at an instant; in English, whoever starts it."""
        simulation = Simulation(self.seed, date.fromisoformat(self.anchor), SIZES[self.size])
        with translation.override("en"):
            return clinic_at(simulation, now, titles())


def titles() -> dict[str, str]:
    """Titles of the codes of ICD-10-CM that the plan of the clinic names."""
    named = {code for plan in clinic.PROGRAMS for code, _title in plan.diagnoses}
    return {code: row.title for code, row in codes(sorted(named)).items()}


def is_seeded() -> bool:
    """Whether the synthetic clinic is there."""
    return is_demo()


@transaction.atomic
def build(*, size: str, as_of: datetime, tell: Tell, seed: int = clinic.SEED) -> None:
    """A new synthetic clinic up to the instant `as_of`; what comes later is only booked.

    Refused where there is an organization already: the demo never mixes with real data.
    """
    if Organization.objects.exists():
        raise Refused("This database has a clinic already; the demo needs an empty one.")
    write(Built(size, seed, _day(as_of).isoformat(), as_of.astimezone(UTC).isoformat()), tell)


@transaction.atomic
def write(built: Built, tell: Tell) -> None:
    """All rows into an empty database."""
    tell(f"Simulating {SIZES[built.size].weeks} weeks of a made-up clinic")
    ledger = built.ledger(built.now)
    writer = Writer()
    for model in in_order(ledger):
        rows = ledger.rows(model)
        if len(rows) > 2000:
            tell(f"Writing {len(rows):,} × {model._meta.verbose_name}")
        writer.copy(model, rows)
    for model in SIGNED_LAST:
        writer.sign_last(model, ledger.rows(model))
    _count_rows()
    tell("Counting the weeks")
    attendance.refresh_all(unlocked=True)
    tell("Working out what is due")
    refresh_all(alone=True)
    _look_back(built.now)
    _remember(built)


def _look_back(now: datetime) -> None:
    """The nightly audits of the last two weeks, as far as the dues of today tell."""
    for days in range(NIGHTS, 0, -1):
        audit_charts(at=now - timedelta(days=days))


def _count_rows() -> None:
    """PostgreSQL plans by its statistics, and after a COPY it has none: joins of thousands took it minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def catch_up(*, now: datetime, tell: Tell) -> int:
    """Simulate what is missing up to `now`; returns the days. What visitors changed stays as it is."""
    built = _remembered()
    days = (_day(now) - _day(built.now)).days
    if now < fresh_until():
        return 0
    tell(f"Simulating {days} missing day{'s' if days > 1 else ''}")
    before, after = built.ledger(built.now), built.ledger(now)
    left = apply_changes(before, after, in_order(after))
    if left:
        tell(f"{left} simulated rows were left out: they collide with what was entered by hand")
    attendance.refresh_all(unlocked=True)
    refresh_all(alone=True)
    _remember(Built(built.size, built.seed, built.anchor, now.astimezone(UTC).isoformat()))
    return days


def fresh_until() -> datetime:
    """From when on a start has to catch up: the first midnight at a site after the simulated time."""
    until = _remembered().now
    midnights = []
    for site in clinic.SITES:
        zone = ZoneInfo(site.zone)
        tomorrow = until.astimezone(zone).date() + timedelta(days=1)
        midnights.append(datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC))
    return min(midnights)


def in_order(ledger: Ledger) -> list[AnyModel]:
    """The models so that each comes after those it points to."""
    done: list[AnyModel] = []
    waiting = list(ledger.tables)
    while waiting:
        ready = [model for model in waiting if not (_targets(ledger, model) & set(waiting)) - {model}]
        if not ready:
            raise Refused("The demo's tables point at each other in a circle.")
        done += ready
        waiting = [model for model in waiting if model not in ready]
    return sorted(done, key=lambda model: model is Entry)  # the trail comes last, as in every service


def _targets(ledger: Ledger, model: AnyModel) -> set[AnyModel]:
    """The models that some row of `model` points to."""
    given = {
        name for values in ledger.rows(model).values() for name, value in values.items() if value is not None
    }
    given.discard(BACKWARD)
    return {column.target for column in columns(model) if column.target is not None and column.name in given}


def _day(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(clinic.SITES[0].zone)).date()


def _remembered() -> Built:
    values: dict[str, Any] = Setting.objects.filter(key=KEY).latest("id").value
    return Built(**values)


def _remember(built: Built) -> None:
    value = json.loads(json.dumps(asdict(built)))
    Setting.objects.update_or_create(
        key=KEY,
        site=None,
        effective_from=date.fromisoformat(built.anchor),
        defaults={"value": value, "set_by": "demo"},
    )
