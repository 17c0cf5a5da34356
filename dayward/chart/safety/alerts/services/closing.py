"""An alert is closed by signed documentation and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.chart.safety import library
from dayward.chart.safety import queries as papers
from dayward.chart.safety.alerts import guardians
from dayward.chart.safety.alerts import queries as alerts
from dayward.chart.safety.alerts.models import Alert, AlertClosing, AlertStep
from dayward.chart.safety.alerts.services.common import add_step, locked, save_and_arm
from dayward.chart.safety.events import AlertClosed
from dayward.chart.safety.rules import closing as rules
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.rules.qualification import NO_CREDENTIAL, Act, Held, may_sign
from dayward.chart.safety.rules.risk import LEVELS
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.services import author, credential_for
from dayward.chart.safety.wording import about, in_words
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_paper, sign_words
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish

KEYS = ("level", *rules.PART_KEYS)
TOO_EARLY = gettext_noop("More was said after this was signed. Document it anew.")


def more_was_said(alert: Alert) -> bool:
    """Whether an answer came after the documentation was signed; by the order of steps, not by clocks."""
    signed = alert.steps.filter(kind=AlertStep.Kind.SIGNED).order_by("pk").last()
    later = alert.steps.filter(kind=AlertStep.Kind.RAISED_AGAIN)
    return signed is not None and later.filter(pk__gt=signed.pk).exists()


@transaction.atomic
def start_closing(*, actor: Actor, alert: Alert, at: datetime | None = None) -> AlertClosing:
    """The one documentation of this alert, made if there is none, or if more was said since it was signed."""
    staff, now, found = author(actor), at or timezone.now(), locked(alert)
    draft = AlertClosing.objects.filter(alert=found, entered_in_error_at__isnull=True).first()
    if draft is not None and not (draft.is_signed and found.is_open and more_was_said(found)):
        return draft
    texts = {key: getattr(draft, key) for key in KEYS} if draft else {}
    if draft is not None:
        draft.entered_in_error_at, draft.entered_in_error_by = now, staff
        draft.entered_in_error_reason = _(TOO_EARLY)
        draft.save()
    draft = AlertClosing.objects.create(
        alert=found,
        person=found.person,
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
        **texts,
    )
    record(actor=actor, action="safety.start_closing", person=found.person, subject=draft)
    return draft


@transaction.atomic
def save_closing(
    *,
    actor: Actor,
    closing: AlertClosing,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    if texts.get("level", "") not in ("", *LEVELS):
        raise Refused(_("Choose one of the levels of risk."))
    draft = _unsigned(closing)
    stored = {key: str(getattr(draft, key)) for key in KEYS}
    mine = {key: text for key, text in texts.items() if key in stored}
    merged = merge(stored_marks(stored) if base is None else base, mine, stored)
    if merged.changed:
        for key in merged.changed:
            setattr(draft, key, merged.texts[key])
        draft.version += 1
        draft.saved_at, draft.saved_by = at or timezone.now(), author(actor)
        draft.save(update_fields=[*merged.changed, "version", "saved_at", "saved_by"])
        record(
            actor=actor, action="safety.save", person=draft.person, subject=draft, parts=list(merged.changed)
        )
    return merged


def _unsigned(closing: AlertClosing) -> AlertClosing:
    draft = (
        AlertClosing.objects.select_for_update(of=("self",))
        .select_related("person__site", "alert")
        .get(pk=closing.pk)
    )
    if draft.is_signed:
        raise Refused(_("This is signed already."))
    return draft


@transaction.atomic
def sign_closing(
    *,
    actor: Actor,
    closing: AlertClosing,
    typed_name: str,
    reassess_on: date | None,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> AlertClosing:
    """Sign the documentation. It closes the alert, unless the signer's credential needs a second signature."""
    staff, now, draft = author(actor), at or timezone.now(), _unsigned(closing)
    alert = locked(draft.alert)
    texts = {key: getattr(draft, key) for key in rules.PART_KEYS}
    contacted = alert.contacted_at is not None
    has_plan = alerts.plan_since(alert) is not None
    owed = guardians.asked_for(alert) and guardians.settled_by(alert) is None
    has_day = reassess_on is not None
    gaps = rules.missing(alert.risk_class, draft.level, has_day, contacted, has_plan, texts, owed)
    if gaps:
        raise Refused(_("Still to be written before this can be closed:"), reasons=[_(gap) for gap in gaps])
    credential, alone = _credential(staff, today_at(draft.person, now))
    draft.reassess_on, draft.needs_cosign = reassess_on, not alone
    sign_paper(
        actor=actor,
        paper=draft,
        about=draft.person,
        text=closing_text(draft, alert, texts),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )
    add_step(alert, AlertStep.Kind.SIGNED, actor=actor, at=now)
    if alone:
        _close(actor, alert, staff, now)
    record(actor=actor, action="safety.sign_closing", person=draft.person, subject=draft, alone=alone)
    return draft


