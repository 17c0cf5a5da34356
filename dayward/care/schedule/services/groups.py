from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind, Track
from dayward.care.schedule.models import Group, Series, Session
from dayward.care.schedule.queries.checks import findings_of_cap
from dayward.care.schedule.services.limits import ask_limits, keep_limits
from dayward.care.schedule.services.refusals import one_of_two
from dayward.care.schedule.services.sessions import drop_session
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day


@one_of_two()
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
    check_reason: str = "",
) -> Group:
    """A group that will meet again and again; `start_series` gives it its rhythm."""
    if not service.can_be_booked:
        raise Refused(_("“%(service)s” is not something one can be booked into.") % {"service": service})
    if track and track.program.site_id != site.pk:
        raise Refused(_("That track belongs to another site."))
    group = Group.objects.create(site=site, track=track, name=name, service=service, cap=cap, topic=topic)
    _hold_cap(actor, group, cap, check_reason)
    record(actor=actor, action="schedule.open_group", subject=group, site=site, reason=check_reason, cap=cap)
    return group


@one_of_two()
@transaction.atomic
def edit_group(
    *, actor: Actor, group: Group, name: str, topic: str, cap: int, check_reason: str = ""
) -> Group:
    """Change name, topic and cap, also of sessions to come that have not been changed by hand.

    People who are in keep their seats when the cap gets smaller.
    """
    if cap > group.cap:
        _hold_cap(actor, group, cap, check_reason)
    group.name, group.topic, group.cap = name, topic, cap
    group.save(update_fields=["name", "topic", "cap"])
    ahead = Session.objects.ahead().filter(group=group, by_hand=False, status=Session.Status.PLANNED)
    changed = ahead.update(title=name, topic=topic, cap=cap)
    record(
        actor=actor,
        action="schedule.edit_group",
        subject=group,
        site=group.site,
        reason=check_reason,
        cap=cap,
        sessions=changed,
    )
    return group


def _hold_cap(actor: Actor, group: Group, cap: int, reason: str) -> None:
    """A group that may grow over what a state, a payer or the program allows takes a reason."""
    found = findings_of_cap(group, cap, local_day(timezone.now(), group.site.zone))
    ask_limits(found, reason)
    keep_limits(actor=actor, site=group.site, findings=found, reason=reason, group=group)


@one_of_two()
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
    Series.objects.filter(group=group).exclude(last_day__lte=on).update(last_day=on)
    for session in Session.objects.ahead().standing().filter(group=group):
        drop_session(actor=actor, session=session, now=timezone.now())
    record(actor=actor, action="schedule.close_group", subject=group, site=group.site, on=on.isoformat())
    return group
