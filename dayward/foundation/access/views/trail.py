"""The trail for compliance: everything that was done and read, and the break-glass openings to review."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from dayward.foundation.access import permissions, services
from dayward.foundation.access.forms import ReviewForm
from dayward.foundation.access.queries import openings_to_see
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.trail import lines, stretch
from dayward.foundation.audit import permissions as audit
from dayward.foundation.audit.jobs import walk
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.queries import last_walk
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.permissions import requires
from dayward.kernel.time import written_day
from dayward.ui import toasts

PAGE = 50
#: As the lines of the trail say it.
KINDS = {
    Entry.Kind.VIEW.value: gettext_noop("looked"),
    Entry.Kind.CHANGE.value: gettext_noop("changed"),
    Entry.Kind.SIGN_IN.value: gettext_noop("sign-in"),
    Entry.Kind.REFUSED.value: gettext_noop("refused"),
    Entry.Kind.EXPORT.value: gettext_noop("took out"),
}


@requires(audit.READ)
@require_GET
def browse(request: StaffRequest) -> HttpResponse:
    """Everything that was done and read, newest first."""
    found = _filtered(request.GET).filter(request.powers.of_sites(audit.READ, "site"))
    page = stretch(found, request.GET.get("before", ""), PAGE)
    shown = lines(page.entries, name_people=True)
    services.audit_list(request, Person.objects.filter(public_id__in={line.entry.person for line in shown}))
    context = {
        "page": page,
        "lines": shown,
        "kinds": {kind: _(words) for kind, words in KINDS.items()},
        "staff": StaffMember.objects.exclude(user=None).select_related("user"),
        "asked": request.GET,
    }
    return render(request, "access/trail.html", context)


def _filtered(asked: Any) -> QuerySet[Entry]:
    found = Entry.objects.all()
    if asked.get("kind") in Entry.Kind.values:
        found = found.filter(kind=asked["kind"])
    if asked.get("staff"):
        found = found.filter(actor=asked["staff"])
    if asked.get("action"):
        found = found.filter(action__startswith=asked["action"])
    day = written_day(asked.get("day", ""))
    if day is None:
        return found
    here = timezone.get_current_timezone()
    return found.filter(at__gte=_midnight(day, here), at__lt=_midnight(day + timedelta(days=1), here))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone)


@requires(audit.READ)
@require_http_methods(["GET", "POST"])
def chains(request: StaffRequest) -> HttpResponse:
    """Whether the trail is whole: each site's chain is walked from its first entry."""
    if request.method == "POST":
        with suppress(AlreadyEnqueued), transaction.atomic():  # it may wait already
            walk.defer()
        toasts.done(request, _("The trail is being walked. Look again in a minute."))
        return redirect("access:chains")
    return render(request, "access/chains.html", {"walk": last_walk()})


@requires(permissions.REVIEW)
@require_GET
def openings(request: StaffRequest) -> HttpResponse:
    """Charts opened by break-glass; those nobody has reviewed first."""
    rows = openings_to_see(request.powers).select_related("person", "opened_by__staff", "reviewed_by__staff")
    rows = rows.order_by("-opened_at", "-pk")
    to_review = list(rows.filter(reviewed_at=None))
    done = list(rows.exclude(reviewed_at=None)[:PAGE])
    services.audit_list(request, [row.person for row in to_review + done])
    context = {"to_review": to_review, "done": done, "form": ReviewForm()}
    return render(request, "access/openings.html", context)


@requires(permissions.REVIEW)
@require_POST
def review(request: StaffRequest, opening: str) -> HttpResponse:
    """Write down what was found."""
    found = get_object_or_404(openings_to_see(request.powers), public_id=opening)
    with toasts.telling(request, _("Reviewed.")):
        services.review_break_glass(
            actor=request.actor, opening=found, outcome=request.POST.get("outcome", "")
        )
    return redirect("access:openings")
