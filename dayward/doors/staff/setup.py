"""Setting up a clinic: what is there, what comes next; and every setting with its days and history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dayward.care.catalog.models import Program, ProgramTerms, ServiceKind, Track
from dayward.care.journey.models import IntakeCase
from dayward.care.schedule.models import Group, Series, StaffHours
from dayward.chart.measures.library import instruments
from dayward.chart.notes.library import templates
from dayward.chart.plans.library import seats
from dayward.doors.staff.steps import Facts, GroupFact, ProgramFact, SiteFact, StaffFact, overview
from dayward.foundation.access.models import RoleAssignment, SignInLink
from dayward.foundation.access.queries import sign_in_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.consent.models import FormText
from dayward.foundation.consent.views import wordings
from dayward.foundation.operations.queries import health
from dayward.foundation.operations.words import told
from dayward.foundation.organization.models import Organization, Setting, Site
from dayward.foundation.organization.permissions import SETUP
from dayward.foundation.people import rules
from dayward.foundation.people.models import Credential, StaffMember
from dayward.foundation.standards.models import PackUse
from dayward.kernel.gathering import read
from dayward.kernel.permissions import permissions, requires
from dayward.revenue.coverage.models import Payer


@requires(SETUP)
@require_GET
def setup(request: StaffRequest) -> HttpResponse:
    """What is set up, what comes next, and where each is done."""
    found = overview(facts_of(request.powers.sites(SETUP)))
    may = {step.key: _may_open(request, step.url_name) for step in found.steps}
    rows = [{"step": step, "url": reverse(step.url_name) if may[step.key] else ""} for step in found.steps]
    context = {
        "organization": Organization.objects.first(),
        "rows": rows,
        "overview": found,
        "next": next((row for row in rows if row["step"] == found.next), None),
    }
    return render(request, "staff/setup.html", context)


_ASKS = {
    "journey:new_inquiry": "journey.intake",
    "access:staff": "access.staff",
    "coverage:payers": "coverage.payers",
    "operations:running": "operations.see",
}


def _may_open(request: StaffRequest, url_name: str) -> bool:
    """Whoever sets up opens all pages of setting up; taking people in is another's."""
    word = permissions.get(_ASKS.get(url_name, ""))
    return word is None or request.may(word)


def facts_of(sites: list[Site]) -> Facts:
    """The clinic as it stands, at these sites; one statement for all of it but the staff."""
    today = timezone.localdate()
    wide = Program.objects.filter(site__in=sites, closed_on=None)
    rows = read(
        [
            _sites(sites, today),
            wide.annotate(
                has_numbers=Exists(ProgramTerms.objects.filter(program=OuterRef("pk"))),
                has_track=Exists(Track.objects.filter(program=OuterRef("pk"), closed_on=None)),
            ),
            _groups(sites, today),
            ServiceKind.objects.in_use().values_list("pk", flat=True),
            PackUse.objects.filter(site__in=sites, withdrawn_at=None).values_list("pack", flat=True),
            Payer.objects.values_list("pk", flat=True),
            Setting.objects.standing().exclude(key__startswith="demo.").values_list("key", flat=True),
            FormText.objects.filter(withdrawn_at=None, effective_from__lte=today).values_list(
                "kind", flat=True
            ),
            IntakeCase.objects.filter(site__in=sites).order_by().values_list("pk", flat=True)[:1],
        ]
    )
    found, programs, groups, services, packs, payers, settings, texts, began = rows
    own = set(texts)
    return Facts(
        sites=tuple(_site_fact(site) for site in found),
        programs=tuple(ProgramFact(one.name, one.has_numbers, one.has_track) for one in programs),
        staff=_staff(sites, today),
        groups=tuple(GroupFact(one.name, one.meets, one.is_led) for one in groups),
        services=len(services),
        packs=len(set(packs)),
        payers=len(payers),
        settings=len(set(settings)),
        own_texts=len(own),
        texts=len(wordings.names()),
        questionnaires=len(instruments()),
        templates=len(templates()),
        running=tuple(_missing()),
        plan_seats=tuple((_(seat.title), frozenset(seat.kinds)) for seat in seats().values()),
        began=bool(began),
    )


def _missing() -> Iterator[str]:
    """What is wrong with the installation, and the backup that nobody has made yet."""
    for finding in map(told, health()):
        if not finding.is_ok or finding.is_waited_for:
            yield f"{finding.part}: {finding.sentence} {finding.to_do}".strip()


def _sites(sites: list[Site], today: date) -> QuerySet[Site]:
    ahead = Q(closures__withdrawn_at=None, closures__day__gte=today)
    return Site.objects.filter(pk__in=[site.pk for site in sites]).annotate(
        room_count=Count("rooms", filter=Q(rooms__closed_on=None), distinct=True),
        program_count=Count("programs", filter=Q(programs__closed_on=None), distinct=True),
        closed_days=Count("closures", filter=ahead, distinct=True),
    )


def _site_fact(site: Any) -> SiteFact:
    return SiteFact(
        site.name,
        bool(site.phone and site.street),
        site.room_count,
        site.program_count,
        site.closed_days,
    )


def _groups(sites: list[Site], today: date) -> QuerySet[Group]:
    running = Series.objects.filter(group=OuterRef("pk")).exclude(last_day__lt=today)
    open_now = Q(closed_on=None) | Q(closed_on__gt=today)
    return Group.objects.filter(open_now, site__in=sites).annotate(
        meets=Exists(running), is_led=Exists(running.filter(facilitators__isnull=False))
    )


def _staff(sites: list[Site], today: date) -> tuple[StaffFact, ...]:
    """Those who work at these sites or hold a role at all of them; what each has is read beside, all at once."""
    held = RoleAssignment.objects.exclude(ends_on__lt=today)
    people = list(
        StaffMember.objects.filter(Q(sites__in=sites) | Q(pk__in=held.filter(site=None).values("staff")))
        .exclude(ended_on__lt=today)
        .distinct()
        .select_related("user")
        .annotate(has_hours=Exists(StaffHours.objects.filter(staff=OuterRef("pk"))))
    )
    keys = [one.pk for one in people]
    roles, credentials, links = read(
        [
            held.filter(staff__in=keys).order_by().values_list("staff", "role"),
            Credential.objects.filter(staff__in=keys).order_by().values_list("staff", "kind", "expires_on"),
            SignInLink.objects.filter(user__staff__in=keys, used_at=None).order_by(),
        ]
    )
    has: dict[int, set[str]] = defaultdict(set)
    for staff, role in roles:
        has[staff].add(role)
    signs: dict[int, set[str]] = defaultdict(set)
    for staff, kind, expires_on in credentials:
        if rules.signs_with(kind, expires_on, today):
            signs[staff].add(kind)
    now = timezone.now()
    return tuple(
        StaffFact(
            one.name,
            frozenset(has[one.pk]),
            sign_in_of(one, [link for link in links if link.user_id == one.user_id], now).state,
            bool(signs[one.pk]),
            one.has_hours,
            frozenset(signs[one.pk]),
        )
        for one in people
    )
