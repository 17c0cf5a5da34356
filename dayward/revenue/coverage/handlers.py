"""What this package does about events from below."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from dayward.care.referrals.events import ReferralAccepted, ReferralTakenBack
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.revenue.coverage import services
from dayward.revenue.coverage.models import Coverage
from dayward.revenue.coverage.queries import coverages_of
from dayward.revenue.coverage.rules.paying import pays

NAME, NUMBER, PLAN = 160, 80, 160  # as long as the columns are


def referral_accepted(event: ReferralAccepted) -> None:
    """The payers that the sender names are written down as told; what is on file already stays as it is."""
    person = Person.objects.select_related("site").get(pk=event.person_id)
    known = {(row.payer.name.casefold(), row.member_id) for row in coverages_of(person)}
    for told in event.packet.coverage:
        name, number = " ".join(told.payer.split())[:NAME], told.member_id.strip()[:NUMBER]
        if not pays(name, told.status) or (name.casefold(), number) in known:
            continue
        payer = services.find_or_add_payer(actor=event.actor, name=name)
        known |= {(name.casefold(), number), (payer.name.casefold(), number)}
        services.add_coverage(
            actor=event.actor,
            person=person,
            payer=payer,
            member_id=number,
            plan_name=told.plan.strip()[:PLAN],
            note=_("As the referral says."),
        )


def referral_taken_back(event: ReferralTakenBack) -> None:
    """A membership that only the mistaken referral told of pays for nothing; a verified one is the person's own."""
    keys = [key for label, key in event.rows if label == Coverage._meta.label_lower]
    told = Coverage.objects.filter(pk__in=keys, verified_at=None, ends_on=None, starts_on=None)
    for coverage in told.select_related("person__site"):
        yesterday = today_at(coverage.person) - timedelta(days=1)
        services.end_coverage(actor=event.actor, coverage=coverage, on=yesterday)
