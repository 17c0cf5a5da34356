"""What the nights found: gaps of all charts by site and rule, and how many there were before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

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
    """The last 60 days of each site that was ever looked at. One query."""
    found: dict[int, list[ChartAudit]] = defaultdict(list)
    for each in (
        ChartAudit.objects.filter(site__in=sites).select_related("site").order_by("-made_at", "-pk")[:2000]
    ):
        rows = found[each.site_id]
        if not rows or each.made_at > rows[0].made_at - SHOWN:
            rows.append(each)
    return [Nights(rows[0].site, rows[0], tuple(reversed(rows))) for rows in found.values()]


def by_rule(audit: ChartAudit) -> list[RuleGaps]:
    """The most gaps first, beside those of a week before. Four queries."""
    rules = rules_now()
    before = ChartAudit.objects.filter(site=audit.site_id, made_at__lte=audit.made_at - WEEK)
    earlier = before.order_by("-made_at").first()
    then: dict[str, int] | None = None
    if earlier is not None:
        then = dict(ChartAuditLine.objects.filter(audit=earlier).values_list("rule", "overdue"))
    rows = [
        RuleGaps(rules[line.rule], line, None if then is None else then.get(line.rule, 0))
        for line in ChartAuditLine.objects.filter(audit=audit)
        if line.rule in rules
    ]
    return sorted(rows, key=lambda row: (-row.line.past_hard_line, -row.line.overdue, row.rule.key))
