"""Staff pages: hand in files, see what was understood, accept the person or set the referral aside."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.care.journey.permissions import PIPELINE
from dayward.care.referrals import queries, services, shown
from dayward.care.referrals.forms import AcceptForm, SetAsideForm, offered
from dayward.care.referrals.models import ReferralDocument, State
from dayward.care.referrals.outcome import RefusedDocument
from dayward.care.referrals.packet import Packet
from dayward.care.referrals.parsers.detect import MAX_UNPACKED
from dayward.care.referrals.permissions import IMPORT
from dayward.care.referrals.undoing import why_not
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.documents import queries as documents
from dayward.foundation.documents import responses
from dayward.foundation.documents.permissions import READ
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import Candidate
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.permissions import requires, requires_chart
from dayward.ui import toasts

MOST_FILES = 20
SHOWN = 50
SHOWN_ON_TODAY = 3


def _sites(request: StaffRequest) -> list[Site]:
    return request.powers.places(IMPORT)


def _find(request: StaffRequest, referral: str) -> ReferralDocument:
    rows = ReferralDocument.objects.select_related("document", "site", "person", "decided_by")
    return get_object_or_404(rows, _about(request), public_id=referral, site__in=_sites(request))


def _about(request: StaffRequest) -> Q:
    """Referrals of nobody yet, and of people that the reader's role is about."""
    bound = request.powers.bound(IMPORT, site="site")
    return Q(person=None) | bound if bound else bound


@require_http_methods(["GET", "POST"])
@requires(IMPORT)
def index(request: StaffRequest) -> HttpResponse:
    """Referrals that wait, and the place to hand in more."""
    sites = _sites(request)
    if request.method == "POST":
        return _hand_in(request, sites)
    state = request.GET.get("state", State.WAITING)
    if state not in State.values:
        raise Http404
    rows = list(queries.listed(sites, state).filter(_about(request))[:SHOWN])
    _audit(request, "referrals.list", referrals=[row.public_id for row in rows])
    context = {"rows": rows, "tabs": _tabs(state, queries.counts(sites, _about(request))), "sites": sites}
    return render(request, "referrals/index.html", context)


