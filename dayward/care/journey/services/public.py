"""An inquiry by the public form: nothing is told back, and an address cannot flood the pipeline."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import IntakeCase, PublicInquiryCount, Source
from dayward.care.journey.services.intake import FirstContact, open_inquiry
from dayward.foundation.audit.actors import PUBLIC
from dayward.foundation.organization.models import Site
from dayward.foundation.people.services import add_contact_point, register_person
from dayward.kernel.errors import Refused

PER_ADDRESS = 5  # in an hour
FROM_EVERYWHERE = 100  # in an hour
KEPT = timedelta(days=2)
EVERYWHERE = "*"


class TooMany(Refused):
    """Too many messages came in. Please call us instead."""


@dataclass(frozen=True)
class Applicant:
    """The person who needs help, as told by the form."""

    given: str
    family: str = ""
    language: str = "en"
    phone: str = ""
    email: str = ""
    may_leave_message: bool = False
    may_text: bool = False


@transaction.atomic
def receive_public_inquiry(*, site: Site, applicant: Applicant, contact: FirstContact) -> IntakeCase:
    """A new person and case each time: who they may already be is for staff to see, never for the public."""
    person = register_person(
        actor=PUBLIC,
        site=site,
        legal_given=applicant.given,
        legal_family=applicant.family,
        language=applicant.language,
    )
    ways = {
        "may_call": True,
        "may_leave_message": applicant.may_leave_message,
        "may_text": applicant.may_text,
    }
    if applicant.phone and not contact.by_other:
        add_contact_point(actor=PUBLIC, person=person, kind="mobile", value=applicant.phone, **ways)
    if applicant.email and not contact.by_other:
        add_contact_point(actor=PUBLIC, person=person, kind="email", value=applicant.email, may_email=True)
    return open_inquiry(actor=PUBLIC, site=site, person=person, source=Source.PUBLIC_FORM, contact=contact)


def count_request(*, address: str, now: datetime | None = None) -> None:
    """Count a message from an address; TooMany above the limits. Its own transaction, so that it stays."""
    when = now or timezone.now()
    hour = when.replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        PublicInquiryCount.objects.filter(hour__lt=when - KEPT).delete()
        mine, all_of_them = _add(hour, address_key(address)), _add(hour, EVERYWHERE)
    if mine > PER_ADDRESS or all_of_them > FROM_EVERYWHERE:
        raise TooMany(_("Too many messages came in. Please call us instead."))


def address_key(address: str) -> str:
    """A keyed hash: the address itself is not kept."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()


def _add(hour: datetime, key: str) -> int:
    """One more in this hour; two at once are both counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO journey_publicinquirycount (hour, address, count) VALUES (%s, %s, 1)
            ON CONFLICT ON CONSTRAINT inquiry_count_once
            DO UPDATE SET count = journey_publicinquirycount.count + 1 RETURNING count
            """,
            [hour, key],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
