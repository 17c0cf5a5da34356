"""Hours: a person's own, a clinician's; and the secret calendar addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dayward.care.journey.queries.slots import assessors_at
from dayward.care.schedule import permissions, services
from dayward.care.schedule.forms import HoursFormSet, OwnHoursFormSet, SinceForm
from dayward.care.schedule.models import CalendarFeed, OwnHours, StaffHours
from dayward.care.schedule.views.people import back_to_week, site_of
from dayward.care.schedule.views.shared import sites_of
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires, requires_chart, signed_in
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def _initial(rows: Any) -> list[dict[str, Any]]:
    fields = ("weekdays", "starts", "ends", "kind", "note")
    return [{name: getattr(row, name) for name in fields if hasattr(row, name)} for row in rows]


def _standing(today: date) -> Q:
    return Q(until_day__isnull=True) | Q(until_day__gt=today)


@requires_chart(permissions.ENROLL)
@require_http_methods(BOTH)
def own_hours(request: ChartRequest, person: str) -> HttpResponse:
    """When the person has work, school, children; it warns wherever somebody books over it."""
    today = local_day(timezone.now(), site_of(request.person).zone)
    rows = OwnHours.objects.filter(_standing(today), person_id__in=request.person.all_ids)
    formset = OwnHoursFormSet(request.POST or None, initial=_initial(rows), prefix="hours")
    since = SinceForm(request.POST or None, initial={"from_day": today})
    if request.method == "POST" and formset.is_valid() and since.is_valid():
        blocks = [block for form in formset if (block := form.block())]
        try:
            services.tell_own_hours(
                actor=request.actor,
                person=request.person,
                blocks=blocks,
                from_day=since.cleaned_data["from_day"],
            )
        except Refused as refused:
            since.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Saved. Bookings over these hours will ask for a reason."))
            return back_to_week(request)
    context = {"person": request.person, "formset": formset, "since": since}
    return render(request, "schedule/own_hours.html", context)


@requires(permissions.EDIT)
@require_http_methods(["GET"])
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody's hours by site; who assesses is offered on weekdays until hours are set."""
    sites = sites_of(request, permissions.EDIT)
    today = timezone.localdate()
    rows = StaffHours.objects.filter(site__in=sites).select_related("site").order_by("site__name", "starts")
    staff = StaffMember.objects.filter(sites__in=sites, ended_on=None).distinct().prefetch_related("sites")
    hours: dict[int, list[StaffHours]] = {}
    for row in rows:
        said = hours.setdefault(row.staff_id, [])
        if row.until_day is None or row.until_day > today:
            said.append(row)
    context = {
        "staff": [(member, hours.get(member.pk, [])) for member in staff],
        "usual": {one for one in assessors_at(sites, timezone.now(), today) if one.pk not in hours},
        "many": len(sites) > 1,
    }
    return render(request, "schedule/staff_list.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def staff_hours(request: StaffRequest, staff: str, site: str) -> HttpResponse:
    """When a clinician works at a site."""
    where = get_object_or_404(
        Site, public_id=site, pk__in=[one.pk for one in sites_of(request, permissions.EDIT)]
    )
    member = get_object_or_404(StaffMember, public_id=staff, sites=where)
    today = local_day(timezone.now(), where.zone)
    rows = StaffHours.objects.filter(_standing(today), staff=member, site=where)
    formset = HoursFormSet(request.POST or None, initial=_initial(rows), prefix="hours")
    since = SinceForm(request.POST or None, initial={"from_day": today})
    if request.method == "POST" and formset.is_valid() and since.is_valid():
        blocks = [block for form in formset if (block := form.block())]
        try:
            services.set_staff_hours(
                actor=request.actor,
                staff=member,
                site=where,
                blocks=blocks,
                from_day=since.cleaned_data["from_day"],
            )
        except Refused as refused:
            since.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Saved."))
            return redirect("schedule:staff_list")
    context = {"member": member, "site": where, "formset": formset, "since": since}
    return render(request, "schedule/staff_hours.html", context)


# -- calendar addresses ----------------------------------------------------------------------------------------


def _address(request: Any, token: str) -> str:
    return str(request.build_absolute_uri(reverse("ical:feed", args=[token])))


def _act(request: Any, feed: CalendarFeed | None, **owner: Any) -> str:
    """Make a new address (told once, on this page), or revoke the one that stands."""
    if "revoke" in request.POST and feed is not None:
        services.revoke_feed(actor=request.actor, feed=feed)
        toasts.done(request, _("Revoked. Calendars that read it get nothing any more."))
        return ""
    return _address(request, services.make_feed(actor=request.actor, **owner))


def _feed(**owner: Any) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(revoked_at__isnull=True, **owner).select_related("made_by").first()


@signed_in
@never_cache
@require_http_methods(BOTH)
def my_calendar(request: StaffRequest) -> HttpResponse:
    """One's own sessions in one's own calendar, in neutral words; and one's hours."""
    address = ""
    if request.method == "POST":
        address = _act(request, _feed(staff=request.staff), staff=request.staff)
        if not address:
            return redirect("schedule:my_calendar")
    hours = StaffHours.objects.filter(_standing(timezone.localdate()), staff=request.staff).select_related(
        "site"
    )
    context = {
        "feed": _feed(staff=request.staff),
        "address": address,
        "hours": hours.order_by("site__name", "starts"),
    }
    return render(request, "schedule/my_calendar.html", context)


@requires_chart(permissions.ENROLL)
@never_cache
@require_http_methods(BOTH)
def person_calendar(request: ChartRequest, person: str) -> HttpResponse:
    """The person's appointments for their own calendar, in neutral words."""
    address = ""
    if refused := refused_in_need(request, permissions.ENROLL, "schedule:person_calendar"):
        return refused
    if request.method == "POST":
        address = _act(request, _feed(person=request.person), person=request.person)
        if not address:
            return redirect("schedule:person_calendar", person=request.person.public_id)
    context = {"person": request.person, "feed": _feed(person=request.person), "address": address}
    return render(request, "schedule/person_calendar.html", context)
