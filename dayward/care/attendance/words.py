"""What the rules found, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.attendance.rules.because import Because, said
from dayward.care.attendance.rules.exemptions import Exemption, Reason
from dayward.care.attendance.rules.person_week import PersonWeek
from dayward.care.journey.models import Hold


def in_words(because: Because, *, why: str = "") -> str:
    """The sentence of a rule; `why` stands for the reason of an exemption."""
    words = {**because.words, "why": why or because.words.get("why", "")}
    return _(because.message) % words


def exempt_words(exemption: Exemption | None) -> str:
    """Why a week is exempt, as the row behind it is called."""
    if exemption is None:
        return ""
    reason, why = exemption.reason, exemption.why
    if reason is Reason.FIRST_WEEK:
        return _("treatment began on %(day)s") % {"day": _day(why)}
    if reason is Reason.LAST_WEEK:
        return _("treatment ended on %(day)s") % {"day": _day(why)}
    if reason is Reason.HOLD:
        return _("on hold: %(why)s") % {"why": dict(Hold.Reason.choices).get(why, why)}
    if reason is Reason.EXCUSED:
        return _("excused: %(note)s") % {"note": why}
    if reason is Reason.TAPER:
        return _("fewer hours by plan: %(note)s") % {"note": why}
    return why


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "M j")


def week_sentence(counted: PersonWeek, *, running: bool) -> str:
    """The week against its floor. While it runs, nothing reads as final."""
    verdict, why = counted.verdict, exempt_words(counted.exemption)
    if not running or not verdict.floor:
        because = counted.floors[0].because if counted.floors else verdict.because
        return in_words(because, why=why)
    words = {
        "figure": said(verdict.figures.of(verdict.test)),
        "floor": said(verdict.floor),
        "short": said(verdict.short_by),
        "why": why,
    }
    return RUNNING[verdict.test.value, verdict.met, bool(why)]() % words


RUNNING = {
    ("delivered", True, False): lambda: _("%(figure)s so far: the floor of %(floor)s is reached."),
    ("delivered", True, True): lambda: _("%(figure)s so far: the floor of %(floor)s is reached."),
    ("delivered", False, False): lambda: _("%(figure)s of %(floor)s so far; %(short)s are missing."),
    ("delivered", False, True): lambda: _(
        "%(figure)s of %(floor)s so far; %(short)s are missing. The week is exempt: %(why)s."
    ),
    ("scheduled", True, False): lambda: _(
        "%(figure)s are scheduled so far: enough for the floor of %(floor)s."
    ),
    ("scheduled", True, True): lambda: _(
        "%(figure)s are scheduled so far: enough for the floor of %(floor)s."
    ),
    ("scheduled", False, False): lambda: _(
        "%(figure)s are scheduled so far: %(short)s are missing to the floor of %(floor)s."
    ),
    ("scheduled", False, True): lambda: _(
        "%(figure)s are scheduled so far: %(short)s are missing to the floor of %(floor)s. The week is exempt: %(why)s."
    ),
    ("prescribed", True, False): lambda: _("%(figure)s are prescribed: enough for the floor of %(floor)s."),
    ("prescribed", True, True): lambda: _("%(figure)s are prescribed: enough for the floor of %(floor)s."),
    ("prescribed", False, False): lambda: _(
        "%(figure)s are prescribed: %(short)s are missing to the floor of %(floor)s."
    ),
    ("prescribed", False, True): lambda: _(
        "%(figure)s are prescribed: %(short)s are missing to the floor of %(floor)s. The week is exempt: %(why)s."
    ),
}
