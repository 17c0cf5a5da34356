"""Every reason somebody gave for planning against what Dayward warned of, in one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.care.catalog.models import Program, ProgramTerms
from dayward.care.schedule import library
from dayward.care.schedule.models import Booking, Enrollment, Group, LimitReason, Session
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember


class Kind(Enum):
    """What the reason is for."""

    LIMIT = "limit"
    FULL = "full"
    OWN_HOURS = "own_hours"
    FLOOR = "floor"


KINDS: dict[Kind, str | Promise] = {
    Kind.LIMIT: gettext_lazy("Limits"),
    Kind.FULL: gettext_lazy("Full groups"),
    Kind.OWN_HOURS: gettext_lazy("People's own hours"),
    Kind.FLOOR: gettext_lazy("Under the floor"),
}


@dataclass(frozen=True)
class Given:
    """One reason: against what, where, who said so and when."""

    kind: Kind
    at: datetime
    giver: str
    reason: str
    against: str  # names no patient
    who_says: str
    site: Site
    session: Session | None = None
    groups: tuple[Group, ...] = ()
    program: Program | None = None
    person: Person | None = None
    week: date | None = None
    over: bool = False  # it holds no longer


def given_with(row: LimitReason) -> list[LimitReason]:
    """Those for which it was given in the same act, itself among them, that stand."""
    rows = LimitReason.objects.standing().filter(site=row.site, given_by=row.given_by, given_at=row.given_at)
    return list(rows.filter(limit=row.limit))


def given(sites: Collection[Site], since: datetime, kinds: Collection[Kind] = tuple(Kind)) -> list[Given]:
    """Those of these sites, the newest first; at most five queries."""
    rows = [
        *(_of_limits(sites, since) if Kind.LIMIT in kinds else ()),
        *_of_bookings(sites, since, kinds),
        *_of_enrollments(sites, since, kinds),
        *(_of_programs(sites, since) if Kind.FLOOR in kinds else ()),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


# What is shown of each: half a year has hundreds.
_OF_SITE = ("site__name", "site__time_zone")
_OF_PERSON = tuple(
    f"person__{name}" for name in ("public_id", "legal_given", "legal_family", "chosen_name", "site")
)
_OF_SESSION = ("public_id", "title", "during", *_OF_SITE)
_OF_GROUP = ("public_id", "name", *_OF_SITE)
_OF_BOOKING = ("status", "booked_at", "booked_by", "over_cap_reason", "own_hours_reason")
_OF_ENROLLMENT = (
    *("made_at", "made_by", "ended_at"),
    *("over_cap_reason", "own_hours_reason", "below_floor_reason"),
)


def _with_giver(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    staff = StaffMember.objects.filter(user__public_id=OuterRef(column))
    named: QuerySet[Any] = rows.annotate(
        giver=Subquery(staff.values(name=Concat("given", Value(" "), "family")))
    )
    return named


def _of_limits(sites: Collection[Site], since: datetime) -> Iterator[Given]:
    titles = {limit.key: limit for pack in library.packs() for limit in pack.limits}
    rows = LimitReason.objects.filter(site__in=sites, given_at__gt=since)
    for row in _with_giver(rows, "given_by").select_related(
        "site", "group", "series__group", "session", "program", "person"
    ):
        limit = titles.get(row.limit)
        yield Given(
            Kind.LIMIT,
            row.given_at,
            row.giver or row.given_by,
            row.reason,
            row.sentence,
            f"{_(limit.title)} · {limit.citation}" if limit else row.limit,
            row.site,
            session=row.session,
            groups=tuple(each for each in (row.series.group if row.series else row.group,) if each),
            program=row.program,
            person=row.person,
            week=row.week,
            over=row.withdrawn_at is not None,
        )


def _said(row: Booking | Enrollment, kinds: Iterable[Kind]) -> Iterator[tuple[Kind, str, str]]:
    if Kind.FULL in kinds and row.over_cap_reason:
        yield Kind.FULL, row.over_cap_reason, _("The group or the room was full.")
    if Kind.OWN_HOURS in kinds and row.own_hours_reason:
        yield Kind.OWN_HOURS, row.own_hours_reason, _("The person's own hours are at that time.")
    if isinstance(row, Enrollment) and Kind.FLOOR in kinds and row.below_floor_reason:
        yield Kind.FLOOR, row.below_floor_reason, _("The week is under the program's floor.")


def _of_bookings(sites: Collection[Site], since: datetime, kinds: Collection[Kind]) -> Iterator[Given]:
    """Single seats; those of an enrollment have its reasons."""
    wanted = _any_of({Kind.FULL: "over_cap_reason", Kind.OWN_HOURS: "own_hours_reason"}, kinds)
    if wanted is None:
        return
    rows = Booking.objects.filter(wanted, enrollment=None, session__site__in=sites, booked_at__gt=since)
    shown = _with_giver(rows, "booked_by").select_related("session__site", "person")
    for row in shown.only(*_OF_BOOKING, *_OF_PERSON, *(f"session__{name}" for name in _OF_SESSION)):
        over = row.status == Booking.Status.CANCELLED
        for kind, reason, against in _said(row, kinds):
            yield Given(
                kind,
                row.booked_at,
                row.giver or row.booked_by,
                reason,
                against,
                _("Booking"),
                row.session.site,
                session=row.session,
                person=row.person,
                over=over,
            )


def _of_enrollments(sites: Collection[Site], since: datetime, kinds: Collection[Kind]) -> Iterator[Given]:
    names = {
        Kind.FULL: "over_cap_reason",
        Kind.OWN_HOURS: "own_hours_reason",
        Kind.FLOOR: "below_floor_reason",
    }
    wanted = _any_of(names, kinds)
    if wanted is None:
        return
    rows = Enrollment.objects.filter(wanted, group__site__in=sites, made_at__gt=since)
    acts: dict[tuple[int, datetime], list[Any]] = defaultdict(list)  # one enrolls into several groups at once
    shown = _with_giver(rows, "made_by").select_related("group__site", "person").order_by("pk")
    for row in shown.only(*_OF_ENROLLMENT, *_OF_PERSON, *(f"group__{name}" for name in _OF_GROUP)):
        acts[row.person_id, row.made_at].append(row)
    for act in acts.values():
        row = act[0]
        for kind, reason, against in _said(row, kinds):
            yield Given(
                kind,
                row.made_at,
                row.giver or row.made_by,
                reason,
                against,
                _("Enrollment"),
                row.group.site,
                groups=tuple(each.group for each in act),
                person=row.person,
                over=all(each.ended_at is not None for each in act),
            )


def _any_of(names: dict[Kind, str], kinds: Collection[Kind]) -> Q | None:
    """Rows in which one of these is said."""
    found: Q | None = None
    for kind, name in names.items():
        if kind in kinds:
            said = ~Q(**{name: ""})
            found = said if found is None else found | said
    return found


def _of_programs(sites: Collection[Site], since: datetime) -> Iterator[Given]:
    """A floor lower than is usual for the age."""
    rows = ProgramTerms.objects.exclude(floor_reason="").filter(program__site__in=sites, set_at__gt=since)
    for row in _with_giver(rows, "set_by").select_related("program__site"):
        yield Given(
            Kind.FLOOR,
            row.set_at,
            row.giver or row.set_by,
            row.floor_reason,
            _("The program's floor is %(hours)s hours a week.") % {"hours": f"{row.floor_minutes / 60:g}"},
            row.source or _("The program's numbers"),
            row.program.site,
            program=row.program,
        )
