from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.chart.measures import library, panels, picture, queries, services
from dayward.chart.measures.models import Administration, Score
from dayward.chart.measures.permissions import READ, WRITE
from dayward.chart.measures.queries import Question
from dayward.chart.measures.registries import notices
from dayward.chart.measures.rules.instrument import Instrument, Text
from dayward.chart.measures.sentences import courses
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires_chart, signed_in
from dayward.ui import toasts

NOT_SAID = "x"  # "would rather not say", as a form sends it
Mode = Administration.Mode


@require_GET
@signed_in
def as_it_is(request: StaffRequest, instrument: str) -> HttpResponse:
    """A questionnaire as it is: its words, how it is scored, what an answer sets off."""
    found = library.instruments().get(instrument)
    if found is None:
        raise Http404
    text = found.text(request.GET.get("language", "en"))
    return render(
        request, "measures/instrument.html", {"instrument": found, "text": text, "items": _items(found, text)}
    )


def _items(found: Instrument, text: Text) -> list[dict[str, Any]]:
    return [
        {
            "item": each,
            "stem": text.stem_of(each.key),
            "words": text.items[each.key],
            "options": list(zip(each.values, text.options[each.key], strict=True)),
            "critical": found.critical_of(each.key),
        }
        for each in found.items
    ]


@require_GET
@requires_chart(READ)
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """Everything that was asked of this person, and asking anew."""
    context = alone(panels.panel(request, request.person)) | {
        "asked": queries.administrations(request.person)[:60],
        "instruments": library.instruments().values(),
    }
    return render(request, "measures/chart.html", context)


@require_GET
@requires_chart(READ)
def measure(request: ChartRequest, person: str, instrument: str) -> HttpResponse:
    """One measure: its course, every score, every answer, who and how."""
    if instrument not in library.instruments():
        raise Http404
    found = library.instrument(instrument)
    rows = [row for row in queries.course_of(request.person) if row.instrument == instrument]
    drawn = courses(rows, picture.LARGE)
    asked = queries.administrations(request.person).filter(instrument=instrument, finished_at__isnull=False)
    context = {
        "person": request.person,
        "instrument": found,
        "course": drawn[0] if drawn else None,
        "table": queries.table_of(found, list(asked[:12])),
        "bands": found.text("en").bands,
        "may_write": request.may(WRITE),
    }
    return render(request, "measures/measure.html", context)


@require_POST
@requires_chart(WRITE)
def ask(request: ChartRequest, person: str) -> HttpResponse:
    """Ask the person to answer on their own page."""
    with toasts.telling(request, _("It waits on the person's own page.")):
        services.ask(
            actor=request.actor, person=request.person, instrument=request.POST.get("instrument", "")
        )
    return redirect("measures:chart", person=request.person.public_id)


@require_POST
@requires_chart(WRITE)
def start(request: ChartRequest, person: str) -> HttpResponse:
    """Begin a questionnaire in talk, or go on with the one that is open."""
    try:
        row = services.start(
            actor=request.actor,
            person=request.person,
            instrument=request.POST.get("instrument", ""),
            mode=request.POST.get("mode", Mode.INTERVIEW),
        )
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("measures:chart", person=request.person.public_id)
    return _to(request, row)


def _to(request: ChartRequest, row: Administration) -> HttpResponse:
    root = queries.root_of(row)
    if row.is_open and root.is_open:  # what an answer asked is asked on the page of that answer
        row = root
    return redirect("measures:administration", request.person.public_id, row.public_id)


def _found(request: ChartRequest, public_id: str) -> Administration:
    return get_object_or_404(queries.administrations(request.person), public_id=public_id)


@require_GET
@requires_chart(READ)
def administration(request: ChartRequest, person: str, administration: str) -> HttpResponse:
    """One questionnaire: all questions on a page while it is open, all answers after."""
    return _show(request, _found(request, administration))


