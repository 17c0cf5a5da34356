"""Whether an ended episode may go on, and what the payer said of it (T26)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import DischargeType, Episode, PayerWord, Reopening
from dayward.care.journey.queries.policy import policy_of
from dayward.care.journey.queries.steps import Step, steps_for
from dayward.care.journey.rules.reopening import Window, window
from dayward.kernel.time import local_day


def window_of(episode: Episode) -> Window | None:
    """None where coming back is a new episode, always or for this one."""
    if episode.state != "discharged" or episode.discharge_type == DischargeType.DECEASED:
        return None
    if episode.effective_end is None:
        return None
    terms = terms_on(episode.program, local_day(timezone.now(), episode.program.site.zone))
    attendance = episode.administrative_reason == "attendance"
    return window(
        episode.effective_end,
        reopen_days=terms.reopen_days if terms else 0,
        waiting_days=policy_of(episode).attendance_wait_days if attendance else 0,
    )


def payer_word_of(episode: Episode) -> PayerWord | None:
    """The last word since the episode ended."""
    words = PayerWord.objects.filter(episode=episode, told_at__gte=episode.ended_at)
    return words.order_by("-id").first() if episode.ended_at else None


@dataclass(frozen=True)
class ComingBack:
    """What the page of an ended episode says about going on with it."""

    days: Window
    is_open: bool
    word: PayerWord | None
    step: Step | None


def coming_back(episode: Episode) -> ComingBack | None:
    """Nothing where the program has no such days, or where they are over."""
    days = window_of(episode)
    today = local_day(timezone.now(), episode.program.site.zone)
    if days is None or today > days.last:
        return None
    step = next(iter(steps_for(episode, ("reopen",))), None)
    return ComingBack(days, days.holds(today), payer_word_of(episode), step)


def reopenings_of(episode: Episode) -> QuerySet[Reopening]:
    """The ends that were undone."""
    return Reopening.objects.filter(episode=episode).select_related("payer_word").order_by("-id")
