"""What the nights found: gaps of all charts by site and rule, and how many there were before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from dayward.foundation.organization.models import Site
from dayward.foundation.standards.models import ChartAudit, ChartAuditLine
from dayward.foundation.standards.queries import rules_now
from dayward.foundation.standards.rules.pack import Rule

SHOWN = timedelta(days=60)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Nights:
    """One site: its newest audit and those before it, the oldest first."""

    site: Site
    newest: ChartAudit
    every: tuple[ChartAudit, ...]

    @property
    def gaps(self) -> list[float]:
        return [float(each.gaps) for each in self.every]

    @property
    def clean(self) -> int:
        """Charts without a gap, of a hundred."""
        charts = self.newest.charts
        return 100 if not charts else round(100 * (charts - self.newest.charts_with_gaps) / charts)


@dataclass(frozen=True)
class RuleGaps:
    rule: Rule
    line: ChartAuditLine
    week_ago: int | None  # how many there were; None: nobody looked

    @property
    def change(self) -> int | None:
        return None if self.week_ago is None else self.line.overdue - self.week_ago

    @property
    def more(self) -> str:
        return _("%(n)d more") % {"n": self.change or 0}

    @property
    def fewer(self) -> str:
        return _("%(n)d fewer") % {"n": -(self.change or 0)}


def nights(sites: Collection[Site]) -> list[Nights]:
    """The last 60 days of each site that was ever looked at. Two queries, however long ago the first night was."""
    recent = [Q(site=site, made_at__gt=newest - SHOWN) for site, newest in _newest(sites)]
    if not recent:
        return []
    found: dict[int, list[ChartAudit]] = defaultdict(list)
    rows = ChartAudit.objects.filter(reduce(or_, recent)).select_related("site")
    for each in rows.order_by("-made_at", "-pk"):
        found[each.site_id].append(each)
    return [Nights(rows[0].site, rows[0], tuple(reversed(rows))) for rows in found.values()]


def _newest(sites: Collection[Site]) -> QuerySet[Site, tuple[int, datetime]]:
    """When each site was looked at last."""
    own = ChartAudit.objects.filter(site=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    looked_at = Site.objects.filter(pk__in=[site.pk for site in sites]).annotate(newest=Subquery(own))
    return looked_at.exclude(newest=None).values_list("pk", "newest")


def by_rule(audit: ChartAudit) -> list[RuleGaps]:
    """The most gaps first, beside those of a week before."""
    return by_rule_each([audit])[audit.pk]


def by_rule_each(audits: Collection[ChartAudit]) -> dict[int, list[RuleGaps]]:
    """The same of several, by primary key. Four queries for any number."""
    rules, before = rules_now(), dict(_week_before(audits))
    lines: dict[int, dict[str, ChartAuditLine]] = defaultdict(dict)
    for line in ChartAuditLine.objects.filter(audit__in=[*before, *filter(None, before.values())]).defer(
        "dues"
    ):
        lines[line.audit_id][line.rule] = line
    return {pk: _gaps(lines[pk], lines[then] if then else None, rules) for pk, then in before.items()}


def _week_before(audits: Collection[ChartAudit]) -> QuerySet[ChartAudit, tuple[int, int | None]]:
    """Each with the one a week before it, by primary key."""
    earlier = ChartAudit.objects.filter(site=OuterRef("site"), made_at__lte=OuterRef("made_at") - WEEK)
    newest = Subquery(earlier.order_by("-made_at").values("pk")[:1])
    rows = ChartAudit.objects.filter(pk__in=[audit.pk for audit in audits]).annotate(before=newest)
    return rows.values_list("pk", "before")


def _gaps(
    lines: Mapping[str, ChartAuditLine], then: Mapping[str, ChartAuditLine] | None, rules: Mapping[str, Rule]
) -> list[RuleGaps]:
    rows = [
        RuleGaps(rules[key], line, None if then is None else then[key].overdue if key in then else 0)
        for key, line in lines.items()
        if key in rules
    ]
    return sorted(rows, key=lambda row: (-row.line.past_hard_line, -row.line.overdue, row.rule.key))