def stored_marks(stored: Mapping[str, str]) -> dict[str, str]:
    """As if the form had been shown with what is stored: everything typed is taken."""
    return {key: fingerprint(text) for key, text in stored.items()}


def _credential(staff: StaffMember, day: date) -> tuple[Held, bool]:
    """What to sign with, and whether that is enough; somebody with no credential at all is refused."""
    held = papers.credentials(staff)
    verdict = may_sign(held, Act.RISK, day, library.qualifications())
    if verdict.held is not None:
        return verdict.held, True
    if not held:
        raise Refused(_(NO_CREDENTIAL))
    return held[0], False


def closing_text(closing: AlertClosing, alert: Alert, texts: Mapping[str, str]) -> str:
    person = closing.person
    zone = person.site.zone if person.site else UTC
    facts = [
        *about(person),
        (_("Alert"), str(alert.get_risk_class_display())),
        (_("Raised"), date_format(alert.raised_at.astimezone(zone), "DATETIME_FORMAT")),
        (_("Risk"), str(closing.get_level_display())),
    ]
    if closing.reassess_on:
        facts.append((_("Risk is looked at again"), in_words(closing.reassess_on)))
    parts = [(_(part.title), texts[part.key]) for part in rules.PARTS]
    return signed_text(_("How an alert was answered"), facts, parts)


@transaction.atomic
def cosign(
    *,
    actor: Actor,
    closing: AlertClosing,
    typed_name: str,
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> AlertClosing:
    """The second signature, by somebody whose credential allows it alone; it closes the alert."""
    staff, now, alert = author(actor), at or timezone.now(), locked(closing.alert)
    found = (
        AlertClosing.objects.select_for_update(of=("self",))
        .select_related("person__site", "alert", "signature")
        .get(pk=closing.pk)
    )
    waits = found.needs_cosign and found.cosignature_id is None and found.entered_in_error_at is None
    if found.signature is None or not waits:
        raise Refused(_("There is nothing to cosign here."))
    if more_was_said(alert):
        raise Refused(_(TOO_EARLY))
    if found.signature.staff_id == staff.pk:
        raise Refused(_("A colleague cosigns what you signed."))
    credential = credential_for(staff=staff, act=Act.RISK, day=today_at(found.person, now))
    found.cosignature = sign_words(
        actor=actor,
        paper=found,
        about=found.person,
        text=found.signed_text,
        typed_name=typed_name,
        meaning="cosigner",
        credential=credential.name,
        method=method,
        at=now,
    )
    found.save(update_fields=["cosignature"])
    _close(actor, alert, staff, now)
    record(actor=actor, action="safety.cosign_closing", person=found.person, subject=found)
    return found


def _close(actor: Actor, alert: Alert, staff: StaffMember, now: datetime) -> None:
    if not alert.is_open:
        raise Refused(_("This alert is closed already."))
    alert.closed_at, alert.closed_by = now, staff
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, staff
    add_step(alert, AlertStep.Kind.CLOSED, actor=actor, at=now)
    save_and_arm(alert, now)
    publish(AlertClosed(alert.person_id, alert.pk, now, actor))
