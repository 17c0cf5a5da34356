"""Who signs a plan: the person and at least three of the team, each by credential (requirements 1.5).

Which credential may take which seat is data (library/team), because scope of practice is state law.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dayward.chart.safety.rules.qualification import Held
from dayward.chart.safety.rules.words import gettext_noop

PATIENT, GUARDIAN, BOTH = "patient", "guardian", "both"
SIGNED, DECLINED = "signed", "declined"
AGREED = frozenset({SIGNED, "verbal"})  # by their name, or by word of mouth (MN 245G.06)


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the team's signatures: what it is called, and which licensed credentials may give it."""

    key: str
    title: str
    kinds: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The credential to sign with in a seat, or why there is none."""

    held: Held | None
    reason: str = ""


NO_CREDENTIAL = gettext_noop(
    "Your credential does not fit this signature; a colleague whose credential does can sign."
)
EXPIRED = gettext_noop("Your license has expired.")
NO_END = gettext_noop("The last day of your license is not on file; the office can add it.")


def may_take(seat: Seat, held: Iterable[Held], day: date) -> Verdict:
    """The first credential that allows this seat on `day`, else the reason closest to it."""
    reason = NO_CREDENTIAL
    for credential in held:
        if credential.kind not in seat.kinds:
            continue
        if credential.ends is None:
            reason = NO_END
        elif credential.ends < day:
            reason = EXPIRED
        else:
            return Verdict(credential)
    return Verdict(None, reason)


def choose(seats: Mapping[str, Seat], free: Collection[str], held: Collection[Held], day: date) -> str:
    """The seat to sign in without being asked: the free one that fewest credentials could take; "" if none fits."""
    fitting = [seat for key, seat in seats.items() if key in free and may_take(seat, held, day).held]
    return min(fitting, key=lambda seat: (len(seat.kinds), seat.key)).key if fitting else ""


def free_seats(seats: Mapping[str, Seat], taken: Collection[str]) -> tuple[str, ...]:
    return tuple(key for key in seats if key not in taken)


def person_waits_for(signers: str, accepted: bool, given: Collection[str]) -> tuple[str, ...]:
    """Whose word is still missing on the person's side: "patient", "guardian".

    `given` are those who signed, or of whom it is attested why they did not; `accepted`: a guardian's signature
    is enough where the state's rule about minors is not verified.
    """
    if accepted and GUARDIAN in given:
        return ()
    wanted = (PATIENT, GUARDIAN) if signers == BOTH else (signers,)
    return tuple(role for role in wanted if role not in given)


def word_of(outcomes: Iterable[str]) -> str:
    """What stands for one role: "signed" once they signed, otherwise the last that was attested, "" for nothing.

    Somebody who declined has been offered the plan (1.5): that settles the team's duty, and is never a signature.
    """
    said = list(outcomes)
    return SIGNED if SIGNED in said else said[-1] if said else ""


def complete(
    seats: Mapping[str, Seat], taken: Collection[str], signers: str, accepted: bool, given: Collection[str]
) -> bool:
    """Every seat of the team is signed, and the person's side has said its word."""
    return not free_seats(seats, taken) and not person_waits_for(signers, accepted, given)
