from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.schedule.models import CalendarFeed
from dayward.care.schedule.services.refusals import one_of_two
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused


def feed_digest(token: str) -> str:
    """What is kept of a feed's secret; 32 random bytes need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@one_of_two()
@transaction.atomic
def make_feed(*, actor: Actor, staff: StaffMember | None = None, person: Person | None = None) -> str:
    """A new secret address for a calendar program. It is told once; an older one stops working."""
    if actor.user is None:
        raise Refused(_("Only somebody who signed in can do this."))
    now = timezone.now()
    CalendarFeed.objects.filter(staff=staff, person=person, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=actor.user
    )
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        staff=staff, person=person, digest=feed_digest(token), made_at=now, made_by=actor.user
    )
    record(actor=actor, action="schedule.make_feed", person=person, subject=feed)
    return token


@one_of_two()
@transaction.atomic
def revoke_feed(*, actor: Actor, feed: CalendarFeed) -> CalendarFeed:
    """The address stops working at once."""
    if feed.revoked_at is None and actor.user is not None:
        feed.revoked_at, feed.revoked_by = timezone.now(), actor.user
        feed.save(update_fields=["revoked_at", "revoked_by"])
        record(actor=actor, action="schedule.revoke_feed", person=feed.person, subject=feed)
    return feed
