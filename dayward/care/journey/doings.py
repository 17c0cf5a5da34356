"""Where to do what journey owes: the page for each kind of fact that settles a due."""

from __future__ import annotations

from django.urls import reverse

from dayward.care.journey.rules.first_week import ITEMS
from dayward.kernel.facts import doings


def _first_week(*, person: str, episode: int, ref: str) -> str:
    return reverse("journey:first_week", args=[person])


def _call(*, person: str, episode: int, ref: str) -> str:
    return reverse("journey:call", args=[person, ref or "7d"])


def _aftercare(*, person: str, episode: int, ref: str) -> str:
    return reverse("journey:aftercare", args=[person])


def _hold(*, person: str, episode: int, ref: str) -> str:
    return reverse("journey:current", args=[person])


def register() -> None:
    """Called once, by `apps.py`."""
    for item in ITEMS:
        doings.register(f"week_one.{item.key}", _first_week)
    doings.register("call.made", _call)
    doings.register("aftercare.appointment_settled", _aftercare)
    doings.register("aftercare.appointment_known", _aftercare)
    doings.register("hold.ended", _hold)
