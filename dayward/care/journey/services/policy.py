"""A clinic's own word about the way through, from a day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.care.journey.queries.policy import policy_on
from dayward.care.journey.rules.policy import Policy, values_of
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.services import set_setting
from dayward.kernel.errors import Refused


@transaction.atomic
def set_policy(*, actor: Actor, site: Site, policy: Policy, since: date, source: str = "") -> list[str]:
    """Write down what differs from what holds on that day; returns the keys that changed."""
    if any(group.oldest is not None and group.oldest < group.youngest for group in policy.ages.values()):
        raise Refused(_("The oldest age is below the youngest."))
    if policy.modes > policy.attempts:
        raise Refused(_("There cannot be more ways than attempts."))
    before = values_of(policy_on(site, since))
    changed = {key: value for key, value in values_of(policy).items() if before[key] != value}
    for key, value in changed.items():
        set_setting(actor=actor, key=key, value=value, since=since, site=site, source=source)
    record(actor=actor, action="journey.set_policy", site=site, keys=sorted(changed))
    return sorted(changed)
