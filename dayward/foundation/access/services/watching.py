"""Charts of which compliance wants to see each opening."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import Watch
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


@transaction.atomic
def watch_chart(*, actor: Actor, person: Person, reason: str) -> Watch:
    """From now on each opening of this chart stands among the exceptions."""
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    if not reason.strip():
        raise Refused(_("Say why each opening of this chart is to be seen."))
    try:
        with transaction.atomic():
            watch = Watch.objects.create(person=person, reason=reason.strip(), begun_by=actor.user)
    except IntegrityError:
        raise Refused(_("This chart is watched already.")) from None
    record(actor=actor, action="access.watch_chart", person=person, subject=watch)
    return watch


@transaction.atomic
def end_watch(*, actor: Actor, watch: Watch) -> Watch:
    """Only what is out of the ordinary otherwise stands there again."""
    if watch.ended_at is not None:
        raise Refused(_("This chart is no longer watched."))
    watch.ended_at, watch.ended_by = timezone.now(), actor.user
    watch.save(update_fields=["ended_at", "ended_by"])
    record(actor=actor, action="access.end_watch", person=watch.person, subject=watch)
    return watch
