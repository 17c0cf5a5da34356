"""Referral documents from hospitals: each waits until the case it brings is opened."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dayward.care.referrals import wire
from dayward.care.referrals.models import ReferralDocument
from dayward.care.referrals.outcome import Accepted
from dayward.care.referrals.packet import Packet
from dayward.care.referrals.parsers.values import is_restricting_label
from dayward.care.referrals.read import read
from dayward.care.referrals.services import sender_of
from dayward.demo import clinic, sentences, timetable
from dayward.demo.dice import Dice
from dayward.demo.facts import Case
from dayward.demo.ledger import Ledger, Values
from dayward.demo.letters import Letter
from dayward.demo.rows.clinic import user_id
from dayward.demo.times import moment
from dayward.foundation.documents.models import Document, File
from dayward.foundation.people.models import Identifier
from dayward.kernel.errors import Misconfigured

ARRIVES = (7.5, 11.5)  # in the morning of the working day before somebody opens a case from it


def received_at(dice: Dice, case: Case) -> datetime:
    """When the document came."""
    day = case.opened_at.date() - timedelta(days=1)
    day -= timedelta(days=max(0, day.isoweekday() - 5))
    return moment(day, dice.of("received").between(*ARRIVES), ZoneInfo(clinic.site(case.person.site).zone))


def add_referral(ledger: Ledger, dice: Dice, case: Case, now: datetime) -> None:
    """The document of a case, as far as it has come: not yet, waiting, or accepted."""
    received = received_at(dice, case)
    if received > now:
        return
    content, is_xml = _content(dice, case, received)
    packet = _understood(content)
    sha256 = hashlib.sha256(content).hexdigest()
    by = timetable.with_role(case.person.site, "intake")[0]
    accepted = case.opened_at <= now
    ledger.add(File, sha256, sha256=sha256, content=content, size=len(content))
    ledger.add(
        Document, f"referral-{case.key}", file=sha256, person=case.key if accepted else None, kind="referral",
        title=packet.document.kind or packet.document.title or packet.document.format,
        file_name=f"referral-{case.key}.{'xml' if is_xml else 'json'}", received_at=received,
        media_type="application/xml" if is_xml else "application/fhir+json", received_by=user_id(by),
    )  # fmt: skip
    ledger.add(
        ReferralDocument, case.key, site=case.person.site, document=f"referral-{case.key}", sha256=sha256,
        packet=wire.to_plain(packet), **_for_lists(packet, received), **_decision(case, accepted),
    )  # fmt: skip
    if accepted:
        ledger.add(Identifier, case.key, person=case.key, system="urn:fable:mrn", value=_number(case),
                   label="Hospital record")  # fmt: skip


def _for_lists(packet: Packet, received: datetime) -> Values:
    patient = packet.patient
    return {
        "kind": (packet.document.kind or packet.document.format)[:120],
        "sender": sender_of(packet, received.date())[:200],
        "patient_name": patient.name.plain if patient.name else "", "born": patient.birth_date or "",
        "restricted": any(is_restricting_label(label.code) for label in packet.labels),
        "problem_count": len(packet.problems),
    }  # fmt: skip


def _decision(case: Case, accepted: bool) -> dict[str, Any]:
    if not accepted:
        return {"state": "waiting"}
    return {"state": "accepted", "person": case.key, "case": case.key, "decided_at": case.opened_at,
            "decided_by": case.steps[0].by}  # fmt: skip


def _number(case: Case) -> str:
    return hashlib.sha256(case.key.encode()).hexdigest()[:10].upper()


def _content(dice: Dice, case: Case, received: datetime) -> tuple[bytes, bool]:
    place, trouble = clinic.site(case.person.site), sentences.kind_of_trouble(case.diagnosis[0])
    medication, dose, _reason = dice.of("medication").pick(sentences.MEDICATIONS[trouble])
    left = case.facility_discharge or received.date()
    letter = Letter(
        number=_number(case), person=case.person, city=place.city, state=place.state, hospital=case.facility,
        written=(received - timedelta(hours=1)).replace(microsecond=0), left=left,
        came=left - timedelta(days=dice.of("stay").whole(4, 16)), code=case.diagnosis[0],
        diagnosis=case.diagnosis[1], medication=medication, dose=dose,
        allergy=dice.of("allergy").pick(sentences.ALLERGIES)[0],
    )  # fmt: skip
    is_xml = dice.of("format").chance(0.6)
    return (letter.c_cda() if is_xml else letter.bundle()), is_xml


@lru_cache(maxsize=512)
def _understood(content: bytes) -> Packet:
    result = read(content)
    if not isinstance(result, Accepted):
        raise Misconfigured(f"The demo wrote a referral that cannot be read: {result.sentence}")
    return result.packet
