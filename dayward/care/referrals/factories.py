"""Referrals made through the services, for tests and for looking at pages."""

from __future__ import annotations

from dayward.care.referrals import services
from dayward.care.referrals.models import ReferralDocument
from dayward.care.referrals.tests.documents import summary_bytes
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site


def make_referral(
    *, site: Site | None = None, content: bytes | None = None, file_name: str = "summary.xml"
) -> ReferralDocument:
    """A discharge summary that waits."""
    received = services.receive(
        actor=system_actor("test"),
        site=site or make_site(),
        content=summary_bytes() if content is None else content,
        file_name=file_name,
    )
    assert received.referral is not None
    return received.referral
