"""What this package can prove for the machine of the journey."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.foundation.consent import queries, words
from dayward.foundation.consent.models import NoticeGiven
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person
from dayward.kernel.evidence import Evidence, EvidenceProvider, providers
from dayward.kernel.gathering import Reading, all_of, both


def _page(person: Person) -> str:
    return reverse("consent:list", args=[person.public_id])


def _consent(kind: Kind) -> EvidenceProvider:
    """Whether the person's consent of this kind is in force now, and not for the last day."""

    def provide(*, kind: str, id: int) -> Reading[Evidence]:
        person = queries.subject_person(kind, id)
        if person is None:
            return Evidence(False, _("The person is not known."))
        lasting, signing = yield from both(
            queries.read_lasting(person, wanted), queries.read_who_signs(person, wanted)
        )
        if lasting is not None:
            return Evidence(True, url=_page(person))
        signers = words.SIGNERS[signing.signers]
        sentence = _("%(form)s: the consent is not in force. To be signed by %(who)s.")
        return Evidence(False, sentence % {"form": words.KINDS[wanted], "who": signers}, url=_page(person))

    wanted = kind
    return provide


def _patient_notice(*, kind: str, id: int) -> Reading[Evidence]:
    person = queries.subject_person(kind, id)
    if person is None:
        return Evidence(False, _("The person is not known."))
    rows = yield from all_of(queries.notices_of(person).filter(kind=NoticeGiven.PATIENT_NOTICE))
    if any(row.signature_id is not None for row in rows):
        return Evidence(True, url=_page(person))
    given = _("The patient notice was given; its receipt is not signed yet.")
    return Evidence(False, given if rows else _("The patient notice was not given yet."), url=_page(person))


def register() -> None:
    providers.register("consent.treatment", _consent(Kind.TREATMENT))
    providers.register("consent.telehealth", _consent(Kind.TELEHEALTH))
    providers.register("consent.alumni_contact", _consent(Kind.ALUMNI))
    providers.register("consent.patient_notice", _patient_notice)
