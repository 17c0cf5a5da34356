"""What stays when an episode has ended (T24-T26)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.care.journey.models import AftercareCase, Episode
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.kernel.errors import Refused


@transaction.atomic
def open_aftercare(*, actor: Actor, episode: Episode, at: datetime | None = None) -> AftercareCase:
    """T24: calls after discharge, and whether the next appointment was kept."""
    when = at or timezone.now()
    episode = lock(episode)
    try:
        with transaction.atomic():
            case = AftercareCase.objects.create(
                episode=episode, state="aftercare", state_since=when, opened_at=when, opened_by=actor.id
            )
    except IntegrityError:
        raise Refused(_("Aftercare is open already.")) from None
    take_step(case, "open_aftercare", actor=actor, at=at)
    return case


@transaction.atomic
def join_by_consent(*, person_ids: Collection[int], at: datetime | None = None) -> int:
    """T25: the person has signed the consent to alumni contact; that is the joining."""
    return _move_all(person_ids, "aftercare", "join_alumni", "", at)


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
    return current
