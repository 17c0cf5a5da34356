"""Every setting of the clinic: what holds, since when, who said so, and what held before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access.need import refuse_elsewhere
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization import services
from dayward.foundation.organization.declared import Declared, Group, declared_setting, groups
from dayward.foundation.organization.models import Setting, Site
from dayward.foundation.organization.permissions import SETUP
from dayward.foundation.people.queries import names_of
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts
from dayward.ui.widgets import DateInput


@dataclass(frozen=True)
class Line:
    """One setting at one site (None: the whole clinic), as it holds today."""

    declared: Declared
    words: str
    row: Setting | None  # what says so; None: nobody has said anything
    of_clinic: bool  # the clinic's word, not the site's own
    later: Setting | None
    url: str


@requires(SETUP)
@require_GET
def settings(request: StaffRequest) -> HttpResponse:
    """Everything that clinics do differently, at one site."""
    site, sites = _chosen(request)
    rows = _rows()
    shown = [
        {"group": group, "lines": _lines(group, rows, site)}
        for group in sorted(groups.values(), key=lambda each: each.order)
    ]
    context = {"site": site, "sites": sites, "groups": [each for each in shown if each["lines"]]}
    return render(request, "staff/settings.html", context)


def _chosen(request: StaffRequest) -> tuple[Site, list[Site]]:
    sites = request.powers.sites(SETUP)
    if not sites:
        raise Http404
    wanted = request.GET.get("site")
    return next((each for each in sites if each.public_id == wanted), sites[0]), sites


def _rows() -> dict[str, list[Setting]]:
    """All that stands, by key, the oldest first."""
    found: dict[str, list[Setting]] = defaultdict(list)
    for row in Setting.objects.standing().order_by("effective_from"):
        found[row.key].append(row)
    return found


def _lines(group: Group, rows: dict[str, list[Setting]], site: Site) -> list[Line]:
    today = local_day(timezone.now(), site.zone)
    return [_line(group, each, rows.get(each.key, []), site, today) for each in group.settings()]


def _line(group: Group, declared: Declared, rows: Iterable[Setting], site: Site, today: date) -> Line:
    about = [row for row in rows if row.site_id in ((None, site.pk) if group.per_site else (None,))]
    holding = [row for row in about if row.effective_from <= today and _lasts(row, today)]
    row = max(holding, key=lambda each: (each.site_id is not None, each.effective_from), default=None)
    later = next((each for each in about if each.effective_from > today), None)
    url = reverse("staff:setting", args=[declared.key])
    return Line(
        declared,
        declared.words(row.value if row else declared.default),
        row,
        row is not None and row.site_id is None,
        later,
        f"{url}?{urlencode({'site': site.public_id})}",
    )


def _lasts(row: Setting, day: date) -> bool:
    return row.effective_to is None or row.effective_to > day


class SettingForm(forms.Form):
    """A value from a day on."""

    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    source = forms.CharField(
        label=gettext_lazy("Where this comes from"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("License, payer contract, board decision."),
    )

    def __init__(self, declared: Declared, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if declared.field:
            self.fields = {"value": declared.field(), **self.fields}


@requires(SETUP)
@require_http_methods(["GET", "POST"])
def setting(request: StaffRequest, key: str) -> HttpResponse:
    """One setting: what holds, what held, who said so; a new word from a day on."""
    group, declared = _declared(key)
    site, sites = _chosen(request)
    line = _line(group, declared, _rows().get(key, []), site, local_day(timezone.now(), site.zone))
    may = request.powers.may(declared.permission, site)
    form = _form(request, declared, line, site) if declared.field and may else None
    if form is not None and request.method == "POST" and form.is_valid():
        refused = _said(request, group, declared, site, form.cleaned_data)
        if refused is None:
            toasts.done(request, _("Saved. It holds from the day you named."))
            return redirect(line.url)
        form.add_error(None, refused.sentence)
    history = _history(group, declared, site)
    context = {
        "line": line,
        "group": group,
        "site": site,
        "sites": sites if group.per_site else [],
        "form": form,
        "may": may,
        "elsewhere": _elsewhere(declared, site) if may else "",
        "history": history,
        "default": declared.words(declared.default),
    }
    return render(request, "staff/setting.html", context, status=422 if form and form.errors else 200)


def _declared(key: str) -> tuple[Group, Declared]:
    found = declared_setting(key)
    if found is None:
        raise Http404
    return found


def _form(request: StaffRequest, declared: Declared, line: Line, site: Site) -> SettingForm:
    value = line.row.value if line.row else declared.default
    initial = {"value": value, "since": local_day(timezone.now(), site.zone)}
    return SettingForm(declared, request.POST or None, initial=initial)


def _said(
    request: StaffRequest, group: Group, declared: Declared, site: Site, data: dict[str, Any]
) -> Refused | None:
    try:
        if not group.per_site:
            refuse_elsewhere(request, declared.permission)
        services.set_setting(
            actor=request.actor,
            key=declared.key,
            value=data["value"],
            since=data["since"],
            site=site if group.per_site else None,
            source=data["source"],
        )
    except Refused as refused:
        return refused
    return None


def _elsewhere(declared: Declared, site: Site) -> str:
    if not declared.url_name:
        return ""
    url = reverse(declared.url_name, args=declared.url_args)
    return f"{url}?{urlencode({'site': site.public_id})}"


def _history(group: Group, declared: Declared, site: Site) -> list[dict[str, Any]]:
    """Every word there ever was, the newest first; what was replaced too."""
    rows = (
        Setting.objects.filter(key=declared.key).select_related("site").order_by("-effective_from", "-set_at")
    )
    about = [row for row in rows if row.site_id in ((None, site.pk) if group.per_site else (None,))]
    names = names_of({row.set_by for row in about} | {row.replaced_by or "" for row in about})
    today = local_day(timezone.now(), site.zone)
    return [
        {
            "row": row,
            "words": declared.words(row.value),
            "by": names.get(row.set_by, ""),
            "replaced_by": names.get(row.replaced_by or "", ""),
            "is_later": row.replaced_at is None and row.effective_from > today,
        }
        for row in about
    ]


@requires(SETUP)
@require_POST
def withdraw(request: StaffRequest, key: str, setting: str) -> HttpResponse:
    """What has not begun does not begin."""
    _group, declared = _declared(key)
    row = get_object_or_404(Setting.objects.select_related("site"), public_id=setting, key=key)
    site = row.site or _chosen(request)[0]
    with toasts.telling(request, _("Taken back: what holds now goes on.")):
        if row.site is None:
            refuse_elsewhere(request, declared.permission)
        if site not in request.powers.sites(declared.permission):
            raise Refused(_("Your role does not change this here."))
        today = local_day(timezone.now(), site.zone)
        services.withdraw_setting(actor=request.actor, setting=row, today=today)
    return redirect(f"{reverse('staff:setting', args=[key])}?site={site.public_id}")
