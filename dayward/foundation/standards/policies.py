"""The clinic's own rules as the engine reads them."""

from __future__ import annotations

from dataclasses import replace

from dayward.foundation.standards import library
from dayward.foundation.standards.models import PolicyRule
from dayward.foundation.standards.rules.book import Own
from dayward.foundation.standards.rules.pack import Confidence, Harm, Length, Pattern, Rule, Unit
from dayward.foundation.standards.rules.reading import sensible

OWN = "own"  # the clinic's pack, and how keys of its rules begin
GENERIC, ALERTS = "generic", "alert."
NOTHING = Length(0, Unit.DAYS)


def may_change(rule: Rule) -> bool:
    """The clinic sets the numbers of its own policy; the timers of an alert are signed by the medical director."""
    return rule.pack == GENERIC and not rule.key.startswith(ALERTS)


def plain(row: PolicyRule) -> Rule:
    """A rule of its own, or one of the program policy with the clinic's number."""
    base = library.rules().get(row.key)
    return _changed(base, row) if base else _made(row)


def own(row: PolicyRule) -> Own:
    return Own(plain(row), row.site_id, row.asked)


def _within(row: PolicyRule) -> Length:
    return Length(row.within_amount, Unit(row.within_unit)) if row.within_amount is not None else NOTHING


def _at_most(row: PolicyRule) -> Length | None:
    return Length(row.at_most_days, Unit.DAYS) if row.at_most_days else None


def _changed(base: Rule, row: PolicyRule) -> Rule:
    """Everything but the length stays; a second line that the new length has passed falls away."""
    within = _within(row)
    keeps = base.hard is not None and (base.hard.unit is not within.unit or base.hard.amount > within.amount)
    return replace(
        base,
        pack=OWN,
        within=within,
        at_most=_at_most(row),
        hard=base.hard if keeps else None,
        citation=row.citation,
        confidence=Confidence.POLICY.value,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        policy=row.pk,
    )


def _made(row: PolicyRule) -> Rule:
    again = row.repeats == PolicyRule.Repeats.AGAIN
    after = (row.after, row.done) if again else (row.after,)
    return sensible(
        Rule(
            key=row.key,
            pack=OWN,
            title=row.title,
            why=row.why,
            role=row.role,
            after=tuple(dict.fromkeys(Pattern.read(text) for text in after)),
            done=(Pattern.read(row.done),),
            within=_within(row),
            at_most=_at_most(row),
            harm=Harm(row.harm),
            by_ref=row.repeats == PolicyRule.Repeats.EACH,
            latest=again,
            outlives=row.outlives,
            source=OWN,
            citation=row.citation,
            confidence=Confidence.POLICY.value,
            effective_from=row.effective_from,
            effective_to=row.effective_to or None,
            policy=row.pk,
        )
    )
