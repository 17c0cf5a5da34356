"""What the rules found, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dayward.care.attendance.rules.because import Because
from dayward.care.attendance.rules.exemptions import Exemption, Reason
from dayward.care.attendance.rules.person_week import FloorState, JudgedFloor, PersonWeek
from dayward.care.journey.models import Hold


def in_words(because: Because, *, why: str = "") -> str:
    """The sentence of a rule and those that go with it; `why` stands for the reason of an exemption."""
    words = {**because.words, "why": why or because.words.get("why", "")}
    if "day" in words:
        words["day"] = _day(words["day"])
    return " ".join([_(because.message) % words, *(in_words(each) for each in because.more)])


def exempt_words(exemption: Exemption | None) -> str:
    """Why a week is exempt, as the row behind it is called."""
    if exemption is None:
        return ""
    reason, why = exemption.reason, exemption.why
    if reason is Reason.FIRST_WEEK:
        return _("treatment began on %(day)s") % {"day": _day(why)}
    if reason is Reason.LAST_WEEK:
        return _("treatment ended on %(day)s") % {"day": _day(why)}
    if reason is Reason.SHORT_WEEK:
        days = int(why)
        return ngettext(
            "a week of %(n)s day, because weeks began to be counted differently",
            "a week of %(n)s days, because weeks began to be counted differently",
            days,
        ) % {"n": days}
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
    """The week against the program's floor. While it runs, nothing reads as final."""
    why = exempt_words(counted.exemption)
    if counted.floors:
        return floor_sentence(counted.floors[0], running=running, why=why)
    return in_words(counted.verdict.because, why=why)


def floor_sentence(judged: JudgedFloor, *, running: bool, why: str) -> str:
    """The same against any of the floors."""
    verdict = judged.verdict
    because = judged.because
    if not running or not verdict.floor:
        return in_words(because, why=why)
    told = RUNNING[verdict.test.value, verdict.met, bool(why)]()
    more = [in_words(each) for each in because.more]
    return " ".join([told % {**because.words, "why": why}, *more])


def rule_words(rule: str) -> str:
    """A rule of the count, as a director would say it."""
    return " ".join(str(RULES[each]) for each in rule.split(", ") if each in RULES)


FLOOR_STATES = {
    FloorState.MET: gettext_lazy("met"),
    FloorState.EXEMPT: gettext_lazy("exempt"),
    FloorState.NOT_MET: gettext_lazy("not met"),
    FloorState.WILL_MISS: gettext_lazy("will be missed"),
    FloorState.ON_THE_WAY: gettext_lazy("on the way"),
}

RULES = {
    "clip": gettext_lazy("Only a session's own time counts, from coming to leaving."),
    "breaks": gettext_lazy("Breaks are not clinical time, unless the program's numbers say so."),
    "split": gettext_lazy("A minute belongs to one service: the one that began later."),
    "late.deny": gettext_lazy("The program's numbers say that who is this late is credited nothing."),
    "minimum_presence": gettext_lazy("The program's numbers ask for a least part of each session."),
    "cancelled": gettext_lazy("What did not take place is nobody's hours."),
    "absent": gettext_lazy("Only what somebody confirmed on the roll counts."),
    "kind.own": gettext_lazy("Who asks for this floor says which kinds of services count for it."),
    "kind": gettext_lazy("Which kinds of services count is set in the list of services, from a day on."),
}

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
