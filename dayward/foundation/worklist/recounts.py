"""What is counted again every night and should be as it stands: who does it fills the registry in its `apps.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.foundation.audit.models import Entry
from dayward.kernel.registry import Registry

DRIFT = ".drift"  # ends the action of a night that found a difference


@dataclass(frozen=True)
class Recount:
    """`actor` leaves one entry of the trail each night; `differed` reads from its details how much was other."""

    title: str
    actor: str
    differed: Callable[[Mapping[str, Any]], int]


recounts: Registry[Recount] = Registry("what is counted again every night")


@dataclass(frozen=True)
class Told:
    """The newest night of one of them."""

    title: str
    at: datetime | None  # None: it never ran
    drifted: bool
    sentence: str


def newest() -> Iterator[Told]:
    """One look at an index for each."""
    for each in recounts.values():
        entry = Entry.objects.filter(actor=each.actor).order_by("-at").first()
        if entry is None:
            yield Told(_(each.title), None, False, _("No night has passed yet."))
            continue
        drifted = entry.action.endswith(DRIFT)
        yield Told(_(each.title), entry.at, drifted, _differences(each.differed(entry.detail or {}), drifted))


def _differences(count: int, drifted: bool) -> str:
    if not drifted:
        return _("Everything stood as the rules make it.")
    return ngettext(
        "%(n)d was other than the rules make it, and was corrected. Somebody did not tell of a change: call IT.",
        "%(n)d were other than the rules make them, and were corrected. Somebody did not tell of a change: call IT.",
        count,
    ) % {"n": count}


def dues_differed(detail: Mapping[str, Any]) -> int:
    return sum(sum(detail.get(word, {}).values()) for word in ("opened", "changed"))
