"""Every night every chart is looked at: what is overdue, by rule, kept so that weeks can be compared."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.standards.models import ChartAudit, ChartAuditLine, Due
from dayward.foundation.standards.services.refreshing import KEEPER

Found = dict[str, list[tuple[int, bool]]]  # by rule: the due, and whether it is past its hard line


@transaction.atomic
def audit_charts(*, at: datetime | None = None) -> list[ChartAudit]:
    """One row for each site. `at`: an instant of the past, as far as today's rows tell (a seed)."""
    when = at or timezone.now()
    return [_audit(site, when) for site in Site.objects.order_by("pk")]


def _audit(site: Site, when: datetime) -> ChartAudit:
    known = Due.objects.filter(site=site, start_at__lte=when).exclude(state=Due.State.OVER)
    late = known.filter(Q(state=Due.State.OPEN) | Q(done_at__gt=when), due_at__lt=when)
    found: Found = defaultdict(list)
    people: set[int] = set()
    for pk, rule, person, hard in late.values_list("pk", "rule", "person_id", "hard_at"):
        found[rule].append((pk, hard is not None and hard < when))
        people.add(person)
    audit = ChartAudit.objects.create(
        site=site,
        made_at=when,
        made_by=KEEPER.id,
        charts=known.values("person").distinct().count(),
        charts_with_gaps=len(people),
        gaps=sum(len(rows) for rows in found.values()),
    )
    ChartAuditLine.objects.bulk_create(_line(audit, rule, rows) for rule, rows in sorted(found.items()))
    record(actor=KEEPER, action="standards.audit_charts", subject=audit, site=site, gaps=audit.gaps)
    return audit


def _line(audit: ChartAudit, rule: str, rows: list[tuple[int, bool]]) -> ChartAuditLine:
    return ChartAuditLine(
        audit=audit,
        rule=rule,
        overdue=len(rows),
        past_hard_line=sum(past for _pk, past in rows),
        dues=[pk for pk, _past in rows],
    )
