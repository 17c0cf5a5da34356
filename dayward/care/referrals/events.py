"""What packages above may hear of referrals."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.care.referrals.packet import Packet
from dayward.foundation.audit.actors import Actor
from dayward.kernel.hanging import Hanging


@dataclass(frozen=True)
class ReferralAccepted:
    """Somebody accepted a referral: the person is known and has an open case; the packet is what the sender says."""

    referral_id: int
    person_id: int
    case_id: int
    packet: Packet
    actor: Actor


@dataclass(frozen=True)
class ReferralTakenBack:
    """Accepting was a mistake: `rows` are those it wrote about the person, in any package; each ends its own."""

    person_id: int
    rows: Hanging
    actor: Actor
