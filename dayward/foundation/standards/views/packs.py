"""Rule packs: what they ask, how sure that is, what they lack, and where they hold."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.standards import library, permissions, services, words
from dayward.foundation.standards.forms import EndForm, UseForm
from dayward.foundation.standards.models import PackUse
from dayward.foundation.standards.queries import packs as queries
from dayward.foundation.standards.rules.pack import Pack, Rule
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def tabs(here: str) -> list[dict[str, Any]]:
    names = [("packs", _("Rule packs")), ("policy", _("Our own rules"))]
    return [
        {"label": label, "url": reverse(f"standards:{name}"), "active": name == here} for name, label in names
    ]


def rule_row(rule: Rule) -> dict[str, Any]:
    state, icon, sure = words.sure(rule.confidence)
    return {
        "rule": rule,
        "title": _(rule.title),
        "why": _(rule.why),
        "asks": words.asks(rule),
        "within": words.within(rule),
        "hard": words.length(rule.hard) if rule.hard else "",
        "state": state,
        "icon": icon,
        "sure": sure,
    }


def _pack(key: str) -> Pack:
    found = next((each for each in library.packs() if each.key == key), None)
    if found is None:
        raise Http404
    return found


@requires(permissions.SEE)
@require_GET
def packs(request: StaffRequest) -> HttpResponse:
    """Every rule pack there is, and at which sites it holds."""
    sites, uses = request.powers.sites(permissions.SEE), queries.standing_uses()
    today = timezone.now().date()
    rows = [
        {
            "pack": each,
            "authority": _(words.AUTHORITIES[each.scope.authority]),
            "holdings": queries.holdings(each, sites, uses, today),
            "count": len(each.rules) + len(each.held_to),
        }
        for each in library.packs()
    ]
    return render(request, "standards/packs.html", {"rows": rows, "tabs": tabs("packs")})


@requires(permissions.SEE)
@require_GET
def pack(request: StaffRequest, pack: str) -> HttpResponse:
    """One pack: its rules with their sources, what it is held to, what it lacks, where it holds."""
    found = _pack(pack)
    sites, uses = request.powers.sites(permissions.SEE), queries.standing_uses()
    rules = library.rules()
    held_to = [
        {
            "each": each,
            "sure": words.sure(each.confidence),
            "rules": [_(rules[key].title) for key in each.rules],
        }
        for each in found.held_to
    ]
    context = {
        "pack": found,
        "authority": _(words.AUTHORITIES[found.scope.authority]),
        "rules": [rule_row(rule) for rule in found.rules],
        "held_to": held_to,
        "holdings": queries.holdings(found, sites, uses, timezone.now().date()),
        "history": PackUse.objects.filter(pack=found.key, site__in=sites)
        .select_related("site")
        .order_by("-set_at"),
        "may_adopt": {site.pk for site in request.powers.sites(permissions.ADOPT)},
        "is_policy": found.key == "generic",
    }
    return render(request, "standards/pack.html", context)


@requires(permissions.ADOPT)
@require_http_methods(BOTH)
def use(request: StaffRequest, pack: str, site: str) -> HttpResponse:
    """Say whether a pack holds at a site from a day on."""
    found, where = _pack(pack), _site(request, site)
    today = local_day(timezone.now(), where.zone)
    (now,) = queries.holdings(found, [where], queries.standing_uses(), today)
    initial = {"since": today, "applies": "no" if now.applies else "yes"}
    form = UseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_use(actor=request.actor, pack=found.key, site=where, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Kept. What is due there is being worked out."))
            return redirect("standards:pack", pack=found.key)
    context = {"form": form, "title": _(found.title), "subtitle": where.name, "now": now}
    return render(
        request, "standards/form.html", {**context, "back": reverse("standards:pack", args=[found.key])}
    )


@requires(permissions.ADOPT)
@require_http_methods(BOTH)
def end_use(request: StaffRequest, use: str) -> HttpResponse:
    """From a day on the pack holds where it holds by itself."""
    sites = request.powers.sites(permissions.ADOPT)
    found = get_object_or_404(
        PackUse.objects.select_related("site").filter(site__in=sites, withdrawn_at=None), public_id=use
    )
    back = reverse("standards:pack", args=[found.pack])
    form = EndForm(request.POST or None, initial={"on": local_day(timezone.now(), found.site.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_use(actor=request.actor, use=found, on=form.cleaned_data["on"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Ended. What is due there is being worked out."))
            return redirect(back)
    context = {"form": form, "title": _("End what was said"), "subtitle": found.reason, "back": back}
    return render(request, "standards/form.html", context)


def _site(request: StaffRequest, public_id: str) -> Site:
    for site in request.powers.sites(permissions.ADOPT):
        if site.public_id == public_id:
            return site
    raise Http404
