"""Rule packs: what they ask, how sure that is, what they lack, and where they hold."""

from __future__ import annotations

from datetime import date
from itertools import groupby
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
from dayward.foundation.standards.queries import changes
from dayward.foundation.standards.queries import packs as queries
from dayward.foundation.standards.rules.pack import Authority, Pack, Rule
from dayward.foundation.standards.views.previews import is_kept, shown
from dayward.kernel.errors import Refused
from dayward.kernel.facts import Treating
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def tabs(here: str) -> list[dict[str, Any]]:
    names = [("packs", _("Rule packs")), ("where", _("Where they hold")), ("policy", _("Our own rules"))]
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
    sites, uses = request.powers.places(permissions.SEE), queries.standing_uses()
    treating, today = queries.programs_of(sites), timezone.localdate()
    rows = [
        {
            "pack": each,
            "authority": _(words.AUTHORITIES[each.scope.authority]),
            "about": words.scope(each.scope),
            "days": _days(each),
            "sites": _by_site(queries.holdings(each, sites, uses, today, treating)),
            "count": len(each.rules) + len(each.held_to),
        }
        for each in library.packs()
    ]
    return render(request, "standards/packs.html", {"rows": rows, "tabs": tabs("packs")})


def _days(pack: Pack) -> str:
    """Since when it is in force; the program's own policy needs no day."""
    policy = pack.scope.authority is Authority.POLICY
    return "" if policy else words.in_force(pack.effective_from, pack.effective_to)


def _own_days(pack: Pack, rule: Rule) -> str:
    """Where its text is in force for other days than the pack."""
    same = (rule.effective_from, rule.effective_to) == (pack.effective_from, pack.effective_to)
    return "" if same else words.in_force(rule.effective_from, rule.effective_to)


def _by_site(holdings: list[queries.Holding]) -> list[tuple[Site, list[queries.Holding], bool]]:
    """Of each site where it holds: in which programs, and whether that is all of them."""
    found = []
    for _pk, rows in groupby(holdings, key=lambda each: each.site.pk):
        of_site = list(rows)
        holding = [each for each in of_site if each.applies]
        if holding:
            found.append((holding[0].site, holding, len(holding) == len(of_site)))
    return found


@requires(permissions.SEE)
@require_GET
def where(request: StaffRequest) -> HttpResponse:
    """Of each site and program: which packs hold, and because of what."""
    sites, uses = request.powers.places(permissions.SEE), queries.standing_uses()
    treating, today = queries.programs_of(sites), timezone.localdate()
    places = [_at_site(site, uses, today, treating) for site in sites]
    context = {"places": places, "tabs": tabs("where"), "may_adopt": _adopting(request)}
    return render(request, "standards/where.html", context)


def _at_site(site: Site, uses: list[PackUse], today: date, treating: list[Treating]) -> dict[str, Any]:
    """Packs of other states stand apart, unless somebody said something of them here."""
    said = {use.pack for use in uses if use.site_id == site.pk}
    rows, others = [], []
    for each in library.packs():
        scope = each.scope
        if scope.authority is Authority.STATE and site.state not in scope.of and each.key not in said:
            others.append(each)
        elif scope.authority is not Authority.POLICY:
            rows.append((each, queries.holdings(each, [site], uses, today, treating)))
    programs = [each for each in treating if each.site == site.pk]
    return {"site": site, "programs": programs, "rows": rows, "others": others}


def _adopting(request: StaffRequest) -> set[int]:
    return {site.pk for site in request.powers.sites(permissions.ADOPT)}


