"""The closed lists of `rules.kinds` in words, for forms and screens."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dayward.foundation.consent.rules.allowing import Reason
from dayward.foundation.consent.rules.elements import Element
from dayward.foundation.consent.rules.kinds import (
    ExpiryEvent,
    Information,
    Kind,
    Purpose,
    RecipientClass,
    Statement,
)
from dayward.foundation.consent.rules.minors import Caution, Signers
from dayward.foundation.consent.rules.standing import Standing

Words = dict[str, Promise]

KINDS: Words = {
    Kind.TREATMENT: _("Treatment"),
    Kind.TELEHEALTH: _("Care by video"),
    Kind.TPO: _("Treatment, payment and operations"),
    Kind.RELEASE: _("Release to one person or office"),
    Kind.PROCEEDINGS: _("Court case"),
    Kind.CRIMINAL_JUSTICE: _("Court, probation or parole"),
    Kind.COUNSELING_NOTES: _("Counseling notes"),
    Kind.ALUMNI: _("Contact after discharge"),
}
INFORMATION: Words = {
    Information.PRESENCE: _("that I am in care here"),
    Information.SESSION_TIMES: _("the times of my sessions"),
    Information.ATTENDANCE: _("whether I came to my sessions"),
    Information.DIAGNOSIS: _("my diagnosis"),
    Information.MEDICATIONS: _("my medicines"),
    Information.TEST_RESULTS: _("my test results"),
    Information.PLAN: _("my treatment plan"),
    Information.PROGRESS: _("how I am doing"),
    Information.SAFETY_PLAN: _("my safety plan"),
    Information.DISCHARGE: _("when and how my treatment ended, and what comes next"),
    Information.BILLING: _("what was done and what it costs"),
    Information.CONTACT: _("how to reach me"),
    Information.RECORD: _("my whole treatment record, without counseling notes"),
    Information.COUNSELING_NOTES: _("counseling notes that are kept apart from my record"),
}
PURPOSES: Words = {
    Purpose.TREATMENT: _("my treatment"),
    Purpose.PAYMENT: _("payment for my care"),
    Purpose.OPERATIONS: _("running the clinic (health care operations)"),
    Purpose.SUPPORT: _("so that they can support me"),
    Purpose.AT_REQUEST: _("because I ask for it"),
    Purpose.WORK_SCHOOL: _("my work or school"),
    Purpose.MONITORING: _("so that the court or my officer can follow my case"),
    Purpose.PROCEEDINGS: _("use in a court, agency or law-making case"),
    Purpose.AFTERCARE: _("keeping in touch after treatment"),
}
CLASSES: Words = {
    RecipientClass.NAMED: _("the one named"),
    RecipientClass.PROVIDER: _("somebody who treats the person"),
    RecipientClass.PAYER: _("the person's health plan or payer"),
    RecipientClass.OPERATIONS: _("somebody who helps to run this program"),
}
EVENTS: Words = {
    ExpiryEvent.END_OF_TREATMENT: _("when treatment here ends"),
    ExpiryEvent.FINAL_DISPOSITION: _("when the court case is over"),
    ExpiryEvent.NONE: _("never by itself"),
}
STANDINGS: Words = {
    Standing.OFFERED: _("Waiting for a signature"),
    Standing.WITHDRAWN: _("Withdrawn"),
    Standing.DECLINED: _("Declined"),
    Standing.PARTLY: _("One signature missing"),
    Standing.ACTIVE: _("In force"),
    Standing.REVOKED: _("Taken back"),
    Standing.EXPIRED: _("Ended"),
}
STANDING_STATES = {
    Standing.OFFERED: "info",
    Standing.WITHDRAWN: "quiet",
    Standing.DECLINED: "warn",
    Standing.PARTLY: "info",
    Standing.ACTIVE: "ok",
    Standing.REVOKED: "bad",
    Standing.EXPIRED: "warn",
}
ELEMENTS: Words = {
    Element.PATIENT: _("whose information it is"),
    Element.DISCLOSER: _("who may share"),
    Element.INFORMATION: _("what may be shared"),
    Element.RECIPIENT: _("with whom"),
    Element.PURPOSE: _("for what"),
    Element.EXPIRY: _("when it ends: a day or an event"),
    Element.NO_END: _("an end: only the form for treatment, payment and operations may do without one"),
    Element.RIGHT_TO_REVOKE: _("how it can be taken back (the text does not say it)"),
    Element.REDISCLOSURE: _("that it may be shared again (the text does not say it)"),
    Element.REFUSING: _("what happens when the person says no (the text does not say it)"),
    Element.NOTES_SEPARATE: _("a form of its own for counseling notes: they go with nothing else"),
    Element.PROCEEDINGS_SEPARATE: _("a form of its own for a court case: it goes with no other purpose"),
    Element.MONITORING_SEPARATE: _("a form of its own for court, probation or parole"),
    Element.IRREVOCABLE: _("a day or the end of the case until which it binds, no later than its own end"),
}
REASONS: Words = {
    Reason.ALLOWED: _("Allowed by the consent %(consent)s."),
    Reason.INFORMATION_NOT_COVERED: _(
        "The consent with this recipient does not cover all of this information."
    ),
    Reason.PURPOSE_NOT_COVERED: _("The consent with this recipient is for another purpose."),
    Reason.REVOKED: _("The consent was taken back."),
    Reason.EXPIRED: _("The consent has ended."),
    Reason.NOT_SIGNED: _("The consent is not signed yet."),
    Reason.DECLINED: _("The person declined this consent."),
    Reason.NOTES_SEPARATE: _("Counseling notes need a consent of their own, and go with nothing else."),
    Reason.PROCEEDINGS_SEPARATE: _("Use in a court case needs a consent of its own, or a court order."),
    Reason.NOBODY_NAMED: _("No consent names this recipient."),
}
STATEMENTS: Words = {
    Statement.RIGHT_TO_REVOKE: _("that it may be taken back, and how"),
    Statement.REDISCLOSURE: _("that who receives it may share it further, as far as the law lets them"),
    Statement.REFUSING: _("what happens when somebody does not sign"),
}
SIGNERS: Words = {
    Signers.PATIENT: _("the person"),
    Signers.GUARDIAN: _("a guardian"),
    Signers.BOTH: _("the person and a guardian"),
}
CAUTIONS: Words = {
    Caution.BIRTH_DATE_UNKNOWN: _("The date of birth is not known; check that the person is of age."),
    Caution.STATE_NOT_KNOWN: _(
        "No rule for minors of this state is on file; check with your counsel who signs."
    ),
    Caution.CHECK_STATE_LAW: _(
        "The state's rule for minors is not verified; check with your counsel who signs."
    ),
}


def listed(words: Words, keys: Iterable[str]) -> str:
    """The words of `keys`, each on a line of its own as the texts of forms have it, in the order of the list."""
    wanted = set(keys)
    return "\n".join(f"- {word}" for key, word in words.items() if key in wanted)


def in_line(words: Words, keys: Iterable[str]) -> str:
    wanted = set(keys)
    return ", ".join(str(word) for key, word in words.items() if key in wanted)


def choices(words: Words) -> list[tuple[str, Promise]]:
    return [(str(key), word) for key, word in words.items()]
