"""What stays when an episode has ended (T24-T26)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.care.journey.models import AftercareCase, Episode
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.consent.queries import active
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.consent.services import revoke
from dayward.kernel.errors import Refused


@transaction.atomic
def open_aftercare(*, actor: Actor, episode: Episode, at: datetime | None = None) -> AftercareCase:
    """T24: calls after discharge, and whether the next appointment was kept."""
    when = at or timezone.now()
    episode = lock(episode)
    resting = _resting(episode)
    if resting is not None:
        take_step(resting, "follow_up_again", actor=actor, at=at)
        return resting
    try:
        with transaction.atomic():
            case = AftercareCase.objects.create(
                episode=episode, state="aftercare", state_since=when, opened_at=when, opened_by=actor.id
            )
    except IntegrityError:
        raise Refused(_("Aftercare is open already.")) from None
    take_step(case, "open_aftercare", actor=actor, at=at)
    return case


def _resting(episode: Episode) -> AftercareCase | None:
    """The follow-up of an earlier end of this episode, before it was reopened."""
    reopened = episode.reopenings.order_by("-id").first()
    if reopened is None or episode.ended_at is None:
        return None
    found = AftercareCase.objects.select_for_update().filter(episode=episode).first()
    if found is None or found.state in open_states(Machine.AFTERCARE) or found.state_since > episode.ended_at:
        return None
    return found


@transaction.atomic
def join_by_consent(*, person_ids: Collection[int], at: datetime | None = None) -> int:
    """T25: the person has signed the consent to alumni contact; that is the joining, also for who had left."""
    return _move_all(person_ids, "aftercare", "join_alumni", "", at) or _join_again(person_ids, at)


def _join_again(person_ids: Collection[int], at: datetime | None) -> int:
    """Who left the alumni or the follow-up comes back to what follows their last stay."""
    last = AftercareCase.objects.filter(episode__person_id__in=person_ids).order_by("-id").first()
    in_treatment = Episode.objects.filter(person_id__in=person_ids, ended_at__isnull=True)
    if last is None or last.state != "aftercare_ended" or in_treatment.exists():
        return 0
    take_step(lock(last), "join_again", actor=system_actor("alumni consent"), at=at)
    return 1


@transaction.atomic
def leave_by_consent(*, person_ids: Collection[int], at: datetime | None = None) -> int:
    """T25: the person has taken the consent back; contact stops at once."""
    return _move_all(person_ids, "alumni", "leave_alumni", gettext_noop("The consent was taken back."), at)


def _move_all(person_ids: Collection[int], state: str, key: str, reason: str, at: datetime | None) -> int:
    rows = list(AftercareCase.objects.filter(episode__person_id__in=person_ids, state=state))
    for case in rows:
        take_step(lock(case), key, actor=system_actor("alumni consent"), reason=reason, at=at)
    return len(rows)


@transaction.atomic
def move_aftercare(
    *, actor: Actor, case: AftercareCase, key: str, reason: str = "", at: datetime | None = None
) -> AftercareCase:
    """T24-T26: join or leave the alumni, end aftercare, come back."""
    current = lock(case)
    take_step(current, key, actor=actor, reason=reason, at=at)
    if key == "leave_alumni":
        _take_consent_back(current, actor=actor, note=reason, at=at)
    return current


def _take_consent_back(case: AftercareCase, *, actor: Actor, note: str, at: datetime | None) -> None:
    """What let us write and call ends with the leaving; who joins again signs anew."""
    consent = active(case.episode.person, Kind.ALUMNI)
    if consent is not None:
        revoke(actor=actor, consent=consent, note=note, at=at)
