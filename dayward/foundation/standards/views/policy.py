"""The clinic's own rules: add, change, end; with what they would do to the charts of today before they are kept."""

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
from dayward.foundation.organization.queries import day_at
from dayward.foundation.standards import library, permissions, policies, services, words
from dayward.foundation.standards.forms import EndForm, NumberForm, RuleForm, SinceForm
from dayward.foundation.standards.models import PolicyRule
from dayward.foundation.standards.queries import changes
from dayward.foundation.standards.queries import packs as queries
from dayward.foundation.standards.rules.pack import Rule
from dayward.foundation.standards.views.packs import rule_row, tabs
from dayward.foundation.standards.views.previews import is_kept, shown
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.ui import toasts

BOTH = ["GET", "POST"]


@requires(permissions.SEE)
@require_GET
def policy(request: StaffRequest) -> HttpResponse:
    """Every rule that the clinic may set, with its own word on it."""
    today = timezone.localdate()
    rows = [
        {**rule_row(each.rule), "own": each, "said": [_said(row) for row in each.said]}
        for each in queries.own_rules(today)
    ]
    context = {"rows": rows, "tabs": tabs("policy"), "may_edit": request.may(permissions.EDIT)}
    return render(request, "standards/policy.html", context)


def _said(row: PolicyRule) -> dict[str, Any]:
    now = timezone.localdate()
    return {
        "row": row,
        "within": words.within(policies.plain(row)) if row.asked else "",
        "ahead": row.effective_from > now,
        "running": row.withdrawn_at is None and (row.effective_to is None or row.effective_to > now),
    }


@requires(permissions.SEE)
@require_GET
def rule(request: StaffRequest, rule: str) -> HttpResponse:
    """One rule: what it says, and everything the clinic ever said of it."""
    found = _rule(rule)
    context = {
        **rule_row(found),
        "is_ours": found.key not in library.rules(),
        "history": [_said(row) for row in queries.history(found.key)],
        "may_edit": request.may(permissions.EDIT),
        "back": reverse("standards:policy"),
    }
    return render(request, "standards/rule.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add(request: StaffRequest) -> HttpResponse:
    """A rule of the clinic's own."""
    sites = request.powers.sites(permissions.EDIT)
    form = RuleForm(request.POST or None, sites=sites, every=_every(sites), initial=_today(sites))
    return _set(request, form, "", _("New rule"), "", sites)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def change(request: StaffRequest, rule: str) -> HttpResponse:
    """Another number for a rule of the program policy, or other words and numbers for an own one."""
    found, sites = _rule(rule), request.powers.sites(permissions.EDIT)
    of_library = found.key in library.rules()
    newest = next((row for row in queries.history(found.key) if row.withdrawn_at is None), None)
    initial = _today(sites)
    if of_library:
        stands = policies.plain(newest) if newest and newest.asked else found
        kind: type[NumberForm] | type[RuleForm] = NumberForm
        initial |= NumberForm.initial_of(stands)
    else:
        kind = RuleForm
        initial = {**(RuleForm.initial_of(newest) if newest else {}), **initial}
    form = kind(request.POST or None, sites=sites, every=_every(sites), initial=initial)
    return _set(request, form, found.key, _("Change the rule"), _(found.title), sites)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def end(request: StaffRequest, row: str) -> HttpResponse:
    """From a day on the clinic no longer says so."""
    sites = request.powers.sites(permissions.EDIT)
    found = get_object_or_404(PolicyRule.objects.filter(withdrawn_at=None), public_id=row)
    if not (_every(sites) if found.site_id is None else found.site in sites):
        raise Http404
    back = reverse("standards:rule", args=[found.key])
    form = EndForm(request.POST or None, initial={"on": _today(sites)["since"]})
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        try:
            if is_kept(request):
                services.end_rule(actor=request.actor, row=found, on=on)
                toasts.done(request, _("Ended. What is due is being worked out."))
                return redirect(back)
            says = _("From then on it is no longer asked.")
            if found.key in library.rules():
                says = words.asks(library.rules()[found.key])
            seen = shown(request, changes.of_rule_ended(found, on), sites, says)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "title": _("End the rule"), "subtitle": _(found.title), **seen}
    context |= {"back": back, "back_label": _("The rule")}
    return render(request, "standards/form.html", context)


def _set(
    request: StaffRequest, form: SinceForm, key: str, title: str, subtitle: str, sites: list[Site]
) -> HttpResponse:
    """First what it would do, then (`keep`) it is kept."""
    seen: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            row = services.draft_rule(key=key, **form.cleaned_data)
            if is_kept(request):
                kept = services.set_rule(actor=request.actor, key=key, **form.cleaned_data)
                toasts.done(request, _("Kept. What is due is being worked out."))
                return redirect("standards:rule", rule=kept.key)
            says = words.asks(policies.plain(row)) if row.asked else _("It is no longer asked.")
            seen = shown(request, changes.of_rule(row), sites, says)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    back = reverse("standards:rule", args=[key]) if key else reverse("standards:policy")
    context = {"form": form, "title": title, "subtitle": subtitle, "back": back, **seen}
    context["back_label"] = _("The rule") if key else _("Our own rules")
    return render(request, "standards/change.html", context)


def _rule(key: str) -> Rule:
    found = queries.own_rule(key)
    if found is None:
        raise Http404
    return found


def _every(sites: list[Site]) -> bool:
    return len(sites) == Site.objects.count()


def _today(sites: list[Site]) -> dict[str, Any]:
    return {"since": day_at(sites[0] if sites else None)}
