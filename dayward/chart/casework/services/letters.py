from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.casework.models import Handing, Letter
from dayward.chart.casework.queries import letters as queries
from dayward.chart.casework.queries.papers import plain
from dayward.chart.casework.rules import letters as rules
from dayward.chart.safety.queries import credentials
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent.services import record_disclosure
from dayward.foundation.documents import services as documents
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.services import sign_paper
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed
from dayward.ui.pdf import Paper, pdf


@dataclass(frozen=True)
class Filled:
    """A letter as it was filled in."""

    kind: str
    route: str
    since: date
    until: date
    recipient: str = ""
    hours: bool = True
    times_ahead: bool = False
    sentence: str = ""


@transaction.atomic
def ask_letter(
    *, actor: Actor, person: Person, kind: str, note: str = "", at: datetime | None = None
) -> Letter:
    """The person, or somebody for them, asks for a letter; staff see it until it is written or declined."""
    episode = queries.episodes_of(person).first()
    if episode is None:
        raise Refused(_("There are no days here that a letter could tell of."))
    waiting = queries.letters_of(person).filter(
        kind=kind, signature__isnull=True, declined_reason="", entered_in_error_at__isnull=True
    )
    if waiting.exists():
        raise Refused(_("A letter of this kind is asked for already."))
    letter = Letter.objects.create(
        person=person,
        episode=episode,
        kind=Letter.Kind(kind),
        asked_at=at or timezone.now(),
        asked_by=actor.id,
        asked_note=note.strip()[:300],
    )
    changed(person.pk, "letter")
    record(actor=actor, action="casework.ask_letter", person=person, subject=letter, letter=kind)
    return letter


@transaction.atomic
def fill(*, actor: Actor, letter: Letter, filled: Filled, base: Mapping[str, str] | None = None) -> Merged:
    """Keep what was filled in; nothing leaves yet. What somebody else changed meanwhile comes back with both texts.

    `base`: fingerprints of what the form was shown with, by part.
    """
    current = _open(letter)
    stored = queries.texts_in(current)
    began = {key: fingerprint(text) for key, text in stored.items()} if base is None else base
    merged = merge(began, queries.texts_in(filled), stored)
    for name, text in merged.texts.items():
        setattr(current, name, queries.value_of(name, text))
    _check_days(current)
    if merged.changed:
        _check_sentence(current)
        current.version += 1
        current.save()
        record(actor=actor, action="casework.fill_letter", person=current.person, subject=current)
    return merged


def _check_days(letter: Letter) -> None:
    if letter.since is None or letter.until is None:
        raise Refused(_("Say from which day to which."))
    if letter.until < letter.since:
        raise Refused(_("The last day is before the first."))
    if letter.until > today_at(letter.person):
        raise Refused(_("The last day is still to come; a letter tells of days that were."))
    letter.episode = queries.stay_of(letter, letter.since, letter.until)


def _check_sentence(letter: Letter) -> None:
    """In the person's own hands a letter names neither what it is for nor where it was."""
    found = queries.tells_too_much(letter)
    if found:
        words = {"words": ", ".join(found)}
        raise Refused(_("Your sentence names what this letter is not to tell: %(words)s.") % words)


@transaction.atomic
def begin(
    *, actor: Actor, person: Person, episode: Episode, filled: Filled, at: datetime | None = None
) -> Letter:
    """Staff write a letter nobody asked for in the system before."""
    if episode.person_id not in person.all_ids:
        raise Refused(_("This episode is somebody else's."))
    letter = Letter.objects.create(
        person=person, episode=episode, kind=filled.kind, asked_at=at or timezone.now(), asked_by=actor.id
    )
    changed(person.pk, "letter")
    record(actor=actor, action="casework.ask_letter", person=person, subject=letter, letter=filled.kind)
    fill(actor=actor, letter=letter, filled=filled)
    letter.refresh_from_db()
    return letter


@transaction.atomic
def sign(
    *, actor: Actor, letter: Letter, typed_name: str, seen: str = "", at: datetime | None = None
) -> Letter:
    """Sign the letter: the PDF is made and kept, and the words never change. It has not left yet.

    `seen`: the hash of the words that the signer was shown.
    """
    staff, now, current = author(actor), at or timezone.now(), _open(letter)
    if current.since is None:
        raise Refused(_("Say from which day to which."))
    _check_sentence(current)
    answer = queries.allowed(current, now)
    if not answer.allowed:
        raise Refused(answer.sentence)
    signer = queries.Signer(staff, next(iter(credentials(staff)), None))
    paper = queries.paper_of(current, signer, answer.consent, queries.days_of(current, now), now)
    current.document = _keep(actor, current, paper, now)
    sign_paper(
        actor=actor,
        paper=current,
        about=current.person,
        text=plain(paper),
        typed_name=typed_name,
        credential=signer.credential.name if signer.credential else "",
        seen=seen,
        at=now,
    )
    changed(current.person_id, "letter")
    record(actor=actor, action="casework.sign_letter", person=current.person, subject=current)
    return current


