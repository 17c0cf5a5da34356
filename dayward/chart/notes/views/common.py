"""What the pages of notes share: whose session it is, one row as a form, and what a save answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.schedule.models import Session, SessionStaff
from dayward.care.schedule.openers import AFTER
from dayward.chart.notes.forms import PartsForm
from dayward.chart.notes.pages import Page
from dayward.chart.notes.permissions import WRITE
from dayward.chart.notes.services.drafting import FAMILY, OBJECTIVE, REASON
from dayward.chart.safety.rules.merge import Clash, fingerprint
from dayward.foundation.access import queries as access
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.people.models import Person

CHOSEN = {OBJECTIVE, REASON, FAMILY}  # offered on the page: alone they make no draft


def session_of(request: StaffRequest, public_id: str) -> Session | HttpResponse:
    """The session, when its notes are this person's to write; else the page that says why not."""
    rows = Session.objects.select_related("site", "room", "service", "group")
    session = get_object_or_404(rows, public_id=public_id)
    if leads(request, session) or oversees(request, session):
        return session
    sentence = _("Notes are written by those who lead the session. Ask the director to let you cover it.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def leads(request: StaffRequest, session: Session) -> bool:
    return session.leaders.filter(staff=request.staff, status=SessionStaff.Status.LEADS).exists()


def oversees(request: StaffRequest, session: Session) -> bool:
    """Whose role writes in any chart (of a site, of its programs): supervisors."""
    seated = Person.objects.filter(bookings__in=session.bookings.all()).distinct()
    return access.oversees(request.powers, WRITE, session.site_id, seated)


def shown_to(request: StaffRequest, page: Page) -> Page:
    """Weeks later the chart of whoever was there is open no longer to those who led: their rows stay away."""
    session = page.session
    if session.span.end > timezone.now() - AFTER or oversees(request, session):
        return page
    seen = open_charts(request.powers, [line.seat.person for line in page.lines], WRITE)
    return replace(page, lines=tuple(line for line in page.lines if line.seat.person.pk in seen))


def touched(texts: Mapping[str, str]) -> bool:
    """Whether somebody wrote something: what a page offers by itself is no draft yet."""
    return any(text.strip() for key, text in texts.items() if key not in CHOSEN)


@dataclass(frozen=True)
class Saved:
    """What one save did, for the answer to the page."""

    fresh: list[tuple[str, str]]
    clashes: list[Clash]
    before: str  # of the names in the form


def answer(request: StaffRequest, saved: Iterable[Saved], **more: Any) -> HttpResponse:
    """The newest fingerprints, and whether two people wrote."""
    rows = list(saved)
    context = {
        "fresh": [pair for row in rows for pair in row.fresh],
        "clashes": any(row.clashes for row in rows),
        **more,
    }
    return render(request, "notes/saved.html", context)


def marks(
    before: str, texts: Mapping[str, str], changed: Iterable[str], clashes: Iterable[Clash]
) -> list[tuple[str, str]]:
    """Fingerprints of what is stored now, by the names of the form."""
    theirs = {clash.key for clash in clashes}
    return [(before + key, fingerprint(texts[key])) for key in changed if key not in theirs]


def differences(form: PartsForm, clashes: Iterable[Clash]) -> list[dict[str, str]]:
    """Both texts of what two people wrote."""
    return [
        {
            "label": str(form[form.before + clash.key].label) if form.has(clash.key) else clash.key,
            "mine": clash.mine,
            "theirs": clash.theirs,
        }
        for clash in clashes
    ]
