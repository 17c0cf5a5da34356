"""What of a week is against a limit, why it is planned so all the same, and the limits themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.care.schedule import library, permissions, services
from dayward.care.schedule.forms import LimitForm
from dayward.care.schedule.models import LimitReason
from dayward.care.schedule.queries.checks import (
    PREFIX,
    Found,
    caseloads_found,
    limits_at,
    limits_between,
    sessions_found,
    weeks_found,
)
from dayward.care.schedule.queries.reasons import KINDS, Kind, given, given_with
from dayward.care.schedule.rules.limits import Confidence, Limit
from dayward.care.schedule.views.shared import chosen_day, chosen_site, people_open_to, sites_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.permissions import SETUP
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day, week_start
from dayward.ui import toasts

TOGETHER = "together"
KEPT = timedelta(days=180)  # how far back the list of reasons goes


def _week_of(request: StaffRequest, site: Site) -> tuple[list[Found], int, dict[str, Any]]:
    """Everything against a limit in a week; of people whose chart is not open, only how many."""
    day = chosen_day(request, site.zone)
    start = week_start(day)
    limits = limits_between(site, start, start + timedelta(days=6))
    held = limits[start]
    found = caseloads_found(site, day, held) + sessions_found(site, limits)
    of_people = weeks_found(site, day, held)
    open_to = people_open_to(request, {each.person.pk for each in of_people if each.person})
    shown = [each for each in of_people if each.person and each.person.pk in open_to]
    audit_list(request, {each.person.pk: each.person for each in shown if each.person}.values())
    week = {"start": start, "end": start + timedelta(days=6), "day": day}
    return found + shown, len(of_people) - len(shown), week


@requires(permissions.SEE)
@require_safe
def checks(request: StaffRequest) -> HttpResponse:
    """What of a week is against a limit of a state, a payer or the program"""
    sites = sites_of(request, permissions.SEE)
    site = chosen_site(request, sites)
    found, hidden, week = _week_of(request, site)
    context = {
        "site": site,
        "sites": sites,
        **week,
        "before": week["start"] - timedelta(days=7),
        "after": week["start"] + timedelta(days=7),
        "open": _by_limit(each for each in found if each.reason is None),
        "explained": [each for each in found if each.reason is not None],
        "hidden": hidden,
        "may_edit": request.powers.may(permissions.EDIT, site),
        "may_read_reasons": request.powers.may(permissions.REASONS, site),
    }
    return render(request, "schedule/checks.html", context)


@requires(permissions.EDIT)
@require_POST
def give_reason(request: StaffRequest) -> HttpResponse:
    """Why something stands against a limit all the same; kept with a name"""
    site = chosen_site(request, sites_of(request, permissions.EDIT))
    found, _hidden, week = _week_of(request, site)
    told = request.POST.get("found", "")
    wanted = [each for each in found if each.reason is None and told in (mark_of(each), each.limit.key)]
    if wanted:
        _give(request, site, wanted, request.POST.get("reason", "")[:200])
    else:
        toasts.refuse(request, _("This is not against a limit any more."))
    url = reverse("schedule:checks")
    return redirect(f"{url}?site={site.public_id}&day={week['day'].isoformat()}")


def _give(request: StaffRequest, site: Site, wanted: Sequence[Found], reason: str) -> None:
    """One reason for one of them, or for all of a limit in this week."""
    now = timezone.now()
    try:
        with transaction.atomic():
            rows = [
                services.give_reason(actor=request.actor, site=site, found=each, reason=reason, at=now)
                for each in wanted
            ]
    except services.NeedsReason:
        toasts.refuse(request, _("Say why."))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        undo = reverse("schedule:withdraw_limit_reason", args=[rows[0].public_id])
        toasts.done(request, _("Kept, with your name."), undo_url=f"{undo}?{TOGETHER}=1")


def _by_limit(found: Iterable[Found]) -> list[tuple[Limit, list[tuple[Found, str]]]]:
    """What is open, one limit after the other."""
    by_limit: dict[Limit, list[tuple[Found, str]]] = defaultdict(list)
    for each in found:
        by_limit[each.limit].append((each, mark_of(each)))
    return list(by_limit.items())


def mark_of(found: Found) -> str:
    """What a form sends back to say which one it means."""
    subject = found.session or found.person or found.program
    return f"{found.limit.key}:{subject.public_id if subject else ''}"


@requires(permissions.EDIT)
@require_POST
def withdraw(request: StaffRequest, reason: str) -> HttpResponse:
    """The reason holds no longer; with `together` also for what else it was given for in the same act"""
    sites = sites_of(request, permissions.EDIT)
    row = get_object_or_404(LimitReason.objects.select_related("site"), public_id=reason, site__in=sites)
    rows = given_with(row) if TOGETHER in request.GET else [row]
    with toasts.telling(request, _("Withdrawn. It shows as open again.")), transaction.atomic():
        for each in rows:
            services.withdraw_reason(actor=request.actor, row=each)
    return redirect(f"{reverse('schedule:checks')}?site={row.site.public_id}")


@requires(permissions.REASONS)
@require_safe
def reasons(request: StaffRequest) -> HttpResponse:
    """Every reason for planning against what was warned of in half a year, the newest first"""
    chosen = next((each for each in Kind if each.value == request.GET.get("kind")), None)
    rows = given(
        sites_of(request, permissions.REASONS),
        timezone.now() - KEPT,
        [chosen] if chosen else tuple(Kind),
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    open_to = people_open_to(request, {row.person.pk for row in page if row.person})
    named = {row.person.pk: row.person for row in page if row.person and row.person.pk in open_to}
    audit_list(request, named.values())
    context = {
        "page": page,
        "rows": [(row, row.person is None or row.person.pk in open_to) for row in page],
        "tabs": [
            (None, _("All"), chosen is None),
            *((each.value, KINDS[each], each is chosen) for each in Kind),
        ],
    }
    return render(request, "schedule/limit_reasons.html", context)


# -- the limits ------------------------------------------------------------------------------------------------


@requires(permissions.SEE)
@require_safe
def limits(request: StaffRequest) -> HttpResponse:
    """What a schedule is held against here, who says so, and how sure we are"""
    sites = sites_of(request, permissions.SEE)
    site = chosen_site(request, sites)
    held = {limit.key: limit for limit in limits_at(site, chosen_day(request, site.zone))}
    packs = [pack for pack in library.packs() if not pack.states or site.state in pack.states]
    words = confidence_words()
    context = {
        "site": site,
        "sites": sites,
        "packs": [(pack, [_shown(limit, held, words) for limit in pack.limits]) for pack in packs],
        "may_edit": request.powers.may(permissions.EDIT, site),
    }
    return render(request, "schedule/limits.html", context)


def _shown(limit: Limit, held: Mapping[str, Limit], words: Mapping[str, str]) -> dict[str, Any]:
    """One row: the limit as it holds here; `held` none: the clinic does not look at it."""
    own = limit.confidence is Confidence.POLICY and (limit.unset or bool(limit.number))
    return {
        "limit": limit,
        "held": held.get(limit.key),
        "who_says": held.get(limit.key, limit).citation,
        "confidence": words[limit.confidence.value],
        "own": own,
    }


def confidence_words() -> dict[str, str]:
    return {
        Confidence.VERIFIED.value: _("Read at the source"),
        Confidence.SECONDARY.value: _("Read at second hand: it warns"),
        Confidence.MEMORY.value: _("Not verified: it warns"),
        Confidence.POLICY.value: _("The program's own policy"),
    }


def _limit(key: str) -> Limit:
    for pack in library.packs():
        for limit in pack.limits:
            if limit.key == key and limit.confidence is Confidence.POLICY and (limit.number or limit.unset):
                return limit
    raise Http404


@requires(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def edit_limit(request: StaffRequest, limit: str) -> HttpResponse:
    """The clinic's own number for a limit of its own policy, from a day on"""
    site = chosen_site(request, sites_of(request, permissions.EDIT))
    wanted, today = _limit(limit), local_day(timezone.now(), site.zone)
    held = next((each for each in limits_at(site, today) if each.key == limit), None)
    number = (held or wanted).number or None
    initial = {"number": number, "asked": held is not None or wanted.unset, "since": today}
    form = LimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.set_limit(
            actor=request.actor,
            site=site,
            limit=wanted,
            number=data["number"] if data["asked"] else None,
            since=data["since"],
            source=data["source"],
        )
        toasts.done(request, _("Set from that day on."))
        return redirect(f"{reverse('schedule:limits')}?site={site.public_id}")
    context = {
        "form": form,
        "limit": held or wanted,
        "site": site,
        "key": PREFIX + wanted.key if request.powers.may(SETUP, site) else "",
    }
    return render(request, "schedule/limit_form.html", context, status=422 if form.errors else 200)
