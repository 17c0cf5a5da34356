"""An episode: where it stands, its segments and holds, and the steps a team takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.episodes import (
    DischargeForm,
    HoldForm,
    ReasonForm,
    ReturnForm,
    StepUpForm,
    TrackForm,
)
from dayward.care.journey.forms.intake import ContactForm
from dayward.care.journey.models import Episode, Handoff
from dayward.care.journey.permissions import (
    AFTERCARE,
    ALUMNI,
    DECIDE,
    FOLLOW,
    INTAKE,
    OVERRIDE,
    PIPELINE,
    REACH,
)
from dayward.care.journey.queries.episode_page import episode_page
from dayward.care.journey.queries.facts import open_segment
from dayward.care.journey.queries.leaving import appointments_of, lacking_words, lacks, plan_of
from dayward.care.journey.queries.reopening import coming_back
from dayward.care.journey.queries.steps import open_alert, steps_for
from dayward.care.journey.rules.table import BY_KEY
from dayward.care.journey.views.acts import HERE, act, ask, episode_of, once, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day
from dayward.ui.drafts import keeps_draft


@requires_chart(PIPELINE)
def show(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """One enrollment: state, flag, segments, holds, what happened, what may follow."""
    found = episode_of(request, episode)
    words = {
        "decide": DECIDE,
        "override": OVERRIDE,
        "aftercare": AFTERCARE,
        "follow": FOLLOW,
        "intake": INTAKE,
        "reach": REACH,
    }
    may = {name: request.may(word) for name, word in words.items()}
    prefetch_related_objects([found.program], "terms")  # asked for by each rule about coming back
    page = episode_page(found)
    choices = [choice for choice in page.choices if request.may(WORDS[choice.permission])]
    context = {
        "episode": found,
        "page": page,
        "choices": choices,
        "may": may,
        "coming_back": coming_back(found),
    }
    return render(request, "journey/episode.html", context)


WORDS = {word.key: word for word in (INTAKE, DECIDE, OVERRIDE)}


def _today(episode: Episode) -> Any:
    return local_day(timezone.now(), episode.program.site.zone)


@requires_chart(REACH)
@keeps_draft()
def contact(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Log a try to reach somebody who stays away."""
    found = episode_of(request, episode)
    form = ContactForm(request.POST or None)
    del form.fields["next_day"], form.fields["next_time"]

    def run() -> object:
        return services.log_contact(actor=request.actor, episode=found, **form.cleaned_data)

    return ask(
        request,
        found,
        form=form,
        run=run,
        words=(_("Log a contact"), _("Contact written down.")),
        icon="phone",
    )


def _ask_why(
    request: ChartRequest, episode: str, act: Callable[..., object], words: tuple[str, str], icon: str
) -> HttpResponse:
    """What needs no more than a reason."""
    found = episode_of(request, episode)
    form = ReasonForm(request.POST or None)

    def run() -> object:
        return act(actor=request.actor, episode=found, reason=form.cleaned_data["reason"])

    return ask(request, found, form=form, run=run, words=words, icon=icon)


