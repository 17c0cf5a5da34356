"""The way in goes on by itself as soon as the chart proves a step."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dayward.care.journey import services as journey
from dayward.care.journey.models import IntakeCase
from dayward.foundation.audit.actors import Actor
from dayward.kernel.errors import Refused

STEPS = {"assessment_scheduled": journey.record_assessment, "assessed": journey.decide_level}


@transaction.atomic
def advance(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> tuple[str, ...]:
    """Take the steps that are proved now (T7, T8); what is still missing comes back as sentences."""
    for _attempt in STEPS:
        case.refresh_from_db()
        step = STEPS.get(case.state)
        if step is None:
            return ()
        try:
            with transaction.atomic():
                step(actor=actor, case=case, at=at)
        except Refused as refused:
            return refused.reasons[1:]
    return ()
