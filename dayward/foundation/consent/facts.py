"""What this package tells standards: newer words that somebody who signed older ones is to sign (kernel/facts.py).

Only what the clinic's own words ask for; without such a version nothing is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from dayward.foundation.consent.models import Consent, FormText, NoticeGiven
from dayward.foundation.consent.rules.anew import SHIPPED, Signed, What, Words, asked_anew
from dayward.kernel import facts
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading

WORD = "consent"
KINDS = {
    What.ASKED: "consent.asked_anew",
    What.SIGNED: "consent.signed_anew",
    What.DECLINED: "consent.declined_anew",
    What.ENDED: "consent.anew_ended",
}


def anew(about: Collection[Subject]) -> Reading[list[Fact]]:
    """Three reads in one statement."""
    people = {each.person for each in about}
    asking = FormText.objects.filter(anew=True, withdrawn_at=None)
    signed, notice = Q(signature__isnull=False), NoticeGiven.PATIENT_NOTICE
    consents = Consent.objects.filter(
        signed | Q(declined_at__isnull=False), person__in=people, kind__in=asking.values("kind")
    )
    notices = NoticeGiven.objects.filter(signed, person__in=people, kind__in=asking.values("kind"))
    texts, papers, receipts = yield [
        FormText.objects.all(),
        consents.select_related("signature", "second_signature"),
        notices.filter(kind=notice).select_related("signature"),
    ]
    if not any(text.anew and text.withdrawn_at is None for text in texts):
        return []
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in (*papers, *receipts):
        rows[row.person_id].append(row)
    return [fact for each in about for fact in _of(each, texts, rows[each.person])]


def _of(subject: Subject, texts: Iterable[FormText], rows: Iterable[Any]) -> list[Fact]:
    """Facts of one stay."""
    written = {(text.kind, text.version): text.effective_from for text in texts}
    found: list[Fact] = []
    for kind in sorted({row.kind for row in rows}):
        asking = [
            Words(
                text.public_id,
                text.effective_from,
                max(_midnight(text.effective_from, subject.zone), text.made_at),
            )
            for text in texts
            if text.kind == kind and text.anew and text.withdrawn_at is None
        ]
        own = [row for row in rows if row.kind == kind]
        signed = [each for row in own if (each := _signed(row, written, subject.zone)) is not None]
        declined = [row.declined_at for row in own if getattr(row, "declined_at", None)]
        said = asked_anew(asking, signed, declined, subject.since)
        found += [Fact(KINDS[each.what], each.at, subject.episode, ref=each.ref) for each in said]
    return [fact for fact in found if subject.until is None or fact.at <= subject.until]


def _signed(row: Any, written: dict[tuple[str, str], date], zone: ZoneInfo) -> Signed | None:
    effective = written.get((row.kind, row.text_version), SHIPPED)
    if isinstance(row, NoticeGiven):
        return Signed(row.signature.signed_at, effective) if row.signature else None
    if not row.is_complete:
        return None
    last = row.second_signature or row.signature
    days = [_midnight(day + timedelta(days=1), zone) for day in (row.expires_on, row.event_on) if day]
    ends = [each for each in (row.revoked_at, *days) if each is not None]
    return Signed(last.signed_at, effective, min(ends, default=None))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def changed(row: Consent | NoticeGiven) -> None:
    """A paper was signed, declined or ended: what is to be signed anew may be settled."""
    if FormText.objects.filter(kind=row.kind, anew=True, withdrawn_at=None).exists():
        facts.changed(row.person_id, WORD)


def words_changed(text: FormText) -> None:
    """A version asks to be signed anew, or does so no longer: a job looks at all who signed the form."""
    if text.anew:
        model = NoticeGiven if text.kind == NoticeGiven.PATIENT_NOTICE else Consent
        rows = model._default_manager.filter(kind=text.kind, signature__isnull=False)
        facts.changed_soon(rows.values_list("person_id", flat=True).distinct())


def sign(*, person: str, episode: int, ref: str) -> str:
    """Where the packet is prepared: it has the form again."""
    return reverse("consent:list", args=[person])
