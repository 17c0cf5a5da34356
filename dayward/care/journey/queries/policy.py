"""A site's own word about the way through, on a day."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.rules.policy import PREFIX, Policy, policy_from
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import settings_on
from dayward.kernel.time import local_day


def policy_on(site: Site, day: date | None = None) -> Policy:
    """Today at the site, unless a day is named."""
    on = day or local_day(timezone.now(), site.zone)
    return policy_from(settings_on(PREFIX, site, on))


def policy_of(walker: IntakeCase | Episode | AftercareCase) -> Policy:
    """The policy of the walker's site; read once for a row in hand."""
    held: Policy | None = getattr(walker, "_policy", None)
    if held is None:
        held = policy_on(_site(walker))
        walker._policy = held  # type: ignore[union-attr]
    return held


def _site(walker: IntakeCase | Episode | AftercareCase) -> Site:
    if isinstance(walker, IntakeCase):
        return walker.site
    return (walker.episode if isinstance(walker, AftercareCase) else walker).program.site
