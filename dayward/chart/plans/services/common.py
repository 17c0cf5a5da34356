"""What the services of this package share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.plans.models import Plan
from dayward.kernel.errors import Refused


def under_way(episode: Episode) -> Episode:
    """Refused once it has ended: a plan, and a look at it, belong to treatment."""
    if episode.ended_at is not None:
        raise Refused(_("The episode has ended. What follows stands in the discharge plan."))
    return episode


def locked(plan: Plan) -> Plan:
    """The version as it is now, locked until the end of the transaction."""
    rows = Plan.objects.select_for_update(of=("self",))
    return rows.select_related("person__site", "episode__program__site", "signature").get(pk=plan.pk)


def locked_draft(plan: Plan) -> Plan:
    """The draft, locked; Refused once somebody has signed it or it was set aside."""
    now = locked(plan)
    if now.entered_in_error_at:
        raise Refused(_("This version was set aside. Open the plan again to see the newest one."))
    if now.is_signed:
        raise Refused(_("Somebody has signed this version: its words are frozen. Change it as a new draft."))
    return now
