"""The discharge plan with its appointments, and the step that plans the discharge (T21)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.episodes import ReasonForm
from dayward.care.journey.forms.following import AppointmentForm, DischargePlanForm
from dayward.care.journey.models import DischargePlan, Episode, FollowUpAppointment
from dayward.care.journey.permissions import AFTERCARE, DECIDE, FOLLOW
from dayward.care.journey.queries.aftercare import followed_episode
from dayward.care.journey.queries.first_week import open_episode
from dayward.care.journey.queries.leaving import (
    appointments_of,
    as_texts,
    in_words,
    lacking_words,
    lacks,
    plan_of,
    shown,
    title_of,
)
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.rules.leaving import PARTS
from dayward.care.journey.rules.merge import Clash, fingerprint
from dayward.care.journey.views.acts import ask, episode_of, once, page_of
from dayward.care.journey.views.first_week import current_episode
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day
from dayward.ui import toasts

AHEAD = timedelta(days=14)  # T21
State = FollowUpAppointment.State


@requires_chart(FOLLOW)
@require_http_methods(["GET", "POST"])
def discharge_plan(request: ChartRequest, person: str) -> HttpResponse:
    """What is settled before somebody leaves; what two people wrote is shown side by side"""
    episode = current_episode(request)
    plan = plan_of(episode)
    form = DischargePlanForm(request.POST or None, plan=plan, initial=_initial(episode, plan))
    if request.method == "POST" and form.is_valid():
        try:
            plan, clashes = services.save_discharge_plan(
                actor=request.actor, episode=episode, leaving=form.leaving()
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            if not clashes:
                toasts.done(request, _("The discharge plan is saved."))
                return HttpResponseRedirect(reverse("journey:discharge_plan", args=[person]))
            fresh = DischargePlanForm(plan=plan, initial={**_initial(episode, plan), **_typed(clashes)})
            return _plan_page(request, episode, plan, fresh, clashes, status=409)
    return _plan_page(request, episode, plan, form, status=409 if form.errors else 200)


@requires_chart(FOLLOW)
@require_POST
def save_draft(request: ChartRequest, person: str) -> HttpResponse:
    """The plan, as it is typed"""
    episode = current_episode(request)
    form = DischargePlanForm(request.POST, plan=plan_of(episode))
    if not form.is_valid():
        return HttpResponse(_("Not saved yet: a day is missing or not a day."), status=409)
    try:
        plan, clashes = services.save_discharge_plan(
            actor=request.actor, episode=episode, leaving=form.leaving()
        )
    except Refused as refused:
        return HttpResponse(refused.sentence, status=409)
    theirs = {clash.key for clash in clashes}
    fresh = [(key, fingerprint(text)) for key, text in as_texts(plan).items() if key not in theirs]
    return render(request, "journey/plan_saved.html", {"fresh": fresh, "clashes": bool(clashes)})


def _typed(clashes: tuple[Clash, ...]) -> dict[str, object]:
    """What the second writer wrote, for the form to keep."""
    typed: dict[str, object] = {clash.key: clash.typed for clash in clashes}
    return {key: str(text).split(",") if key == "supports" else text for key, text in typed.items()}


def _initial(episode: Episode, plan: DischargePlan | None) -> dict[str, object]:
    if plan is None:
        return {"planned_for": local_day(timezone.now(), episode.program.site.zone) + AHEAD}
    names = ("planned_for", "supports", "supports_note", "family", "family_note")
    return {name: getattr(plan, name) for name in (*names, *(part[0] for part in PARTS))}


def _plan_page(
    request: ChartRequest,
    episode: Episode,
    plan: DischargePlan | None,
    form: DischargePlanForm,
    clashes: tuple[Clash, ...] = (),
    *,
    status: int,
) -> HttpResponse:
    rows = appointments_of(episode)
    today = local_day(timezone.now(), episode.program.site.zone)
    context = {
        "person": episode.person,
        "episode": episode,
        "plan": plan,
        "form": form,
        "lacking": lacking_words(lacks(episode, plan, rows)),
        "appointments": shown(episode, plan, rows),
        "differences": [
            {
                "label": title_of(clash.key),
                "mine": in_words(clash.key, clash.typed),
                "theirs": in_words(clash.key, clash.stands),
            }
            for clash in clashes
        ],
        "short_notice": plan is not None and plan.planned_for < today + AHEAD,
        "may_decide": request.may(DECIDE),
        "step": next(iter(steps_for(episode, ("plan_discharge",))), None),
        "zone": episode.program.site.time_zone,
        "back": page_of(episode),
    }
    return render(request, "journey/discharge_plan.html", context, status=status)


@requires_chart(FOLLOW)
@require_POST
def give_copy(request: ChartRequest, person: str) -> HttpResponse:
    """The person has the plan in hand"""
    episode = current_episode(request)
    return once(
        request,
        run=lambda: services.give_copy(actor=request.actor, episode=episode),
        done=_("Written down: the person has a copy."),
        back=reverse("journey:discharge_plan", args=[person]),
    )


@requires_chart(DECIDE)
@require_POST
def plan_discharge(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The discharge is planned; what the plan lacks goes along as a warning"""
    found = episode_of(request, episode)
    return once(
        request,
        run=lambda: services.plan_discharge(actor=request.actor, episode=found),
        done=_("The discharge is planned."),
        back=page_of(found),
    )