def _show(
    request: ChartRequest, row: Administration, *, refused: Refused | None = None, missing: str = ""
) -> HttpResponse:
    by_itself = row.follows is None or not row.follows.is_open
    is_asked = row.is_open and row.started_at is not None and by_itself and request.may(WRITE)
    context = _form(row) | {
        "person": request.person,
        "administration": row,
        "refused": refused,
        "missing": missing,
        "is_asked": is_asked,
        "may_write": request.may(WRITE),
    }
    template = "measures/interview.html" if is_asked else "measures/answers.html"
    return render(request, template, context, status=422 if refused else 200)


def _form(row: Administration) -> dict[str, Any]:
    """The questions, and those of what follows from an answer, right after it."""
    instrument = library.instrument(row.instrument)
    after = queries.followed_by(row)
    return {
        "instrument": instrument,
        "questions": queries.questions(row),
        "asks": {one.item for one in instrument.critical if one.ask},
        "after": after,
        "after_instrument": library.instrument(after.instrument) if after else None,
        "after_questions": queries.questions(after) if after else [],
        "notices": [notice for source in notices.values() if (notice := source(row)) is not None],
        "not_said": NOT_SAID,
    }


@require_POST
@requires_chart(WRITE)
def answer(request: ChartRequest, person: str, administration: str) -> HttpResponse:
    """Save the answer that was just given, and show what follows from it."""
    row = _found(request, administration)
    try:
        _save_all(request, row)
    except Refused as refused:
        return HttpResponse(refused.sentence, status=409)
    context = {"person": request.person, "administration": row, "sent": _place(request)}
    return render(request, "measures/after_answer.html", _form(row) | context)


def _place(request: ChartRequest) -> str:
    """Which part of the page the answer may have changed: what follows from it, or the last question of an ASQ."""
    return str(request.htmx.target) if request.htmx.target in ("follow", "more") else ""


def _save_all(request: ChartRequest, row: Administration) -> None:
    """Every answer that was sent, to this questionnaire and to what followed from it; each by itself."""
    for one in (row, queries.followed_by(row)):
        if one is None or not one.is_open:
            continue
        for question in _sent(request, one):
            services.answer(
                actor=request.actor,
                administration=one,
                item=question[0],
                value=question[1],
                mode=one.mode if one.mode != Mode.SELF else Mode.INTERVIEW,
            )


def _sent(request: ChartRequest, row: Administration) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for item in library.instrument(row.instrument).items:
        text = request.POST.get(f"{row.public_id}-{item.key}", "")
        if text == NOT_SAID:
            found.append((item.key, None))
        elif text.isdecimal():
            found.append((item.key, int(text)))
    return found


@require_POST
@requires_chart(WRITE)
def finish(request: ChartRequest, person: str, administration: str) -> HttpResponse:
    """Save what was sent, and score it once every question about suicide has an answer."""
    row = _found(request, administration)
    try:
        _save_all(request, row)
        after = queries.followed_by(row)
        if after is not None and after.is_open:
            _check_all(queries.questions(after))
            services.finish(actor=request.actor, administration=after)
        score = services.finish(actor=request.actor, administration=row)
    except Refused as refused:
        return _show(request, _found(request, administration), refused=refused)
    name = library.instrument(row.instrument).name
    toasts.done(request, _said(name, score))
    return redirect("measures:measure", request.person.public_id, row.instrument)


def _said(name: str, score: Score) -> str:
    if score.total is not None:
        return _("%(name)s: %(total)d points.") % {"name": name, "total": score.total}
    if not score.band:
        return _("%(name)s is in the chart; there are too few answers for a score.") % {"name": name}
    return _("%(name)s is in the chart.") % {"name": name}


def _check_all(questions: list[Question]) -> None:
    left = [question for question in questions if not question.answered]
    if left:
        name = left[0].instrument.name
        raise Refused(
            _("%(name)s, question %(number)d has no answer yet. “Would rather not say” is one.")
            % {"name": name, "number": left[0].number}
        )


@require_POST
@requires_chart(WRITE)
def enter_in_error(request: ChartRequest, person: str, administration: str) -> HttpResponse:
    """Say that a questionnaire should not stand in this chart; it stays readable."""
    row = _found(request, administration)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        services.enter_in_error(
            actor=request.actor, administration=row, reason=request.POST.get("reason", "")
        )
    return _to(request, row)
