"""Background work: sessions and seats exist up to the horizon."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from dayward.care.schedule.models import Series
from dayward.care.schedule.services import HORIZON, extend_series
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day


@app.periodic(cron="17 3 * * *")
@app.task(name="schedule.keep_horizon", queueing_lock="schedule.keep_horizon", pass_context=False)
def keep_horizon_nightly(timestamp: int) -> int:
    """Every night, also when a night was missed."""
    return keep_horizon()


def keep_horizon() -> int:
    """Make what is missing up to the horizon; a series that collides waits, and the audit trail says so."""
    actor = system_actor("schedule.keep_horizon")
    made = 0
    for series in Series.objects.filter(group__closed_on__isnull=True).select_related(
        "group__site", "group__service"
    ):
        until = local_day(timezone.now(), series.group.site.zone) + HORIZON
        try:
            made += extend_series(actor=actor, series=series, until=until)
        except Refused as refusal:
            record(
                actor=actor,
                action="schedule.extend_refused",
                subject=series,
                site=series.group.site,
                reasons=len(refusal.reasons),
            )
    return made
