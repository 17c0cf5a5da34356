"""The clinic's own words for a form: a version from a day on, never changed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent import facts, texts
from dayward.foundation.consent.models import Consent, FormText, NoticeGiven
from dayward.foundation.consent.rules import texts as rules
from dayward.kernel.errors import Refused


@transaction.atomic
def write_text(
    *,
    actor: Actor,
    kind: str,
    english: str,
    spanish: str,
    effective_from: date,
    source: str,
    counsel: str = "",
    anew: bool = False,
    today: date,
) -> FormText:
    """Other words for a form from a day on; what was signed keeps its own."""
    before = texts.current(kind, effective_from)
    if effective_from < today:
        raise Refused(_("The day has passed: what was signed then was signed with other words."))
    if FormText.objects.filter(kind=kind, effective_from=effective_from, withdrawn_at=None).exists():
        raise Refused(
            _("There is a version from that day already. Take it back first, or choose another day.")
        )
    row = FormText(
        kind=kind,
        version=_version(kind, effective_from),
        effective_from=effective_from,
        english=english.strip() + "\n",
        spanish=spanish.strip() + "\n",
        statements=sorted(before.statements),
        source=source,
        counsel=counsel,
        anew=anew,
        made_by=actor.id,
    )
    _refuse_unusable(row, before)
    row.save()
    facts.words_changed(row)
    record(actor=actor, action="consent.write_text", subject=row, text_kind=kind, version=row.version)
    return row


def _version(kind: str, day: date) -> str:
    """The day, and a number where a version of that day was taken back."""
    count = FormText.objects.filter(kind=kind, effective_from=day).count()
    return f"own-{day.isoformat()}" + (f"-{count + 1}" if count else "")


def _refuse_unusable(row: FormText, before: texts.Text) -> None:
    """Each language says what the form has to say, in placeholders that are filled in for each person."""
    reasons = []
    for language, words in (("en", row.english), ("es", row.spanish)):
        name = {"en": _("English"), "es": _("Spanish")}[language]
        try:
            used = rules.placeholders(words)
        except ValueError:
            raise Refused(_("%(name)s: a curly bracket is not closed.") % {"name": name}) from None
        wanted = rules.placeholders(before.template(language))
        reasons += [
            _("%(name)s: {%(each)s} is missing.") % {"name": name, "each": each}
            for each in sorted(wanted - used)
        ]
        reasons += [
            _("%(name)s: {%(each)s} is not known here.") % {"name": name, "each": each}
            for each in sorted(used - wanted - texts.COMMON)
        ]
        if not rules.title(words):
            reasons.append(_("%(name)s: it begins with a title, “# …”.") % {"name": name})
    if not reasons and rules.placeholders(row.english) != rules.placeholders(row.spanish):
        reasons.append(_("The languages do not fill in the same things."))
    if reasons:
        raise Refused(reasons=reasons)


@transaction.atomic
def withdraw_text(*, actor: Actor, text: FormText) -> FormText:
    """A version that nobody was given goes; the one before holds on."""
    row = FormText.objects.select_for_update().get(pk=text.pk)
    if row.withdrawn_at is not None:
        raise Refused(_("This version was taken back already."))
    given = [
        model.objects.filter(kind=row.kind, text_version=row.version).exists()
        for model in (Consent, NoticeGiven)
    ]
    if any(given):
        raise Refused(_("It was given to people already. Write another version instead."))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), actor.id
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    facts.words_changed(row)
    record(actor=actor, action="consent.withdraw_text", subject=row, text_kind=row.kind, version=row.version)
    return row
