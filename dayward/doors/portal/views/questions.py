from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.measures import queries as measures
from dayward.chart.measures import services
from dayward.chart.measures.models import Administration
from dayward.chart.safety.alerts.queries import crisis_card
from dayward.chart.safety.rules import crisis
from dayward.doors.portal import sessions
from dayward.doors.portal.queries import questions as queries
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import portal
from dayward.ui import toasts

RATHER_NOT = "rather-not"


@require_GET
@portal
@in_zone_of_person
def questions(request: PortalRequest) -> HttpResponse:
    """What waits to be answered, and what to know before the first question."""
    waiting = queries.waiting_for(request.person)
    context = {
        "waiting": waiting,
        "minutes": sum(each.instrument.minutes for each in waiting),
        "before": _(crisis.BEFORE),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/questions.html", context)


@require_POST
@portal
def begin(request: PortalRequest, instrument: str) -> HttpResponse:
    """Begin a questionnaire, or go on with it."""
    if instrument not in {each.instrument.key for each in queries.waiting_for(request.person)}:
        toasts.refuse(request, _("These questions are not asked right now."))
        return redirect("portal:questions")
    row = services.start(
        actor=request.actor,
        person=request.person,
        instrument=instrument,
        language=(get_language() or "en")[:2],
    )
    return redirect("portal:question", questionnaire=row.public_id)


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def question(request: PortalRequest, questionnaire: str) -> HttpResponse:
    """One question a page; each answer is saved by itself."""
    row = _own(request, questionnaire)
    if request.method == "POST":
        return _save(request, row)
    return _show(request, row)


def _own(request: PortalRequest, key: str) -> Administration:
    row = queries.own(request.person, key)
    if row is None:
        raise Http404
    return row


def _show(request: PortalRequest, row: Administration, problem: str = "") -> HttpResponse:
    shown = queries.shown(row, request.POST.get("item", "") or request.GET.get("item", ""))
    if shown is None:
        return redirect("portal:question_done", questionnaire=row.public_id)
    context = {
        "shown": shown,
        "question": shown.question,
        "rather_not": RATHER_NOT,
        "problem": problem,
        "card": _card(row),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/question.html", context, status=422 if problem else 200)


def _card(row: Administration) -> crisis.Card | None:
    return crisis_card(row)


def _urgency(card: crisis.Card | None) -> int:
    """How much the card presses: help stands in the way once, not after every answer."""
    if card is None or not card.at_once:
        return 0
    return 2 if crisis.STAY in card.lines else 1


def _save(request: PortalRequest, row: Administration) -> HttpResponse:
    before = _card(row)
    given = request.POST.get("value", "")
    if not given:
        return _show(request, row, _("Please choose an answer. “Would rather not say” is one too."))
    try:
        value = None if given == RATHER_NOT else _number(given)
        services.answer(
            actor=request.actor, administration=row, item=request.POST.get("item", ""), value=value
        )
        _end(request, row)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("portal:questions")
    if _urgency(_card(row)) > _urgency(before):
        return redirect("portal:question_help", questionnaire=row.public_id)
    return redirect("portal:question", questionnaire=measures.root_of(row).public_id)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Refused(_("That was none of the answers. Please choose again."))
    return int(text)


def _end(request: PortalRequest, row: Administration) -> None:
    """What has no question left is finished: first what an answer asked, then what asked it."""
    root = measures.root_of(row)
    for each in (measures.followed_by(root), root):
        if each is not None and each.is_open and each.started_at and not queries.unanswered(each):
            if each.pk == root.pk and measures.next_item(root) is not None:
                continue
            services.finish(actor=request.actor, administration=each)


@require_GET
@portal
@in_zone_of_person
def question_help(request: PortalRequest, questionnaire: str) -> HttpResponse:
    """Whom to call, before the next question; the questions go on from here."""
    row = _own(request, questionnaire)
    root = measures.root_of(row)
    context = {
        "card": _card(row),
        "root": root,
        "goes_on": measures.next_item(root) is not None,
        "site": request.person.site,
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/question_help.html", context)


@require_GET
@portal
@in_zone_of_person
def question_done(request: PortalRequest, questionnaire: str) -> HttpResponse:
    """Thanks, and the person's own course."""
    row = measures.root_of(_own(request, questionnaire))
    if measures.next_item(row) is not None:
        return redirect("portal:question", questionnaire=row.public_id)
    courses = queries.own_courses(measures.course_of(request.person))
    context = {
        "card": _card(row),
        "courses": [each for each in courses if each.instrument.key == row.instrument],
        "waiting": queries.waiting_for(request.person),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/question_done.html", context)
