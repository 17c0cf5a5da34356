"""Break-glass: a chart opened with a reason, for four hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import BreakGlass
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

BREAK_GLASS = timedelta(hours=4)
SHORTEST_REASON = 10


@transaction.atomic
def open_break_glass(*, actor: Actor, person: Person, reason: str, at: datetime | None = None) -> BreakGlass:
    """Open a chart that is not open otherwise, for four hours; compliance reviews each."""
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say why you need this chart now, in a sentence; compliance reads it."))
    now = at or timezone.now()
    opening = BreakGlass.objects.create(
        person=person,
        opened_by=actor.user,
        opened_at=now,
        expires_at=now + BREAK_GLASS,
        reason=reason.strip(),
    )
    record(actor=actor, action="access.break_glass", person=person, subject=opening)
    return opening


@transaction.atomic
def end_break_glass(*, actor: Actor, opening: BreakGlass) -> BreakGlass:
    """Close the chart before the four hours are over."""
    now = timezone.now()
    if opening.expires_at > now:
        opening.expires_at = now
        opening.save(update_fields=["expires_at"])
        record(actor=actor, action="access.end_break_glass", person=opening.person, subject=opening)
    return opening


@transaction.atomic
def review_break_glass(*, actor: Actor, opening: BreakGlass, outcome: str) -> BreakGlass:
    """Compliance writes down what it found; not about one's own opening."""
    if actor.user is None or actor.user.pk == opening.opened_by_id:
        raise Refused(_("Nobody reviews their own break-glass."))
    if not outcome.strip():
        raise Refused(_("Write down what you found."))
    if opening.reviewed_at:
        raise Refused(_("This was reviewed already."))
    opening.reviewed_at, opening.reviewed_by, opening.review_outcome = (
        timezone.now(),
        actor.user,
        outcome.strip(),
    )
    opening.save(update_fields=["reviewed_at", "reviewed_by", "review_outcome"])
    record(actor=actor, action="access.review_break_glass", person=opening.person, subject=opening)
    return opening
