"""A referral document opens a case, or tells an open one; and the undo of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program
from dayward.care.journey.events import CaseMoved
from dayward.care.journey.models import EntryMode, IntakeCase, Source
from dayward.care.journey.services.intake import (
    ComesFrom,
    FirstContact,
    open_case_of,
    open_inquiry,
    update_case,
)
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.hanging import Hanging, hanging


@dataclass(frozen=True)
class Brought:
    """What a referral did to the case: it opened it, or told an open one these fields (as text)."""

    case: IntakeCase
    opened: bool
    told: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def open_referral(
    *,
    actor: Actor,
    site: Site,
    person: Person,
    comes_from: ComesFrom,
    program: Program | None = None,
    message: str = "",
    at: datetime | None = None,
) -> Brought:
    """An accepted referral document: a new case, or facts for the open one that exists."""
    existing = open_case_of(person, site)
    if existing is None:
        contact = FirstContact(message=message)
        case = open_inquiry(
            actor=actor,
            site=site,
            person=person,
            source=Source.REFERRAL,
            contact=contact,
            comes_from=comes_from,
            program=program,
            owner=actor.staff,
            at=at,
        )
        return Brought(case, opened=True)
    case = lock(existing)
    told = {name: value for name, value in asdict(comes_from).items() if value and not getattr(case, name)}
    if comes_from.entry_mode != EntryMode.STAND_ALONE and case.entry_mode == EntryMode.STAND_ALONE:
        told["entry_mode"] = comes_from.entry_mode
    update_case(case, told)
    record(
        actor=actor,
        action="journey.add_referral",
        person=person,
        subject=case,
        site=site,
        fields=sorted(told),
    )
    return Brought(case, opened=False, told={name: str(value) for name, value in told.items()})


@transaction.atomic
def take_back_referral(*, actor: Actor, brought: Brought, besides: Hanging, reason: str) -> IntakeCase:
    """Undo of `open_referral`. `besides`: what the referral itself hung on the case."""
    current = lock(brought.case)
    if brought.opened:
        if hanging(current) - besides:
            raise Refused(_("The case has gone on since. Close it with its reason instead."))
        take_step(
            current, "take_back_case", actor=actor, reason=reason, closing_note=reason, planned_for=None
        )
        publish(CaseMoved(current.pk, "take_back_case", current.state, actor))
        return current
    still = [name for name, value in brought.told.items() if str(getattr(current, name)) == value]
    blank = {name: getattr(IntakeCase(), name) for name in still}
    update_case(current, blank)
    record(
        actor=actor,
        action="journey.take_back_referral",
        person=current.person,
        subject=current,
        site=current.site,
        fields=sorted(blank),
    )
    return current
