from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentSigned:
    """All signatures that a consent needs are there."""

    person_id: int
    consent: str  # public id
    kind: str


@dataclass(frozen=True)
class ConsentRevoked:
    """A consent was taken back: what it allowed is not allowed from now on."""

    person_id: int
    consent: str  # public id
    kind: str
