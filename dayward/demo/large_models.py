"""Which tables of the small clinic are copied, and what each of their columns is, read from the models themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.apps import apps
from django.contrib.postgres.fields import ranges
from django.db import models

from dayward.care.journey.models import AlumniAttendance, AlumniEvent, Episode
from dayward.care.referrals.models import ReferralDocument
from dayward.care.schedule.models import Booking, CalendarFeed, Group, Series, Session
from dayward.demo.ledger import BACKWARD, AnyModel
from dayward.foundation.access.models import PortalKey, SignedIn, SignInLink
from dayward.foundation.audit.models import Entry, Link
from dayward.foundation.documents.models import Document, File
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.models import Person, Relationship, StaffMember, User
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.papers import Signable
from dayward.foundation.standards.models import ChartAudit, ChartAuditLine, Due

#: Where a clinic begins: whatever points at one of these is the clinic's own.
ROOTS: frozenset[AnyModel] = frozenset({Site, Person, User, StaffMember})
#: Not copied: the organization is one, a copy's trail begins with its first act, and nobody's key fits twice.
NEVER: frozenset[AnyModel] = frozenset(
    {Organization, Entry, Link, SignedIn, SignInLink, PortalKey, CalendarFeed}
)
#: Of the past of a person: these are about a day of the whole clinic, or wait for somebody to act.
NOT_BACK: frozenset[AnyModel] = frozenset(
    {AlumniEvent, AlumniAttendance, ReferralDocument, ChartAudit, ChartAuditLine}
)
#: Found by who points at them, when somebody's history is copied.
BY_POINTER: frozenset[AnyModel] = frozenset({Signature, File})
#: Numbers of rows that are no foreign keys, since their table is a layer above.
NUMBERS: dict[tuple[AnyModel, str], AnyModel] = {(Due, "episode"): Episode}
NUMBER_LISTS: dict[tuple[AnyModel, str], AnyModel] = {(ChartAuditLine, "dues"): Due}
#: Days that do not move with a history.
FIXED = {"birth_date"}


@dataclass(frozen=True)
class Column:
    """One column, and what has to happen to it."""

    name: str
    kind: str  # id, public_id, pointer, text, json, texts, instant, day, span, numbers, other
    target: AnyModel | None = None
    unique: bool = False


@dataclass(frozen=True)
class Table:
    model: AnyModel
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def pointers(self) -> Iterator[Column]:
        return (column for column in self.columns if column.kind == "pointer")


def tables() -> list[Table]:
    """Every table that belongs to a clinic, those they point to first."""
    ours = _ours()
    found = {model: Table(model, _columns(model, ours)) for model in ours}
    return [found[model] for model in _in_order(found)]


def _ours() -> set[AnyModel]:
    every = {model for model in apps.get_models(include_auto_created=True) if _is_dayward(model)} - NEVER
    ours = set(ROOTS) | {File}
    while True:
        more = {model for model in every - ours if _targets(model) & (ours - {File})}
        if not more:
            return ours
        ours |= more


def _is_dayward(model: AnyModel) -> bool:
    created_by = model._meta.auto_created
    owner = cast(AnyModel, created_by) if created_by else model
    return owner.__module__.startswith("dayward.") and not model._meta.proxy and model._meta.managed


def _targets(model: AnyModel) -> set[AnyModel]:
    fields = (one for one in model._meta.concrete_fields if one.is_relation)
    return {cast(AnyModel, one.related_model) for one in fields}


def _in_order(found: dict[AnyModel, Table]) -> list[AnyModel]:
    done: list[AnyModel] = []
    waiting = sorted(found, key=lambda model: model._meta.db_table)
    while waiting:
        ready = [model for model in waiting if not (_ahead(found[model]) & set(waiting)) - {model}]
        done += ready or [waiting[0]]  # a circle: triggers are off, so the order is for reading only
        waiting = [model for model in waiting if model not in done]
    return done


def _ahead(table: Table) -> set[AnyModel]:
    return {column.target for column in table.pointers() if column.target and column.name != f"{BACKWARD}_id"}


def _columns(model: AnyModel, ours: set[AnyModel]) -> tuple[Column, ...]:
    fields = (one for one in model._meta.concrete_fields if not one.generated)
    return tuple(_column(model, one, ours) for one in fields)


def _column(model: AnyModel, one: models.Field[object, object], ours: set[AnyModel]) -> Column:
    name = one.column or one.name
    if one.is_relation:
        target = cast(AnyModel, one.related_model)
        return Column(name, "pointer" if target in ours else "other", target)
    if (model, name) in NUMBERS:
        return Column(name, "pointer", NUMBERS[model, name])
    if (model, name) in NUMBER_LISTS:
        return Column(name, "numbers", NUMBER_LISTS[model, name])
    return Column(name, _kind(one, name), unique=one.unique)


def _kind(one: models.Field[object, object], name: str) -> str:
    kinds: list[tuple[type, str]] = [
        (models.BigAutoField, "id"), (models.JSONField, "json"), (ranges.DateTimeRangeField, "span"),
        (models.DateTimeField, "instant"), (models.DateField, "day"),
        (models.CharField, "text"), (models.TextField, "text"),
    ]  # fmt: skip
    if name in FIXED:
        return "other"
    if name == "public_id":
        return "public_id"
    return next((word for kind, word in kinds if isinstance(one, kind)), "other")


def signable(tables: list[Table]) -> Iterator[tuple[Table, str]]:
    """Every table with texts that are signed, and the column of the signature under them."""
    for table in tables:
        if issubclass(table.model, Signable):
            names = {column.name for column in table.columns}
            yield from ((table, name) for name in ("signature_id", "cosignature_id") if name in names)


__all__ = [
    "BY_POINTER", "NOT_BACK", "Booking", "Column", "Document", "File", "Group", "Person", "Relationship", "Series",
    "Session", "Signature", "Site", "StaffMember", "Table", "User", "signable", "tables",
]  # fmt: skip
