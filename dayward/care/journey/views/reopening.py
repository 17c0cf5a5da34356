"""Back soon: what the payer says, and the ended episode goes on (T26)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dayward.care.journey import services
from dayward.care.journey.forms.episodes import PlaceForm
from dayward.care.journey.forms.reopening import PayerWordForm
from dayward.care.journey.models import Episode, Segment
from dayward.care.journey.permissions import INTAKE, OVERRIDE
from dayward.care.journey.queries.reopening import ComingBack, coming_back
from dayward.care.journey.views.acts import act, ask, episode_of, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day


def _returning(request: ChartRequest, public_id: str) -> tuple[Episode, ComingBack]:
    """An ended episode that may still go on."""
    found = episode_of(request, public_id)
    back = coming_back(found)
    if back is None:
        raise Http404
    return found, back


def _today(episode: Episode) -> date:
    return local_day(timezone.now(), episode.program.site.zone)


@requires_chart(INTAKE)
@require_http_methods(["GET", "POST"])
def payer_word(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """What the payer says about going on with an ended stay, or why none has to be asked"""
    found, _back = _returning(request, episode)
    form = PayerWordForm(request.POST or None, initial={"said_on": _today(found)})

    def run() -> object:
        return services.note_payer_word(actor=request.actor, episode=found, said=form.said())

    words = (_("What the payer says"), _("Written down."))
    return ask(request, found, form=form, run=run, words=words, icon="phone", button=_("Write down"))


@requires_chart(OVERRIDE)
@require_http_methods(["GET", "POST"])
def reopen(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The ended episode goes on, with the place the person comes back to"""
    found, back = _returning(request, episode)
    form = PlaceForm(request.POST or None, program=found.program, initial=_as_before(found))
    return act(
        request,
        form=form,
        run=lambda: services.reopen(actor=request.actor, episode=found, place=form.place()),
        done=_("The episode goes on. Now find the week that fits."),
        back=page_of(found),
        template="journey/reopen.html",
        context={"person": found.person, "episode": found, "coming_back": back},
    )


def _as_before(episode: Episode) -> dict[str, Any]:
    """The amount of the last segment, from today on."""
    last: Segment = episode.segments.select_related("track").latest("starts_on", "id")
    return {
        "track": last.track.public_id,
        "starts_on": _today(episode),
        "days_per_week": last.days_per_week,
        "hours": f"{last.prescribed_minutes / 60:g}",
        "floor_reason": last.reason[:300],
    }