@requires(permissions.SEE)
@require_GET
def pack(request: StaffRequest, pack: str) -> HttpResponse:
    """One pack: its rules with their sources, what it is held to, what it lacks, where it holds."""
    found = _pack(pack)
    sites, uses = request.powers.places(permissions.SEE), queries.standing_uses()
    treating, rules = queries.programs_of(sites), library.rules()
    held_to = [
        {
            "each": each,
            "sure": words.sure(each.confidence),
            "rules": [_(rules[key].title) for key in each.rules],
        }
        for each in found.held_to
    ]
    names = {each.key: each.name for each in treating}
    context = {
        "pack": found,
        "about": words.scope(found.scope),
        "days": _days(found),
        "rules": [rule_row(rule) | {"days": _own_days(found, rule)} for rule in found.rules],
        "held_to": held_to,
        "sites": [
            (site, list(rows))
            for site, rows in groupby(
                queries.holdings(found, sites, uses, timezone.localdate(), treating),
                key=lambda each: each.site,
            )
        ],
        "history": [(each, names.get(each.program, "")) for each in queries.said_of(found, sites)],
        "may_adopt": _adopting(request),
        "is_policy": found.scope.authority is Authority.POLICY,
    }
    return render(request, "standards/pack.html", context)


@requires(permissions.ADOPT)
@require_http_methods(BOTH)
def use(request: StaffRequest, pack: str, site: str) -> HttpResponse:
    """Say whether a pack holds at a site, or in one program there, from a day on; first what that would do."""
    found, where = _pack(pack), _site(request, site)
    today = local_day(timezone.now(), where.zone)
    treating = queries.programs_of([where])
    now = queries.holdings(found, [where], queries.standing_uses(), today, treating)
    form = UseForm(request.POST or None, programs=treating, initial=_offered(request, now, today))
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if is_kept(request):
                services.set_use(actor=request.actor, pack=found.key, site=where, **form.cleaned_data)
                toasts.done(request, _("Kept. What is due there is being worked out."))
                return redirect("standards:pack", pack=found.key)
            row = services.draft_use(pack=found.key, site=where, **form.cleaned_data)
            seen = _seen(request, found, where, changes.of_use(row), row.effective_from)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "title": _(found.title), "subtitle": where.name, "now": now, **seen}
    back = {"back": reverse("standards:pack", args=[found.key]), "back_label": _("The pack")}
    return render(request, "standards/form.html", {**context, **back})


def _offered(request: StaffRequest, now: list[queries.Holding], today: date) -> dict[str, Any]:
    """The opposite of what holds in the program that was chosen, or anywhere at the site."""
    program = request.GET.get("program", "")
    holds = [each.applies for each in now if each.program and program in ("", each.program.key)]
    return {"since": today, "program": program, "applies": "no" if any(holds) else "yes"}


def _seen(request: StaffRequest, pack: Pack, site: Site, change: changes.Change, day: date) -> dict[str, Any]:
    """What it would do, and where the pack holds from that day on."""
    would = queries.would_hold(pack, site, change.after.uses, day)
    return {**shown(request, change, [site], ""), "would": would}


@requires(permissions.ADOPT)
@require_http_methods(BOTH)
def end_use(request: StaffRequest, use: str) -> HttpResponse:
    """From a day on the pack holds where it holds by itself; first what that would do."""
    sites = request.powers.sites(permissions.ADOPT)
    rows = PackUse.objects.select_related("site").filter(site__in=sites, withdrawn_at=None)
    row = get_object_or_404(rows, public_id=use)
    found, back = _pack(row.pack), reverse("standards:pack", args=[row.pack])
    form = EndForm(request.POST or None, initial={"on": local_day(timezone.now(), row.site.zone)})
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if is_kept(request):
                services.end_use(actor=request.actor, use=row, on=on)
                toasts.done(request, _("Ended. What is due there is being worked out."))
                return redirect(back)
            seen = _seen(request, found, row.site, changes.of_use_ended(row, on), on)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "title": _("End what was said"), "subtitle": _(found.title), "said": row}
    context |= {"back": back, "back_label": _("The pack")}
    return render(request, "standards/form.html", {**context, **seen})


def _site(request: StaffRequest, public_id: str) -> Site:
    for site in request.powers.sites(permissions.ADOPT):
        if site.public_id == public_id:
            return site
    raise Http404
