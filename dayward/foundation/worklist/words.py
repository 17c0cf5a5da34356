"""Dues in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dayward.foundation.standards.rules.pack import Unit
from dayward.foundation.worklist.rules import Away, Standing, away
from dayward.kernel.time import local_day

FAMILIES = {
    "week_one": gettext_noop("First week"),
    "note": gettext_noop("Notes"),
    "measure": gettext_noop("Questionnaires"),
    "aftercare": gettext_noop("After discharge"),
    "plan": gettext_noop("Treatment plan"),
    "call": gettext_noop("Calls of the first week"),
    "alert": gettext_noop("Alerts"),
    "certification": gettext_noop("Physician certification"),
}


def when(due_at: datetime, at: Standing, now: datetime, zone: ZoneInfo) -> str:
    """“2 days late”, “by 3:40 PM”, “tomorrow”, “Thu, Nov 26”."""
    if at.is_late:
        return _late(away(due_at, now, zone))
    local = due_at.astimezone(zone)
    if at is Standing.TODAY:
        end_of_day = local.hour == 23 and local.minute == 59
        return _("today") if end_of_day else _("by %(time)s") % {"time": date_format(local, "g:i A")}
    if local_day(due_at, zone) == local_day(now, zone) + timedelta(days=1):
        return _("tomorrow")
    return date_format(local, "D, M j")


def moment(at: datetime, zone: ZoneInfo) -> str:
    """“Fri, Nov 20, 5:30 PM”; what is a whole day is said as one."""
    local = at.astimezone(zone)
    whole = (local.hour, local.minute, local.second) in ((0, 0, 0), (23, 59, 59))
    return date_format(local, "D, M j" if whole else "D, M j, g:i A")


def _late(by: Away) -> str:
    words = {
        Unit.MINUTES: ngettext("%(n)d minute late", "%(n)d minutes late", by.amount),
        Unit.HOURS: ngettext("%(n)d hour late", "%(n)d hours late", by.amount),
        Unit.DAYS: ngettext("%(n)d day late", "%(n)d days late", by.amount),
    }
    return words[by.unit] % {"n": by.amount}


def family_title(family: str) -> str:
    return _(FAMILIES[family]) if family in FAMILIES else ""
