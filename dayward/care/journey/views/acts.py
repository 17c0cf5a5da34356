"""What every form page of a case or an episode does: show, check, one service call, back with a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.queries.cases import case_for
from dayward.care.journey.services import StepRefused
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.ui import drafts, toasts

#: Steps taken on the page of aftercare; coming back and a death happen elsewhere.
HERE = ("join_alumni", "join_again", "leave_alumni", "end_aftercare")


def case_of(request: ChartRequest, public_id: str) -> IntakeCase:
    """The case of the URL, where it is this person's."""
    found = case_for(request.person.all_ids, public_id)
    if found is None:
        raise Http404
    if found.person_id == request.person.pk:
        found.person = request.person  # the one that was read already
    return found


def episode_of(request: ChartRequest, public_id: str) -> Episode:
    """The episode of the URL, where it is this person's."""
    found = (
        Episode.objects.filter(person_id__in=request.person.all_ids, public_id=public_id)
        .select_related("person", "program__site", "case", "aftercare")
        .first()
    )
    if found is None:
        raise Http404
    if found.person_id == request.person.pk:
        found.person = request.person
    return found


def page_of(walker: IntakeCase | Episode | AftercareCase) -> str:
    """The page to go back to."""
    if isinstance(walker, AftercareCase):
        walker = walker.episode
    name = "journey:case" if isinstance(walker, IntakeCase) else "journey:episode"
    return reverse(name, args=[walker.person.public_id, walker.public_id])


def act(
    request: HttpRequest,
    *,
    form: forms.Form,
    run: Callable[[], object],
    done: str | Promise,
    back: str,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """A form page: `run` is the one service call; what it refuses is shown above the form."""
    refused: Refused | None = None
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            with drafts.sent(request):
                run()
        except Refused as error:
            refused = error
            if not isinstance(error, StepRefused) or not error.lacking:
                form.add_error(None, error.sentence)
        else:
            toasts.done(request, done)
            return HttpResponseRedirect(back)
    lacking = refused.lacking if isinstance(refused, StepRefused) else ()
    shown = {"form": form, "refused": refused, "lacking": lacking, "back": back, **context}
    return render(request, template, shown, status=409 if refused else 200)


def ask(
    request: HttpRequest,
    episode: Episode,
    *,
    form: forms.Form,
    run: Callable[[], object],
    words: tuple[str, str],
    icon: str,
    back: str = "",
    **context: Any,
) -> HttpResponse:
    """A form page about an episode that is a title, its fields and a button; `words`: the title, and what was done."""
    title, done = words
    return act(
        request,
        form=form,
        run=run,
        done=done,
        back=back or page_of(episode),
        template="journey/act.html",
        context={"person": episode.person, "episode": episode, "title": title, "icon": icon, **context},
    )


def once(
    request: HttpRequest, *, run: Callable[[], object], done: str | Promise, back: str, undo_url: str = ""
) -> HttpResponse:
    """A button: one service call, then back with a word, and Undo where there is one."""
    with toasts.telling(request, done, undo_url=undo_url):
        run()
    return HttpResponseRedirect(back)
