"""Lists of what is due: one's own, one's people's, and for those who answer for it by owner, rule and person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import StaffMember
from dayward.foundation.standards import words as says
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import Owed, owed, ready, rules_now, with_rules
from dayward.foundation.worklist import permissions, queries, words
from dayward.foundation.worklist.lines import Line, each_line, lines_of, name
from dayward.foundation.worklist.places import chart_url
from dayward.foundation.worklist.rules import Standing
from dayward.kernel.permissions import requires, requires_chart

ON_PAGE = 25
NOBODY, OF_ROLE = "nobody", "role-"
HEADINGS = {
    "late": gettext_noop("Overdue"),
    "today": gettext_noop("Today"),
    "soon": gettext_noop("Within a week"),
    "later": gettext_noop("Later"),
}


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    lines: list[Line]
    count: int  # on all pages


def sections(lines: Sequence[Line], every: Sequence[Line] | None = None) -> list[Section]:
    """By how urgent they are; what is empty is left out. `every`: with those on other pages."""
    by_key: dict[str, list[Line]] = {key: [] for key in HEADINGS}
    for line in lines:
        by_key[_section(line)].append(line)
    counts = Counter(_section(line) for line in (lines if every is None else every))
    return [Section(key, _(HEADINGS[key]), rows, counts[key]) for key, rows in by_key.items() if rows]


def _section(line: Line) -> str:
    return "late" if line.standing is Standing.PAST_HARD_LINE else line.standing.value


def tabs(request: StaffRequest, here: str) -> list[dict[str, Any]]:
    names = [("mine", _("Mine"), permissions.SEE), ("team", _("My people"), permissions.SEE)]
    names += [
        ("by_owner", _("By owner"), permissions.OVERSEE),
        ("by_rule", _("By rule"), permissions.OVERSEE),
        ("audits", _("Every chart"), permissions.OVERSEE),
    ]
    return [
        {"label": label, "url": reverse(f"worklist:{name}"), "active": name == here}
        for name, label, permission in names
        if request.may(permission)
    ]


def show(request: StaffRequest, lines: list[Line], here: str, **more: Any) -> HttpResponse:
    shown = [line for line in lines if line.is_shown]
    return _list(request, shown, here, sections=sections(shown), **more)


def show_pages(request: StaffRequest, lines: list[Line], here: str, **more: Any) -> HttpResponse:
    """Lines that were read all at once, because several dues can read as one; so many of them on a page."""
    every = [line for line in lines if line.is_shown]
    page = Paginator(every, ON_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    name(shown)
    return _list(request, shown, here, sections=sections(shown, every), page=page, **more)


def _list(request: StaffRequest, shown: list[Line], here: str, **more: Any) -> HttpResponse:
    audit_list(request, [person for line in shown for person in line.people])
    return render(request, "worklist/list.html", {"tabs": tabs(request, here), "here": here, **more})


@requires(permissions.SEE)
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """What one owes, the most urgent first."""
    now = timezone.now()
    return show_pages(request, lines_of(queries.mine(request.powers, now), request.powers, now=now), "mine")


@requires(permissions.SEE)
@require_GET
def team(request: StaffRequest) -> HttpResponse:
    """What is due of the people one treats, whoever owes it."""
    now = timezone.now()
    found = queries.of_my_people(request.powers)
    lines = lines_of(found, request.powers, now=now)
    return show_pages(request, lines, "team", show_role=True)


@requires(permissions.OVERSEE)
@require_GET
def by_owner(request: StaffRequest) -> HttpResponse:
    """Who owes how much, and for how long."""
    sites, within = queries.overseen(request.powers)
    rows = queries.by_owner(sites, within=within)
    return render(request, "worklist/by_owner.html", {"rows": rows, "tabs": tabs(request, "by_owner")})


@requires(permissions.OVERSEE)
@require_GET
def owner(request: StaffRequest, staff: str) -> HttpResponse:
    """What one member of staff owes, or what nobody is named for."""
    role = staff.removeprefix(OF_ROLE) if staff.startswith(OF_ROLE) else ""
    if role and role not in ROLES:
        raise Http404
    who = None if role or staff == NOBODY else get_object_or_404(StaffMember, public_id=staff)
    rows = queries.owed_by(queries.at_sites(request.powers), who, role=role)
    title = who.name if who else _(ROLES[role].name) if role else _("Nobody is named")
    return _paged(request, rows, "by_owner", title=title)


@requires(permissions.OVERSEE)
@require_GET
def by_rule(request: StaffRequest) -> HttpResponse:
    """What is overdue or near, by rule."""
    sites, within = queries.overseen(request.powers)
    rows = queries.by_rule(sites, within=within)
    return render(request, "worklist/by_rule.html", {"rows": rows, "tabs": tabs(request, "by_rule")})


@requires(permissions.OVERSEE)
@require_GET
def rule(request: StaffRequest, rule: str) -> HttpResponse:
    """Everything due by one rule, and what the rule says."""
    found = rules_now().get(rule)
    if found is None:
        raise Http404
    rows = queries.at_sites(request.powers).filter(rule=found.key)
    hard = _("at the latest %(time)s") % {"time": says.length(found.hard)} if found.hard else ""
    told = {
        "rule_why": _(found.why),
        "rule_within": says.within(found),
        "rule_hard": hard,
        "rule_sure": says.sure(found.confidence),
    }
    return _paged(request, rows, "by_rule", title=_(found.title), rule=found, **told)


def _paged(request: StaffRequest, rows: QuerySet[Due], here: str, **more: Any) -> HttpResponse:
    ordered = queries.by_urgency(rows, timezone.now())
    page = Paginator(ordered, ON_PAGE).get_page(request.GET.get("page"))
    keys = [row.pk for row in page]
    found = owed(Due.objects.filter(pk__in=keys))
    lines = each_line(found, request.powers, owners=here == "by_rule")
    return show(
        request,
        lines,
        here,
        page=page,
        hide_title=here == "by_rule",
        back=reverse(f"worklist:{here}"),
        **more,
    )


@requires_chart(permissions.SEE)
@require_GET
def person(request: ChartRequest, person: str) -> HttpResponse:
    """All that is and was due of one person, with the rule that says so."""
    now = timezone.now()
    rows = Due.objects.filter(person_id__in=request.person.all_ids)
    found = owed(rows.filter(state=Due.State.OPEN))
    lines = each_line(found, request.powers, owners=True, now=now)
    done = ready(rows.filter(state=Due.State.DONE)).order_by("-done_at", "-pk")
    page = Paginator(done, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": request.person,
        "sections": sections(lines),
        "page": page,
        "done": [_done(each) for each in with_rules(page)],
        "back": chart_url(request.person),
    }
    return render(request, "worklist/person.html", context)


def _done(owed: Owed) -> dict[str, Any]:
    """What was done, with whether it was in time."""
    done_at, due, zone = owed.due.done_at, owed.due.due_at, owed.due.site.zone
    assert done_at is not None
    return {
        "title": _(owed.rule.title),
        "done": words.moment(done_at, zone),
        "due": words.moment(due, zone),
        "late": done_at > due,
    }
