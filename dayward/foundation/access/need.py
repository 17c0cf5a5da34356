"""What somebody may not though a view opens: what outlasts break-glass, and what is of sites beyond their role."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import Permission
from dayward.ui import toasts


def refuse_elsewhere(request: StaffRequest, permission: Permission) -> None:
    """For views that change what all sites share: whose right is for some of them leaves it as it is."""
    if not request.powers.everywhere(permission):
        raise Refused(_("This holds at every site, and your role is for some only."))


def refused_in_need(request: ChartRequest, permission: Permission, back: str) -> HttpResponse | None:
    """For views that let somebody in for longer: the answer where nothing but break-glass opens the chart."""
    if request.method != "POST" or not request.chart.only_in_need(permission):
        return None
    toasts.refuse(request, _("This chart is open to you by break-glass. Ask the care team or the director."))
    return redirect(back, person=request.person.public_id)
