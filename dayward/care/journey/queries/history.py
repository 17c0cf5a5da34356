"""What happened with a case or an episode: steps, contacts and hand-offs in one list, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from dayward.care.journey.models import ContactAttempt, Episode, Handoff, IntakeCase, Transition
from dayward.care.journey.queries.steps import state_label
from dayward.care.journey.rules.table import BY_KEY as ROWS
from dayward.foundation.people.models import StaffMember

ICONS = {"step": "arrow-right", "contact": "phone", "handoff": "arrows-exchange"}


@dataclass(frozen=True)
class Happened:
    """One line of what happened."""

    kind: str  # step, contact, handoff
    at: datetime
    title: str
    by: str
    note: str = ""
    reached: bool = False

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


def history(walker: IntakeCase | Episode) -> tuple[Happened, ...]:
    """Newest first. Who is not staff acts without a name."""
    of = {"case": walker} if isinstance(walker, IntakeCase) else {"episode": walker}
    steps = _lines(Transition, "step", of, F("at"), F("by"), ("key", "from_state", "to_state", "reason"))
    contacts = _lines(
        ContactAttempt, "contact", of, F("made_at"), F("made_by"), ("mode", "outcome", "mode", "note")
    )
    handoffs = _lines(
        Handoff, "handoff", of, F("made_at"), F("made_by"), ("route", "target", "contact_name", "note")
    )
    return tuple(
        _happened(row) for row in steps.union(contacts, handoffs, all=True).order_by("-line_at", "-line_id")
    )


def _lines(
    model: type[models.Model], kind: str, of: dict[str, Any], at: F, by: F, words: tuple[str, str, str, str]
) -> QuerySet[Any, dict[str, Any]]:
    """Rows of one table with the columns of the list."""
    staff = StaffMember.objects.filter(user__public_id=OuterRef(by.name))
    name = staff.annotate(full=Concat("given", Value(" "), "family")).values("full")[:1]
    named = dict(zip(("a", "b", "c", "d"), (F(word) for word in words), strict=True))
    lines: QuerySet[Any, dict[str, Any]] = (
        model._default_manager.filter(**of)
        .order_by()
        .annotate(
            kind=Value(kind, output_field=CharField()),
            line_at=at,
            line_id=F("pk"),
            who=Subquery(name, output_field=CharField()),
            **named,
        )
        .values("kind", "line_at", "line_id", "who", "a", "b", "c", "d")
    )
    return lines


def _happened(row: dict[str, Any]) -> Happened:
    title = {"step": _step, "contact": _contact, "handoff": _handoff}[row["kind"]](row)
    reached = row["kind"] == "contact" and row["b"] == ContactAttempt.Outcome.REACHED
    return Happened(row["kind"], row["line_at"], title, row["who"] or "", row["d"], reached)


def _step(row: dict[str, Any]) -> str:
    """The state that was reached, or the step that left the state as it was."""
    return _(ROWS[row["a"]].label) if row["b"] == row["c"] else state_label(row["c"])


def _contact(row: dict[str, Any]) -> str:
    return f"{ContactAttempt.Mode(row['a']).label}: {ContactAttempt.Outcome(row['b']).label}"


def _handoff(row: dict[str, Any]) -> str:
    return f"{Handoff.Route(row['a']).label}: {row['b']} ({row['c']})"
