"""The clinic's own rules, and its own numbers for those of the program policy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dayward.foundation.access.roles import ROLES
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import PolicyRule
from dayward.foundation.standards.rules.pack import Rule, Unit
from dayward.foundation.standards.services.dated import end, make_room
from dayward.foundation.standards.words import EVENTS
from dayward.kernel.errors import Refused
from dayward.kernel.facts import site_changed

LONGEST = 1000
LENGTH = ("within_amount", "within_unit", "at_most_days")
WORDS = ("title", "why", "role", "harm", "after", "done", "repeats", "outlives")


@transaction.atomic
def set_rule(
    *, actor: Actor, key: str, site: Site | None, since: date, citation: str, **fields: Any
) -> PolicyRule:
    """From a day on the clinic (or one site) asks this; clocks that began before stay under what held then.

    `key` is that of a rule of the program policy, of an own rule, or "" for a new one.
    """
    row = draft_rule(key=key, site=site, since=since, citation=citation, **fields)
    row.set_by = actor.id
    make_room(PolicyRule.objects.filter(key=row.key, site=site), since, actor)
    row.save()
    _tell(row)
    _record(actor, "standards.set_rule", row)
    return row


@transaction.atomic
def end_rule(*, actor: Actor, row: PolicyRule, on: date) -> PolicyRule:
    """From this day on it is not asked; a rule of the program policy has its own number again."""
    if row.withdrawn_at or (row.effective_to and row.effective_to <= on):
        raise Refused(_("This has ended already."))
    end(row, on, actor)
    _tell(row)
    _record(actor, "standards.end_rule", row)
    return row


def draft_rule(*, key: str, site: Site | None, since: date, citation: str, **fields: Any) -> PolicyRule:
    """The row as it would be kept; Refused where it asks for nothing that can be worked out."""
    if not citation.strip():
        raise Refused(_("Say where your policy says so: its name, section and date."))
    base = library.rules().get(key)
    asked = fields.pop("asked", True)
    row = PolicyRule(
        key=key or _new_key(fields.get("title", "")),
        site=site,
        asked=asked,
        effective_from=since,
        citation=citation.strip()[:200],
    )
    for name in LENGTH if asked else ():
        setattr(row, name, fields.get(name))
    if base is not None:
        _of_library(base, row)
    else:
        for name in WORDS:
            setattr(row, name, fields[name])
        _refuse_nonsense(row)
    if asked:
        _refuse_length(row)
        _readable(row)
    return row


def _of_library(base: Rule, row: PolicyRule) -> None:
    if not policies.may_change(base):
        raise Refused(_("This rule is not the program's own: its number is not yours to set."))
    row.title, row.why, row.role, row.harm = base.title, base.why[:300], base.role, base.harm.value


def _refuse_nonsense(row: PolicyRule) -> None:
    after, done = EVENTS.get(row.after), EVENTS.get(row.done)
    if not row.title.strip() or not row.why.strip():
        raise Refused(_("Give the rule a name, and say why it is asked."))
    if after is None or done is None:
        raise Refused(_("Choose what starts the clock and what settles it."))
    if row.role not in ROLES:
        raise Refused(_("Choose who has to see to it."))
    if row.repeats == PolicyRule.Repeats.EACH and not (after.thing and after.thing == done.thing):
        raise Refused(_("Each time needs two events about the same thing, such as a service and its note."))
    if row.after == row.done and row.repeats != PolicyRule.Repeats.AGAIN:
        raise Refused(_("What starts the clock cannot settle it, unless it is asked again and again."))


def _refuse_length(row: PolicyRule) -> None:
    if row.within_amount is None or row.within_unit not in PolicyRule.Units.values:
        raise Refused(_("Say within how long."))
    day = Unit(row.within_unit) in (Unit.DAYS, Unit.OPEN_DAYS, Unit.BUSINESS_DAYS)
    if not (0 if day else 1) <= row.within_amount <= LONGEST:
        raise Refused(_("That is no length of time."))
    if row.at_most_days and row.within_unit == PolicyRule.Units.DAYS:
        raise Refused(_("The second limit is for clocks that are not calendar days."))


def _readable(row: PolicyRule) -> None:
    """The engine's own check, in a sentence."""
    try:
        policies.plain(row)
    except ValueError as problem:
        raise Refused(_("This rule cannot be worked out: %(why)s.") % {"why": problem}) from None


def _new_key(title: str) -> str:
    stem = f"{policies.OWN}.{slugify(title)[:40] or 'rule'}"
    taken = set(PolicyRule.objects.filter(key__startswith=stem).values_list("key", flat=True))
    tries = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(each for each in tries if each not in taken)


def _tell(row: PolicyRule) -> None:
    sites = [row.site_id] if row.site_id else Site.objects.values_list("pk", flat=True)
    for site in sites:
        site_changed(site)


def _record(actor: Actor, action: str, row: PolicyRule) -> None:
    record(
        actor=actor,
        action=action,
        subject=row,
        site=row.site,
        reason=row.citation,
        rule=row.key,
        asked=row.asked,
        since=row.effective_from.isoformat(),
        until=row.effective_to.isoformat() if row.effective_to else "",
    )