def _tabs(current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    here = reverse("referrals:index")
    return [
        {"label": label, "url": f"{here}?state={state}", "active": state == current, "count": counts[state]}
        for state, label in State.choices
    ]


def _hand_in(request: StaffRequest, sites: list[Site]) -> HttpResponse:
    files = request.FILES.getlist("files")
    site = next(
        (site for site in sites if site.public_id == request.POST.get("site")), sites[0] if sites else None
    )
    if not files or site is None or len(files) > MOST_FILES:
        toasts.refuse(request, _("Choose between one and %(most)d files.") % {"most": MOST_FILES})
        return redirect("referrals:index")
    received = [
        (
            file.name or "",
            services.receive(actor=request.actor, site=site, content=file.read(), file_name=file.name or ""),
        )
        for file in files
    ]
    _tell(request, received)
    understood = [one.referral for _name, one in received if one.referral is not None]
    if len(received) == 1 and understood:
        return redirect("referrals:preview", referral=understood[0].public_id)
    return redirect("referrals:index")


def _tell(request: StaffRequest, received: list[tuple[str, services.Received]]) -> None:
    new = again = 0
    for name, one in received:
        if isinstance(one.result, RefusedDocument):
            toasts.refuse(request, f"{name}: {one.result.sentence}")
        else:
            again += one.again
            new += not one.again
    if new:
        words = ngettext("%(n)d referral was read and waits.", "%(n)d referrals were read and wait.", new) % {
            "n": new
        }
        toasts.done(request, words)
    if again:
        words = ngettext(
            "%(n)d file came before; nothing was added.", "%(n)d files came before; nothing was added.", again
        )
        toasts.warn(request, words % {"n": again})


def _audit(
    request: StaffRequest, action: str, subject: ReferralDocument | None = None, **detail: Any
) -> None:
    if subject is not None or any(detail.values()):
        site = subject.site if subject else None
        record(actor=request.actor, action=action, kind=Entry.Kind.VIEW, subject=subject, site=site, **detail)


# -- one referral that waits -----------------------------------------------------------------------------------


@require_GET
@requires(IMPORT)
def preview(request: StaffRequest, referral: str) -> HttpResponse:
    """What was understood, who it may already be, what was left out and why."""
    found = _find(request, referral)
    if found.person is not None:
        return redirect("referrals:in_chart", person=found.person.public_id, referral=referral)
    _audit(request, "referrals.preview", found)
    return _page(request, found)


def _candidates(request: StaffRequest, packet: Packet) -> list[Candidate]:
    return queries.candidates(packet, _sites(request), request.powers.bound(IMPORT, person=""))


def _page(
    request: StaffRequest, found: ReferralDocument, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    packet = found.understood()
    alike = _candidates(request, packet)
    audit_list(request, [one.person for one in alike])
    form = form or AcceptForm(candidates=alike, initial=offered(found, packet, alike))
    context = {
        **shown.page(found, packet),
        "referral": found,
        "alike": [(one, str(one.person.public_id)) for one in alike],
        "form": form,
        "waiting": found.state == State.WAITING,
    }
    return render(request, "referrals/preview.html", context, status=status)


@require_POST
@requires(IMPORT)
def accept(request: StaffRequest, referral: str) -> HttpResponse:
    """The person is taken in: somebody new, or somebody we know."""
    found = _find(request, referral)
    packet = found.understood()
    form = AcceptForm(request.POST, candidates=_candidates(request, packet))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        done = services.accept(
            actor=request.actor,
            referral=found,
            version=form.cleaned_data["version"],
            decision=form.decision(packet),
        )
    except Conflict:
        toasts.refuse(request, _("Somebody else decided about this referral meanwhile; look again."))
        return redirect("referrals:preview", referral=referral)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(request, found, form, status=422)
    assert done.person is not None
    assert done.case is not None
    undo = reverse("referrals:undo_accept", kwargs={"referral": referral})
    toasts.done(request, _("%(name)s is in the pipeline.") % {"name": done.person.called}, undo_url=undo)
    return redirect("journey:case", person=done.person.public_id, case=done.case.public_id)


@require_POST
@requires(IMPORT)
def undo_accept(request: StaffRequest, referral: str) -> HttpResponse:
    """Undo: accepted by mistake, so the document waits again."""
    found = _find(request, referral)
    with toasts.telling(request, _("The referral waits again.")):
        services.undo_accept(actor=request.actor, referral=found)
    return redirect("referrals:preview", referral=referral)


@require_POST
@requires(IMPORT)
def set_aside(request: StaffRequest, referral: str) -> HttpResponse:
    """Not to be taken in, with the reason."""
    found = _find(request, referral)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        toasts.refuse(request, _("Say why this referral is set aside."))
        return redirect("referrals:preview", referral=referral)
    try:
        services.set_aside(actor=request.actor, referral=found, **form.cleaned_data)
    except (Conflict, Refused) as problem:
        toasts.refuse(request, problem.sentence)
        return redirect("referrals:preview", referral=referral)
    undo = reverse("referrals:take_back", kwargs={"referral": referral})
    toasts.done(request, _("The referral is set aside."), undo_url=undo)
    return redirect("referrals:index")


@require_POST
@requires(IMPORT)
def take_back(request: StaffRequest, referral: str) -> HttpResponse:
    """Undo: it waits again."""
    with toasts.telling(request, _("The referral waits again.")):
        services.take_back(actor=request.actor, referral=_find(request, referral))
    return redirect("referrals:preview", referral=referral)


@require_GET
@requires(IMPORT)
def original(request: StaffRequest, referral: str) -> HttpResponse:
    """The bytes as they came, while nobody has decided whose they are."""
    found = _find(request, referral)
    if found.person is not None:
        return redirect("referrals:original_in_chart", person=found.person.public_id, referral=referral)
    _audit(request, "referrals.original", found)
    return _send(found, opened="opened" in request.GET)


def _send(found: ReferralDocument, *, opened: bool) -> HttpResponse:
    """As a file, never shown in the browser; packed ones also unpacked, as text."""
    response = responses.send(found.document)
    if opened and found.document.media_type == "application/gzip":
        response.content = _opened(documents.content(found.document))
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.headers["Content-Disposition"] = f'attachment; filename="{found.document.public_id}.txt"'
    return response


def _opened(content: bytes) -> bytes:
    """A gzipped original as text; it was opened within its limit when it was received."""
    try:
        return gzip.decompress(content)[:MAX_UNPACKED]
    except (OSError, EOFError, zlib.error):
        return content


# -- in the chart, once somebody is known ----------------------------------------------------------------------


@require_GET
@requires_chart(READ)
def in_chart(request: ChartRequest, person: str, referral: str) -> HttpResponse:
    """What the sender said, for those who treat the person."""
    found = _of_person(request, referral)
    context = {
        **shown.page(found, found.understood()),
        "referral": found,
        "person": request.person,
        "may_see_case": request.may(PIPELINE),
        "may_undo": found.site in _sites(request),
        "why_not": why_not(found),
        "filed": found.filed,
    }
    return render(request, "referrals/in_chart.html", context)


@require_GET
@requires_chart(READ)
def original_in_chart(request: ChartRequest, person: str, referral: str) -> HttpResponse:
    """The original of a referral in the chart."""
    return _send(_of_person(request, referral), opened="opened" in request.GET)


def _of_person(request: ChartRequest, referral: str) -> ReferralDocument:
    rows = queries.accepted_of(request.person).select_related(
        "document", "site", "decided_by", "case", "person"
    )
    return get_object_or_404(rows, public_id=referral)


# -- panels ----------------------------------------------------------------------------------------------------


def chart_panel(request: HttpRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """For the chart: the referrals the person came with."""
    referrals = yield from queries.read_newest(person)
    return {"person": person, "referrals": referrals} if referrals else None


def today_panel(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """For today: referrals that nobody has looked at."""
    waiting = queries.listed(_sites(request), State.WAITING)
    rows = yield from all_of(waiting[: SHOWN_ON_TODAY + 1])
    count = len(rows) if len(rows) <= SHOWN_ON_TODAY else waiting.count()
    return {"referrals": rows[:SHOWN_ON_TODAY], "count": count} if rows else None