@requires_chart(DECIDE)
def flag(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """At risk: the team looks closer."""
    return _ask_why(request, episode, services.flag_at_risk, (_("Flag as at risk"), _("Flagged.")), "flag")


@requires_chart(DECIDE)
def clear(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """What the flag was for is answered."""
    return _ask_why(
        request, episode, services.clear_at_risk, (_("Take the flag off"), _("Flag taken off.")), "flag-off"
    )


@requires_chart(DECIDE)
@keeps_draft()
def hold(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Away for a while, within the longest hold."""
    found = episode_of(request, episode)
    form = HoldForm(request.POST or None, initial={"starts_on": _today(found)})

    def run() -> object:
        return services.hold(actor=request.actor, episode=found, away=form.away())

    return ask(
        request, found, form=form, run=run, words=(_("Put on hold"), _("On hold.")), icon="player-pause"
    )


@requires_chart(DECIDE)
def come_back(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Back from a hold."""
    found = episode_of(request, episode)
    form = ReturnForm(request.POST or None, initial={"on": _today(found)})

    def run() -> object:
        return services.return_from_hold(actor=request.actor, episode=found, on=form.cleaned_data["on"])

    return ask(
        request,
        found,
        form=form,
        run=run,
        words=(_("Back from hold"), _("Welcome back.")),
        icon="player-play",
    )


@requires_chart(OVERRIDE)
def change_track(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Another track at the same level: a new segment."""
    found = episode_of(request, episode)
    segment = open_segment(found)
    initial: dict[str, Any] = {"starts_on": _today(found)}
    if segment:
        hours = f"{segment.prescribed_minutes / 60:g}"
        track = segment.track.public_id
        initial |= {"track": track, "days_per_week": segment.days_per_week, "hours": hours}
    form = TrackForm(request.POST or None, program=found.program, initial=initial)

    def run() -> object:
        return services.change_track(
            actor=request.actor, episode=found, place=form.place(), reason=form.cleaned_data["reason"]
        )

    return ask(
        request,
        found,
        form=form,
        run=run,
        words=(_("Change track"), _("Track changed.")),
        icon="arrows-exchange",
    )


@requires_chart(DECIDE)
def never_started(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Admitted, but no service was ever delivered."""
    return _ask_why(
        request,
        episode,
        services.never_started,
        (_("Never started"), _("Closed as never started.")),
        "user-x",
    )


@requires_chart(DECIDE)
@keeps_draft()
def discharge(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The end, with its type."""
    found = episode_of(request, episode)
    form = DischargeForm(request.POST or None, initial={"on": _today(found), "aftercare": True})
    plan = plan_of(found)

    def run() -> object:
        return services.discharge(actor=request.actor, episode=found, **form.cleaned_data)

    context = {
        "person": found.person,
        "episode": found,
        "plan": plan,
        "lacking_plan": lacking_words(lacks(found, plan, appointments_of(found))),
        "may_sign": request.may(OVERRIDE),
        "open_alert": open_alert(found),
    }
    return act(
        request,
        form=form,
        run=run,
        done=_("Discharged. The summary is due next."),
        back=page_of(found),
        template="journey/discharge.html",
        context=context,
    )


@requires_chart(DECIDE)
@keeps_draft()
def lost(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Nobody can reach the person."""
    found = episode_of(request, episode)
    form = ReasonForm(request.POST or None)

    def run() -> object:
        return services.discharge_lost(actor=request.actor, episode=found, reason=form.cleaned_data["reason"])

    words = (_("Discharge as lost contact"), _("Discharged, effective on the last day of service."))
    steps = steps_for(found, ("discharge_lost",))
    alert = open_alert(found)
    return ask(
        request, found, form=form, run=run, words=words, icon="phone-off", steps=steps, open_alert=alert
    )


@requires_chart(DECIDE)
@keeps_draft()
def step_up(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """More care: first written down, then, when the receiving program has accepted, the episode ends."""
    found = episode_of(request, episode)
    form = StepUpForm(request.POST or None, initial=_last_handoff(found))
    wait = request.POST.get("act") == "wait"

    def run() -> object:
        if wait:
            return services.log_handoff(actor=request.actor, episode=found, handover=form.handover())
        reason = form.cleaned_data["reason"]
        return services.step_up(actor=request.actor, episode=found, handover=form.handover(), reason=reason)

    here = reverse("journey:episode_step_up", args=[found.person.public_id, found.public_id])
    return act(
        request,
        form=form,
        run=run,
        done=_("Written down; the episode goes on until they have accepted.") if wait else _("Handed over."),
        back=here if wait else page_of(found),
        template="journey/step_up.html",
        context={
            "person": found.person,
            "episode": found,
            "steps": steps_for(found, ("step_up",)),
            "open_alert": open_alert(found),
            "episode_url": page_of(found),
        },
    )


def _last_handoff(episode: Episode) -> dict[str, Any]:
    """What was written down before, so that it is written once."""
    names = ("target", "contact_name", "accepted", "packet_note", "wait_note")
    last = Handoff.objects.filter(episode=episode, route=Handoff.Route.HIGHER).last()
    return {name: getattr(last, name) for name in names} if last else {}


@requires_chart(AFTERCARE)
@require_POST
def aftercare(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """Open aftercare, or take one of its steps (`key`, with a reason where it needs one)."""
    found = episode_of(request, episode)
    case = getattr(found, "aftercare", None)
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "")

    def run() -> object:
        if case is None:
            return services.open_aftercare(actor=request.actor, episode=found)
        row = BY_KEY.get(key)
        if row is None or key not in HERE or (row.permission == ALUMNI.key and not request.may(ALUMNI)):
            raise Refused(_("This step is not yours to take."))
        return services.move_aftercare(actor=request.actor, case=case, key=key, reason=reason)

    back = reverse("journey:aftercare", args=[found.person.public_id])
    return once(request, run=run, done=_("Written down."), back=back)
