"""Rule packs and the clinic's own rules as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import PackUse, PolicyRule
from dayward.foundation.standards.queries.book import plain_use
from dayward.foundation.standards.rules.book import Place, Use, holds, paid_by_any
from dayward.foundation.standards.rules.pack import Authority, Pack, Rule
from dayward.kernel.facts import Treating, programs


@dataclass(frozen=True)
class Holding:
    """Whether a pack holds in a program on a day, and because of what."""

    site: Site
    program: Treating | None  # None: the site has no program yet
    applies: bool
    because: str
    use: PackUse | None  # what the clinic says today
    ahead: PackUse | None  # and will say next

    @property
    def where(self) -> str:
        return f"{self.site.name}, {self.program.name}" if self.program else self.site.name


@dataclass(frozen=True)
class OwnRule:
    """A rule that the clinic may set: as it stands today, and what the clinic said of it."""

    rule: Rule
    said: tuple[PolicyRule, ...]  # for some site or all, that hold today or later

    @property
    def is_ours(self) -> bool:
        return self.rule.key.startswith(f"{policies.OWN}.")


def programs_of(sites: Sequence[Site]) -> list[Treating]:
    """The programs of these sites; one query."""
    keys = {site.pk for site in sites}
    return [each for provider in programs.values() for each in provider(keys)] if keys else []


def standing_uses() -> list[PackUse]:
    return list(
        PackUse.objects.filter(withdrawn_at=None).select_related("site").order_by("effective_from", "pk")
    )


def said_of(pack: Pack, sites: Sequence[Site]) -> list[PackUse]:
    """Everything that was ever said of where it holds, the newest first; each with who said it (`sayer`)."""
    rows = PackUse.objects.filter(pack=pack.key, site__in=sites).select_related("site")
    return list(rows.annotate(sayer=_name_of("set_by"), taker=_name_of("withdrawn_by")).order_by("-set_at"))


def _name_of(column: str) -> Subquery:
    staff = StaffMember.objects.filter(user__public_id=OuterRef(column))
    return Subquery(staff.values(name=Concat("given", Value(" "), "family")))


def holdings(
    pack: Pack,
    sites: Sequence[Site],
    uses: Sequence[PackUse],
    day: date,
    treating: Sequence[Treating] | None = None,
) -> list[Holding]:
    """Of each program of these sites; `uses` standing, in the order of time."""
    known = programs_of(sites) if treating is None else treating
    places: list[tuple[Site, Treating | None]] = []
    for site in sites:
        places += [(site, each) for each in known if each.site == site.pk] or [(site, None)]
    told = [use for use in uses if use.pack == pack.key]
    return [_holding(pack, site, program, told, day) for site, program in places]


def _holding(pack: Pack, site: Site, program: Treating | None, told: Sequence[PackUse], day: date) -> Holding:
    place = paid_by_any(pack, _place(site, program))
    mine = [use for use in told if use.site_id == site.pk and use.program in ("", place.program)]
    now = [use for use in mine if use.holds_on(day)]
    use = max(now, key=lambda each: bool(each.program), default=None)
    ahead = next((each for each in mine if each.effective_from > day), None)
    because = use.reason if use else _by_itself(pack, place)
    return Holding(site, program, holds(pack, place, map(plain_use, mine), day), because, use, ahead)


def would_hold(pack: Pack, site: Site, uses: Iterable[Use], day: date) -> list[tuple[Treating | None, bool]]:
    """In which programs of the site it would hold on a day, were this said."""
    told = list(uses)
    known: list[Treating | None] = list(programs_of([site]))
    if not known:
        known.append(None)
    places = [(each, paid_by_any(pack, _place(site, each))) for each in known]
    return [(each, holds(pack, place, told, day)) for each, place in places]


def _place(site: Site, program: Treating | None) -> Place:
    if program is None:
        return Place(site.pk, site.state)
    return Place(site.pk, site.state, program.key, program.stream, program.age_group)


def _by_itself(pack: Pack, place: Place) -> str:
    """Why it holds or does not, where nobody says so."""
    scope = pack.scope
    match scope.authority:
        case Authority.POLICY:
            return _("The program's own policy holds everywhere.")
        case Authority.ACCREDITOR:
            return _("Nobody has said that it is accredited.")
        case Authority.STATE if place.state not in scope.of:
            return _("The site is in %(state)s.") % {"state": place.state}
    if scope.streams and place.stream not in scope.streams:
        return _("It is about other programs.")
    if scope.authority is Authority.PAYER or scope.payers:
        return _("For people whose payer it is.")
    return _("The site is in %(state)s.") % {"state": place.state}


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
