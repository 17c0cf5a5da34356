"""Days on which a site is closed: holidays proposed, accepted by a person; weather and the like."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import Closure
from dayward.care.catalog.queries import Holiday, proposed_holidays
from dayward.care.schedule import permissions
from dayward.care.schedule.forms import ClosureForm
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.views.shared import chosen_site, sites_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts


@requires(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def closures(request: StaffRequest) -> HttpResponse:
    """Standing closures, this year's and next year's holidays to accept, and a form for the rest."""
    sites = sites_of(request, permissions.EDIT)
    site = chosen_site(request, sites)
    today = local_day(timezone.now(), site.zone)
    form = ClosureForm(request.POST if "add" in request.POST else None)
    foreseen = None
    if request.method == "POST" and (chosen := request.POST.getlist("holiday")):
        return _accept(request, site, chosen, today)
    if form.is_bound and form.is_valid():
        if "save" in request.POST:
            return _close(request, site, form)
        foreseen = _affected(site, [day for day, _name in form.days()])
    context = {
        "site": site,
        "sites": sites,
        "form": form,
        "foreseen": foreseen,
        "closures": Closure.objects.standing().filter(site=site, day__gte=today),
        "holidays": [each for each in _ahead(site, today) if not each.closed],
    }
    return render(request, "schedule/closures.html", context)


def _ahead(site: Site, today: date) -> list[Holiday]:
    both = proposed_holidays(site, today.year) + proposed_holidays(site, today.year + 1)
    return [each for each in both if today <= each.day < date(today.year + 1, today.month, 1)]


def _affected(site: Site, days: list[date]) -> dict[str, int]:
    """What a closure takes away, before it does."""
    spans = [days_span(day, day, site.zone) for day in days]
    sessions = [
        pk
        for span in (spans[:1] if len(spans) == 1 else [days_span(days[0], days[-1], site.zone)])
        for pk in Session.objects.filter(
            site=site,
            status=Session.Status.PLANNED,
            during__startswith__gte=span.start,
            during__startswith__lt=span.end,
        ).values_list("pk", flat=True)
    ]
    seats = Booking.objects.standing().filter(session__in=sessions)
    return {
        "sessions": len(sessions),
        "seats": seats.count(),
        "people": seats.values("person").distinct().count(),
    }


def _accept(request: StaffRequest, site: Site, chosen: list[str], today: date) -> HttpResponse:
    known = {each.day.isoformat(): each for each in _ahead(site, today)}
    days = [(known[day].day, known[day].name) for day in chosen if day in known]
    return _do_close(request, site, days, Closure.Reason.HOLIDAY)


def _close(request: StaffRequest, site: Site, form: ClosureForm) -> HttpResponse:
    return _do_close(request, site, form.days(), form.cleaned_data["reason"])


def _do_close(request: StaffRequest, site: Site, days: list[tuple[date, str]], reason: str) -> HttpResponse:
    try:
        made = catalog.close_days(actor=request.actor, site=site, days=days, reason=reason)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        words = ngettext("Closed on %(count)d day.", "Closed on %(count)d days.", len(made))
        undo = reverse("schedule:withdraw_closure", args=[made[0].public_id]) if len(made) == 1 else ""
        toasts.done(request, words % {"count": len(made)}, undo_url=undo)
    return redirect(f"{reverse('schedule:closures')}?site={site.public_id}")


@requires(permissions.EDIT)
@require_POST
def withdraw(request: StaffRequest, closure: str) -> HttpResponse:
    """The site is open after all."""
    sites = sites_of(request, permissions.EDIT)
    found = get_object_or_404(Closure.objects.select_related("site"), public_id=closure, site__in=sites)
    with toasts.telling(
        request, _("Open again. Sessions came back where room and clinician are still free.")
    ):
        catalog.withdraw_closure(actor=request.actor, closure=found)
    return redirect(f"{reverse('schedule:closures')}?site={found.site.public_id}")
