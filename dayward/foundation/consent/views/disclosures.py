from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.consent import queries, services, texts, words
from dayward.foundation.consent.forms import DisclosureForm
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.consent.permissions import MANAGE, READ
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.documents import queries as documents
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import written_day
from dayward.ui import drafts, toasts
from dayward.ui.pdf import Paper, Part, Table, pdf

THREE_YEARS = timedelta(days=3 * 365 + 1)


@require_GET
@requires_chart(READ)
@in_zone_of_person
def accounting(request: ChartRequest, person: str) -> HttpResponse:
    """What was disclosed in the three years before a day (42 CFR 2.25), to read and to print."""
    until = _until(request)
    rows = queries.accounting(request.person, until - THREE_YEARS, until)
    context = {
        "person": request.person,
        "rows": [(row, _what(row), words.PURPOSES.get(row.purpose, row.purpose)) for row in rows],
        "since": until - THREE_YEARS,
        "until": until,
        "may_manage": request.may(MANAGE),
    }
    return render(request, "consent/accounting.html", context)


@require_GET
@requires_chart(READ)
@in_zone_of_person
def accounting_pdf(request: ChartRequest, person: str) -> HttpResponse:
    """The same as a file, for the person who asks for it."""
    until = _until(request)
    rows = queries.accounting(request.person, until - THREE_YEARS, until)
    paper = _paper(request.person, list(rows), until)
    response = HttpResponse(pdf(paper, made_at=timezone.now()), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="disclosures.pdf"'
    return response


def _paper(person: Person, rows: list[Disclosure], until: datetime) -> Paper:
    site = person.site
    head = (_("To whom"), _("When"), _("What"), _("For what"), _("Ground"))
    lines = tuple(
        (
            row.recipient,
            date_format(timezone.localtime(row.made_at), "M j, Y"),
            f"{row.description} ({_what(row)})",
            str(words.PURPOSES.get(row.purpose, row.purpose)),
            str(row.get_basis_display()),
        )
        for row in rows
    )
    span = {"since": date_format(until - THREE_YEARS, "F j, Y"), "until": date_format(until, "F j, Y")}
    told = _("From %(since)s to %(until)s (42 CFR 2.25).") % span
    none = _("Nothing was disclosed in these three years.")
    name = person.legal_name or person.called
    return Paper(
        title=_("Accounting of disclosures"),
        letterhead=tuple(filter(None, (site.organization.name, site.name, site.phone))) if site else (),
        parts=(
            Part("", (told,) if rows else (told, none), ((_("Name"), name),)),
            *([Part(table=Table(head, lines))] if rows else []),
        ),
        day=date_format(timezone.localtime(), "F j, Y"),
        foot=name,
        page_word=_("Page"),
    )


def _until(request: ChartRequest) -> datetime:
    """The end of the day asked for, at the site; now, where none is."""
    day = written_day(request.GET.get("until", ""))
    if day is None:
        return timezone.now()
    zone = request.person.site.zone if request.person.site else timezone.get_default_timezone()
    return datetime.combine(day, time.max, tzinfo=zone)


def _what(row: Disclosure) -> str:
    return words.in_line(words.INFORMATION, row.information)


@require_http_methods(["GET", "POST"])
@requires_chart(MANAGE)
@drafts.keeps_draft()
def add(request: ChartRequest, person: str) -> HttpResponse:
    """Write down a disclosure; refused where no consent and no other ground allows it."""
    form = DisclosureForm(request.POST or None, request.FILES or None)
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        made = _record(request, form)
        if made is not None:
            return redirect("consent:disclosure", person=request.person.public_id, disclosure=made.public_id)
    context = {"person": request.person, "form": form}
    return render(request, "consent/disclose.html", context, status=200 if request.method == "GET" else 422)


def _record(request: ChartRequest, form: DisclosureForm) -> Disclosure | None:
    data = dict(form.cleaned_data)
    upload = data.pop("content")
    content = upload.read() if upload else data["description"].encode()
    try:
        with drafts.sent(request):
            made = services.record_disclosure(
                actor=request.actor, person=request.person, content=content, **data
            )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    toasts.done(request, _("The disclosure is written down."))
    return made


@require_GET
@requires_chart(READ)
@in_zone_of_person
def disclosure(request: ChartRequest, person: str, disclosure: str) -> HttpResponse:
    """One disclosure with what goes along: the statement of 2.32 and a copy of the consent."""
    rows = Disclosure.objects.filter(person_id__in=request.person.all_ids).select_related("consent__document")
    row = get_object_or_404(rows, public_id=disclosure)
    document = row.consent.document if row.consent else None
    context = {
        "person": request.person,
        "row": row,
        "what": _what(row),
        "purpose": words.PURPOSES.get(row.purpose, row.purpose),
        "statement": texts.statements().get(row.notice_version, ""),
        "blocks": rules.blocks(documents.content(document).decode()) if document else (),
    }
    return render(request, "consent/disclosure.html", context)
