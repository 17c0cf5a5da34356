"""The words of each form by version: what is given today, what was before, and other words from a day on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access.need import refuse_elsewhere
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.consent import queries, services, texts, words
from dayward.foundation.consent.forms import TextForm
from dayward.foundation.consent.models import FormText, NoticeGiven
from dayward.foundation.consent.permissions import MANAGE, TEXTS
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import Kind
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.ui import drafts, toasts

EASY_GRADE = 8.0
EASY_SPANISH = 60.0  # of 100; what a grade of 8 is in English


def names() -> dict[str, str]:
    """Every form that people sign."""
    found = {str(kind): str(words.KINDS[kind]) for kind in Kind}
    return {NoticeGiven.PATIENT_NOTICE: _("Patient notice (42 CFR 2.22)"), **found}


def _name(kind: str) -> str:
    found = names().get(kind)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Version:
    """One version: library or own; what it is today."""

    text: texts.Text
    row: FormText | None
    state: str  # now, later, before, withdrawn

    @property
    def grade(self) -> float:
        return round(rules.english_grade(self.text.template("en")), 1)

    @property
    def is_hard(self) -> bool:
        return self.grade > EASY_GRADE

    @property
    def spanish_ease(self) -> float:
        return round(rules.spanish_ease(self.text.template("es")), 1)

    @property
    def is_hard_in_spanish(self) -> bool:
        return self.spanish_ease < EASY_SPANISH


def _versions(kind: str) -> list[Version]:
    """All versions of a form, the newest first."""
    today = timezone.localdate()
    now = texts.current(kind, today)
    rows = list(FormText.objects.filter(kind=kind))
    found = [Version(text, None, _state(text, now)) for text in texts.every_text() if text.kind == kind]
    for row in rows:
        text = texts.text_of_row(row)
        found.append(Version(text, row, "withdrawn" if row.withdrawn_at else _state(text, now)))
    return sorted(found, key=lambda each: (each.text.effective_from, each.text.own), reverse=True)


def _state(text: texts.Text, now: texts.Text) -> str:
    if text.version == now.version:
        return "now"
    return "later" if text.own and text.effective_from > timezone.localdate() else "before"


@requires(TEXTS)
@require_GET
def every(request: StaffRequest) -> HttpResponse:
    """Each form and whose words it has today."""
    today, own = timezone.localdate(), texts.written(*names())
    rows = [
        {"kind": kind, "name": name, "text": texts.current(kind, today, own=own)}
        for kind, name in names().items()
    ]
    return render(request, "consent/texts.html", {"rows": rows})


@requires(TEXTS)
@require_GET
def versions(request: StaffRequest, kind: str) -> HttpResponse:
    """The versions of one form, and how many signed older words."""
    name, found = _name(kind), _versions(kind)
    now = next(each for each in found if each.state == "now")
    older = queries.count_signed_older(kind, now.text.version, timezone.localdate())
    context = {
        "kind": kind,
        "name": name,
        "versions": found,
        "now": now,
        "blocks": rules.blocks(now.text.template("en")),
        "older": older,
        "may_see_people": request.may(MANAGE),
    }
    return render(request, "consent/text_versions.html", context)


@requires(TEXTS)
@require_GET
def one(request: StaffRequest, kind: str, version: str) -> HttpResponse:
    """The words of one version, in each language."""
    name = _name(kind)
    found = next((each for each in _versions(kind) if each.text.version == version), None)
    if found is None:
        raise Http404
    context = {
        "kind": kind,
        "name": name,
        "version": found,
        "english": rules.blocks(found.text.template("en")),
        "spanish": rules.blocks(found.text.template("es")),
    }
    return render(request, "consent/text.html", context)


@requires(TEXTS)
@require_http_methods(["GET", "POST"])
@drafts.keeps_draft()
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Other words from a day on; what was signed keeps its own."""
    name, today = _name(kind), timezone.localdate()
    before = texts.current(kind, today)
    initial = {"english": before.template("en"), "spanish": before.template("es"), "effective_from": today}
    form = TextForm(before.statements, request.POST or None, initial=initial)
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_elsewhere(request, TEXTS)
            with drafts.sent(request):
                made = services.write_text(actor=request.actor, kind=kind, today=today, **form.told())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            toasts.done(
                request, _("Written down. It is given from its day on; what was signed keeps its words.")
            )
            return redirect("consent:text", kind=kind, version=made.version)
    context = {"kind": kind, "name": name, "form": form, "before": before, "fields": _fields(before)}
    return render(request, "consent/text_form.html", context, status=422 if form.errors else 200)


def _fields(text: texts.Text) -> list[str]:
    return [f"{{{each}}}" for each in sorted(rules.placeholders(text.template("en")))]


@requires(TEXTS)
@require_POST
def withdraw(request: StaffRequest, kind: str, version: str) -> HttpResponse:
    """A version that nobody was given goes."""
    row = get_object_or_404(FormText, kind=kind, version=version)
    with toasts.telling(request, _("Taken back: the version before holds on.")):
        refuse_elsewhere(request, TEXTS)
        services.withdraw_text(actor=request.actor, text=row)
    return redirect("consent:text_versions", kind=kind)


@requires(MANAGE)
@require_GET
def anew(request: StaffRequest, kind: str) -> HttpResponse:
    """Who signed older words than those of today: by name where the chart is open."""
    name, today = _name(kind), timezone.localdate()
    now = texts.current(kind, today)
    rows = queries.signed_older(kind, now.version, today)
    opened = open_charts(request.powers, [row.person for row in rows], MANAGE)
    shown = [row for row in rows if row.person.pk in opened]
    audit_list(request, [row.person for row in shown])
    own = texts.written(kind)
    asked = [row for row in shown if texts.is_asked_anew(kind, row.version, today, own=own)]
    context = {
        "name": name,
        "now": now,
        "rows": [(row, row in asked) for row in shown],
        "hidden": len(rows) - len(shown),
        "back": reverse("consent:text_versions", args=[kind]) if request.may(TEXTS) else "",
    }
    return render(request, "consent/text_people.html", context)
