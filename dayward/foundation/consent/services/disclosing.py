"""The log of what left the program: each line with its consent, its notice and the hash of what was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent import queries, texts
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.consent.rules.allowing import Ask
from dayward.foundation.consent.rules.kinds import Information, Purpose, RecipientClass
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


@transaction.atomic
def record_disclosure(
    *,
    actor: Actor,
    person: Person,
    recipient: str,
    purpose: str,
    information: Iterable[str],
    description: str,
    content: bytes,
    recipient_person: Person | None = None,
    recipient_class: str = RecipientClass.NAMED,
    basis: str = Disclosure.Basis.CONSENT,
    circumstances: str = "",
    under_part_two: bool = True,
    at: datetime | None = None,
) -> Disclosure:
    """Write down a disclosure; with consent as its basis it is refused unless a consent allows it now.

    The statement of 2.32 goes with it only where Part 2 applies; whoever does not know lets it go with it.
    Call it in the transaction that sends: when it refuses, nothing is sent.
    """
    now = at or timezone.now()
    ask = Ask(
        frozenset(Information(each) for each in information),
        Purpose(purpose),
        recipient,
        recipient_person.public_id if recipient_person else "",
        RecipientClass(recipient_class),
    )
    _refuse_vague(ask, description, basis, circumstances)
    consent = _consent_for(person, ask, now) if basis == Disclosure.Basis.CONSENT else None
    disclosure = Disclosure.objects.create(
        person=person,
        basis=basis,
        consent=consent,
        recipient=recipient.strip(),
        recipient_class=recipient_class,
        purpose=purpose,
        information=sorted(str(each) for each in ask.information),
        description=description.strip(),
        circumstances=circumstances.strip(),
        content_sha256=hashlib.sha256(content).hexdigest(),
        notice_version=texts.STATEMENT_LONG if consent and under_part_two else "",
        made_at=now,
        made_by=actor.id,
    )
    record(actor=actor, action="consent.disclose", person=person, subject=disclosure, basis=str(basis))
    return disclosure


def _refuse_vague(ask: Ask, description: str, basis: str, circumstances: str) -> None:
    if not ask.recipient.strip():
        raise Refused(_("Say to whom it goes."))
    if not ask.information or not description.strip():
        raise Refused(_("Say what is shared."))
    needs_reason = set(Disclosure.Basis) - {Disclosure.Basis.CONSENT, Disclosure.Basis.PATIENT}
    if basis in needs_reason and not circumstances.strip():
        raise Refused(_("Say what the emergency, the order or the report is, and who received it there."))


def _consent_for(person: Person, ask: Ask, now: datetime) -> Consent:
    answer = queries.may_share(person, ask, now)
    if not answer.allowed or answer.consent is None:
        raise Refused(answer.sentence)
    return answer.consent
