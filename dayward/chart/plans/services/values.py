"""From the text of a form field to the value of a column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind
from dayward.chart.plans.models import Intervention, Objective, Part
from dayward.chart.plans.queries.tree import Tree
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused

MOST_MINUTES, MOST_WEEKS, MOST_A_WEEK = 600, 104, 40


def read_value(tree: Tree, part: Part, name: str, text: str) -> Any:
    """The value; Refused with a sentence when the text cannot be one."""
    readers: dict[str, Callable[[str], Any]] = {
        "due_on": read_day,
        "minutes": lambda given: _number(given, MOST_MINUTES),
        "weeks": lambda given: _number(given, MOST_WEEKS),
        "per_week": _often,
        "service": _service,
        "responsible": _colleague,
        "objective": lambda given: _objective(tree, given),
        "measure": _measure,
        "if_missed": _if_missed,
    }
    reader = readers.get(name)
    if reader is not None:
        return reader(text.strip())
    return _short(part, name, text)


def _short(part: Part, name: str, text: str) -> str:
    longest: int | None = getattr(part._meta.get_field(name), "max_length", None)
    if longest and len(text) > longest:
        raise Refused(_("This text is too long: %(count)d letters at most.") % {"count": longest})
    return text


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("“%(text)s” is not a day.") % {"text": text}) from None


def _number(text: str, most: int) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= most:
        raise Refused(_("“%(text)s” is not a number from 1 to %(most)d.") % {"text": text, "most": most})
    return int(text)


def _often(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Refused(_("Choose how often.")) from None
    if not 0 < number <= MOST_A_WEEK:
        raise Refused(_("Choose how often."))
    return number


def _service(text: str) -> ServiceKind:
    found = ServiceKind.objects.in_use().filter(public_id=text, documentable=True).first()
    if found is None:
        raise Refused(_("Choose one of the services."))
    return found


def _colleague(text: str) -> StaffMember | None:
    if not text:
        return None
    found = StaffMember.objects.filter(public_id=text).first()
    if found is None:
        raise Refused(_("Choose one of the team, or whoever leads the session."))
    return found


def _objective(tree: Tree, text: str) -> Objective | None:
    found = next((each for each in tree.objectives if each.public_id == text), None)
    if text and found is None:
        raise Refused(_("The objective is not in this plan any more."))
    return found


def _measure(text: str) -> str:
    if text not in ("", *Objective.Measure.values):
        raise Refused(_("Choose one of the questionnaires."))
    return text


def _if_missed(text: str) -> str:
    if text not in ("", *Intervention.IfMissed.values):
        raise Refused(_("Choose what may make up for a missed session."))
    return text
