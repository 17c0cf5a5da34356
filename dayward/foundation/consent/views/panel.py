"""What the chart page shows of the consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dayward.foundation.consent import queries, words
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.rules.kinds import RELEASING, Kind
from dayward.foundation.consent.rules.standing import Standing, may_revoke
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, alone, both, first_of
from dayward.kernel.prepared import Among, Prepared, Slot


@dataclass(frozen=True)
class Row:
    """A consent as staff read it in one line."""

    consent: Consent
    standing: Standing
    name: str
    state: str
    word: str
    who: str
    what: str
    purpose: str
    ends: str
    may_revoke: bool

    @property
    def is_waiting(self) -> bool:
        return self.standing in {Standing.OFFERED, Standing.PARTLY}

    @property
    def is_active(self) -> bool:
        return self.standing is Standing.ACTIVE


def read_rows(person: Person) -> Reading[list[Row]]:
    today = today_at(person)
    consents = yield from _CONSENTS.reading(people=person.all_ids)
    return [_row(consent, today) for consent in consents]


_CONSENTS = Prepared(
    lambda: Consent.objects.filter(Among("person", Slot("people"))).select_related(
        "signature", "second_signature", "recipient_person", "person__site"
    )
)


def rows_of(person: Person) -> list[Row]:
    return alone(read_rows(person))


def _row(consent: Consent, today: date) -> Row:
    stands = queries.standing_of(consent)
    releasing = consent.kind in RELEASING
    return Row(
        consent=consent,
        standing=stands,
        name=str(words.KINDS[consent.kind]),
        state=words.STANDING_STATES[stands],
        word=str(words.STANDINGS[stands]),
        who=_(consent.recipient) if releasing else "",
        what=words.in_line(words.INFORMATION, consent.information) if releasing else "",
        purpose=words.in_line(words.PURPOSES, consent.purposes) if releasing else "",
        ends=_ends(consent),
        may_revoke=stands in {Standing.ACTIVE, Standing.PARTLY} and may_revoke(queries.given(consent), today),
    )


def _ends(consent: Consent) -> str:
    from_event = words.EVENTS.get(consent.expiry_event)
    return str(from_event) if from_event else ""


def panel_context(request: HttpRequest, person: Person) -> Reading[dict[str, Any]]:
    """For the panel what is in force and what waits; for the header the same in a word, what is missing first."""
    notices = queries.notices_of(person).select_related(None).order_by("-id")
    found, notice = yield from both(read_rows(person), first_of(notices))
    active = [row for row in found if row.is_active]
    return {
        "person": person,
        "active": active,
        "waiting": [row for row in found if row.is_waiting],
        "treatment": next((row for row in active if row.consent.kind == Kind.TREATMENT), None),
        "releases": sum(row.consent.kind in RELEASING for row in active),
        "notice": notice,
    }
