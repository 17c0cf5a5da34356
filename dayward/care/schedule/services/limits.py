"""Planned against a limit: refused where it is hard, else with a reason that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.schedule.models import LimitReason
from dayward.care.schedule.queries.checks import PREFIX, Found, in_words
from dayward.care.schedule.rules.checks import Finding
from dayward.care.schedule.rules.limits import Confidence, Limit
from dayward.care.schedule.services.refusals import CHECKS, NeedsReason, explained, one_of_two
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.services import set_setting
from dayward.kernel.errors import Refused


def ask_limits(findings: Sequence[Finding], reason: str) -> None:
    """Refused where one is hard; the others take one reason together."""
    if hard := [each for each in findings if each.limit.hard]:
        raise Refused(reasons=[_told(each) for each in hard])
    if findings and not reason.strip():
        raise NeedsReason(CHECKS, [_told(each) for each in findings])


def _told(finding: Finding) -> str:
    words = {"what": in_words(finding), "who": finding.limit.citation}
    return _("%(what)s (%(who)s)") % words


def keep_limits(
    *, actor: Actor, site: Site, findings: Sequence[Finding], reason: str, **subject: Any
) -> None:
    """The reason for each of them; part of an act that leaves its audit entry."""
    for key in dict.fromkeys(each.limit.key for each in findings):
        sentence = " ".join(in_words(each) for each in findings if each.limit.key == key)
        LimitReason.objects.standing().filter(limit=key, **subject).update(
            withdrawn_at=timezone.now(), withdrawn_by=actor.id
        )
        with explained():
            LimitReason.objects.create(
                limit=key,
                site=site,
                sentence=sentence[:300],
                reason=reason.strip(),
                given_by=actor.id,
                **subject,
            )


@one_of_two()
@transaction.atomic
def give_reason(
    *, actor: Actor, site: Site, found: Found, reason: str, at: datetime | None = None
) -> LimitReason:
    """Why something that is planned already stands against a limit."""
    ask_limits([found.finding], reason)
    if found.reason is not None:
        raise Refused(_("Somebody has said why already."))
    with explained():
        row = LimitReason.objects.create(
            limit=found.limit.key,
            site=site,
            sentence=found.sentence[:300],
            session=found.session,
            person=found.person,
            program=found.program,
            week=found.week,
            reason=reason.strip(),
            given_at=at or timezone.now(),
            given_by=actor.id,
        )
    record(
        actor=actor,
        action="schedule.give_limit_reason",
        person=found.person,
        subject=row,
        site=site,
        reason=row.reason,
        limit=row.limit,
    )
    return row


@one_of_two()
@transaction.atomic
def set_limit(
    *, actor: Actor, site: Site, limit: Limit, number: int | None, since: date, source: str
) -> None:
    """The clinic's own number from a day on; None: it does not look at it here. What a state says stays."""
    if limit.confidence is not Confidence.POLICY:
        raise Refused(_("What a state or a payer says is not the clinic's to change."))
    set_setting(actor=actor, key=PREFIX + limit.key, value=number or 0, since=since, site=site, source=source)


@one_of_two()
@transaction.atomic
def withdraw_reason(*, actor: Actor, row: LimitReason) -> LimitReason:
    """The reason holds no longer; the finding shows again."""
    row = LimitReason.objects.select_for_update(of=("self",)).select_related("site", "person").get(pk=row.pk)
    if row.withdrawn_at is not None:
        raise Refused(_("This reason was withdrawn already."))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), actor.id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(
        actor=actor,
        action="schedule.withdraw_limit_reason",
        person=row.person,
        subject=row,
        site=row.site,
        limit=row.limit,
    )
    return row
