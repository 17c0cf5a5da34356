"""Back soon: what the payer says is written down, then the ended episode goes on (T26)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.events import CaseMoved, SegmentChanged
from dayward.care.journey.models import AftercareCase, Episode, IntakeCase, PayerWord, Reopening, Segment
from dayward.care.journey.queries.reopening import payer_word_of, window_of
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.services.admission import Place, check_place
from dayward.care.journey.services.intake import end_waiting
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.time import local_day

#: The end of an episode, as it is kept when it is undone.
THE_END = (
    "discharge_type",
    "effective_end",
    "end_reason",
    "ended_at",
    "ended_by",
    "administrative_reason",
    "appeal_told_on",
    "director_signed_at",
    "director_signed_by",
)


@dataclass(frozen=True)
class Said:
    """What the payer said, or why none has to be asked."""

    answer: str
    said_on: date
    same_reason: bool
    payer: str = ""
    spoken_to: str = ""
    reference: str = ""
    reason: str = ""


@transaction.atomic
def note_payer_word(*, actor: Actor, episode: Episode, said: Said, at: datetime | None = None) -> PayerWord:
    """Write down what the payer said about going on; an earlier word stays, the last one counts."""
    current, when = lock(episode), at or timezone.now()
    if window_of(current) is None:
        raise Refused(_("Coming back is a new episode here: nothing has to be asked about this one."))
    _check_said(current, said, when)
    row = PayerWord.objects.create(episode=current, told_at=when, told_by=actor.id, **asdict(said))
    record(
        actor=actor,
        action="journey.note_payer_word",
        person=current.person,
        subject=row,
        answer=said.answer,
        site=current.program.site,
    )
    return row


def _check_said(episode: Episode, said: Said, when: datetime) -> None:
    if said.said_on > local_day(when, episode.program.site.zone):
        raise Refused(_("The day the payer said so is still to come."))
    if episode.effective_end is not None and said.said_on < episode.effective_end:
        raise Refused(_("The payer said so before the episode ended: ask again."))
    if said.answer == PayerWord.Answer.NONE:
        if not said.reason.strip():
            raise Refused(_("Say why no payer has to be asked: self-pay, or no approval needed."))
        return
    if not (said.payer.strip() and said.spoken_to.strip()):
        raise Refused(_("Write down the payer and whom you spoke to."))
    if said.answer == PayerWord.Answer.YES and not said.reference.strip():
        raise Refused(_("Write down the reference they gave for their yes."))


@transaction.atomic
def reopen(*, actor: Actor, episode: Episode, place: Place, at: datetime | None = None) -> Episode:
    """T26: the ended episode goes on, with a segment of its own; its end stays readable."""
    current, when = lock(episode), at or timezone.now()
    before = _last_segment(current)
    _check_return(current, before, place, local_day(when, current.program.site.zone))
    word, the_end = payer_word_of(current), {name: getattr(current, name) for name in THE_END}
    take_step(current, "reopen", actor=actor, at=at, **_undone())
    if before.ends_on is not None and before.ends_on > place.starts_on:
        before.ends_on = place.starts_on
        before.save(update_fields=["ends_on"])
    segment = _go_on(current, before, place)
    assert word is not None  # the step was taken on it
    row = Reopening.objects.create(
        episode=current, segment=segment, payer_word=word, reopened_at=when, reopened_by=actor.id, **the_end
    )
    publish(SegmentChanged(current.pk, segment.pk, segment.starts_on, actor))
    _end_what_followed(current, actor=actor, at=at)
    record(actor=actor, action="journey.keep_the_end", person=current.person, subject=row)
    return current


def _undone() -> dict[str, Any]:
    texts = ("discharge_type", "end_reason", "administrative_reason")
    return {name: "" if name in texts else None for name in THE_END}


def _last_segment(episode: Episode) -> Segment:
    return Segment.objects.select_for_update().filter(episode=episode).latest("starts_on", "id")


def _check_return(episode: Episode, before: Segment, place: Place, today: date) -> None:
    check_place(episode.program, place)
    if place.starts_on < today or place.starts_on < before.starts_on:
        raise Refused(_("The first day back is today or later."))
    others = Episode.objects.filter(person_id__in=episode.person.all_ids, ended_at__isnull=True)
    if others.filter(program=episode.program_id).exists():
        raise Refused(_("The person has an open episode in this program already."))


def _go_on(episode: Episode, before: Segment, place: Place) -> Segment:
    return Segment.objects.create(
        episode=episode,
        level=before.level,
        track=place.track,
        days_per_week=place.days_per_week,
        prescribed_minutes=place.prescribed_minutes,
        starts_on=place.starts_on,
        reason=place.reason.strip(),
    )


def _end_what_followed(episode: Episode, *, actor: Actor, at: datetime | None) -> None:
    """The follow-up rests, and the way in that the person had begun is not needed."""
    followed = AftercareCase.objects.filter(episode=episode, state__in=open_states(Machine.AFTERCARE))
    for aftercare in followed:
        take_step(lock(aftercare), "follow_up_rests", actor=actor, at=at)
    for case in IntakeCase.objects.open().filter(previous_episode=episode):
        current = lock(case)
        end_waiting(current, actor=actor, at=at)
        take_step(current, "go_on_instead", actor=actor, at=at, planned_for=None)
        publish(CaseMoved(current.pk, "go_on_instead", current.state, actor))
