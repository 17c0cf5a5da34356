"""Stored weeks follow in the transaction that changed what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from procrastinate.contrib.django import app

from dayward.care.attendance.services.weeks import refresh_many, refresh_weeks
from dayward.care.catalog.events import CountingChanged, DayClosed, DayReopened, TermsChanged
from dayward.care.catalog.models import Closure
from dayward.care.journey.events import EpisodeBegan, EpisodeEnded, HoldChanged, SegmentChanged
from dayward.care.journey.models import Episode, Segment
from dayward.care.schedule.events import SeatsChanged
from dayward.foundation.audit.actors import Actor

WEEK = timedelta(days=7)


def seats_changed(event: SeatsChanged) -> None:
    """Seats of weeks that have not begun change no stored week, and there `refresh_weeks` writes nothing."""
    refresh_weeks(actor=event.actor, people=event.people, since=event.since)


def episode_began(event: EpisodeBegan) -> None:
    _of_episode(event.actor, event.episode_id)


def episode_ended(event: EpisodeEnded) -> None:
    _of_episode(event.actor, event.episode_id, event.last_day - WEEK)


def segment_changed(event: SegmentChanged) -> None:
    _of_episode(event.actor, event.episode_id, event.starts_on - WEEK)


def hold_changed(event: HoldChanged) -> None:
    _of_episode(event.actor, event.episode_id, event.starts_on)


def _of_episode(actor: Actor, episode: int, since: date | None = None) -> None:
    """`since` the day given, else from its first day."""
    row = Episode.objects.get(pk=episode)
    first = (
        Segment.objects.filter(episode=row).order_by("starts_on").values_list("starts_on", flat=True).first()
    )
    begins = since or first
    if begins is not None:
        refresh_weeks(actor=actor, people=[row.person_id], since=begins)


def day_closed(event: DayClosed) -> None:
    _closure_changed(event.actor, event.closure_id)


def day_reopened(event: DayReopened) -> None:
    _closure_changed(event.actor, event.closure_id)


def _closure_changed(actor: Actor, closure: int) -> None:
    row = Closure.objects.get(pk=closure)
    there = Segment.objects.filter(track__program__site=row.site_id, starts_on__lte=row.day + WEEK)
    people = there.exclude(ends_on__lt=row.day - WEEK).values_list("episode__person", flat=True)
    refresh_weeks(actor=actor, people=set(people), since=row.day, until=row.day + WEEK)


def terms_changed(event: TermsChanged) -> None:
    """Weeks that begin on that day or later; before a program's first numbers, all."""
    there = Segment.objects.filter(track__program=event.program_id).exclude(
        ends_on__lt=event.effective_from - WEEK
    )
    people = there.values_list("episode__person", flat=True)
    refresh_many(actor=event.actor, people=set(people), since=event.effective_from - WEEK)


def weeks_differed(detail: Mapping[str, Any]) -> int:
    """How many stored weeks a night found to be other than the rules say."""
    return int(detail.get("weeks", 0))


def counting_changed(event: CountingChanged) -> None:
    """Of everybody with a session of the kind since; slow, so a job does it."""
    since = event.effective_from.isoformat()
    app.configure_task("attendance.refresh_kind").defer(kind=event.kind_id, since=since)
