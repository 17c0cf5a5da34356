"""After discharge: calls, appointments, who is followed; and the alumni, by their own consent."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.following import CallForm, EventForm
from dayward.care.journey.models import AftercareCall, AftercareCase, AlumniAttendance, AlumniEvent, Episode
from dayward.care.journey.permissions import AFTERCARE, ALUMNI, FOLLOW
from dayward.care.journey.queries import alumni as members
from dayward.care.journey.queries.aftercare import (
    OpenCase,
    aftercare_page,
    followed,
    followed_episode,
    late_calls,
    next_calls,
    open_cases,
)
from dayward.care.journey.queries.first_week import open_episode
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.rules.calls import AFTERCARE as SLOTS
from dayward.care.journey.rules.calls import FIRST_WEEK
from dayward.care.journey.rules.calls import SLOTS as ALL_SLOTS
from dayward.care.journey.views.acts import HERE, act, once
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.queries import reached_by
from dayward.kernel.permissions import requires, requires_chart
from dayward.ui.drafts import keeps_draft

ON_PAGE = 25


def _followed(request: ChartRequest) -> Episode:
    found = followed_episode(request.person)
    if found is None:
        raise Http404
    if found.person_id == request.person.pk:
        found.person = request.person
    return found


def _page(episode: Episode) -> str:
    return reverse("journey:aftercare", args=[episode.person.public_id])


@requires_chart(AFTERCARE)
@require_GET
def show(request: ChartRequest, person: str) -> HttpResponse:
    """The calls of one person with what was heard, the appointments, and what may follow"""
    episode = _followed(request)
    page = aftercare_page(episode)
    steps = steps_for(page.case, HERE) if page.case else ()
    context = {
        "person": episode.person,
        "episode": episode,
        "page": page,
        "steps": [step for step in steps if step.row.permission != ALUMNI.key or request.may(ALUMNI)],
        "zone": episode.program.site.time_zone,
    }
    return render(request, "journey/aftercare.html", context)


@requires_chart(AFTERCARE)
@require_http_methods(["GET", "POST"])
@keeps_draft()
def call(request: ChartRequest, person: str, slot: str) -> HttpResponse:
    """Write down a call: whom it reached, how they are, what is done about a warning sign"""
    if slot not in ALL_SLOTS:
        raise Http404
    early = slot in FIRST_WEEK
    episode = open_episode(request.person) if early else followed_episode(request.person)
    if episode is None:
        raise Http404
    form = CallForm(request.POST or None, after=not early)

    def run() -> object:
        return services.log_call(actor=request.actor, episode=episode, slot=slot, heard=form.heard())

    back = _page(episode)
    if early:
        back = reverse("journey:first_week" if request.may(FOLLOW) else "staff:chart", args=[person])
    title = _("Call: %(which)s") % {"which": _(ALL_SLOTS[slot])}
    return act(
        request,
        form=form,
        run=run,
        done=_("The call is written down."),
        back=back,
        template="journey/call.html",
        context={
            "person": episode.person,
            "episode": episode,
            "title": title,
            "points": reached_by(request.person),
        },
    )


@requires_chart(AFTERCARE)
@require_POST
def withdraw_call(request: ChartRequest, person: str, call: str) -> HttpResponse:
    """A call was entered in error; it stays readable"""
    found = AftercareCall.objects.filter(
        episode__person_id__in=request.person.all_ids, public_id=call
    ).first()
    if found is None:
        raise Http404
    name = "journey:first_week" if found.slot in FIRST_WEEK else "journey:aftercare"
    return once(
        request,
        run=lambda: services.withdraw_call(actor=request.actor, call=found),
        done=_("Marked as entered in error. It stays readable and counts no longer."),
        back=reverse(name, args=[person]),
    )


# -- lists ---------------------------------------------------------------------------------------------------------


@requires(AFTERCARE)
@require_GET
def aftercare_list(request: StaffRequest) -> HttpResponse:
    """Whom to call next, and whose appointment nobody knows the end of"""
    sites = request.powers.places(AFTERCARE)
    cases = next_calls(_for_reader(request, open_cases(sites)))
    page = Paginator(cases, ON_PAGE).get_page(request.GET.get("page"))
    lines = followed([case.key for case in page])
    audit_list(request, [line.person for line in lines])
    context = {
        "lines": lines,
        "page": page,
        "late": late_calls(cases, timezone.now()),
        "slots": SLOTS,
        "may_alumni": request.may(ALUMNI),
    }
    return render(request, "journey/aftercare_list.html", context)


def _for_reader(request: StaffRequest, cases: list[OpenCase]) -> list[OpenCase]:
    """Those whose chart is open to the reader: all to case managers, to alumni coordinators who asked for it."""
    seen = open_charts(request.powers, [case.person for case in cases], AFTERCARE)
    return [case for case in cases if case.person.pk in seen]


@requires(ALUMNI)
@require_http_methods(["GET", "POST"])
@keeps_draft()
def alumni(request: StaffRequest) -> HttpResponse:
    """Who asked to stay in touch, and what they may come to"""
    sites = request.powers.places(ALUMNI)
    page = Paginator(members.keys(sites, _of_alumni(request)), ON_PAGE).get_page(request.GET.get("page"))
    people = members.told(list(page.object_list))
    audit_list(request, [member.case.episode.person for member in people])
    form = EventForm(request.POST or None, sites=sites)

    def run() -> object:
        return services.make_event(actor=request.actor, site=form.where(), gathering=form.gathering())

    now = timezone.now()
    rows = list(members.events(sites)[:40])
    return act(
        request,
        form=form,
        run=run,
        done=_("The event is on the list."),
        back=reverse("journey:alumni"),
        template="journey/alumni.html",
        context={
            "members": people,
            "page": page,
            "coming": [row for row in reversed(rows) if row.ends_at >= now],
            "past": [row for row in rows if row.ends_at < now],
            "several": len(sites) > 1,
        },
    )


def _of_alumni(request: StaffRequest) -> Q:
    return request.powers.of_programs(ALUMNI, "episode__program")


def _event(request: StaffRequest, public_id: str) -> AlumniEvent:
    found = members.events(request.powers.places(ALUMNI)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@requires(ALUMNI)
@require_GET
def event(request: StaffRequest, event: str) -> HttpResponse:
    """One event: who comes, and who came"""
    found = _event(request, event)
    people = members.members([found.site], _of_alumni(request))
    said = dict(AlumniAttendance.objects.filter(event=found).values_list("aftercare_id", "answer"))
    audit_list(request, [member.case.episode.person for member in people])
    context = {
        "event": found,
        "rows": [{"member": member, "answer": said.get(member.case.pk, "")} for member in people],
        "begun": found.starts_at <= timezone.now(),
        "zone": found.site.time_zone,
        "several": len(request.powers.places(ALUMNI)) > 1,
        "may_call_off": found.site in request.powers.sites(ALUMNI),
    }
    return render(request, "journey/alumni_event.html", context)


@requires(ALUMNI)
@require_POST
def answer(request: StaffRequest, event: str) -> HttpResponse:
    """Whether somebody comes or came (`member`, `answer`)"""
    found = _event(request, event)
    rows = AftercareCase.objects.filter(
        _of_alumni(request), episode__program__site__in=request.powers.places(ALUMNI)
    )
    member = rows.filter(public_id=request.POST.get("member", "")).first()
    said = request.POST.get("answer", "")
    if member is None or said not in AlumniAttendance.Answer.values:
        raise Http404
    return once(
        request,
        run=lambda: services.answer_event(actor=request.actor, event=found, member=member, answer=said),
        done=_("Written down."),
        back=reverse("journey:alumni_event", args=[event]),
    )


@requires(ALUMNI)
@require_POST
def cancel(request: StaffRequest, event: str) -> HttpResponse:
    """The event does not take place, or does after all (`restore`)"""
    found = _event(request, event)
    if found.site not in request.powers.sites(ALUMNI):  # it is of the whole site
        raise Http404
    restore = "restore" in request.POST or "restore" in request.GET
    verb = services.restore_event if restore else services.cancel_event
    undo = "" if restore else reverse("journey:alumni_cancel", args=[event]) + "?restore=1"
    return once(
        request,
        run=lambda: verb(actor=request.actor, event=found),
        done=_("It takes place after all.") if restore else _("The event is canceled."),
        back=reverse("journey:alumni_event", args=[event]),
        undo_url=undo,
    )
