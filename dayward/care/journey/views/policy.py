"""The clinic's own word about the way through, site by site."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey import services
from dayward.care.journey.forms.policy import PolicyForm, initial_of
from dayward.care.journey.permissions import PIPELINE, RULES
from dayward.care.journey.queries.policy import policy_on
from dayward.foundation.access.requests import StaffRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts


@requires(RULES)
def policy(request: StaffRequest) -> HttpResponse:
    """Ages, attempts, quiet days, and which warnings refuse; from a day on."""
    sites = request.powers.sites(RULES)
    site = next(
        (each for each in sites if each.public_id == request.GET.get("site")), sites[0] if sites else None
    )
    if site is None:
        raise Http404
    today = local_day(timezone.now(), site.zone)
    initial = initial_of(policy_on(site, today)) | {"since": today}
    form = PolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_policy(
                actor=request.actor,
                site=site,
                policy=form.policy(),
                since=data["since"],
                source=data["source"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Saved. It holds from the day you named."))
            return HttpResponseRedirect(f"{reverse('journey:policy')}?site={site.public_id}")
    tabs = [{"name": each.name, "url": f"?site={each.public_id}", "active": each == site} for each in sites]
    at_intake = request.may(PIPELINE)
    back = reverse("journey:pipeline" if at_intake else "staff:settings")
    label = _("Intake") if at_intake else _("Settings")
    context = {"form": form, "site": site, "tabs": tabs, "back": back, "back_label": label}
    return render(request, "journey/policy.html", context)
