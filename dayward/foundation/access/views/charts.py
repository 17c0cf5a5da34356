"""Who may open this chart, who did, and how to open it in need."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access import panels, permissions, queries, services
from dayward.foundation.access.forms import BreakGlassForm, CareTeamForm, WatchForm
from dayward.foundation.access.models import BreakGlass, CareTeamMember, Watch
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.trail import lines, stretch
from dayward.foundation.audit.queries import readers as entries_of
from dayward.foundation.people import permissions as people
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires, requires_chart
from dayward.ui import toasts

PAGE = 50
PEOPLE = 50


@requires(people.READ)
@require_GET
def my_people(request: StaffRequest) -> HttpResponse:
    """The people one treats, who is expected next first"""
    found = queries.soonest(list(queries.my_people(request.powers)))
    page = Paginator(found, PEOPLE).get_page(request.GET.get("page"))
    return render(request, "access/my_people.html", {"page": page})


@requires(people.FIND)
@require_http_methods(["GET", "POST"])
def break_glass(request: StaffRequest, person: str) -> HttpResponse:
    """Open a closed chart with a reason, for four hours."""
    found = _somebody(request, person)
    target = _after(request, found)
    chart = request.powers.chart(found)
    if chart.is_open():
        return HttpResponseRedirect(target)
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.open_break_glass(actor=request.actor, person=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason", refused.sentence)
        else:
            return HttpResponseRedirect(target)
    context = {"person": found, "form": form, "next": target, "named": chart.is_theirs}
    return render(request, "access/break_glass.html", context)


def _somebody(request: StaffRequest, public_id: str) -> Person:
    if not request.powers.has_chart_role:
        raise Http404
    try:
        found = Person.objects.canonical(public_id)
    except Person.DoesNotExist:
        raise Http404 from None
    if not request.powers.may(people.FIND, found.site):  # of another site they learn nothing
        raise Http404
    return found


def _after(request: StaffRequest, person: Person) -> str:
    """Where to go afterwards: the page that was asked for, if it is one of ours, else the person's."""
    asked, here = request.POST.get("next") or request.GET.get("next", ""), {request.get_host()}
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=here, require_https=request.is_secure())
    return asked if ours else reverse("people:person", args=[person.public_id])


@requires(people.FIND)
@require_GET
def break_glass_open(request: StaffRequest, opening: str) -> HttpResponse:
    """One's own opening: how long it lasts, and closing it."""
    found = get_object_or_404(
        BreakGlass.objects.select_related("person"), public_id=opening, opened_by=request.user
    )
    return render(request, "access/break_glass_open.html", {"opening": found, "person": found.person})


@requires(people.FIND)
@require_POST
def end_break_glass(request: StaffRequest, opening: str) -> HttpResponse:
    """Close it before the four hours are over."""
    found = get_object_or_404(BreakGlass, public_id=opening, opened_by=request.user)
    services.end_break_glass(actor=request.actor, opening=found)
    toasts.done(request, _("Closed. Compliance will look at it."))
    return redirect("staff:today")


@requires_chart(people.READ)
@require_GET
def team(request: ChartRequest, person: str) -> HttpResponse:
    """The care team, now and before."""
    return render(request, "access/team.html", team_context(request, request.person))


def team_context(request: Any, person: Person) -> dict[str, Any]:
    """For the page; the panel has no form."""
    context = alone(panels.team(request, person))
    return {**context, "team_form": CareTeamForm(person) if context["may_change_team"] else None}


@requires_chart(permissions.TEAM)
@require_POST
def add_to_team(request: ChartRequest, person: str) -> HttpResponse:
    """Somebody treats the person from now on."""
    if refused := refused_in_need(request, permissions.TEAM, "access:team"):
        return refused
    form = CareTeamForm(request.person, request.POST)
    if not form.is_valid():
        context = {**team_context(request, request.person), "team_form": form}
        return render(request, "access/team.html", context, status=422)
    member = services.add_to_care_team(actor=request.actor, person=request.person, **form.cleaned_data)
    undo = reverse("access:end_team", args=[request.person.public_id, member.public_id])
    toasts.done(request, _("On the care team; the chart is open to them."), undo_url=undo)
    return redirect("access:team", person=request.person.public_id)


@requires_chart(permissions.TEAM)
@require_POST
def end_team(request: ChartRequest, person: str, member: str) -> HttpResponse:
    """The chart closes to them."""
    found = get_object_or_404(CareTeamMember, public_id=member, person_id__in=request.person.all_ids)
    own = found.staff_id == request.staff.pk
    undo = "" if own else reverse("access:restore_team", args=[request.person.public_id, found.public_id])
    with toasts.telling(request, _("No longer on the care team."), undo_url=undo):
        services.end_care_team(actor=request.actor, member=found)
    if own and not request.powers.chart(request.person).is_open():
        return redirect("staff:today")
    return redirect("access:team", person=request.person.public_id)


@requires_chart(permissions.TEAM)
@require_POST
def restore_team(request: ChartRequest, person: str, member: str) -> HttpResponse:
    """Undo of ending it."""
    if refused := refused_in_need(request, permissions.TEAM, "access:team"):
        return refused
    found = get_object_or_404(CareTeamMember, public_id=member, person_id__in=request.person.all_ids)
    services.restore_care_team(actor=request.actor, member=found)
    toasts.done(request, _("On the care team again."))
    return redirect("access:team", person=request.person.public_id)


@requires_chart(permissions.READERS)
@require_GET
def readers(request: ChartRequest, person: str) -> HttpResponse:
    """Who looked at this chart, when, and through what it was open to them."""
    family = list(Person.objects.filter(pk__in=request.person.all_ids).values_list("public_id", flat=True))
    page = stretch(entries_of(family), request.GET.get("before", ""), PAGE)
    context = {"person": request.person, "lines": lines(page.entries), "page": page}
    if request.may(permissions.REVIEW):
        running = _watches(request).select_related("begun_by__staff").first()
        context |= {"may_watch": True, "watch": running, "form": WatchForm()}
    return render(request, "access/readers.html", context)


def _watches(request: ChartRequest) -> QuerySet[Watch]:
    """The one that runs, if any."""
    return Watch.objects.filter(person_id__in=request.person.all_ids, ended_at=None)


@requires_chart(permissions.REVIEW)
@require_POST
def watch(request: ChartRequest, person: str) -> HttpResponse:
    """Each opening of this chart stands among the exceptions from now on."""
    undo = reverse("access:end_watch", args=[request.person.public_id])
    with toasts.telling(request, _("Watched: each opening stands among the exceptions."), undo_url=undo):
        reason = request.POST.get("reason", "")[:300]
        services.watch_chart(actor=request.actor, person=request.person, reason=reason)
    return redirect("access:readers", person=request.person.public_id)


@requires_chart(permissions.REVIEW)
@require_POST
def end_watch(request: ChartRequest, person: str) -> HttpResponse:
    """This chart is watched no longer."""
    with toasts.telling(request, _("Watched no longer.")):
        services.end_watch(actor=request.actor, watch=get_object_or_404(_watches(request)))
    return redirect("access:readers", person=request.person.public_id)
