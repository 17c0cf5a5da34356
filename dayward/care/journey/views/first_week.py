"""The first-week list: one page, and a tick from the chart."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.care.journey import services
from dayward.care.journey.models import Episode
from dayward.care.journey.permissions import DECIDE, FOLLOW, PIPELINE
from dayward.care.journey.queries.first_week import LISTED, first_week, open_episode
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.rules.first_week import BY_KEY
from dayward.care.journey.views.acts import once, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


def current_episode(request: ChartRequest) -> Episode:
    """The open episode of the chart's person; 404 where there is none."""
    found = open_episode(request.person)
    if found is None:
        raise Http404
    if found.person_id == request.person.pk:
        found.person = request.person
    return found


@requires_chart(PIPELINE)
@require_GET
def current(request: ChartRequest, person: str) -> HttpResponse:
    """Leads to the page of the open episode."""
    return HttpResponseRedirect(page_of(current_episode(request)))


@requires_chart(FOLLOW)
@require_GET
def show(request: ChartRequest, person: str) -> HttpResponse:
    """What the first week still needs, with the day each line is due"""
    episode = current_episode(request)
    return _page(request, episode)


def _page(request: ChartRequest, episode: Episode, **context: object) -> HttpResponse:
    steps = steps_for(episode, ("finish_first_week",)) if episode.state == "first_week" else ()
    shown = {
        "person": episode.person,
        "episode": episode,
        "week": first_week(episode),
        "may_decide": request.may(DECIDE),
        "step": next(iter(steps), None),
        "listed": episode.state in LISTED,
        **context,
    }
    return render(request, "journey/first_week.html", shown, status=409 if context else 200)


@requires_chart(FOLLOW)
@require_POST
def tick(request: ChartRequest, person: str) -> HttpResponse:
    """Tick one line, with its text where it takes one"""
    episode, kind = current_episode(request), request.POST.get("kind", "")
    if kind not in BY_KEY:
        raise Http404
    text = request.POST.get("text", "")
    try:
        services.tick_item(actor=request.actor, episode=episode, kind=kind, text=text)
    except Refused as refused:
        return _page(request, episode, refused=refused.sentence, typed_kind=kind, typed=text)
    undo = reverse("journey:untick", args=[episode.person.public_id]) + f"?kind={kind}"
    toasts.done(request, _("Written down."), undo_url=undo)
    back = "staff:chart" if request.POST.get("back") == "chart" else "journey:first_week"
    return HttpResponseRedirect(reverse(back, args=[episode.person.public_id]))


@requires_chart(FOLLOW)
@require_POST
def untick(request: ChartRequest, person: str) -> HttpResponse:
    """Undo of a tick"""
    episode = current_episode(request)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    return once(
        request,
        run=lambda: services.untick_item(actor=request.actor, episode=episode, kind=kind),
        done=_("Taken back. What was written stays in the record."),
        back=reverse("journey:first_week", args=[episode.person.public_id]),
    )


@requires_chart(DECIDE)
@require_POST
def finish(request: ChartRequest, person: str) -> HttpResponse:
    """The first week is done; what is missing goes along as a warning"""
    episode = current_episode(request)
    return once(
        request,
        run=lambda: services.finish_first_week(actor=request.actor, episode=episode),
        done=_("Getting started is finished."),
        back=page_of(episode),
    )
