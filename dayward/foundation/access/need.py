"""What a chart opened by break-glass does not give: anything that outlasts the four hours."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.permissions import Permission
from dayward.ui import toasts


def refused_in_need(request: ChartRequest, permission: Permission, back: str) -> HttpResponse | None:
    """For views that let somebody in for longer: the answer where nothing but break-glass opens the chart."""
    if request.method != "POST" or not request.chart.only_in_need(permission):
        return None
    toasts.refuse(request, _("This chart is open to you by break-glass. Ask the care team or the director."))
    return redirect(back, person=request.person.public_id)
