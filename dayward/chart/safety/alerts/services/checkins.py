"""Somebody said something positive, and then the weekly questionnaire stayed away: on the team's list (measures 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.safety.alerts.models import Alert
from dayward.chart.safety.alerts.services.raising import raise_alert
from dayward.chart.safety.rules import escalation
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.standards.models import Due

CHECKINS = system_actor("safety.checkins")
CHECK_IN = "measure.phq-9"  # the rule of the standards that says by when
AFTER = timedelta(days=30)  # so long after something positive a silence means something


def missed_checkins(*, at: datetime | None = None) -> int:
    """Everybody whose check-in is more than late after a positive answer; says for how many it raised a watch."""
    now = at or timezone.now()
    late = Due.objects.filter(rule=CHECK_IN, state=Due.State.OPEN, hard_at__lt=now)
    rows = Alert.objects.filter(
        episode__in=late.values("episode"),
        risk_class__in=escalation.TIMED,
        raised_at__gt=now - AFTER,
        closed_at__isnull=False,
    )
    newest = rows.order_by("person_id", "-raised_at", "-pk").distinct("person_id")
    return sum(_watch(pk, now) is not None for pk in newest.values_list("pk", flat=True))


@transaction.atomic
def _watch(positive: int, now: datetime) -> Alert | None:
    """Once for each positive answer, and only where nothing else is open."""
    rows = Alert.objects.select_for_update(of=("self",)).select_related("person__site")
    told = rows.get(pk=positive)
    own = Alert.objects.filter(person_id__in=told.person.all_ids)
    if own.filter(closed_at__isnull=True).exists() or told.followed_by.exists():
        return None
    new = Alert(
        person=told.person,
        episode_id=told.episode_id,
        administration_id=told.administration_id,
        call_id=told.call_id,
        follows=told,
    )
    note = _("The weekly questionnaire stayed away after something positive was said.")
    return raise_alert(CHECKINS, new, escalation.WATCH, now, note=note)
