"""How private each field is. A note is the inside of treatment."""

from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_NOTE = (
    "version person episode booking session service template happened_at minutes objective objective_reason parts "
    "family_chosen written_at written_by saved_at saved_by signature signed_text cosign_wanted "
    "cosigner cosignature amends amendment_reason entered_in_error_at entered_in_error_by entered_in_error_reason"
)

PRIVACY: Declared = {
    "Note": dict.fromkeys(_NOTE.split(), Privacy.CLINICAL),
    "GroupText": dict.fromkeys("version session parts guests saved_at saved_by".split(), Privacy.CLINICAL),
    "FamilyPresent": dict.fromkeys("note relationship name consent basis".split(), Privacy.CLINICAL),
    "Outreach": dict.fromkeys("booking attempt".split(), Privacy.CLINICAL),
}
