"""The calls of the first week and after discharge (W01, T24): made, heard, handed back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.events import DangerHeard
from dayward.care.journey.models import AftercareCall, Episode, IntakeCase, Source
from dayward.care.journey.queries.leaving import is_followed
from dayward.care.journey.rules.calls import EMERGENCY_SIGN, FIRST_WEEK, SLOTS, WARNING_SIGNS
from dayward.care.journey.services.intake import ComesFrom, FirstContact, open_case_of, open_inquiry
from dayward.care.journey.services.steps import lock
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed


@dataclass(frozen=True)
class Heard:
    """What a call came to. `danger_now`: the thoughts are of now; `hand_back`: open a way back in."""

    outcome: str
    mode: str = AftercareCall.Mode.PHONE
    how: str = ""
    warning_signs: Collection[str] = ()
    handed_back: str = ""  # what was done about the signs, and who has the person now
    hand_back: bool = False
    danger_now: bool = False


@transaction.atomic
def log_call(
    *, actor: Actor, episode: Episode, slot: str, heard: Heard, at: datetime | None = None
) -> AftercareCall:
    """A call of the way was tried: whom it reached, how they are, what was done about a warning sign."""
    current, when = lock(episode), at or timezone.now()
    _check_call(current, slot, heard)
    case = _way_back(current, heard, actor=actor, at=at) if heard.hand_back else None
    call = AftercareCall.objects.create(
        episode=current,
        slot=slot,
        mode=heard.mode,
        outcome=heard.outcome,
        how=heard.how.strip(),
        warning_signs=[sign for sign in WARNING_SIGNS if sign in heard.warning_signs],
        handed_back=heard.handed_back.strip(),
        case=case,
        made_at=when,
        made_by=actor.id,
    )
    if EMERGENCY_SIGN in heard.warning_signs:
        publish(DangerHeard(call.pk, heard.danger_now, when, actor))
    changed(current.person_id, "call")
    record(
        actor=actor,
        action="journey.log_call",
        person=current.person,
        subject=call,
        slot=slot,
        outcome=heard.outcome,
    )
    return call


def _check_call(episode: Episode, slot: str, heard: Heard) -> None:
    if slot not in SLOTS:
        raise Refused(_("There is no such call."))
    if slot in FIRST_WEEK and episode.ended_at is not None:
        raise Refused(_("The episode has ended; calls after it belong to the aftercare."))
    if slot not in FIRST_WEEK and not is_followed(episode):
        raise Refused(_("Aftercare is not open for this person."))
    if not set(heard.warning_signs) <= WARNING_SIGNS.keys():
        raise Refused(_("There is no such warning sign."))
    if heard.warning_signs and heard.outcome != AftercareCall.Outcome.REACHED:
        raise Refused(_("A warning sign is something that somebody said: say that the person was reached."))
    if heard.danger_now and EMERGENCY_SIGN not in heard.warning_signs:
        raise Refused(_("The danger is now: choose the warning sign, too."))
    if EMERGENCY_SIGN in heard.warning_signs and not heard.handed_back.strip():
        raise Refused(
            _(
                "Thoughts of suicide or harm: stay on the line, bring in 988 or 911, and write down who has taken over."
            )
        )
    if heard.warning_signs and not heard.handed_back.strip():
        raise Refused(_("Write down what is done about the warning signs, and who has the person now."))


def _way_back(episode: Episode, heard: Heard, *, actor: Actor, at: datetime | None) -> IntakeCase:
    """3.12: a warm hand-back is an intake case, so that intake calls today; one that is open already is enough."""
    site = episode.program.site
    existing = open_case_of(episode.person, site)
    if existing is not None:
        return existing
    if episode.ended_at is None:
        raise Refused(_("The person is in treatment: tell the team instead."))
    return open_inquiry(
        actor=actor,
        site=site,
        person=episode.person,
        source=Source.RETURN,
        contact=FirstContact(message=heard.how.strip(), person_knows=True),
        comes_from=ComesFrom(),
        program=episode.program,
        at=at,
    )


@transaction.atomic
def withdraw_call(*, actor: Actor, call: AftercareCall, at: datetime | None = None) -> AftercareCall:
    """Undo: entered in error. It stays readable and counts no longer."""
    row = (
        AftercareCall.objects.select_for_update(of=("self",))
        .select_related("episode__person")
        .get(pk=call.pk)
    )
    if row.withdrawn_at is not None:
        raise Refused(_("This call is marked as entered in error already."))
    row.withdrawn_at, row.withdrawn_by = at or timezone.now(), actor.id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    changed(row.episode.person_id, "call")
    record(actor=actor, action="journey.withdraw_call", person=row.episode.person, subject=row)
    return row
