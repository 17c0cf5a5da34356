"""The trail put together by account, chart and day, for the rules that rank it (rules.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.foundation.access.roles import CHART_ROLES
from dayward.foundation.access.rules import (
    MANY_AN_HOUR,
    NIGHT,
    AccountDay,
    AccountReason,
    Finding,
    Opened,
    Reason,
    ranked,
    ranked_accounts,
)
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.queries import acts_on_the_house
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import ContactPoint, Person, StaffMember

SHOWN = 50
# One row an account, chart and local day, where the rules can find anything. Without sites: all, and entries of none.
# Quarters of an hour first, as finely as zones differ: a busy week has tens of thousands of looks, and fewer of those.
_OPENED = """
WITH quarters AS (
    SELECT actor, person, kind, detail->>'through' AS through, site_id,
        date_bin('15 minutes', at, '2000-01-01 UTC') AS quarter, min(at) AS first_at, count(*)::int AS times
    FROM audit_entry
    WHERE at >= %(since)s AND kind IN ('view', 'refused') AND actor_kind = 'staff' AND person <> ''
        AND (%(all)s OR site_id = ANY(%(sites)s))
    GROUP BY actor, person, kind, through, site_id, quarter
), hours AS (
    SELECT q.*, date_trunc('hour', q.quarter AT TIME ZONE coalesce(s.time_zone, 'UTC')) AS hour
    FROM quarters q LEFT JOIN organization_site s ON s.id = q.site_id
), busy AS (
    SELECT actor, day, max(charts) AS most FROM (
        SELECT actor, hour::date AS day, count(DISTINCT person) AS charts FROM hours WHERE kind = 'view'
        GROUP BY actor, hour
    ) each_hour GROUP BY actor, day
), opened AS (
    SELECT actor, person, hour::date AS day, min(first_at) AS first_at,
        coalesce(sum(times) FILTER (WHERE kind = 'view'), 0) AS views,
        coalesce(sum(times) FILTER (WHERE kind = 'view' AND (extract(hour FROM hour) >= %(from)s
            OR extract(hour FROM hour) < %(until)s)), 0) AS at_night,
        coalesce(sum(times) FILTER (WHERE kind = 'refused'), 0) AS refused,
        array_remove(array_agg(DISTINCT through), NULL) AS through
    FROM hours GROUP BY actor, person, hour::date
), named AS (
    SELECT o.*, coalesce(b.most, 0) AS most, w.family = (
        SELECT lower(trim(p.legal_family)) FROM people_person p
        WHERE p.public_id = o.person AND p.legal_family <> ''
    ) AS family, EXISTS (
        SELECT FROM access_watch v JOIN people_person p ON p.id = v.person_id
        WHERE p.public_id = o.person AND v.ended_at IS NULL
    ) AS watched
    FROM opened o LEFT JOIN busy b ON b.actor = o.actor AND b.day = o.day
    LEFT JOIN (
        SELECT u.public_id AS actor, lower(trim(m.family)) AS family
        FROM people_user u JOIN people_staffmember m ON m.user_id = u.id
    ) w ON w.actor = o.actor
), changed AS (
    SELECT actor, person, at FROM audit_entry
    WHERE at >= %(since)s::timestamptz - interval '1 day' AND kind = 'change' AND person <> ''
)
SELECT n.actor, n.person, n.day, n.first_at, n.views, n.at_night, n.refused, n.through, n.most, n.watched,
    coalesce(bool_or(c.at BETWEEN n.first_at - interval '1 day' AND n.first_at + interval '7 days'), false)
FROM named n LEFT JOIN changed c ON c.actor = n.actor AND c.person = n.person
WHERE n.at_night > 0 OR n.refused > 0 OR n.most >= %(many)s OR 'break_glass' = ANY(n.through) OR n.family
    OR n.watched
GROUP BY n.actor, n.person, n.day, n.first_at, n.views, n.at_night, n.refused, n.through, n.most, n.watched
"""


@dataclass(frozen=True)
class Line:
    """One finding as shown."""

    finding: Finding
    who: str
    person: Person | None
    why: list[str]


@dataclass(frozen=True)
class AccountLine:
    day: date
    who: str
    staff: StaffMember | None
    why: list[str]


def chart_lines(since: datetime, sites: Iterable[Site] | None, number: str = "") -> Page[Line]:
    """A page of the findings; `sites` None: everywhere. Five queries for any number."""
    rows = _rows(since, sites)
    staff = {one.user.public_id: one for one in _staff({row[0] for row in rows}) if one.user}
    people = {one.public_id: one for one in _people({row[1] for row in rows})}
    contacts = _contacts(staff.values(), people)
    findings = ranked(_opened(row, staff, people, contacts) for row in rows)
    page: Page[Any] = Paginator(findings, SHOWN).get_page(number)
    page.object_list = [_line(one, staff, people) for one in page]
    return page


def _rows(since: datetime, sites: Iterable[Site] | None) -> list[Any]:
    asked: dict[str, Any] = {
        "since": since,
        "all": sites is None,
        "sites": [site.pk for site in sites or ()],
        "from": NIGHT[0],
        "until": NIGHT[1],
        "many": MANY_AN_HOUR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, asked)
        rows: list[Any] = cursor.fetchall()
    return rows


def _staff(accounts: set[str]) -> Iterable[StaffMember]:
    return StaffMember.objects.filter(user__public_id__in=accounts).select_related("user")


def _people(public_ids: set[str]) -> Iterable[Person]:
    named = Person.objects.only("public_id", "legal_family", "legal_given", "chosen_name")
    return named.filter(public_id__in=public_ids)


def _contacts(staff: Iterable[StaffMember], people: dict[str, Person]) -> dict[int, set[str]]:
    """Of people who can be reached by what is also a colleague's: which of it."""
    known = {value for one in staff for value in _reached_by(one)}
    found: dict[int, set[str]] = defaultdict(set)
    rows = ContactPoint.objects.filter(ended_on=None, person__public_id__in=people, value__in=known)
    for key, value in rows.values_list("person_id", "value"):
        found[key].add(value)
    return found


