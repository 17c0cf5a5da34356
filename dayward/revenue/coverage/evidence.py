"""What this package can prove for the machine of the journey."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.foundation.consent.queries import subject_person
from dayward.foundation.people.queries import today_at
from dayward.kernel.evidence import Evidence, providers
from dayward.kernel.gathering import alone
from dayward.revenue.coverage.queries import read_current


def benefits_verified(*, kind: str, id: int) -> Evidence:
    """Whether somebody asked the payer of a coverage that is in force today."""
    person = subject_person(kind, id)
    if person is None:
        return Evidence(False, _("The person is not known."))
    url = reverse("coverage:list", args=[person.public_id])
    told = alone(read_current(person, today_at(person)))
    if any(each.verified_at for each in told):
        return Evidence(True, url=url)
    if not told:
        return Evidence(False, _("Who pays is not written down yet."), url=url)
    sentence = _("Not verified with the payer yet: %(payers)s.")
    return Evidence(False, sentence % {"payers": ", ".join(each.payer.name for each in told)}, url=url)


def register() -> None:
    providers.register("coverage.benefits_verified", benefits_verified)
