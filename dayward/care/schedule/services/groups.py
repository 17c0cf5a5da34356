from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind, Track
from dayward.care.schedule.models import Group, Series, Session
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused


@transaction.atomic
def open_group(
    *,
    actor: Actor,
    site: Site,
    name: str,
    service: ServiceKind,
    cap: int,
    topic: str = "",
    track: Track | None = None,
) -> Group:
    """A group that will meet again and again; `start_series` gives it its rhythm."""
    if not service.bookable:
        raise Refused(_("“%(service)s” is not something one can be booked into.") % {"service": service})
    if track and track.program.site_id != site.pk:
        raise Refused(_("That track belongs to another site."))
    group = Group.objects.create(site=site, track=track, name=name, service=service, cap=cap, topic=topic)
    record(actor=actor, action="schedule.open_group", subject=group, site=site, cap=cap)
    return group


@transaction.atomic
def edit_group(*, actor: Actor, group: Group, name: str, topic: str, cap: int) -> Group:
    """Change name, topic and cap, also of sessions to come that have not been changed by hand.

    People who are in keep their seats when the cap gets smaller.
    """
    group.name, group.topic, group.cap = name, topic, cap
    group.save(update_fields=["name", "topic", "cap"])
    ahead = Session.objects.ahead().filter(group=group, by_hand=False, status=Session.Status.PLANNED)
    changed = ahead.update(title=name, topic=topic, cap=cap)
    record(
        actor=actor, action="schedule.edit_group", subject=group, site=group.site, cap=cap, sessions=changed
    )
    return group


@transaction.atomic
def close_group(*, actor: Actor, group: Group, on: date) -> Group:
    """No meetings from `on`; refused while somebody is enrolled beyond that day."""
    staying = group.enrollments.standing(on).count()
    if staying:
        raise Refused(
            _("%(count)d people are enrolled beyond that day. End their enrollment first.")
            % {"count": staying}
        )
    group.closed_on = on
    group.save(update_fields=["closed_on"])
    Series.objects.filter(group=group, last_day__isnull=True).update(last_day=on)
    record(actor=actor, action="schedule.close_group", subject=group, site=group.site, on=on.isoformat())
    return group
