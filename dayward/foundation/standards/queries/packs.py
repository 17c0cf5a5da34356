"""Rule packs and the clinic's own rules as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dayward.foundation.organization.models import Site
from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import PackUse, PolicyRule
from dayward.foundation.standards.rules.pack import Authority, Pack, Rule


@dataclass(frozen=True)
class Holding:
    """Whether a pack holds at a site on a day, and because of what."""

    site: Site
    applies: bool
    because: str
    use: PackUse | None


@dataclass(frozen=True)
class OwnRule:
    """A rule that the clinic may set: as it stands today, and what the clinic said of it."""

    rule: Rule
    said: tuple[PolicyRule, ...]  # for some site or all, that hold today or later

    @property
    def is_ours(self) -> bool:
        return self.rule.key.startswith(f"{policies.OWN}.")


def standing_uses() -> list[PackUse]:
    return list(
        PackUse.objects.filter(withdrawn_at=None).select_related("site").order_by("effective_from", "pk")
    )


def holdings(pack: Pack, sites: Sequence[Site], uses: Sequence[PackUse], day: date) -> list[Holding]:
    return [_holding(pack, site, uses, day) for site in sites]


def _holding(pack: Pack, site: Site, uses: Sequence[PackUse], day: date) -> Holding:
    mine = [use for use in uses if (use.pack, use.site_id, use.program) == (pack.key, site.pk, "")]
    use = next((each for each in reversed(mine) if each.holds_on(day)), None)
    if use is not None:
        return Holding(site, use.applies, use.reason, use)
    applies, because = _by_itself(pack, site)
    ahead = next((each for each in mine if each.effective_from > day), None)
    return Holding(site, applies, because, ahead)


def _by_itself(pack: Pack, site: Site) -> tuple[bool, str]:
    match pack.scope.authority:
        case Authority.POLICY:
            return True, _("The program's own policy holds everywhere.")
        case Authority.PAYER:
            return True, _("For people whose payer it is.")
        case Authority.STATE if site.state in pack.scope.of:
            return True, _("The site is in %(state)s.") % {"state": site.state}
        case Authority.STATE:
            return False, _("The site is in %(state)s.") % {"state": site.state}
    return False, _("Nobody has said that the site is accredited.")


def own_rules(day: date) -> list[OwnRule]:
    """Every rule the clinic may set, those of its own first. One query."""
    rows = (
        PolicyRule.objects.filter(withdrawn_at=None).select_related("site").order_by("effective_from", "pk")
    )
    said: dict[str, list[PolicyRule]] = {}
    for row in rows:
        if row.effective_to is None or row.effective_to > day:
            said.setdefault(row.key, []).append(row)
    rules = [rule for rule in library.rules().values() if policies.may_change(rule)]
    ours = [policies.plain(rows[-1]) for key, rows in sorted(said.items()) if key not in library.rules()]
    return [OwnRule(rule, tuple(said.get(rule.key, ()))) for rule in (*ours, *rules)]


def own_rule(key: str) -> Rule | None:
    """A rule the clinic may set, as the library or its newest row says it."""
    rule = library.rules().get(key)
    if rule is not None:
        return rule if policies.may_change(rule) else None
    row = PolicyRule.objects.filter(key=key).order_by("-effective_from", "-pk").first()
    return policies.plain(row) if row else None


def history(key: str) -> list[PolicyRule]:
    """Everything that was ever said of a rule, the newest first."""
    return list(PolicyRule.objects.filter(key=key).select_related("site").order_by("-set_at", "-pk"))