def _keep(actor: Actor, letter: Letter, paper: Paper, now: datetime) -> Document:
    return documents.keep(
        actor=actor,
        content=pdf(paper, made_at=now),
        kind=Document.Kind.LETTER,
        title=_("Letter for %(kind)s") % {"kind": letter.get_kind_display()},
        file_name="letter.pdf",
        media_type="application/pdf",
        person=letter.person,
    )


@transaction.atomic
def hand_over(*, actor: Actor, letter: Letter, at: datetime | None = None) -> Letter:
    """It is in the reader's hands. To a third party this is a disclosure, refused unless a consent allows it now."""
    staff, now = author(actor), at or timezone.now()
    current = _locked(letter)
    if current.state != "signed":
        raise Refused(_("Only a signed letter that is still here can go out."))
    if rules.is_disclosure(rules.Route(current.route)):
        _disclose(actor, current, now)
        current.done_at, current.done_by = now, staff
        current.save(update_fields=["done_at", "done_by", "disclosure"])
    else:
        Handing.objects.create(letter=current, handed_at=now, handed_by=staff)
    changed(current.person_id, "letter")
    record(actor=actor, action="casework.hand_over_letter", person=current.person, subject=current)
    return current


@transaction.atomic
def take_letter_back(*, actor: Actor, letter: Letter, at: datetime | None = None) -> Letter:
    """Undo: it was not handed over after all. What was sent, or what the person took, is out."""
    current, staff = _locked(letter), author(actor)
    row = current.handing
    if row is None or row.taken_by:
        raise Refused(_("There is nothing to take back."))
    row.taken_back_at, row.taken_back_by = at or timezone.now(), staff
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    changed(current.person_id, "letter")
    record(actor=actor, action="casework.take_letter_back", person=current.person, subject=current)
    return current


@transaction.atomic
def take_letter(*, actor: Actor, letter: Letter, at: datetime | None = None) -> Letter:
    """The person takes their letter from their own page: it is in their hands, and no disclosure."""
    current = _locked(letter)
    if actor.person is None or actor.person.pk not in current.person.all_ids:
        raise Refused(_("This is not your letter."))
    if current.state == "signed" and not rules.is_disclosure(rules.Route(current.route)):
        Handing.objects.create(letter=current, handed_at=at or timezone.now(), taken_by=actor.id)
        changed(current.person_id, "letter")
    record(actor=actor, action="casework.take_letter", person=current.person, subject=current)
    return current


def _disclose(actor: Actor, letter: Letter, now: datetime) -> None:
    answer = queries.allowed(letter, now)
    if not answer.allowed:
        raise Refused(answer.sentence)
    two = letter.episode.program.under_part_two
    if not queries.carries(letter.signed_text, answer.consent, needed=two):
        raise Refused(_("The consent is another one since it was signed. Write it anew with its scope."))
    assert letter.document is not None
    since, until = queries.told_days(letter)
    letter.disclosure = record_disclosure(
        actor=actor,
        person=letter.person,
        recipient=letter.recipient,
        purpose=answer.purpose,
        information=queries.content_of(letter).information,
        description=_("Letter for %(kind)s: attendance from %(since)s to %(until)s")
        % {
            "kind": letter.get_kind_display(),
            "since": date_format(since, "M j, Y"),
            "until": date_format(until, "M j, Y"),
        },
        content=bytes(letter.document.file.content),
        under_part_two=two,
        at=now,
    )


@transaction.atomic
def decline(*, actor: Actor, letter: Letter, reason: str) -> Letter:
    """The letter is not written, and why; the person reads the reason."""
    current = _open(letter)
    if not reason.strip():
        raise Refused(_("Say why it is not written."))
    current.declined_reason = reason.strip()[:300]
    current.version += 1
    current.save(update_fields=["declined_reason", "version"])
    changed(current.person_id, "letter")
    record(actor=actor, action="casework.decline_letter", person=current.person, subject=current)
    return current


@transaction.atomic
def letter_in_error(*, actor: Actor, letter: Letter, at: datetime | None = None) -> Letter:
    """It should not have been written; what left with it stays in the log of disclosures."""
    current, staff = _locked(letter), author(actor)
    if current.entered_in_error_at is None:
        current.entered_in_error_at, current.entered_in_error_by = at or timezone.now(), staff
        current.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
        changed(current.person_id, "letter")
        record(actor=actor, action="casework.letter_in_error", person=current.person, subject=current)
    return current


def _locked(letter: Letter) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",))
    return rows.select_related("person__site", "episode__program__site__organization", "document__file").get(
        pk=letter.pk
    )


def _open(letter: Letter) -> Letter:
    current = _locked(letter)
    if current.state != "asked":
        raise Refused(_("This letter is settled already. Write another: it will stand beside it."))
    return current
