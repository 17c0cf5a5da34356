"""Fewer days: what a step would change, before it happens; and the taper that plans it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.following import StepDownForm, TaperStepForm
from dayward.care.journey.models import Episode, Segment, TaperStep
from dayward.care.journey.permissions import DECIDE
from dayward.care.journey.queries.facts import open_segment, terms_of
from dayward.care.journey.queries.moving import (
    Consequence,
    amount_of,
    consequence,
    seats_of,
    taper_of,
    under_way,
)
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.rules.stepping import Amount, Planned, next_step, taper
from dayward.care.journey.views.acts import act, episode_of, once, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day
from dayward.ui import toasts
from dayward.ui.drafts import keeps_draft, typed_here

TAPER_ROWS = 6
PREVIEW = "preview"  # what it changes, without doing it


def _today(episode: Episode) -> date:
    return local_day(timezone.now(), episode.program.site.zone)


@requires_chart(DECIDE)
@require_http_methods(["GET", "POST"])
@keeps_draft()
def step_down(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """What fewer days change, shown for what is typed; then done. Both are posted: no reason stands in an address."""
    found = episode_of(request, episode)
    segment, planned = under_way(found)
    if segment is None:
        return HttpResponseRedirect(page_of(found))
    prefetch_related_objects([found.program], "terms")  # asked for two days
    start = _suggested(found, segment, planned)
    standing = seats_of(found, _today(found))
    initial = _initial(segment, start, sorted({seat.weekday for seat in standing}))
    is_done = request.method == "POST" and PREVIEW not in request.POST
    data = request.POST if request.method == "POST" else typed_here(request)
    form = StepDownForm(data, program=found.program, seats=standing, initial=initial)
    shown = _consequence(found, segment, form, initial)
    if not is_done:
        form = StepDownForm(program=found.program, seats=standing, initial={**initial, **_typed(form)})

    def run() -> object:
        return services.step_down(
            actor=request.actor,
            episode=found,
            place=form.place(),
            keep=form.kept(),
            reason=form.cleaned_data["reason"],
        )

    return act(
        request,
        form=form,
        run=run,
        done=_("Stepped down. The days that stay are booked on."),
        back=page_of(found),
        template="journey/step_down.html",
        context={
            "person": found.person,
            "episode": found,
            "segment": segment,
            "consequence": shown,
            "steps": steps_for(found, ("step_down",)),
        },
    )


def _suggested(episode: Episode, segment: Segment, taper: list[TaperStep]) -> tuple[Amount, date]:
    """The next planned step of the taper, else the usual one; tomorrow at the earliest."""
    tomorrow = max(_today(episode), segment.starts_on) + timedelta(days=1)
    planned = next((step for step in taper if step.segment_id is None), None)
    if planned is not None:
        return amount_of(planned), max(planned.starts_on, tomorrow)
    floor = terms_of(episode.program, tomorrow).floor_minutes
    return next_step(amount_of(segment), floor) or amount_of(segment), tomorrow


def _initial(segment: Segment, start: tuple[Amount, date], weekdays: list[int]) -> dict[str, Any]:
    amount, on = start
    return {
        "level": amount.level,
        "days_per_week": amount.days,
        "hours": f"{amount.minutes / 60:g}",
        "starts_on": on,
        "track": segment.track.public_id,
        "keep": [str(day) for day in weekdays[: amount.days]],
    }


def _typed(form: StepDownForm) -> dict[str, Any]:
    """What is there already when it is shown what it changes."""
    if not form.is_bound:
        return {}
    form.is_valid()
    data = dict(form.cleaned_data)
    if "track" in data:
        data["track"] = data["track"].public_id
    return data


def _consequence(
    episode: Episode, segment: Segment, form: StepDownForm, initial: dict[str, Any]
) -> Consequence | None:
    values = {**initial, **_typed(form)}
    amount = Amount(values["level"], values["days_per_week"], round(float(values["hours"]) * 60))
    on = values["starts_on"]
    keep = frozenset(int(day) for day in values["keep"])
    return consequence(episode, segment, amount, on, keep, seats_of(episode, on))


@requires_chart(DECIDE)
@require_http_methods(["GET", "POST"])
def plan_taper(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The steps to fewer days that the team plans, in one table"""
    found = episode_of(request, episode)
    segment = open_segment(found)
    if segment is None:
        return HttpResponseRedirect(page_of(found))
    forms = _taper_forms(request, found, segment)
    refused = None
    if request.method == "POST":
        filled = [form for form in forms if form["on"].value()]  # a row without a day is empty
        if all(form.is_valid() for form in filled):
            try:
                services.plan_taper(
                    actor=request.actor, episode=found, steps=[_step(form) for form in filled]
                )
            except Refused as error:
                refused = error
            else:
                toasts.done(request, _("The steps are planned."))
                return HttpResponseRedirect(page_of(found))
    context = {
        "person": found.person,
        "episode": found,
        "segment": segment,
        "forms": forms,
        "refused": refused,
        "back": page_of(found),
        "planned": [step for step in taper_of(found) if step.segment_id is None],
    }
    return render(request, "journey/taper.html", context, status=409 if refused else 200)


def _taper_forms(request: ChartRequest, episode: Episode, segment: Segment) -> list[TaperStepForm]:
    """Rows for the planned steps, or for the usual ones where nothing is planned, and some empty ones."""
    if request.method == "POST":
        return [
            TaperStepForm(
                request.POST, prefix=str(number), empty_permitted=True, use_required_attribute=False
            )
            for number in range(TAPER_ROWS)
        ]
    planned = [
        Planned(step.starts_on, amount_of(step)) for step in taper_of(episode) if step.segment_id is None
    ]
    if not planned:
        since = max(_today(episode), segment.starts_on) + timedelta(weeks=2)
        floor = terms_of(episode.program, since).floor_minutes
        planned = list(taper(amount_of(segment), floor, since))
    rows: list[dict[str, Any]] = [
        {
            "on": step.on,
            "level": step.amount.level,
            "days": step.amount.days,
            "hours": f"{step.amount.minutes / 60:g}",
        }
        for step in planned
    ]
    rows += [{"level": ""}] * max(TAPER_ROWS - len(rows), 0)
    return [
        TaperStepForm(prefix=str(number), initial=row, empty_permitted=True, use_required_attribute=False)
        for number, row in enumerate(rows[:TAPER_ROWS])
    ]


def _step(form: TaperStepForm) -> Planned:
    data = form.cleaned_data
    return Planned(data["on"], Amount(data["level"], data["days"], round(data["hours"] * 60)))


@requires_chart(DECIDE)
@require_POST
def review_stay(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The stay was looked at, by the review of the plan"""
    found = episode_of(request, episode)
    return once(
        request,
        run=lambda: services.review_stay(actor=request.actor, episode=found),
        done=_("The stay is reviewed."),
        back=page_of(found),
    )
