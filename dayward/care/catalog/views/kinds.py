"""Kinds of services: whether they are booked, and whether they count."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dayward.care.catalog import permissions, services
from dayward.care.catalog.forms import (
    CountingForm,
    OwnKindForm,
    ServiceKindForm,
)
from dayward.care.catalog.models import KindEdit, ServiceKind
from dayward.care.catalog.views.pages import (
    everywhere,
    form_page,
    kind_of,
    to_kinds,
    tried,
)
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.people.corrections import history_of
from dayward.foundation.people.queries import names_of
from dayward.kernel.permissions import requires
from dayward.ui import toasts

BOTH = ["GET", "POST"]


@requires(permissions.SEE)
@require_safe
def kinds(request: StaffRequest) -> HttpResponse:
    """Every kind of service, whether it can be booked and whether it counts."""
    today, rows = timezone.localdate(), list(ServiceKind.objects.all())
    context = {
        "kinds": [(kind, *_counting(kind, today)) for kind in rows if kind.closed_on is None],
        "closed": [kind for kind in rows if kind.closed_on is not None],
        "may_edit": everywhere(request),
    }
    return render(request, "catalog/kinds.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_kind(request: StaffRequest) -> HttpResponse:
    """A kind of service of the clinic's own."""
    if not everywhere(request):
        raise Http404
    form = OwnKindForm(request.POST or None)

    def add() -> object:
        return services.add_service_kind(actor=request.actor, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, add):
        toasts.done(request, _("Added."))
        return redirect("catalog:kinds")
    return form_page(request, form, _("A service of your own"), to_kinds())


def _counting(kind: ServiceKind, today: date) -> tuple[str, date | None, tuple[date, str] | None]:
    """What holds today, since when, and what holds next."""
    dated = [(date.fromisoformat(day), word) for day, word in kind.dated]
    since = max((day for day, _word in dated if day <= today), default=None)
    ahead = min(((day, word) for day, word in dated if day > today), default=None)
    words = dict(ServiceKind.Counts.choices)
    return kind.counting_on(today), since, (ahead[0], str(words[ahead[1]])) if ahead else None


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """How the clinic uses a kind of service, what came otherwise, and who changed it."""
    found = kind_of(request, kind)
    initial = {name: getattr(found, name) for name in ServiceKindForm.base_fields}
    form = ServiceKindForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_service_kind(actor=request.actor, kind=found, **form.cleaned_data)
        toasts.done(request, _("Saved."))
        return redirect("catalog:kinds")
    edits = list(found.edits.order_by("-made_at", "-pk"))
    names = names_of({each.made_by for each in edits})
    words = {name: str(field.label) for name, field in ServiceKindForm.base_fields.items()}
    came = services.differs(found)
    context = {
        "form": form,
        "kind": found,
        "came": [(words[name], value) for name, value in came.items() if name in words],
        "history": [(each, names.get(each.made_by, ""), _changed(each, words)) for each in edits],
    }
    return render(request, "catalog/kind.html", context)


def _changed(edit: KindEdit, words: dict[str, str]) -> list[tuple[str, object, object]]:
    return [(words.get(name, name), before, after) for name, (before, after) in edit.changes.items()]


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def counting(request: StaffRequest, kind: str) -> HttpResponse:
    """Whether a kind counts toward the floor, from a day on; what held before stays in the list."""
    found = kind_of(request, kind)
    today = timezone.localdate()
    initial = {"effective_from": today, "counting": found.counting_on(today)}
    form = CountingForm(request.POST or None, initial=initial)

    def keep() -> object:
        return services.set_counting(actor=request.actor, kind=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, keep):
        toasts.done(request, _("Kept. Sessions before that day are counted as they were."))
        return redirect("catalog:kinds")
    context = {
        "form": form,
        "kind": found,
        "history": history_of(found.countings.order_by("-effective_from")),
    }
    return render(request, "catalog/counting.html", context)
