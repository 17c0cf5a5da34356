"""One step along the machine: judged by the table, logged, audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase, Transition
from dayward.care.journey.queries.steps import (
    Lacking,
    Walker,
    find_evidence,
    in_words,
    judge_step,
    kind_of,
    machine_of,
    site_of,
    state_label,
)
from dayward.care.journey.rules import table
from dayward.care.journey.rules.machine import NOTHING, Verdict
from dayward.care.journey.rules.machine import Transition as Row
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Misconfigured, Refused
from dayward.kernel.evidence import Evidence
from dayward.kernel.facts import changed

T = TypeVar("T", IntakeCase, Episode, AftercareCase)


class StepRefused(Refused):
    """A step the machine does not allow now; `lacking` says what is missing."""

    def __init__(self, message: str, lacking: tuple[Lacking, ...] = ()) -> None:
        super().__init__(message, reasons=[message, *(f"{item.sentence} ({item.who})" for item in lacking)])
        self.lacking = lacking


def staff_of(actor: Actor) -> StaffMember:
    """The member of staff who acts; Refused when a step that somebody must answer for has none."""
    if actor.staff is None:
        raise Refused(_("Only a member of staff can do this."))
    return actor.staff


@transaction.atomic
def take_step(
    walker: Walker, key: str, *, actor: Actor, reason: str = "", at: datetime | None = None, **changes: Any
) -> Transition:
    """Move `walker` along the row `key`, with `changes` to its own fields in the same update.

    The caller has locked the walker (`lock`) and written what belongs to the step before.
    """
    row = table.BY_KEY[key]
    before = _state_before(walker, row)
    found = find_evidence(walker, row.keys)
    if len(found) < len(row.keys):
        raise StepRefused(
            _("Nothing in Dayward can show yet what “%(step)s” needs.") % {"step": _(row.label)}
        )
    verdict = judge_step(walker, row, found, reason=reason)
    if not verdict.allowed:
        raise _refusal(row, verdict, found)
    when = at or timezone.now()
    after = row.leads_to(before)
    _write_state(walker, before, after, when, changes)
    step = Transition.objects.create(
        **{"aftercare" if isinstance(walker, AftercareCase) else kind_of(walker): walker},
        key=key,
        from_state=before,
        to_state=after,
        at=when,
        by=actor.id,
        reason=reason.strip(),
        evidence={ask.key: bool(found.get(ask.key) and found[ask.key].present) for ask in row.asks},
    )
    if not isinstance(walker, IntakeCase):
        changed(walker.person.pk)
    record(
        actor=actor,
        action=f"journey.{key}",
        person=walker.person,
        subject=walker,
        site=site_of(walker),
        from_state=before,
        to_state=after,
    )
    return step


def _state_before(walker: Walker, row: Row) -> str:
    """The state the step starts from; Refused where the row does not lead on from it."""
    if row.machine != machine_of(walker):
        raise Misconfigured(f"{row.key} is not a step of a {kind_of(walker)}")
    if NOTHING in row.sources:
        return NOTHING
    if walker.state not in row.sources:
        raise StepRefused(
            _("“%(step)s” is not possible now: the state is “%(state)s”.")
            % {"step": _(row.label), "state": state_label(walker.state)}
        )
    return walker.state


def _write_state(walker: Walker, before: str, after: str, when: datetime, changes: dict[str, Any]) -> None:
    fields = [*changes]
    for name, value in changes.items():
        setattr(walker, name, value)
    if after != before:
        walker.state, walker.state_since = after, when
        fields += ["state", "state_since"]
    if before != NOTHING or changes:
        walker.version += 1
        walker.save(update_fields=[*fields, "version"])


def _refusal(row: Row, verdict: Verdict, found: Mapping[str, Evidence]) -> StepRefused:
    if verdict.missing:
        return StepRefused(
            _("“%(step)s” is not possible yet.") % {"step": _(row.label)}, in_words(verdict.missing, found)
        )
    if verdict.to_explain:
        return StepRefused(
            _("Please give a reason for going on without this."), in_words(verdict.to_explain, found)
        )
    return StepRefused(_("Please give a reason."))


def lock(walker: T) -> T:
    """The row as it is now, locked until the end of the transaction."""
    return type(walker).objects.select_for_update().get(pk=walker.pk)
