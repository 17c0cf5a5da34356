"""What a change would do, beside the form that asks for it; kept only when it has been seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people import permissions as people
from dayward.foundation.standards.queries.changes import Change
from dayward.foundation.standards.queries.preview import Late, preview

NAMED = 25  # of those who become overdue
KEEP = "keep"


def is_kept(request: HttpRequest) -> bool:
    return KEEP in request.POST


def shown(request: StaffRequest, change: Change, sites: Sequence[Site], says: str) -> dict[str, Any]:
    """Nobody is named whose chart is closed to the reader."""
    found = preview(change, sites, timezone.now())
    lists = [
        (_("Becomes overdue at once"), found.becomes_overdue),
        (_("Would be overdue today, had it been so all along"), found.had_it_held),
    ]
    everybody = {each.person for _title, rows in lists for each in rows}
    seen = open_charts(request.powers, everybody, people.READ)
    named = [
        (title, rows, [each for each in rows if each.person.pk in seen][:NAMED]) for title, rows in lists
    ]
    audit_list(request, {each.person.pk: each.person for _t, _r, rows in named for each in rows}.values())
    late = [
        {
            "title": title,
            "count": len(rows),
            "rows": [_row(each) for each in few],
            "more": len(rows) - len(few),
        }
        for title, rows, few in named
        if rows
    ]
    return {"preview": found, "late": late, "says": says}


def _row(late: Late) -> dict[str, Any]:
    site = late.person.site
    return {
        "person": late.person,
        "title": _(late.due.says.title),
        "by": late.due.by.astimezone(site.zone) if site else late.due.by,
    }
