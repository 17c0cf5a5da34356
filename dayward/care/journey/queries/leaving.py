"""The discharge plan, the appointments after it, and what they still lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, DischargePlan, Episode, FollowUpAppointment
from dayward.care.journey.rules import leaving
from dayward.care.journey.rules.leaving import SOON, TEXTS, Visit, plan_lacks
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.consent.queries import in_force
from dayward.foundation.consent.rules.kinds import Kind, Purpose
from dayward.foundation.people.models import Person
from dayward.kernel.time import at

GONE = (FollowUpAppointment.State.MISSED, FollowUpAppointment.State.CANCELLED)


def family_may_be_told(person: Person) -> bool:
    """The person has a consent in force by which somebody who supports them may know."""
    return any(each.kind == Kind.RELEASE and Purpose.SUPPORT in each.purposes for each in in_force(person))


def is_followed(episode: Episode) -> bool:
    """Aftercare is open: calls are made, and appointments looked after."""
    return AftercareCase.objects.filter(episode=episode, state__in=open_states(Machine.AFTERCARE)).exists()


def plan_of(episode: Episode) -> DischargePlan | None:
    return DischargePlan.objects.filter(episode=episode).first()


def as_texts(plan: DischargePlan) -> dict[str, str]:
    """A plan as texts, field by field, as two writers compare them."""
    texts = {key: getattr(plan, key) for key in (*TEXTS, "supports_note", "family", "family_note")}
    return {**texts, "supports": ",".join(plan.supports), "planned_for": plan.planned_for.isoformat()}


def in_words(key: str, text: str) -> str:
    """A field of the plan as its reader knows it."""
    if key == "supports":
        return ", ".join(_(leaving.SUPPORTS[kind]) for kind in text.split(",") if kind)
    return _(leaving.FAMILY[text]) if key == "family" and text else text


def title_of(key: str) -> str:
    words = {
        "supports": _("Support groups"),
        "supports_note": _("Support groups: which, where, when"),
        "family": _("Family and supporters"),
        "family_note": _("Who was told what"),
        "planned_for": _("Last day"),
    }
    return words.get(key) or _(leaving.TITLES[key])


def appointments_of(episode: Episode) -> list[FollowUpAppointment]:
    return list(FollowUpAppointment.objects.filter(episode=episode).order_by("at", "id"))


def leaves_at(episode: Episode, plan: DischargePlan | None) -> datetime:
    """When the seven days begin: the discharge, the planned one, or now."""
    if episode.ended_at is not None:
        return episode.ended_at
    if plan is not None:
        return at(plan.planned_for, time.min, episode.program.site.zone)
    return timezone.now()


def lacks(
    episode: Episode, plan: DischargePlan | None, appointments: Iterable[FollowUpAppointment]
) -> tuple[str, ...]:
    """What is still to be settled, as keys."""
    visits = [Visit(row.at, row.state not in GONE) for row in appointments]
    texts = {key: getattr(plan, key) for key in TEXTS} if plan else {}
    supports, family = (plan.supports, plan.family) if plan else ([], "")
    return plan_lacks(texts, supports, family, visits, leaves_at(episode, plan))


def lacking_words(keys: Iterable[str]) -> list[str]:
    words = {
        "supports": _("support groups"),
        "family": _("whether the family is told"),
        "appointment": _("an appointment within 7 days of the discharge"),
    }
    return [words.get(key) or _(leaving.TITLES[key]) for key in keys]


@dataclass(frozen=True)
class Shown:
    """An appointment with whether it lies within the seven days, and whether it is overdue to ask about."""

    row: FollowUpAppointment
    soon: bool
    passed: bool


def shown(episode: Episode, plan: DischargePlan | None, rows: Iterable[FollowUpAppointment]) -> list[Shown]:
    left, now = leaves_at(episode, plan), timezone.now()
    return [Shown(row, left <= row.at <= left + SOON, row.at <= now) for row in rows]