def _reached_by(staff: StaffMember) -> set[str]:
    return {value for value in (staff.phone, staff.user.email if staff.user else "") if value}


def _opened(
    row: Any, staff: dict[str, StaffMember], people: dict[str, Person], contacts: dict[int, set[str]]
) -> Opened:
    actor, public_id, day, first_at, views, at_night, refused, through, most, watched, acted = row
    worker, person = staff.get(actor), people.get(public_id)
    family = bool(worker and person and _plain(worker.family) == _plain(person.legal_family) != "")
    given = bool(worker and person and _plain(worker.given) in _given_names(person))
    shared = bool(worker and person and contacts.get(person.pk, set()) & _reached_by(worker))
    return Opened(
        actor, public_id, day, first_at, views, at_night, refused, frozenset(through), acted, most or 0,
        same_family_name=family, same_name=family and given, same_contact=shared, watched=watched,
    )  # fmt: skip


def _plain(name: str) -> str:
    return name.strip().casefold()


def _given_names(person: Person) -> set[str]:
    return {_plain(name) for name in (person.legal_given, person.chosen_name) if name}


def _line(finding: Finding, staff: dict[str, StaffMember], people: dict[str, Person]) -> Line:
    one = finding.opened
    worker = staff.get(one.actor)
    return Line(
        finding,
        worker.name if worker else one.actor,
        people.get(one.person) if finding.charts == 1 else None,
        [_sentence(reason, one) for reason in finding.reasons],
    )


def _sentence(reason: Reason, one: Opened) -> str:
    return {
        Reason.OWN_CHART: _("seems to be their own chart: name and phone or mail are the same"),
        Reason.SAME_NAME: _("has the same name"),
        Reason.SAME_FAMILY_NAME: _("has the same family name"),
        Reason.BREAK_GLASS: _("opened by break-glass"),
        Reason.WATCHED: _("a chart that is watched"),
        Reason.REFUSED: ngettext(
            "tried what is not theirs", "tried what is not theirs %(n)s times", one.refused
        )
        % {"n": one.refused},
        Reason.MANY: _("%(n)s charts opened within an hour") % {"n": one.most_an_hour},
        Reason.AT_NIGHT: _("between %(from)s and %(until)s") % {"from": _("9 PM"), "until": _("6 AM")},
        Reason.NO_ACT: _("nothing done in the chart"),
    }[reason]


# -- accounts ----------

_ACTS = {
    "people.add_staff": "added",
    "access.grant_role": "chart_role",
    "access.make_sign_in_link": "link",
    "access.reset_second_factor": "reset",
}
GUESSED = "access.sign_in_failed"


def account_lines(since: datetime) -> list[AccountLine]:
    """What was done to accounts that could be used by who did it, and accounts that somebody guesses at."""
    entries = acts_on_the_house().filter(at__gte=since, action__in=[*_ACTS, GUESSED])
    acts: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    guesses: dict[tuple[str, str, date], int] = defaultdict(int)
    for entry in entries.order_by("at"):
        key = (entry.actor, _whose(entry), timezone.localtime(entry.at).date())
        if entry.action == GUESSED:
            guesses["", str(entry.detail.get("account", "")), key[2]] += 1
        elif entry.actor_kind == "staff" and _counts(entry):
            acts[key].add(_ACTS[entry.action])
    days = [AccountDay(by, staff, day, frozenset(found)) for (by, staff, day), found in acts.items()]
    days += [
        AccountDay(by, staff, day, frozenset(), count) for (by, staff, day), count in guesses.items() if staff
    ]
    return _account_lines(days)


def _whose(entry: Entry) -> str:
    """The member of staff it is about, by public id."""
    return entry.subject if entry.action == "people.add_staff" else str(entry.detail.get("staff", ""))


def _counts(entry: Entry) -> bool:
    return entry.action != "access.grant_role" or entry.detail.get("role") in CHART_ROLES


def _account_lines(days: list[AccountDay]) -> list[AccountLine]:
    ids = {one.staff for one in days} | {one.by for one in days}
    by_account = {one.user.public_id: one for one in _staff(ids) if one.user}
    by_id = {one.public_id: one for one in StaffMember.objects.filter(public_id__in=ids)}
    return [
        AccountLine(
            one.day,
            by_account[one.by].name if one.by in by_account else _("somebody not signed in"),
            by_id.get(one.staff) or by_account.get(one.staff),
            [_account_sentence(reason, one) for reason in why],
        )
        for one, why in ranked_accounts(days)[:SHOWN]
    ]


def _account_sentence(reason: AccountReason, one: AccountDay) -> str:
    return {
        AccountReason.MADE_AND_OPENED: _(
            "wrote down, gave a role that opens charts, and made the link: all alone"
        ),
        AccountReason.TAKEN_OVER: _("took the second factor away and made the link to a new password"),
        AccountReason.CHART_ROLE: _("gave a role that opens charts"),
        AccountReason.FACTOR_RESET: _("took the second factor away"),
        AccountReason.GUESSED: _("%(n)s wrong passwords in a day") % {"n": one.guesses},
    }[reason]


def since_days(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
