from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.consent import queries, services, texts, words
from dayward.foundation.consent.forms import TermsForm
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.permissions import MANAGE, READ
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.consent.rules.standing import Standing
from dayward.foundation.consent.services.offering import PACKET, defaults
from dayward.foundation.consent.views.panel import Row, rows_of
from dayward.foundation.consent.wording import program_name, text_of
from dayward.foundation.documents import queries as documents
from dayward.foundation.messaging.permissions import SEND_LINK
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.queries import signatures_of
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@require_GET
@requires_chart(READ)
@in_zone_of_person
def consents(request: ChartRequest, person: str) -> HttpResponse:
    """Every consent of the person: what waits, what is in force and who may see what by it, what has ended."""
    rows = rows_of(request.person)
    notices = list(queries.notices_of(request.person))
    who = queries.who_signs(request.person, Kind.TREATMENT)
    context = {
        "person": request.person,
        "waiting": [row for row in rows if row.is_waiting],
        "active": [row for row in rows if row.is_active],
        "ended": [row for row in rows if not row.is_active and not row.is_waiting],
        "notices": notices,
        "missing": _missing(rows, has_notice=bool(notices)),
        "anew": _anew(request.person, rows, notices),
        "caution": words.CAUTIONS[who.caution] if who.caution else "",
        "may_manage": request.may(MANAGE),
        "may_hand_over": request.may(SEND_LINK),
        "kinds": [(kind, words.KINDS[kind]) for kind in Kind],
    }
    return render(request, "consent/list.html", context)


def _missing(rows: list[Row], *, has_notice: bool) -> list[str]:
    """The forms of the admission packet that are neither in force nor waiting."""
    there = {row.consent.kind for row in rows if row.is_active or row.is_waiting}
    lacking = [str(words.KINDS[kind]) for kind in PACKET if kind not in there]
    return lacking if has_notice else [_("Patient notice"), *lacking]


def _anew(person: Person, rows: list[Row], notices: list[NoticeGiven]) -> list[str]:
    """The forms of the packet whose words of today are to be signed beside the older ones."""
    day = today_at(person)
    waiting = {row.consent.kind for row in rows if row.is_waiting}
    own = texts.written(*PACKET, NoticeGiven.PATIENT_NOTICE)
    signed = {row.consent.kind: row.consent.text_version for row in rows if row.is_active}
    found = [
        str(words.KINDS[kind])
        for kind in PACKET
        if kind in signed and kind not in waiting and texts.is_asked_anew(kind, signed[kind], day, own=own)
    ]
    given = [notice for notice in notices if notice.signature_id]
    last = given[-1] if given and len(given) == len(notices) else None
    if last and texts.is_asked_anew(last.kind, last.text_version, day, own=own):
        found.append(_("Patient notice"))
    return found


@require_POST
@requires_chart(MANAGE)
def packet(request: ChartRequest, person: str) -> HttpResponse:
    """Prepare the admission packet: what is missing of it."""
    items = services.offer_packet(actor=request.actor, person=request.person)
    toasts.done(request, _("The packet is ready: %(count)d forms to read and sign.") % {"count": len(items)})
    return redirect("consent:hand_over", person=request.person.public_id)


@require_http_methods(["GET", "POST"])
@requires_chart(MANAGE)
def prepare(request: ChartRequest, person: str, kind: str) -> HttpResponse:
    """One form: who, what, with whom, for what, until when; its words stand beside it."""
    if kind not in set(Kind):
        raise Http404
    wanted = Kind(kind)
    day = today_at(request.person)
    start = {name: value for name, value in defaults(wanted, day).items() if name in TermsForm.base_fields}
    form = TermsForm(wanted, request.person, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _offer(request, wanted, form):
        return redirect("consent:list", person=request.person.public_id)
    who = queries.who_signs(request.person, kind)
    context = {
        "person": request.person,
        "kind": wanted,
        "name": words.KINDS[wanted],
        "form": form,
        "signers": words.SIGNERS[who.signers],
        "caution": words.CAUTIONS[who.caution] if who.caution else "",
        "text": texts.current(kind, day),
        "blocks": _preview(request.person, texts.current(kind, day)),
    }
    return render(request, "consent/prepare.html", context, status=200 if request.method == "GET" else 422)


def _preview(person: Person, text: texts.Text) -> tuple[rules.Block, ...]:
    """The words with what is known by now; the rest is still open."""
    known = {"patient": person.legal_name, "discloser": program_name(person)}
    template = text.template("en")
    return rules.blocks(
        rules.fill(template, {name: known.get(name, "…") for name in rules.placeholders(template)})
    )


def _offer(request: ChartRequest, kind: Kind, form: TermsForm) -> bool:
    try:
        services.offer(actor=request.actor, person=request.person, kind=kind, **form.terms())
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("The form is ready to be read and signed."))
    return True


@require_GET
@requires_chart(READ)
@in_zone_of_person
def consent(request: ChartRequest, person: str, consent: str) -> HttpResponse:
    """One consent: its words, its signatures, what was disclosed under it."""
    row = next((each for each in rows_of(request.person) if each.consent.public_id == consent), None)
    if row is None:
        raise Http404
    document = row.consent.document
    text = documents.content(document).decode() if document else text_of(row.consent, request.person.language)
    context = {
        "person": request.person,
        "row": row,
        "consent": row.consent,
        "blocks": rules.blocks(text),
        "signatures": signatures_of("consent.consent", row.consent.public_id),
        "disclosures": row.consent.disclosures.all(),
        "may_manage": request.may(MANAGE),
        "is_revoked": row.standing is Standing.REVOKED,
        "waits_for_event": bool(row.consent.expiry_event) and row.is_active and not row.consent.event_on,
        "today": today_at(request.person),
    }
    return render(request, "consent/consent.html", context)


@require_POST
@requires_chart(MANAGE)
def revoke(request: ChartRequest, person: str, consent: str) -> HttpResponse:
    """Record that the person took it back in writing."""
    return _act(request, consent, _revoke, _("Taken back. What it allowed has stopped."))


def _revoke(request: ChartRequest, consent: Consent) -> None:
    services.revoke(actor=request.actor, consent=consent, note=request.POST.get("note", "")[:1000])


@require_POST
@requires_chart(MANAGE)
def withdraw(request: ChartRequest, person: str, consent: str) -> HttpResponse:
    """Take a form back that nobody has signed."""
    return _act(request, consent, _withdraw, _("The form is withdrawn."))


def _withdraw(request: ChartRequest, consent: Consent) -> None:
    services.withdraw(actor=request.actor, consent=consent)


@require_POST
@requires_chart(MANAGE)
def event_happened(request: ChartRequest, person: str, consent: str) -> HttpResponse:
    """The event took place by which it ends."""
    return _act(request, consent, _event, _("Written down: today is its last day."))


def _event(request: ChartRequest, consent: Consent) -> None:
    services.event_happened(actor=request.actor, consent=consent, on=today_at(request.person))


def _act(request: ChartRequest, key: str, act: Any, done: str) -> HttpResponse:
    row = get_object_or_404(queries.consents_of(request.person), public_id=key)
    with toasts.telling(request, done):
        act(request, row)
    return redirect("consent:consent", person=request.person.public_id, consent=key)
