from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from dayward.foundation.messaging.models import Message
from dayward.foundation.organization.queries import is_demo
from dayward.foundation.people.models import ContactPoint, Person
from dayward.foundation.people.queries import reached_by


@dataclass(frozen=True)
class Way:
    """One way to send something to the person; `why_not` says why it cannot be used."""

    point: ContactPoint
    channel: Message.Channel
    why_not: str = ""

    @property
    def is_usable(self) -> bool:
        return not self.why_not


def mail_leaves() -> bool:
    """Whether mail goes out from here: a mail server is set, and the data are not the synthetic clinic."""
    return bool(settings.EMAIL_HOST) and not is_demo()


def why_no_mail() -> str:
    if is_demo():
        return _("This is the demo: no mail leaves it. Show the code or the link instead.")
    return _("No mail server is set up. Show the code or the link instead.")


def ways_to(person: Person) -> list[Way]:
    """Every mail address and mobile number on file, the preferred first, with why one cannot be used."""
    return [
        _way(point)
        for point in reached_by(person)
        if point.kind in {ContactPoint.Kind.EMAIL, ContactPoint.Kind.MOBILE}
    ]


def _way(point: ContactPoint) -> Way:
    if point.kind == ContactPoint.Kind.MOBILE:
        # Texts need a provider, and there is none yet: nothing pretends to send one.
        return Way(point, Message.Channel.TEXT, _("Text messages cannot be sent from here yet."))
    if not point.may_email:
        return Way(point, Message.Channel.EMAIL, _("Not marked as safe to email."))
    return Way(point, Message.Channel.EMAIL, "" if mail_leaves() else why_no_mail())
