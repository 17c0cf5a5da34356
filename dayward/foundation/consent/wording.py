"""A consent or notice as its exact text, in a language."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.foundation.consent import texts, words
from dayward.foundation.consent.models import Consent, NoticeGiven
from dayward.foundation.consent.rules import texts as rules
from dayward.foundation.consent.rules.kinds import ExpiryEvent
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person

# The recipients of the one consent for treatment, payment and operations, as 2.31(a)(4) allows to say it.
TPO_RECIPIENTS = gettext_noop(
    "my treating providers, health plans, third-party payers, and people helping to operate this program"
)


def text_of(row: Consent | NoticeGiven, language: str) -> str:
    """The words that are read and signed; the same row and language always give the same words."""
    text = texts.version(row.kind, row.text_version)
    shown = language if language in texts.LANGUAGES else "en"
    with translation.override(shown):
        values = _consent_values(row) if isinstance(row, Consent) else _notice_values(row, text)
        return rules.fill(text.template(shown), values)


def _consent_values(consent: Consent) -> dict[str, str]:
    return {
        "patient": consent.person.legal_name,
        "discloser": consent.discloser,
        "phone": _phone(consent.person.site),
        "information": words.listed(words.INFORMATION, consent.information),
        "recipient": _(consent.recipient) if consent.recipient == TPO_RECIPIENTS else consent.recipient,
        "purpose": words.listed(words.PURPOSES, consent.purposes),
        "expiry": expiry_sentence(consent.expires_on, consent.expiry_event),
        "irrevocable": _irrevocable_sentence(consent),
        "effective": "",
    }


def _notice_values(notice: NoticeGiven, text: texts.Text) -> dict[str, str]:
    return {
        "patient": notice.person.legal_name,
        "discloser": program_name(notice.person),
        "phone": _phone(notice.person.site),
        "effective": day_words(text.effective_from),
        "expiry": "",
    }


def program_name(person: Person) -> str:
    """Who discloses: the clinic by its full name; it stands in forms, never on an envelope."""
    return person.site.organization.name if person.site else ""


def _phone(site: Site | None) -> str:
    return site.phone if site and site.phone else _("our front desk")


def day_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def expiry_sentence(expires_on: date | None, event: str) -> str:
    """When it ends, as a whole sentence."""
    if expires_on is not None:
        return _("Its last day is %(day)s.") % {"day": day_words(expires_on)}
    return {
        str(ExpiryEvent.END_OF_TREATMENT): _("It lasts until your treatment here ends."),
        str(ExpiryEvent.FINAL_DISPOSITION): _("It lasts until your court case is over."),
        str(ExpiryEvent.NONE): _("It has no last day. It lasts until you take it back."),
    }.get(event, "")


def _irrevocable_sentence(consent: Consent) -> str:
    if consent.irrevocable_until is not None:
        day = day_words(consent.irrevocable_until)
        return _("You may take it back from %(day)s on, not before.") % {"day": day}
    if consent.irrevocable_event:
        return _("You may take it back when your court case is over, not before.")
    return _("You may take it back at any time.")
