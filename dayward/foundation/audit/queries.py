"""Reading the trail: what happened, who looked, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from dayward.foundation.audit.models import Entry, Link
from dayward.foundation.organization.models import Site

NO_SITE = 0  # the chain of entries of no site

# Each chain's length, and the first place where it is not what the entries say. `audit_canonical` is in
# migration 0002.
_WALK = """
SELECT chain, count(*), min(position) FILTER (WHERE broken) FROM (
    SELECT l.chain, l.position,
        l.position <> row_number() OVER way
        OR l.previous <> coalesce(lag(l.digest) OVER way, ''::bytea)
        OR e.id IS NULL
        OR coalesce(e.site_id, 0) <> l.chain
        OR l.digest <> sha256(l.previous || convert_to(audit_canonical(e), 'UTF8')) AS broken
    FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id
    WHERE l.chain = ANY(%s)
    WINDOW way AS (PARTITION BY l.chain ORDER BY l.position)
) walked GROUP BY chain
"""


@dataclass(frozen=True)
class ChainResult:
    """One site's chain. `head` is the digest of its last entry: written down elsewhere (paper will do), it
    also proves later that nothing was cut off the end."""

    site: str
    entries: int
    ok: bool
    sentence: str
    head: str = ""
    broken_at: int | None = None


WALKER, WALKED = "audit.walk", "audit.walked"


@dataclass(frozen=True)
class Walk:
    """When all chains were walked last, and what was found."""

    at: datetime
    chains: tuple[ChainResult, ...]

    @property
    def whole(self) -> bool:
        return all(each.ok for each in self.chains)


def last_walk() -> Walk | None:
    """A walk takes as long as the trail is: pages show what the last one found."""
    entry = Entry.objects.filter(actor=WALKER, action=WALKED).order_by("-at", "-pk").first()
    if entry is None:
        return None
    return Walk(entry.at, tuple(ChainResult(**each) for each in entry.detail["chains"]))


def verify_chains() -> list[ChainResult]:
    """Every chain from its first entry, and entries that stand in none. Four queries."""
    names = {site.pk: site.name for site in Site.objects.all()}
    heads = _heads()
    chains = sorted({*names, *heads, NO_SITE})
    with connection.cursor() as cursor:
        cursor.execute(_WALK, [chains])
        walked = {chain: (count, broken) for chain, count, broken in cursor.fetchall()}
    loose = _unchained()
    return [
        _result(
            names.get(chain) or ("(no site)" if chain == NO_SITE else f"site {chain}"),
            *walked.get(chain, (0, None)),
            loose.get(chain, 0),
            heads.get(chain, ""),
        )
        for chain in chains
    ]


def _result(name: str, count: int, broken: int | None, loose: int, head: str) -> ChainResult:
    if broken is not None:
        return ChainResult(name, count, False, f"{name}: changed at entry {broken} of {count}", head, broken)
    if loose:
        return ChainResult(name, count, False, f"{name}: {loose} entries stand outside the chain", head)
    return ChainResult(name, count, True, f"{name}: {count} entries, whole; head {head[:16] or 'none'}", head)


def _heads() -> dict[int, str]:
    """The last digest of each chain."""
    last = Link.objects.order_by("chain", "-position").distinct("chain")
    return {link.chain: bytes(link.digest).hex() for link in last}


def _unchained() -> dict[int, int]:
    """How many entries of each site stand in no chain."""
    rows = Entry.objects.filter(link=None).values_list("site").annotate(count=Count("pk")).order_by()
    return {site or NO_SITE: count for site, count in rows}


def acts_on_the_house() -> QuerySet[Entry]:
    """What was done about nobody's chart, and who signed in; an index holds these few (models.py)."""
    return Entry.objects.filter(person="", kind__in=[Entry.Kind.CHANGE, Entry.Kind.SIGN_IN])


def readers(person_public_ids: list[str]) -> QuerySet[Entry]:
    """Every entry in which somebody saw or tried to see this person's chart."""
    alone = Q(person__in=person_public_ids)
    listed = Q(pk__in=[])
    for public_id in person_public_ids:
        listed |= Q(detail__contains={"people": [public_id]})
    return Entry.objects.filter(alone | listed)
