"""How the way of alerts stands: the newest test of each site, and whether somebody has to be told loudly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dayward.chart.safety.alerts.models import Alert, AlertTest
from dayward.foundation.organization.models import Site
from dayward.kernel.gathering import Selected
from dayward.kernel.prepared import Among, Prepared, Slot

OLD = timedelta(hours=26)  # a test a day, and two hours of grace
STOPPED = timedelta(minutes=10)  # the heartbeat comes every five


@dataclass(frozen=True)
class Tested:
    """One site: its newest test, and the newest that was passed."""

    site: Site
    newest: AlertTest | None
    passed: AlertTest | None

    @property
    def is_running(self) -> bool:
        return self.newest is not None and self.newest.done_at is None


def newest_tests(sites: Iterable[Site]) -> list[Tested]:
    """Two queries for any number of sites, however many tests there were."""
    of_site = AlertTest.objects.filter(site=OuterRef("pk"))
    passed = of_site.filter(done_at__isnull=False, failure="")
    asked = Site.objects.filter(pk__in=[site.pk for site in sites]).annotate(
        newest=Subquery(of_site.values("pk")[:1]), passed=Subquery(passed.values("pk")[:1])
    )
    keys = {pk: (newest, good) for pk, newest, good in asked.values_list("pk", "newest", "passed")}
    named = AlertTest.objects.select_related("named", "goes_on_to")
    rows = named.in_bulk({key for pair in keys.values() for key in pair if key is not None})
    return [Tested(site, *(rows.get(key) for key in keys[site.pk])) for site in sites]


def untested(sites: Iterable[Site], now: datetime) -> Selected:
    """Sites whose last finished test failed or is too old, or that were never tested; the demo may be that. Whether
    there is one: a key, or none.
    """
    return _UNTESTED.filled(sites=[site.pk for site in sites], old=now - OLD)


def stopped(sites: Iterable[Site], now: datetime) -> Selected:
    """Open alerts past their time without a ring for longer than a heartbeat: nothing runs that would ring. Whether
    there is one: a key, or none.
    """
    return _STOPPED.filled(sites=[site.pk for site in sites], since=now - STOPPED)


def _untested() -> QuerySet[Site, int]:
    finished = AlertTest.objects.filter(site=OuterRef("pk"), done_at__isnull=False)
    rows = Site.objects.filter(Among("pk", Slot("sites"))).annotate(
        said=Subquery(finished.values("failure")[:1]), at=Subquery(finished.values("started_at")[:1])
    )
    old = Slot("old")
    never = Q(at__isnull=True, organization__is_demo=False, organization__created_at__lt=old)
    found = rows.filter(never | Q(at__lte=old) | (Q(at__isnull=False) & ~Q(said="")))
    return found.order_by().values_list("pk", flat=True)[:1]


_UNTESTED = Prepared(_untested)
_STOPPED = Prepared(
    lambda: (
        Alert.objects.filter(
            Among("person__site", Slot("sites")), closed_at__isnull=True, rings_next__lt=Slot("since")
        )
        .order_by()
        .values_list("pk", flat=True)[:1]
    )
)