@requires_chart(DECIDE)
@require_http_methods(["GET", "POST"])
def stay_on(request: ChartRequest, person: str, episode: str) -> HttpResponse:
    """The planned discharge is called off"""
    found = episode_of(request, episode)
    form = ReasonForm(request.POST or None)

    def run() -> object:
        return services.stay_on(actor=request.actor, episode=found, reason=form.cleaned_data["reason"])

    words = (_("Stay on after all"), _("The person stays on."))
    return ask(request, found, form=form, run=run, words=words, icon="arrow-back-up")


# -- appointments --------------------------------------------------------------------------------------------------


def _back(episode: Episode) -> str:
    name = "aftercare" if episode.ended_at else "discharge_plan"
    return reverse(f"journey:{name}", args=[episode.person.public_id])


def _episode_to_follow(request: ChartRequest) -> Episode:
    found = open_episode(request.person) or followed_episode(request.person)
    if found is None:
        raise Http404
    return found


@requires_chart(AFTERCARE)
@require_http_methods(["GET", "POST"])
def add_appointment(request: ChartRequest, person: str) -> HttpResponse:
    """An appointment after discharge"""
    episode = _episode_to_follow(request)
    form = AppointmentForm(request.POST or None)

    def run() -> object:
        visit = form.visit(episode.program.site.zone)
        return services.make_appointment(actor=request.actor, episode=episode, visit=visit)

    words = (_("Add an appointment"), _("The appointment is written down."))
    back = _back(episode)
    return ask(request, episode, form=form, run=run, words=words, icon="calendar-plus", back=back)


@requires_chart(AFTERCARE)
@require_POST
def appointment(request: ChartRequest, person: str, appointment: str) -> HttpResponse:
    """Confirm it, or say what became of it (`act`); undo leads here, too"""
    found = (
        FollowUpAppointment.objects.filter(
            episode__person_id__in=request.person.all_ids, public_id=appointment
        )
        .select_related("episode__person")
        .first()
    )
    what = request.POST.get("act") or request.GET.get("act", "")
    if found is None or what not in {"confirm", "reopen", *SETTLED}:
        raise Http404
    try:
        _acts(request, found)[what]()
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        undo = reverse("journey:appointment", args=[person, appointment]) + "?act=reopen"
        toasts.done(request, _("Written down."), undo_url=undo if what in SETTLED else "")
    return HttpResponseRedirect(_back(found.episode))


SETTLED = (State.ATTENDED.value, State.MISSED.value, State.CANCELLED.value)


def _acts(request: ChartRequest, row: FollowUpAppointment) -> dict[str, Callable[[], object]]:
    actor, result = request.actor, request.POST.get("result", "")

    def settle(state: str) -> Callable[[], object]:
        return lambda: services.settle_appointment(actor=actor, appointment=row, state=state, result=result)

    return {
        "confirm": lambda: services.confirm_appointment(actor=actor, appointment=row),
        "reopen": lambda: services.reopen_appointment(actor=actor, appointment=row),
        **{state: settle(state) for state in SETTLED},
    }
