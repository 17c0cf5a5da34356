"""What this package can prove for the machine: `service.first_delivered` (T13)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Interval
from dayward.care.journey.models import Episode
from dayward.kernel.evidence import Evidence


def first_delivered(*, kind: str, id: int) -> Evidence:
    """Somebody confirmed that the person was in a clinical session since admission."""
    episode = Episode.objects.select_related("program__site", "person").get(pk=id)
    rows = Interval.objects.standing().filter(
        person=episode.person,
        session__service__clinical=True,
        session__during__endswith__gt=episode.admitted_at,
        came_in__lte=timezone.now(),
    )
    if rows.exists():
        return Evidence(True)
    return Evidence(
        False, _("No clinical service is confirmed on a roll yet."), _("whoever leads the session")
    )
