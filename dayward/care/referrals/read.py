"""The one way in: bytes of a file become a packet or a refusal. It never raises, whatever the bytes."""

from __future__ import annotations

import logging

from dayward.care.referrals.outcome import OUR_FAULT, Accepted, CannotRead, RefusedDocument
from dayward.care.referrals.packet import Packet
from dayward.care.referrals.parsers.ccda import read_ccda
from dayward.care.referrals.parsers.detect import open_document, other_xml
from dayward.care.referrals.parsers.fhir import read_bundle
from dayward.care.referrals.parsers.fhir_xml import plain_bundle
from dayward.care.referrals.parsers.notes import Notes
from dayward.care.referrals.parsers.tree import local_name

_log = logging.getLogger(__name__)


def read(data: bytes) -> Accepted | RefusedDocument:
    """Understand one document. The file's name is not asked for: it says nothing reliable."""
    try:
        return Accepted(_packet(data))
    except CannotRead as refused:
        return RefusedDocument(refused.reason, refused.sentence)
    except (Exception, RecursionError) as error:  # the last net under untrusted input
        _log.error("Reading a referral failed on our side: %s", type(error).__name__)
        return RefusedDocument(
            OUR_FAULT,
            "We could not read this file, and it is our fault. Keep it and tell the people who run Dayward.",
        )


def _packet(data: bytes) -> Packet:
    notes = Notes()
    opened = open_document(data, notes)
    if opened.xml is None:
        return read_bundle(opened.json, notes)
    kind = local_name(opened.xml)
    if kind == "ClinicalDocument":
        return read_ccda(opened.xml, notes)
    if kind == "Bundle":
        return read_bundle(plain_bundle(opened.xml), notes)
    raise other_xml(kind)
