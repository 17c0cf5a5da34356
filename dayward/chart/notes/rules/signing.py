"""Who may sign a note, and whose signature another follows (requirements 2.10: trainee / unlicensed, scope)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dayward.chart.notes.rules.templates import Template
from dayward.chart.notes.rules.words import gettext_noop
from dayward.chart.safety.rules.qualification import Held

NO_CREDENTIAL = gettext_noop("No credential is on file for you, so you may write but not sign.")
NOT_ALLOWED = gettext_noop(
    "Your credential does not allow signing this kind of note; a colleague can sign it."
)
EXPIRED = gettext_noop("Your license has expired or its last day is not on file; the office can add it.")
UNLICENSED = "none"  # among a template's signers: whoever has no credential signs with their title


@dataclass(frozen=True, slots=True)
class Verdict:
    """The credential to sign with and whether a supervisor signs after; or why there is none."""

    held: Held | None
    cosigned: bool = False
    reason: str = ""


def may_sign(
    held: Sequence[Held], template: Template, day: date, licensed: frozenset[str], title: str = ""
) -> Verdict:
    """The best credential for this note on `day`; one that needs no second signature comes first.

    `licensed` are the kinds that a license belongs to. Where the template lets anybody of the staff sign, somebody
    without any credential does with their `title`; an expired license is no way round.
    """
    if not held and UNLICENSED in template.signers:
        return Verdict(Held(UNLICENSED, title), UNLICENSED in template.cosigned)
    reasons = []
    verdicts = []
    for credential in held:
        if credential.kind not in template.signers:
            reasons.append(NOT_ALLOWED)
        elif credential.kind in licensed and (credential.ends is None or credential.ends < day):
            reasons.append(EXPIRED)
        else:
            verdicts.append(Verdict(credential, credential.kind in template.cosigned))
    if verdicts:
        return min(verdicts, key=lambda verdict: verdict.cosigned)
    return Verdict(None, reason=EXPIRED if EXPIRED in reasons else NOT_ALLOWED if reasons else NO_CREDENTIAL)


def may_cosign(held: Sequence[Held], template: Template, day: date, licensed: frozenset[str]) -> Verdict:
    """Whoever could sign the note alone may sign it after somebody."""
    verdict = may_sign(held, template, day, licensed)
    return Verdict(None, reason=NOT_ALLOWED) if verdict.held and verdict.cosigned else verdict
