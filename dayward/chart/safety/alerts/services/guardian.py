"""What is done about the guardian of a minor: a clinician tells them, or says why not. No machine tells anybody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.safety.alerts import guardians
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.chart.safety.alerts.services.acts import check_how
from dayward.chart.safety.alerts.services.common import add_step, locked
from dayward.chart.safety.rules.guardians import mails
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent.models import Disclosure
from dayward.foundation.consent.queries import may_share
from dayward.foundation.consent.rules.allowing import Ask
from dayward.foundation.consent.rules.kinds import Purpose
from dayward.foundation.consent.services import record_disclosure
from dayward.foundation.messaging.services import ask_to_call
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed

Kind = AlertStep.Kind


@transaction.atomic
def tell_guardian(
    *, actor: Actor, alert: Alert, guardian: str, how: str, note: str = "", at: datetime | None = None
) -> AlertStep:
    """Somebody spoke with the guardian. Where they may not know by themselves, the danger and who decided is said."""
    author(actor)
    now, found = at or timezone.now(), _asked(alert)
    line = _line(found, guardian)
    if not line.may_know and not note.strip():
        raise Refused(_("Say what the danger is, and who decided that the guardian is told."))
    _disclose(actor, found, line, note, now)
    said = f"{line.person.called}. {note.strip()}".strip()
    step = add_step(found, Kind.GUARDIAN_TOLD, actor=actor, at=now, how=check_how(how), note=said)
    changed(found.person_id, "alert")
    record(actor=actor, action="safety.tell_guardian", person=found.person, subject=found)
    return step


@transaction.atomic
def try_guardian(
    *, actor: Actor, alert: Alert, guardian: str, how: str, note: str = "", at: datetime | None = None
) -> AlertStep:
    """Tried, and not reached: it stands in the log, and the word about the guardian is still owed."""
    author(actor)
    now, found = at or timezone.now(), _asked(alert)
    said = f"{_line(found, guardian).person.called}. {note.strip()}".strip()
    step = add_step(found, Kind.GUARDIAN_TRIED, actor=actor, at=now, how=check_how(how), note=said)
    record(actor=actor, action="safety.try_guardian", person=found.person, subject=found)
    return step


@transaction.atomic
def leave_guardian(*, actor: Actor, alert: Alert, reason: str, at: datetime | None = None) -> AlertStep:
    """No guardian is told, and why: the young person decides alone, none can be reached, it would harm them."""
    author(actor)
    now, found = at or timezone.now(), _asked(alert)
    if not reason.strip():
        raise Refused(_("Please say why no guardian is told."))
    step = add_step(found, Kind.GUARDIAN_NOT, actor=actor, at=now, note=reason)
    changed(found.person_id, "alert")
    record(actor=actor, action="safety.leave_guardian", person=found.person, subject=found)
    return step


@transaction.atomic
def mail_guardian(*, actor: Actor, alert: Alert, guardian: str, at: datetime | None = None) -> AlertStep:
    """A neutral mail that asks the guardian to call: no name, no program, no reason. It settles nothing."""
    now, found = at or timezone.now(), _asked(alert)
    line = _line(found, guardian)
    if not line.may_know:
        raise Refused(_("This guardian may not know by themselves. Speak with the young person first."))
    return _mail(actor, found, line, now)


def mail_at_once(actor: Actor, alert: Alert, at: datetime) -> None:
    """As an alert is raised: where the table says so, to guardians who may know and can be mailed."""
    if not mails(guardians.policy_for(alert.person), guardians.age_at(alert), alert.risk_class):
        return
    found = guardians.guardians(alert)
    for line in found.lines if found else ():
        if line.may_know and line.mail is not None and line.mail.is_usable and _phone(alert.person):
            _mail(actor, alert, line, at)


def _mail(actor: Actor, alert: Alert, line: guardians.Guardian, at: datetime) -> AlertStep:
    phone = _phone(alert.person)
    if line.mail is None or not phone:
        raise Refused(_("There is no mail address on file, or the site has no phone number to call."))
    ask_to_call(actor=actor, person=line.person, point=line.mail.point, phone=phone, at=at)
    step = add_step(alert, Kind.GUARDIAN_MAIL, actor=actor, at=at, note=line.person.called)
    record(actor=actor, action="safety.mail_guardian", person=alert.person, subject=alert)
    return step


def _phone(person: Person) -> str:
    return person.site.phone if person.site else ""


def _asked(alert: Alert) -> Alert:
    found = locked(alert)
    if not guardians.asked_for(found):
        raise Refused(_("This alert asks for no guardian."))
    if not found.is_open:
        raise Refused(_("This alert is closed. What is said from now on raises a new one."))
    return found


def _line(alert: Alert, guardian: str) -> guardians.Guardian:
    found = guardians.guardians(alert)
    line = next((each for each in found.lines if each.person.public_id == guardian), None) if found else None
    if line is None:
        raise Refused(_("Choose one of the guardians on file."))
    return line


def _disclose(actor: Actor, alert: Alert, line: guardians.Guardian, note: str, now: datetime) -> None:
    """Logged where the guardian has no right of their own: by the person's consent, or for the danger (2.14)."""
    ask = Ask(frozenset({guardians.KNOWS}), Purpose.SUPPORT, recipient_person=line.person.public_id)
    by_consent = may_share(alert.person, ask, now).allowed
    if line.may_know and not by_consent:
        return
    said = _("Told how to keep the person safe; no answers, no scores.")
    record_disclosure(
        actor=actor,
        person=alert.person,
        recipient=line.person.called,
        recipient_person=line.person,
        purpose=Purpose.SUPPORT,
        information=[guardians.KNOWS],
        description=said,
        content=said.encode(),
        basis=Disclosure.Basis.CONSENT if by_consent else Disclosure.Basis.MINOR_DANGER,
        circumstances="" if by_consent else note,
        at=now,
    )
