"""A packet as a page shows it: grouped, in words, the security labels first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dayward.care.referrals.models import ReferralDocument
from dayward.care.referrals.packet import Packet, SecurityLabel, last_stay
from dayward.care.referrals.parsers.values import is_part2_label, is_restricting_label, label_meaning
from dayward.care.referrals.queries import is_private

RECENT = 12
STAYS = ("inpatient", "emergency", "observation")


@dataclass(frozen=True)
class ShownLabel:
    """One label, what it means, and everything it stands on."""

    code: str
    meaning: str
    places: tuple[str, ...]
    part2: bool


def labels(packet: Packet) -> list[ShownLabel]:
    """Labels that ask for more care than usual; normal confidentiality is not worth a warning."""
    grouped: dict[str, list[SecurityLabel]] = {}
    for label in packet.labels:
        if is_restricting_label(label.code) or not label_meaning(label.code):
            grouped.setdefault(label.code, []).append(label)
    return [
        ShownLabel(
            code,
            label_meaning(code) or next((label.display for label in found if label.display), ""),
            tuple(dict.fromkeys(label.where for label in found)),
            is_part2_label(code),
        )
        for code, found in grouped.items()
    ]


def page(referral: ReferralDocument, packet: Packet) -> dict[str, Any]:
    """Everything the preview and the chart's page show of a packet."""
    stay = last_stay(packet, referral.document.received_at.date())
    visits = sorted(packet.encounters, key=lambda visit: visit.end or visit.start or "", reverse=True)
    recent = sorted(visits[:RECENT], key=lambda visit: visit is not stay)
    return {
        "packet": packet,
        "labels": labels(packet),
        "stay": stay,
        "visits": recent,
        "more_visits": len(visits) - len(recent),
        "identifiers": [
            (identifier, f"… {identifier.value[-4:]}" if is_private(identifier) else identifier.value)
            for identifier in packet.patient.identifiers
        ],
        "active": [
            one for one in packet.diagnoses if one.status not in ("resolved", "inactive", "remission")
        ],
        "past": [one for one in packet.diagnoses if one.status in ("resolved", "inactive", "remission")],
        "taking": [one for one in packet.medications if one.status not in _ENDED],
        "taken": [one for one in packet.medications if one.status in _ENDED],
    }


_ENDED = ("stopped", "completed", "aborted", "cancelled", "ended")
