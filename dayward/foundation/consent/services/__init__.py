"""The only code that writes consents, notices and disclosures."""

from __future__ import annotations

from dayward.foundation.consent.services.disclosing import record_disclosure
from dayward.foundation.consent.services.ending import (
    decline,
    end_of_treatment,
    event_happened,
    revoke,
    withdraw,
)
from dayward.foundation.consent.services.offering import change_offer, give_notice, offer, offer_packet
from dayward.foundation.consent.services.signing import sign, sign_notice
from dayward.foundation.consent.services.wording import withdraw_text, write_text

__all__ = [
    "change_offer",
    "decline",
    "end_of_treatment",
    "event_happened",
    "give_notice",
    "offer",
    "offer_packet",
    "record_disclosure",
    "revoke",
    "sign",
    "sign_notice",
    "withdraw",
    "withdraw_text",
    "write_text",
]
