"""What becomes of a file that somebody hands us: accepted with its packet, or refused with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.care.referrals.packet import Packet

EMPTY = "empty"
TOO_LARGE = "too-large"
NOT_WELL_FORMED = "not-well-formed"
HOSTILE = "hostile"
OTHER_KIND = "other-kind"
NO_PATIENT = "no-patient"
NO_IDENTITY = "no-identity"
# A fault of ours, never of the document: it keeps `read` from raising, and tests refuse to see it.
OUR_FAULT = "our-fault"


@dataclass(frozen=True, slots=True)
class Accepted:
    packet: Packet


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    reason: str
    sentence: str


class CannotRead(Exception):
    """The document is refused; carries the reason and the sentence for people."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
