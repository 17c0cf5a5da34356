"""Reading the trail: what happened, who looked, and whether the chain is whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from dayward.foundation.audit.models import Entry, Link
from dayward.foundation.organization.models import Site

NO_SITE = 0  # the chain of entries of no site

# The first place where the chain is not what the entries say. `audit_canonical` is in migration 0002.
_BROKEN = """
SELECT walked.position FROM (
    SELECT l.*, lag(l.digest) OVER way AS before, row_number() OVER way AS place
    FROM audit_link l WHERE l.chain = %s WINDOW way AS (ORDER BY l.position)
) walked
LEFT JOIN audit_entry e ON e.id = walked.entry_id
WHERE walked.position <> walked.place
   OR walked.previous <> coalesce(walked.before, ''::bytea)
   OR e.id IS NULL
   OR coalesce(e.site_id, 0) <> walked.chain
   OR walked.digest <> sha256(walked.previous || convert_to(audit_canonical(e), 'UTF8'))
ORDER BY walked.position LIMIT 1
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


def verify_chains() -> list[ChainResult]:
    """Every chain, and entries that stand in none."""
    names = {site.pk: site.name for site in Site.objects.all()}
    chains = sorted(set(names) | set(Link.objects.values_list("chain", flat=True).distinct()) | {NO_SITE})
    return [verify_chain(chain, names.get(chain, "")) for chain in chains]


def verify_chain(chain: int, name: str = "") -> ChainResult:
    """Walk one chain from its first entry."""
    name = name or ("(no site)" if chain == NO_SITE else f"site {chain}")
    links = Link.objects.filter(chain=chain)
    count, last = links.count(), links.order_by("position").last()
    head = bytes(last.digest).hex() if last else ""
    broken = _broken_at(chain)
    if broken is not None:
        return ChainResult(name, count, False, f"{name}: changed at entry {broken} of {count}", head, broken)
    loose = _unchained(chain)
    if loose:
        return ChainResult(name, count, False, f"{name}: {loose} entries stand outside the chain", head)
    return ChainResult(name, count, True, f"{name}: {count} entries, whole; head {head[:16] or 'none'}", head)


def _broken_at(chain: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, [chain])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _unchained(chain: int) -> int:
    of_chain = Q(site=None) if chain == NO_SITE else Q(site=chain)
    return Entry.objects.filter(of_chain, link=None).count()


def readers(person_public_ids: list[str]) -> QuerySet[Entry]:
    """Every entry in which somebody saw or tried to see this person's chart, newest first."""
    alone = Q(person__in=person_public_ids)
    listed = Q(pk__in=[])
    for public_id in person_public_ids:
        listed |= Q(detail__contains={"people": [public_id]})
    return Entry.objects.filter(alone | listed).order_by("-at", "-pk")
