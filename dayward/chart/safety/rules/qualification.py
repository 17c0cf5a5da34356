"""Who may sign what, by credential (T7 "by qualified signer", T8 "licensed clinician").

A role says what one may open, a credential says what one may sign. The table is data (library/qualifications),
because scope of practice is state law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dayward.chart.safety.rules.words import gettext_noop


class Act(StrEnum):
    """What is signed."""

    RISK = "risk"  # a statement of risk, a safety plan
    ASSESS = "assess"  # the biopsychosocial assessment
    DIAGNOSE = "diagnose"
    LEVEL = "level"  # the level of care
    MEDICATION = "medication"  # a change of what this program prescribes


class Diagnoses(StrEnum):
    """Which diagnoses a credential allows."""

    ANY = "any"
    SUBSTANCE = "substance"  # F10-F19 only
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Scope:
    """What one kind of credential allows, and where that is from."""

    kind: str
    acts: frozenset[Act]
    diagnoses: Diagnoses
    needs_license: bool
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """A credential somebody holds. `ends` is the last day of its license."""

    kind: str
    name: str
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The credential to sign with, or why there is none."""

    held: Held | None
    reason: str = ""
    detail: str = ""

    @property
    def allowed(self) -> bool:
        return self.held is not None


NO_CREDENTIAL = gettext_noop("No credential is on file for you, so you may write but not sign.")
NOT_ALLOWED = gettext_noop(
    "Your credential does not allow signing this; a colleague whose credential does can sign it."
)
NO_END = gettext_noop("The last day of your license is not on file; the office can add it.")
EXPIRED = gettext_noop("Your license has expired.")
NOT_THESE = gettext_noop(
    "Your credential allows substance-related diagnoses only; a colleague can sign the others."
)


def may_sign(
    held: Iterable[Held], act: Act, day: date, table: Mapping[str, Scope], codes: Iterable[str] = ()
) -> Verdict:
    """The first credential that allows `act` on `day`; where none does, the reason closest to it."""
    refusals = []
    wanted = tuple(codes)
    for credential in held:
        reason = _refusal(credential, act, day, table.get(credential.kind), wanted)
        if not reason:
            return Verdict(credential)
        refusals.append(Verdict(None, reason, credential.name))
    closest = (EXPIRED, NO_END, NOT_THESE, NOT_ALLOWED)
    return min(
        refusals, key=lambda verdict: closest.index(verdict.reason), default=Verdict(None, NO_CREDENTIAL)
    )


def _refusal(credential: Held, act: Act, day: date, scope: Scope | None, codes: tuple[str, ...]) -> str:
    if scope is None or act not in scope.acts:
        return NOT_ALLOWED
    if scope.needs_license and credential.ends is None:
        return NO_END
    if scope.needs_license and credential.ends is not None and credential.ends < day:
        return EXPIRED
    if (
        act is Act.DIAGNOSE
        and scope.diagnoses is Diagnoses.SUBSTANCE
        and not all(map(substance_related, codes))
    ):
        return NOT_THESE
    return ""


def substance_related(code: str) -> bool:
    """ICD-10-CM F10-F19."""
    return "F10" <= code[:3] <= "F19"
