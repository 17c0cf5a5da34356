from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.doors.portal import queries, sessions
from dayward.doors.portal.forms import SignForm
from dayward.doors.portal.queries import Sheet
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.consent import queries as consents
from dayward.foundation.consent import services
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.standing import may_revoke
from dayward.foundation.consent.wording import text_of
from dayward.foundation.documents import queries as documents
from dayward.foundation.documents import responses
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import portal
from dayward.ui import toasts


@require_GET
@portal
@in_zone_of_person
def packet(request: PortalRequest) -> HttpResponse:
    """Which forms there are, and how far the reader has come."""
    sheets = queries.sheets_for(request.person)
    waiting = [sheet for sheet in sheets if not sheet.item.is_done]
    context = {
        "sheets": sheets,
        "done": len(sheets) - len(waiting),
        "next": waiting[0] if waiting else None,
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/packet.html", context)


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def form(request: PortalRequest, form: str) -> HttpResponse:
    """One form: its words, then sign or decline."""
    sheets = queries.sheets_for(request.person)
    sheet = _found(queries.sheet_in(sheets, form))
    problem = _sign(request, sheet) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return _onward(request)
    language = (get_language() or "en")[:2]
    text = _words(sheet, language)
    waiting = [each for each in sheets if not each.item.is_done]
    context = {
        "sheet": sheet,
        "row": sheet.item.row,
        "blocks": rules.blocks(text)[1:],
        "text_language": sheet.item.row.language if sheet.item.row.document_id else language,
        "seen": digest(text),
        "problem": problem,
        "typed": request.POST.get("typed_name", ""),
        "left": len(waiting),
        "both": isinstance(sheet.item.row, Consent) and sheet.item.row.signers == Consent.Signers.BOTH,
        "may_take_back": _may_take_back(sheet),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/form.html", context, status=422 if problem else 200)


def _sheet(request: PortalRequest, key: str) -> Sheet:
    return _found(queries.sheet_for(request.person, key))


def _found(sheet: Sheet | None) -> Sheet:
    if sheet is None:
        raise Http404
    return sheet


def _words(sheet: Sheet, language: str) -> str:
    """What was signed stays in the words it was signed in."""
    document = sheet.item.row.document
    return documents.content(document).decode() if document else text_of(sheet.item.row, language)


def _sign(request: PortalRequest, sheet: Sheet) -> str:
    """Sign; what stood in the way, in a sentence."""
    posted = SignForm(request.POST)
    if not posted.is_valid():
        return _("Something was missing. Please read the form again and sign.")
    values = {
        "actor": request.actor,
        "printed_name": posted.cleaned_data["typed_name"],
        "method": sessions.method_of(request),
        "language": posted.cleaned_data["language"],
        "seen": posted.cleaned_data["seen"],
    }
    row = sheet.item.row
    try:
        if isinstance(row, Consent):
            services.sign(consent=row, **values)
        else:
            services.sign_notice(notice=row, **values)
    except Refused as refused:
        return refused.sentence
    toasts.done(request, _("Thank you. It is signed."))
    return ""


def _onward(request: PortalRequest) -> HttpResponse:
    """To the next form that waits, or to the list when there is none."""
    waiting = [sheet for sheet in queries.sheets_for(request.person) if not sheet.item.is_done]
    return redirect("portal:form", form=waiting[0].key) if waiting else redirect("portal:packet")


def _may_take_back(sheet: Sheet) -> bool:
    row = sheet.item.row
    if not isinstance(row, Consent) or not sheet.item.signed:
        return False
    return may_revoke(consents.given(row), today_at(row.person))


@require_POST
@portal
def decline(request: PortalRequest, form: str) -> HttpResponse:
    """Say no to a form."""
    row = _sheet(request, form).item.row
    if not isinstance(row, Consent):
        raise Http404
    try:
        services.decline(actor=request.actor, consent=row)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("portal:form", form=form)
    toasts.done(request, _("You said no. Your team will talk with you about it."))
    return _onward(request)


@require_POST
@portal
def take_back(request: PortalRequest, form: str) -> HttpResponse:
    """Revoke in writing: what it allowed stops now."""
    sheet = _sheet(request, form)
    row = sheet.item.row
    if not isinstance(row, Consent):
        raise Http404
    try:
        services.revoke(actor=request.actor, consent=row, note=request.POST.get("note", "")[:1000])
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("portal:form", form=form)
    toasts.done(request, _("You took it back. It stopped just now."))
    return redirect("portal:packet")


@require_GET
@portal
def copy(request: PortalRequest, form: str) -> HttpResponse:
    """The signed words, to keep."""
    document = _sheet(request, form).item.row.document
    if document is None:
        raise Http404
    return responses.send(document)
