from __future__ import annotations

from datetime import datetime

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.audit.services import record
from dayward.foundation.messaging import queries
from dayward.foundation.messaging.models import Message
from dayward.foundation.organization.models import Organization
from dayward.foundation.people.models import ContactPoint, Person
from dayward.kernel.errors import Refused

MAILER = system_actor("mailer")


@transaction.atomic
def send_link(
    *, actor: Actor, person: Person, point: ContactPoint, url: str, at: datetime | None = None
) -> Message:
    """Send the link to the person's own page, in neutral words; a job delivers it after this transaction."""
    return _send(actor, person, point, neutral_words(person, url), "messaging.send_link", at)


@transaction.atomic
def ask_to_call(
    *, actor: Actor, person: Person, point: ContactPoint, phone: str, at: datetime | None = None
) -> Message:
    """Ask somebody to call the clinic: its neutral name and a number, and not a word about whom or what."""
    return _send(actor, person, point, call_words(person, phone), "messaging.ask_to_call", at)


def _send(
    actor: Actor,
    person: Person,
    point: ContactPoint,
    words: tuple[str, str],
    action: str,
    at: datetime | None,
) -> Message:
    way = next((way for way in queries.ways_to(person) if way.point.pk == point.pk), None)
    if way is None:
        raise Refused(_("This address is not on file for the person."))
    if not way.is_usable:
        raise Refused(way.why_not)
    subject, body = words
    message = Message.objects.create(
        person=person,
        channel=way.channel,
        to=point.value,
        subject=subject,
        body=body,
        made_at=at or timezone.now(),
        made_by=actor.id,
    )
    # By name: the job calls this module.
    app.configure_task("messaging.deliver", queue="messages").defer(message_id=message.pk)
    record(actor=actor, action=action, person=person, subject=message, channel=str(way.channel))
    return message


def call_words(person: Person, phone: str) -> tuple[str, str]:
    clinic = Organization.objects.values_list("neutral_name", flat=True).first() or ""
    with translation.override(person.language if person.language in {"en", "es"} else "en"):
        subject = _("Please call %(name)s") % {"name": clinic}
        body = _("Hello,\n\nplease call us today when you can speak undisturbed: %(phone)s\n\n%(name)s\n") % {
            "phone": phone,
            "name": clinic,
        }
    return subject, body


def neutral_words(person: Person, url: str) -> tuple[str, str]:
    """Subject and body without a word on health: somebody else may read them over the shoulder."""
    clinic = Organization.objects.values_list("neutral_name", flat=True).first() or ""
    with translation.override(person.language if person.language in {"en", "es"} else "en"):
        subject = _("A page for you from %(name)s") % {"name": clinic}
        body = _(
            "Hello,\n\nthere is a page for you: %(url)s\n\nIt works for a few days. If you did not expect this, "
            "you need not do anything.\n\n%(name)s\n"
        ) % {"url": url, "name": clinic}
    return subject, body


def deliver(*, message_id: int) -> Message:
    """Hand one waiting message to the mail server. Its body holds a sign-in link and is not kept once sent."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.state != Message.State.WAITING:
            return message
        if not queries.mail_leaves():
            return _failed(message, queries.why_no_mail())
        try:
            send_mail(message.subject, message.body, None, [message.to])
        except OSError as problem:
            return _failed(message, type(problem).__name__)
        message.state, message.body, message.sent_at = Message.State.SENT, "", timezone.now()
        message.save(update_fields=["state", "body", "sent_at"])
        record(actor=MAILER, action="messaging.sent", person=message.person, subject=message)
        return message


def _failed(message: Message, why: str) -> Message:
    message.state, message.body, message.failure = Message.State.FAILED, "", why[:200]
    message.save(update_fields=["state", "body", "failure"])
    record(actor=MAILER, action="messaging.failed", person=message.person, subject=message)
    return message
